"""What the register of the invented municipality cannot say of its employers: where they are, whom to turn to, what
they have promised, who looked at the workplaces, and how the supervisors are trained."""

import datetime as dt
import random
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from exchange.demo import names
from exchange.demo.followups import demo_address
from placements.employers.promises import agreement_create, commitment_create
from placements.employers.services import check_record, contact_create, note_write, workplace_create
from placements.models import Employer, EmployerAgreement, Placement, Supervisor, Workplace
from placements.models.promises import AgreementKind, CommitmentKind, Insurance
from placements.services.supervisors import led_by, placement_choose_supervisor, supervisor_create
from placements.supervisors.services import training_create, visit_record

#: code, kind, reference, what is agreed, begins and ends so many days from today (None: until further notice).
AGREEMENTS = (
    ("SERV", "places", "AMN 2025-0117", "Minst tolv platser samtidigt i kök och lokalvård.", -400, 330),
    ("VOF", "places", "AMN 2025-0118", "Språkpraktik på alla äldreboenden, med språkhandledare.", -400, 330),
    ("LIVS", "network", "", "Medlem i nätverket En god investering.", -700, None),
    ("LIVS", "places", "AMN 2024-0310", "Två platser i butik och två på lager.", -760, -30),
    ("STAD", "clause", "UPH 2025-044", "Tre platser under avtalstiden för städtjänster.", -250, 480),
    ("BYGG", "clause", "UPH 2024-019", "En lärling och två praktikplatser.", -500, 200),
    ("SECOND", "places", "AMN 2025-0201", "Fem platser för arbetsträning.", -300, 65),
    ("HOTELL", "network", "", "Medlem i nätverket En god investering.", -180, None),
)
#: code, what, about, promised, come, due so many days from today.
COMMITMENTS = (
    ("LIVS", "placement", "Platser i butik i höst", 4, 4, -40),
    ("LIVS", "employ", "Extrahjälp i jul", 2, 0, 45),
    ("STAD", "placement", "Platser enligt upphandlingen", 3, 1, -12),  # overdue
    ("BYGG", "placement", "Praktik på måleriet", 2, 1, 150),
    ("BYGG", "mentor", "En mentor för den som läser till målare", 1, 1, -100),
    ("HOTELL", "visit", "Studiebesök för jobbsökargruppen", 2, 1, 60),
    ("SECOND", "placement", "Arbetsträning", 5, 5, 30),
    ("ENER", "lecture", "Berätta om yrken inom energi", 1, 0, 90),
)
TITLES = ("enhetschef", "kökschef", "driftledare", "platschef", "personalansvarig", "verksamhetsledare")
NOTES = (
    ("LIVS", "Ringde om hösten. De vill gärna ha fler på lagret, helst från september."),
    ("STAD", "Påminde om de två platser som är kvar enligt upphandlingen. De återkommer efter sommaren."),
    ("SERV", "Möte med köksenheten: alla kök får en utbildad handledare under året."),
    ("HOTELL", "Frukosten passar bra för den som behöver korta dagar."),
)
VISITS = (
    "Gick igenom hur man ger återkoppling.",
    "Pratade om scheman och rutiner vid frånvaro.",
    "Fikade och hörde hur uppdraget känns.",
)
COURSES = (
    ("Handledarutbildning", "Grund", False),
    ("Handledarutbildning", "Fördjupning", False),
    ("Språkhandledare", "Grund", True),
)


@transaction.atomic
def demo_employers_create() -> None:
    """Fill the register of employers. Twice is once."""
    if EmployerAgreement.objects.exists():
        return
    chance, today = random.Random("employers"), timezone.localdate()
    coordinator = User.objects.filter(memberships__role=Role.PLACEMENT_COORDINATOR).order_by("email").first()
    if coordinator is None:
        return
    for number, employer in enumerate(Employer.objects.order_by("code")):
        _contact(employer, number, chance)
    for number, workplace in enumerate(Workplace.objects.order_by("employer__code", "name", "pk")):
        _address(workplace, chance)
        _check(workplace, number, coordinator, chance, today)
        _supervisors(workplace, number, coordinator, chance, today)
    _promises(chance, today)
    for code, words in NOTES:
        if employer := Employer.objects.filter(code=code).first():
            note_write(employer=employer, token=_token(chance), text=words, actor=coordinator)
    _closed(chance, today)
    _lead(coordinator, today)


