"""A place in a school kitchen with a trained supervisor, an activity in Åsa's plan, and placements as they stand."""

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest
from django.urls import reverse

from participants.models import Activity
from placements.models import (
    AddedValue,
    GradeTerm,
    Place,
    Placement,
    PlacementChecklist,
    Schedule,
    Supervisor,
    Workplace,
)
from placements.models.placement import ValueFor
from placements.services.schedules import Hours, schedule_write
from tests.factories import SupervisorFactory, WorkplaceFactory, days_ago
from tests.placements.groups.conftest import activity_of
from vocabulary.models import OccupationalArea

EMPLOYMENT, PRACTICE = "municipal_employment", "language_internship"
WEEK = [Hours("every", day, dt.time(8), dt.time(16), 60) for day in (1, 2, 3, 4, 5)]


@dataclass
class Kitchen:
    """Where somebody can be: a workplace with one place and its supervisor."""

    workplace: Workplace
    supervisor: Supervisor
    place: Place


def trained(workplace, **fields) -> Supervisor:
    """A supervisor whose training holds for a year to come."""
    supervisor = SupervisorFactory(workplace=workplace, **fields)
    supervisor.trainings.create(course="Handledarutbildning", completed_on=days_ago(400), valid_until=days_ago(-365))
    return supervisor


def kitchen_of(name="Skolkök Ekbacken", capacity=1, **fields) -> Kitchen:
    workplace = WorkplaceFactory(name=name)
    supervisor = trained(workplace)
    place = Place.objects.create(
        workplace=workplace,
        title="Köksbiträde",
        occupational_area=OccupationalArea.objects.order_by("pk").first(),
        supervisor=supervisor,
        capacity=capacity,
        start=days_ago(400),
        **fields,
    )
    schedule_write(owner=place, valid_from=None, on_holidays=False, hours=WEEK)
    return Kitchen(workplace=workplace, supervisor=supervisor, place=place)


@pytest.fixture
def kitchen(db) -> Kitchen:
    return kitchen_of()


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def placement_of(enrolment, *, form=EMPLOYMENT, at: Workplace | None = None, activity=None, **fields) -> Placement:
    """A placement that was booked here and about which nothing is settled; it begins in ten days."""
    at = at or WorkplaceFactory(name="Köket på Ekbacken")
    options = {"start": days_ago(-10), "end": days_ago(-100), "purpose": "Öva", "expected_outcome": "Klarar köket"}
    placement = Placement.objects.create(
        enrolment=enrolment,
        activity=activity or activity_of(enrolment, form=form),
        form=form,
        workplace=at,
        **options | fields,
    )
    for side in ValueFor.values:
        AddedValue.objects.create(placement=placement, side=side, expected="Mer ork")
    if form == EMPLOYMENT:
        GradeTerm.objects.create(placement=placement, grade="0.75", valid_from=placement.start)
    schedule = Schedule.objects.create(placement=placement, valid_from=placement.start)
    schedule.hours.create(weekday=1, begins=dt.time(8), ends=dt.time(12))
    return placement


def settled(placement, by) -> Placement:
    """The same with everything that must be settled, but for the agreement itself."""
    placement.supervisor = trained(placement.workplace)
    placement.union_consulted, placement.union_name = placement.start - dt.timedelta(days=60), "Kommunal"
    placement.save()
    PlacementChecklist.objects.create(
        placement=placement, risks_assessed=True, introduction_planned=True, hours_agreed=True,
        insurance="municipality", by=by, by_name=by.full_name,
    )  # fmt: skip
    return placement


def page(placement, act="placement") -> str:
    """The address of a placement's page, or of one of its acts."""
    return reverse(f"booking:{act}", args=[placement.enrolment.participant.public_id, placement.public_id])


def book_address(activity: Activity, place: Place | None = None, workplace: Workplace | None = None) -> str:
    where = f"plats={place.public_id}" if place else f"arbetsplats={workplace.public_id}"
    person = activity.enrolment.participant.public_id
    return reverse("booking:book", args=[person]) + f"?insats={activity.public_id}&{where}"


def hours_form(rows=()) -> dict:
    """What the rows of a schedule send: weekday, from, to, break, weeks."""
    data = {"hours-TOTAL_FORMS": max(7, len(rows)), "hours-INITIAL_FORMS": 0}
    names = ("weekday", "begins", "ends", "break_minutes", "weeks")
    for number in range(data["hours-TOTAL_FORMS"]):
        row = rows[number] if number < len(rows) else ("", "", "", "", "every")
        data |= {f"hours-{number}-{name}": value for name, value in zip(names, row, strict=True)}
    return data


MONDAY = (1, "08:00", "16:00", 60, "every")


def book_form(supervisor: Supervisor | None = None, rows=(MONDAY,), **fields) -> dict:
    """A form that books an employment from today on."""
    data = {
        "start": days_ago(0).isoformat(),
        "end": days_ago(-180).isoformat(),
        "form": EMPLOYMENT,
        "grade": "75",
        "collective_agreement": "bea",
        "funding": "municipality",
        "supervisor": supervisor.public_id if supervisor else "",
        "need": "both",
        "purpose": "Få en aktuell referens",
        "expected_outcome": "Klarar alla stationer i köket",
        "expected_person": "En referens",
        "expected_workplace": "Två händer till",
        "token": uuid.uuid4(),
    }
    return data | hours_form(rows) | fields
