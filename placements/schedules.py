"""Which sessions are planned: worked out of the schedules of a placement, never stored.

A schedule holds from its day until the next one's. Hours of every second week are counted from the week in which
their schedule begins to apply, so that a year of 53 weeks does not put somebody in the wrong week.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from holidays import country_holidays

from placements.hours import hours_between
from placements.models.schedule import Schedule, ScheduledHours, Weeks

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


@dataclass(frozen=True, order=True)
class Session:
    """A stretch of a day at the workplace."""

    day: dt.date
    begins: dt.time
    ends: dt.time
    break_minutes: int = 0

    @property
    def hours(self) -> Decimal:
        """How long it lasts without the break, in hours."""
        return hours_between(self.begins, self.ends, self.break_minutes)


def planned_sessions(schedules: Iterable[Schedule], first: dt.date, last: dt.date) -> list[Session]:
    """The sessions that a placement's schedules plan from `first` to `last` (both included), in order.

    `schedules` are those of one placement, with their hours (prefetch `hours`). The days are the placement's own: who
    asks cuts them off where it begins and ends.
    """
    found: list[Session] = []
    for schedule, begins, ends in _spans(schedules, last):
        found += _of_one(schedule, max(first, begins), min(last, ends))
    return found


def hours_a_week(hours: Iterable[ScheduledHours]) -> Decimal:
    """How many hours a week a schedule comes to, on the average of two weeks, without thought of holidays. Takes the
    hours as they are stored, or as they are written (`placements.services.schedules.Hours`)."""
    every_second = Decimal(1) / 2
    return sum((each.hours * (1 if each.weeks == Weeks.EVERY else every_second) for each in hours), Decimal(0))


@lru_cache(maxsize=64)
def free_days(year: int) -> dict[dt.date, str]:
    """The days of a year on which nobody is expected at work by the calendar alone, with their names: the public
    holidays (lag 1989:253) that are no ordinary Sundays, and the eves that are free as if they were."""
    return dict(country_holidays("SE", years=year, language="sv", categories=("public", "de_facto")))


def _spans(schedules: Iterable[Schedule], last: dt.date) -> Iterator[tuple[Schedule, dt.date, dt.date]]:
    """Each schedule with the first and the last day on which it holds."""
    ordered = sorted(schedules, key=lambda schedule: schedule.valid_from)
    for schedule, after in pairwise([*ordered, None]):
        yield schedule, schedule.valid_from, after.valid_from - DAY if after else last


def _of_one(schedule: Schedule, first: dt.date, last: dt.date) -> Iterator[Session]:
    hours = sorted(schedule.hours.all(), key=lambda each: each.begins)
    day = first
    while day <= last:
        if schedule.on_holidays or day not in free_days(day.year):
            parity = (Weeks.FIRST, Weeks.SECOND)[weeks_between(schedule.valid_from, day) % 2]
            for each in hours:
                if each.weekday == day.isoweekday() and each.weeks in (Weeks.EVERY, parity):
                    yield Session(day, each.begins, each.ends, each.break_minutes)
        day += DAY


def weeks_between(earlier: dt.date, later: dt.date) -> int:
    """How many weeks lie between the weeks of two days; 0 for days of the same week."""
    return (_monday(later) - _monday(earlier)) // WEEK


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
