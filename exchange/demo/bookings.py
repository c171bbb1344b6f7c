"""Placements of the invented municipality in every state: what was settled before they began, hours, added value."""

import datetime as dt
import random
import uuid
from contextlib import suppress
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exchange.demo import names
from participants.models import Activity
from placements.booking.rules import Refused, forms_of, is_minor, is_trained
from placements.booking.services.book import Booked, placement_book
from placements.booking.services.change import placement_extend
from placements.booking.services.finish import placement_call_off, placement_finish
from placements.booking.services.settle import checklist_fill, placement_agree, supervisor_settle, union_consult
from placements.models import AddedValue, Placement, PlacementChecklist, Schedule, ScheduledHours, Supervisor
from placements.models.placement import EMPLOYMENTS, CollectiveAgreement, Funding, ValueFor
from placements.models.promises import Insurance
from placements.services.schedules import Hours
from placements.services.seats import with_free_seats
from vocabulary.codes import ActivityKind, Need, PlacementResult, Protection, TargetGroup

#: Of those that a register brought, so many get what no register says of them, the latest first.
LATEST = 240
#: How many of the decided activities something is booked for, in turn in each of these states.
STATES = ("planned", "union_consulted", "agreed", "agreed", "cancelled")
BOOKED, CHANGED, INTERRUPTED_EVERY = 15, 7, 3
#: Every so many-th ended employment waits for its assessment.
WAITING_EVERY = 4
WEEKS = (
    tuple(Hours("every", day, dt.time(7, 30), dt.time(14), 30) for day in range(1, 6)),
    tuple(Hours("every", day, dt.time(9), dt.time(12)) for day in (1, 2, 3, 4)),
    (
        *(Hours("first", day, dt.time(8), dt.time(15), 45) for day in range(1, 6)),
        Hours("second", 2, dt.time(8), dt.time(12)),
    ),
)  # fmt: skip
EXPECTED = {
    ValueFor.PERSON: (
        "En aktuell referens och ett intyg",
        "Vana vid arbetstider och arbetskamrater",
        "Bättre svenska",
    ),
    ValueFor.WORKPLACE: ("Två händer till vid lunchen", "Tid för det som annars blir liggande", "En möjlig kollega"),
}
FOUND = {
    PlacementResult.MET: "Som det var tänkt.",
    PlacementResult.PARTLY: "Till en del. Introduktionen hade behövt mer tid.",
    PlacementResult.NOT_MET: "Nej, uppgifterna passade inte.",
}
UNION_SAID = ("Inget att invända.", "Vill träffa handledaren.", "")


@transaction.atomic
def demo_bookings_create() -> None:
    """Tell of the latest placements what no register says, extend some, book what comes after them, and interrupt and
    cancel a few. Twice is once."""
    if PlacementChecklist.objects.exists():
        return
    chance, today = random.Random("bookings"), timezone.localdate()
    _settle_registered(chance, today)
    going = _going_on(today)
    _extend([each for number, each in enumerate(going) if number % INTERRUPTED_EVERY != 1])
    _book(chance, today)
    _interrupt([each for number, each in enumerate(going) if number % INTERRUPTED_EVERY == 1], today)


# --- What was registered elsewhere --------------------------------------------------------------------------------


def _settle_registered(chance: random.Random, today: dt.date) -> None:
    since = today - dt.timedelta(days=400)
    rows = Placement.objects.filter(start__gte=since).select_related("enrolment__coach", "enrolment__participant")
    placements = list(rows.filter(enrolment__coach__isnull=False).order_by("-start", "pk")[:LATEST])
    activities: dict[tuple, Activity] = {}
    for each in Activity.objects.filter(enrolment__in={each.enrolment_id for each in placements}):
        activities[each.enrolment_id, each.start] = each
    checklists, values, hours = [], [], []
    for number, placement in enumerate(placements):
        consulted = placement.start - dt.timedelta(days=chance.randint(3, 12))
        placement.union_consulted, placement.union_name = consulted, "Kommunal"
        placement.union_said = chance.choice(UNION_SAID)
        placement.agreed_on = max(consulted, placement.start - dt.timedelta(days=2))
        placement.need = chance.choice((Need.PARTICIPANT, Need.BOTH))
        placement.activity = activities.get((placement.enrolment_id, placement.start))
        if placement.is_employment:
            placement.collective_agreement, placement.funding = CollectiveAgreement.BEA, Funding.MUNICIPALITY
        coach = placement.enrolment.coach
        checklists.append(
            PlacementChecklist(
                placement=placement, risks_assessed=True, introduction_planned=True, hours_agreed=True,
                minor_checked=is_minor(placement), insurance=Insurance.MUNICIPALITY, by=coach,
                by_name=coach.full_name,
            )
        )  # fmt: skip
        waits = number % WAITING_EVERY == 0
        values += _values(placement, chance, coach, assessed=placement.is_over and not waits)
        hours += _hours(placement, WEEKS[number % len(WEEKS)])
    fields = (
        "union_consulted", "union_name", "union_said", "agreed_on", "need", "activity", "collective_agreement",
        "funding",
    )  # fmt: skip
    Placement.objects.bulk_update(placements, fields)
    PlacementChecklist.objects.bulk_create(checklists)
    AddedValue.objects.bulk_create(values)
    ScheduledHours.objects.bulk_create(hours)


def _values(placement: Placement, chance: random.Random, coach: User, *, assessed: bool) -> list[AddedValue]:
    if placement.form not in EMPLOYMENTS:
        return []
    found = []
    for side in ValueFor.values:
        value = AddedValue(placement=placement, side=side, expected=chance.choice(EXPECTED[side]))
        if assessed:
            how = placement.result or PlacementResult.PARTLY
            value.assessed, value.found, value.assessed_on = how, FOUND[how], placement.end + dt.timedelta(days=1)
            value.assessed_by, value.assessed_by_name = coach, coach.full_name
        found.append(value)
    return found


