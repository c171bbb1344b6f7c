"""How many participants each job coach of a unit has, how many are new or silent, and how much is late.

Each number is a condition on the enrolment, by which the list behind it is asked too: the number is the list's.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role, Unit, User
from accounts.swedish import sort_key
from participants.day.asking import Whose, late_by_place
from participants.day.lists import day_lists
from participants.listing.flags import not_heard_from, resting
from participants.listing.providers import Moment
from participants.models import Deputy, Enrolment

#: The list of Min dag whose late rows have a column of their own.
FOLLOW_UPS = "uppfoljningar"


def month_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The month so far."""
    return day.replace(day=1), day


def _open(moment: Moment) -> Q:
    return Q(end=None) | Q(end__gte=moment.today)


def _silent(moment: Moment) -> Q:
    return _open(moment) & not_heard_from(moment)


@dataclass(frozen=True)
class Number:
    """One number of the caseload: its key in the address, what it is called, and whom it counts, of those enrolled
    some day of this month: the others are not looked at. Numbers stand in the order of `order`."""

    key: str
    label: str
    order: int
    holds: Callable[[Moment], Q]


_numbers: dict[str, Number] = {}


def join_number(number: Number) -> None:
    """Add a number to the unit's view. The same key twice is a programming error."""
    if number.key in _numbers:
        raise ValueError(f"The number {number.key} is joined twice.")
    _numbers[number.key] = number


def numbers() -> list[Number]:
    return sorted(_numbers.values(), key=lambda each: each.order)


def number(key: str) -> Number | None:
    return _numbers.get(key)


def join() -> None:
    """The numbers that the case itself has."""
    join_number(Number("oppna", pgettext_lazy("a number of people", "Enrolled"), 10, _open))
    join_number(
        Number(
            "vilande",
            pgettext_lazy("a number of people", "Paused"),
            20,
            lambda moment: Q(resting(moment)) & _open(moment),
        )
    )
    join_number(Number("nya", _("New this month"), 30, lambda moment: Q(start__range=month_of(moment.today))))
    join_number(Number("avslutade", _("Closed this month"), 40, lambda moment: Q(end__range=month_of(moment.today))))
    join_number(Number("utan-kontakt", _("Not heard from"), 50, _silent))


@dataclass
class Caseload:
    """The numbers of one coach in one unit (None: of those without a coach), or the sum of several."""

    coach: User | None = None
    away: Deputy | None = None
    counts: dict[str, int] = field(default_factory=lambda: {each.key: 0 for each in numbers()})
    late_follow_ups: int = 0
    late: int = 0

    @property
    def silent(self) -> int:
        return self.counts["utan-kontakt"]

    @property
    def holds_anything(self) -> bool:
        """Whether one of the numbers is not zero."""
        return any(self.counts.values()) or self.late > 0

    def add(self, other: "Caseload") -> None:
        for key, count in other.counts.items():
            self.counts[key] += count
        self.late_follow_ups += other.late_follow_ups
        self.late += other.late


@dataclass
class UnitCaseload:
    """A unit with its coaches' numbers, in the order of their names, those without a coach apart."""

    unit: Unit
    coaches: list[Caseload]
    without: Caseload
    total: Caseload


def visible(user: User, units: Iterable[Unit]) -> QuerySet[Enrolment]:
    return Enrolment.objects.visible_to(user).filter(unit__in=list(units))


def caseloads_of(user: User, units: list[Unit], moment: Moment) -> list[UnitCaseload]:
    """The numbers of the units, by unit and coach: a few queries, however many there are."""
    found: dict[tuple[int, int | None], Caseload] = {}
    counts = {each.key.replace("-", "_"): Count("pk", filter=each.holds(moment)) for each in numbers()}
    rows = visible(user, units).open_on(month_of(moment.today)[0])
    rows = rows.order_by().values("unit", "coach").annotate(**counts)
    for row in rows:
        load = Caseload(counts={each.key: row[each.key.replace("-", "_")] for each in numbers()})
        found[row["unit"], row["coach"]] = load
    whose = Whose(user=user, today=moment.today, units=tuple(units))
    lists = [each for each in day_lists() if whose.has(each)]
    for key, unit, coach, late in late_by_place(whose, lists):
        load = found.setdefault((unit, coach), Caseload())
        load.late += late
        if key == FOLLOW_UPS:
            load.late_follow_ups += late
    away = {
        (row.unit_id, row.absent_id): row
        for row in Deputy.objects.holding_on(moment.today).filter(unit__in=units).select_related("deputy")
    }
    people = _coaches(units, {coach for _unit, coach in found if coach is not None})
    loads = [_of_unit(unit, found, people) for unit in units]
    for each in loads:
        for load in each.coaches:
            load.away = away.get((each.unit.pk, load.coach.pk))
    return loads


def _coaches(units: list[Unit], known: set[int]) -> dict[int, Any]:
    """Everybody who is a job coach in one of the units, with somebody or not, and whoever has somebody there."""
    has_role = Q(memberships__role=Role.JOB_COACH, memberships__unit__in=[unit.pk for unit in units], is_active=True)
    rows = User.objects.filter(Q(pk__in=known) | has_role).distinct()
    rows = rows.prefetch_related("memberships")
    return {coach.pk: coach for coach in sorted(rows, key=_by_name)}


def _by_name(coach: User):
    return sort_key(f"{coach.family_name} {coach.given_name}")


def _of_unit(unit: Unit, found: dict, people: dict[int, User]) -> UnitCaseload:
    loads, total = [], Caseload()
    without = found.get((unit.pk, None), Caseload())
    for key, coach in people.items():
        load = found.get((unit.pk, key))
        works_here = coach.is_active and any(
            each.role == Role.JOB_COACH and each.unit_id == unit.pk for each in coach.memberships.all()
        )
        if load is None and not works_here:
            continue
        load = load or Caseload()
        load.coach = coach
        if works_here or load.holds_anything:
            loads.append(load)
    for load in (*loads, without):
        total.add(load)
    return UnitCaseload(unit=unit, coaches=loads, without=without, total=total)
