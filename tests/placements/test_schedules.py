"""Which sessions a schedule plans (placements.schedules)."""

import datetime as dt
from decimal import Decimal

import pytest

from placements.models import Schedule, ScheduledHours
from placements.models.schedule import Weeks
from placements.schedules import free_days, hours_a_week, planned_sessions

MORNING, NOON, EVENING = dt.time(8), dt.time(12), dt.time(16, 30)


class Written:
    """A schedule as it comes with its hours read, without a database."""

    def __init__(self, valid_from: str, *hours: ScheduledHours, on_holidays: bool = False):
        self.valid_from, self.on_holidays = dt.date.fromisoformat(valid_from), on_holidays
        self.hours = self
        self._hours = hours

    def all(self) -> tuple[ScheduledHours, ...]:
        return self._hours


def hours(weekday: int, begins=MORNING, ends=EVENING, weeks=Weeks.EVERY, rest=30) -> ScheduledHours:
    return ScheduledHours(weekday=weekday, begins=begins, ends=ends, weeks=weeks, break_minutes=rest)


def days_of(schedules, first: str, last: str) -> list[str]:
    found = planned_sessions(schedules, dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    return [f"{session.day:%m-%d}" for session in found]


def test_each_weekday_gives_a_session_of_its_hours():
    found = planned_sessions([Written("2026-02-02", hours(1), hours(3))], dt.date(2026, 2, 2), dt.date(2026, 2, 15))
    assert [session.day.isoformat() for session in found] == ["2026-02-02", "2026-02-04", "2026-02-09", "2026-02-11"]
    assert {session.hours for session in found} == {Decimal(8)}


def test_two_stretches_of_a_day_are_two_sessions_in_order():
    schedule = Written("2026-02-02", hours(1, NOON, EVENING), hours(1, MORNING, dt.time(11)))
    found = planned_sessions([schedule], dt.date(2026, 2, 2), dt.date(2026, 2, 2))
    assert [session.begins for session in found] == [MORNING, NOON]


def test_every_second_week_goes_on_across_a_year_of_53_weeks():
    """2026 has a week 53: by odd and even numbers two weeks in a row would be free, or worked."""
    schedule = Written("2026-12-14", hours(2, weeks=Weeks.FIRST), hours(4, weeks=Weeks.SECOND))
    assert days_of([schedule], "2026-12-14", "2027-01-31") == [
        "12-15",
        "12-29",
        "01-07",
        "01-12",
        "01-21",
        "01-26",
    ]  # fmt: skip - 12-24 and 01-06 are free anyway


def test_the_weeks_are_counted_from_the_week_in_which_the_schedule_begins():
    """It begins on a Thursday: the Monday of that week is not worked, but the week is the first."""
    schedule = Written("2026-03-05", hours(1, weeks=Weeks.FIRST))
    assert days_of([schedule], "2026-03-01", "2026-03-31") == ["03-16", "03-30"]


def test_nobody_is_expected_on_a_public_holiday_or_the_eves_that_are_free():
    schedule = Written("2026-06-01", *[hours(day) for day in range(1, 6)])
    assert "06-19" not in days_of([schedule], "2026-06-15", "2026-06-26")
    assert free_days(2026)[dt.date(2026, 6, 19)] == "Midsommarafton"
    assert dt.date(2026, 4, 3) in free_days(2026)


def test_a_workplace_that_never_closes_plans_holidays_as_other_days():
    assert days_of([Written("2026-06-01", hours(5), on_holidays=True)], "2026-06-15", "2026-06-26") == [
        "06-19",
        "06-26",
    ]


def test_a_schedule_holds_until_the_next_one_applies():
    schedules = [Written("2026-03-11", hours(3)), Written("2026-03-02", hours(1))]
    assert days_of(schedules, "2026-03-01", "2026-03-20") == ["03-02", "03-09", "03-11", "03-18"]


def test_nothing_is_planned_before_the_first_schedule_or_without_one():
    assert days_of([Written("2026-03-09", hours(1))], "2026-03-01", "2026-03-08") == []
    assert days_of([], "2026-03-01", "2026-03-31") == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([hours(1), hours(2)], "16"),
        ([hours(1), hours(2, weeks=Weeks.FIRST)], "12"),
        ([hours(1, weeks=Weeks.FIRST), hours(1, weeks=Weeks.SECOND)], "8"),
        ([], "0"),
    ],
)
def test_the_hours_of_a_week_are_the_average_of_two(written, expected):
    assert hours_a_week(written) == Decimal(expected)


def test_a_schedule_is_said_by_its_day():
    assert str(Schedule(valid_from=dt.date(2026, 2, 2))) == "2026-02-02"