def _hours(placement: Placement, week: tuple[Hours, ...]) -> list[ScheduledHours]:
    schedule = Schedule.objects.create(placement=placement, valid_from=placement.start)
    return [ScheduledHours(schedule=schedule, **vars(each)) for each in week]


# --- What is booked here ------------------------------------------------------------------------------------------


def _book(chance: random.Random, today: dt.date) -> None:
    """For activities that are decided, from a day to come."""
    rows = Placement.objects.filter(
        activity__in=Activity.objects.to_book().filter(form__kind=ActivityKind.WORKPLACE),
        end__gte=today - dt.timedelta(days=200),
        enrolment__end=None,
        enrolment__coach__isnull=False,
        enrolment__participant__protection=Protection.NONE,
    ).exclude(enrolment__target_group=TargetGroup.PREVENTIVE)
    rows = rows.select_related("activity__form", "activity__enrolment__coach", "workplace__employer")
    latest = {before.activity_id: before for before in rows.order_by("end", "pk")}
    for number, before in enumerate(sorted(latest.values(), key=lambda each: (each.end, each.pk))[:BOOKED]):
        start = _monday(max(today, before.end) + dt.timedelta(days=3 + 4 * (number % 5)))
        placement = _booked(before.activity, before, start, number, chance)
        if placement:
            _settle(placement, STATES[number % len(STATES)], before.activity.enrolment.coach, today)


def _booked(activity, before: Placement, start: dt.date, number: int, chance: random.Random) -> Placement | None:
    form = forms_of(activity)[0]
    place = with_free_seats(before.workplace.places.all(), start).first()
    end = start + dt.timedelta(days=chance.choice((55, 90, 180)))
    employed = form in EMPLOYMENTS
    booked = Booked(
        workplace=before.workplace,
        place=place,
        start=start,
        end=end,
        form=form,
        purpose=activity.purpose,
        expected_outcome=activity.expected_outcome,
        need=activity.need,
        grade=Decimal("0.75") if employed else None,
        collective_agreement=CollectiveAgreement.BEA if employed else "",
        funding=Funding.MUNICIPALITY if employed else "",
        expected={side: chance.choice(EXPECTED[side]) for side in ValueFor.values},
        hours=WEEKS[number % len(WEEKS)],
    )
    try:
        return placement_book(
            activity=activity, booked=booked, token=uuid.UUID(int=chance.getrandbits(128), version=4)
        )
    except Refused:  # a place that is not there as long, or full then
        return None


def _settle(placement: Placement, state: str, coach: User, today: dt.date) -> None:
    if state == "planned":
        return
    placement = union_consult(
        placement=placement, consulted=today - dt.timedelta(days=1), union="Kommunal", said=UNION_SAID[0],
        exception="", seen=placement.revision,
    )  # fmt: skip
    if state == "cancelled":
        placement_call_off(placement=placement, why="Fick ett arbete innan det började", seen=placement.revision)
    if state != "agreed":
        return
    leader = placement.workplace.supervisors.filter(left_on=None).order_by("pk").first() or _leader(placement)
    exception = "" if is_trained(leader, placement.start) else "Går handledarutbildningen i nästa omgång."
    placement = supervisor_settle(
        placement=placement, supervisor=leader, exception=exception, actor=coach, seen=placement.revision
    )
    ticks = dict.fromkeys(("risks_assessed", "introduction_planned", "hours_agreed"), True)
    ticks |= {"minor_checked": is_minor(placement), "insurance": Insurance.MUNICIPALITY, "note": ""}
    placement = checklist_fill(placement=placement, ticks=ticks, actor=coach, seen=placement.revision)
    placement_agree(placement=placement, day=today, seen=placement.revision)


def _leader(placement: Placement) -> Supervisor:
    """Somebody at the workplace, where the demo has nobody yet."""
    number = placement.workplace_id
    name = f"{names.WOMEN[number % len(names.WOMEN)]} {names.FAMILY[-1 - number % 40]}"
    email = f"handledare{number}@arbetsplats.example"
    return Supervisor.objects.create(workplace=placement.workplace, name=name, email=email)


def _going_on(today: dt.date) -> list[Placement]:
    """Some that go on and end before long."""
    rows = Placement.objects.filter(
        start__lt=today - dt.timedelta(days=20), end__gte=today, end__lte=today + dt.timedelta(days=90), result="",
        activity__isnull=False, enrolment__end=None, enrolment__participant__protection=Protection.NONE,
    ).select_related("enrolment__coach")  # fmt: skip
    return list(rows.order_by("end", "pk")[:CHANGED])


def _extend(placements: list[Placement]) -> None:
    for placement in placements:
        with suppress(Refused):  # a place that is not there as long
            placement_extend(
                placement=placement, end=placement.end + dt.timedelta(days=60),
                why="Arbetsplatsen vill ha kvar hjälpen, och målet är nära.", actor=placement.enrolment.coach,
                seen=placement.revision,
            )  # fmt: skip


def _interrupt(placements: list[Placement], today: dt.date) -> None:
    for placement in placements:
        placement_finish(
            placement=placement, end=today - dt.timedelta(days=2), result=PlacementResult.PARTLY, values={},
            why_interrupted="Fick ett vanligt arbete.", actor=placement.enrolment.coach, seen=placement.revision,
        )  # fmt: skip


def _monday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=-day.weekday() % 7)
