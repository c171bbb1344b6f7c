"""A workplace, a place at it, and what the forms send."""

import datetime as dt
import uuid

from placements.models import Place, Placement, Supervisor, SupervisorTraining, Workplace
from tests.factories import PlacementFactory, WorkplaceFactory, days_ago
from vocabulary.models import OccupationalArea


def area_of(code: str = "KOK", label: str = "Kök och måltid") -> OccupationalArea:
    return OccupationalArea.objects.get_or_create(code=code, defaults={"label": label})[0]


def place_of(workplace: Workplace | None = None, **facts) -> Place:
    """An open place with one seat since two months."""
    given = {"title": "Köksbiträde", "capacity": 1, "start": days_ago(60), "occupational_area": area_of()}
    return Place.objects.create(workplace=workplace or WorkplaceFactory(), **(given | facts))


def on(
    place: Place, enrolment, *, seat: int = 1, start: dt.date | None = None, end: dt.date | None = None
) -> Placement:
    """Somebody who has a seat there."""
    return PlacementFactory(
        enrolment=enrolment, workplace=place.workplace, place=place, seat=seat, start=start or days_ago(30), end=end
    )


def trained(workplace: Workplace, until: dt.date | None = None) -> Supervisor:
    supervisor = Supervisor.objects.create(workplace=workplace, name="Hanna Berg", email="hanna@example.org")
    SupervisorTraining.objects.create(
        supervisor=supervisor, course="Handledarutbildning", completed_on=days_ago(400), valid_until=until
    )
    return supervisor


def form_of(**given) -> dict:
    """What the form of a place sends; hours as `hours-0-begins`."""
    data = {
        "title": "Köksbiträde", "occupational_area": area_of().code, "tasks": "Duka och diska.", "licence": "",
        "formal_requirements": "", "supervisor": "", "capacity": "1", "start": days_ago(0).isoformat(), "end": "",
        "token": str(uuid.uuid4()), "seen": "0", "hours-TOTAL_FORMS": "9", "hours-INITIAL_FORMS": "9",
    }  # fmt: skip
    for row in range(9):
        data |= {f"hours-{row}-weekday": str(min(row + 1, 7)), f"hours-{row}-weeks": "every"}
    return data | given


def offer_of(**given) -> dict:
    """What the public form sends."""
    return {
        "employer_name": "Café Lindblom", "organisation_number": "", "workplace_name": "Caféet på torget",
        "address": "Torget 3", "contact_name": "Sara Lindblom", "contact_email": "sara@example.org",
        "contact_phone": "", "occupational_area": "", "tasks": "Hjälpa till i köket.", "seats": "2",
        "available_from": "", "token": str(uuid.uuid4()),
    } | given  # fmt: skip