def _token(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _name(chance: random.Random) -> str:
    return f"{chance.choice(chance.choice((names.WOMEN, names.MEN)))} {chance.choice(names.FAMILY)}"


def _phone(chance: random.Random) -> str:
    """Of the series that the Swedish authority keeps free for fiction (070-1740605 to -1740699)."""
    return f"070-17406{chance.randint(5, 99):02}"


def _contact(employer: Employer, number: int, chance: random.Random) -> None:
    name = _name(chance)
    facts = {"name": name, "title": TITLES[number % len(TITLES)], "workplace": None, "email": demo_address(name)}
    contact_create(employer=employer, token=_token(chance), facts=facts | {"phone": _phone(chance)})


def _address(workplace: Workplace, chance: random.Random) -> None:
    workplace.street_address = f"{chance.choice(names.STREETS)} {chance.randint(1, 60)}"
    workplace.postal_code, workplace.city = f"987 {chance.randint(10, 60)}", "Björkåkra"
    workplace.save(update_fields=["street_address", "postal_code", "city"])


def _check(workplace: Workplace, number: int, actor: User, chance: random.Random, today: dt.date) -> None:
    """Most are checked; one long ago, one with something missing, a few not at all."""
    if number % 9 == 8:
        return
    facts = {
        "checked_on": today - dt.timedelta(days=800 if number == 3 else chance.randint(20, 500)),
        "risks_assessed": True,
        "introduction": number != 6,
        "insurance": Insurance.MUNICIPALITY if number % 3 else Insurance.EMPLOYER,
        "note": "Introduktionen är inte planerad än." if number == 6 else "",
    }
    check_record(workplace=workplace, token=_token(chance), facts=facts, actor=actor)


def _supervisors(workplace: Workplace, number: int, actor: User, chance: random.Random, today: dt.date) -> None:
    """One or two at each workplace but a few: trained for long, for some weeks more, not any more, or never."""
    if number % 10 == 9:
        return
    for each in range(1 + (number % 4 == 0)):
        name = _name(chance)
        supervisor = supervisor_create(
            workplace=workplace,
            token=_token(chance),
            facts={"name": name, "email": demo_address(name), "phone": _phone(chance), "no_reminders": False},
        )
        if (number + each) % 6 == 5:
            continue
        left = {1: 40, 2: -25}.get(number, chance.randint(200, 900))  # one runs out soon, one has run out
        course, level, language = COURSES[(number + each) % len(COURSES)]
        until = today + dt.timedelta(days=left)
        training = {"course": course, "level": level, "language": language, "valid_until": until}
        training_create(
            supervisor=supervisor,
            token=_token(chance),
            facts=training | {"completed_on": until - dt.timedelta(days=3 * 365)},
        )
        if number % 3 == 0:
            visit = {"day": today - dt.timedelta(days=chance.randint(5, 120)), "note": chance.choice(VISITS)}
            visit_record(supervisor=supervisor, token=_token(chance), facts=visit, actor=actor)


def _promises(chance: random.Random, today: dt.date) -> None:
    employers = {employer.code: employer for employer in Employer.objects.all()}
    made = {}
    for code, kind, reference, terms, begins, ends in AGREEMENTS:
        if code in employers:
            facts = {
                "kind": AgreementKind(kind), "reference": reference, "terms": terms,
                "valid_from": today + dt.timedelta(days=begins),
                "valid_until": None if ends is None else today + dt.timedelta(days=ends),
            }  # fmt: skip
            made[code] = agreement_create(employer=employers[code], token=_token(chance), facts=facts)
    for code, kind, about, promised, fulfilled, due in COMMITMENTS:
        if code in employers:
            facts = {
                "kind": CommitmentKind(kind), "about": about, "agreement": made.get(code), "promised": promised,
                "fulfilled": fulfilled, "due": today + dt.timedelta(days=due),
            }  # fmt: skip
            commitment_create(employer=employers[code], token=_token(chance), facts=facts)


def _closed(chance: random.Random, today: dt.date) -> None:
    """A workplace that closed in the spring, before anybody was placed there."""
    if employer := Employer.objects.filter(code="LIVS").first():
        facts = {
            "name": "Kiosken vid torget", "occupational_area": None, "street_address": "Torget 1",
            "postal_code": "987 12", "city": "Björkåkra", "closed_on": today - dt.timedelta(days=90),
        }  # fmt: skip
        workplace_create(employer=employer, token=_token(chance), facts=facts)


def _lead(actor: User, today: dt.date) -> None:
    """Two of three who are somewhere today have somebody who leads them."""
    first = {}
    for supervisor in Supervisor.objects.order_by("workplace", "-pk"):
        first[supervisor.workplace_id] = supervisor
    rows = Placement.objects.to_come_or_going_on().filter(supervisor=None).order_by("pk")
    for number, placement in enumerate(rows):
        supervisor = first.get(placement.workplace_id)
        if supervisor and number % 3 and led_by(supervisor, today).count() < 6:
            placement_choose_supervisor(placement=placement, supervisor=supervisor, actor=actor)
