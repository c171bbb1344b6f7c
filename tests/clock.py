"""The day on which a test plays: what happened months ago is done as it was done then, page by page.

Django's `timezone.now` asks the clock, and everything that asks for the day asks it: forms, services, the defaults
of columns. The database's own clock and the browser's go on as they are.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

HOME = ZoneInfo("Europe/Stockholm")


class _AnyMoment(type):
    """What is a moment is one whoever made it."""

    def __instancecheck__(cls, value):
        return isinstance(value, dt.datetime)


class Clock:
    """`clock.on("2026-01-28")`: it is ten in the morning of that day, and time goes on from there."""

    def __init__(self):
        self.shift = dt.timedelta()

    def on(self, day: dt.date | str) -> None:
        day = dt.date.fromisoformat(day) if isinstance(day, str) else day
        morning = dt.datetime.combine(day, dt.time(10), HOME)
        self.shift = morning - dt.datetime.now(tz=HOME)

    def now(self, tz=None) -> dt.datetime:
        return dt.datetime.now(tz=tz) + self.shift


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """The clock, which shows the real time until it is put `on` a day."""
    clock = Clock()
    shown = _AnyMoment("Moment", (), {"now": staticmethod(clock.now)})
    monkeypatch.setattr(timezone, "datetime", shown)
    return clock
