"""The hours of a step: in words, and as a schedule that is written from them."""

import datetime as dt
from dataclasses import asdict
from types import SimpleNamespace

import pytest

from placements.models import ScheduledHours
from placements.schedules import planned_sessions
from tracks.hours import hours_of, hours_stored, hours_told
from tracks.models import Step

pytestmark = pytest.mark.django_db


def test_the_shipped_kitchen_step_is_every_second_week_in_words_and_as_sessions():
    step = Step.objects.get(version__track__code="koksbitrade", key="maltidsvard")
    hours = hours_of(step)
    assert hours_stored(hours) == [each | {"break": each.get("break", 0)} for each in step.hours]
    assert hours_told(hours) == [
        "Måndag–fredag 08.00–14.00, rast 30 min (varannan vecka, med början första veckan)",
        "13,75 timmar i veckan i genomsnitt",
    ]
    # As a schedule from a Wednesday in week 53: the weeks are every second one, whatever their numbers.
    rows = [ScheduledHours(**asdict(each)) for each in hours]
    first = dt.date(2026, 12, 30)
    schedule = SimpleNamespace(valid_from=first, on_holidays=False, hours=SimpleNamespace(all=lambda: rows))
    sessions = planned_sessions([schedule], first, dt.date(2027, 1, 24))
    assert {each.day.isocalendar()[1] for each in sessions} == {53, 2}
    assert sum(each.day.isocalendar()[1] == 2 for each in sessions) == 5
