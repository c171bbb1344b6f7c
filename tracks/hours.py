"""The hours of a step: kept as plain data in its version, read and written as those of a schedule, told in words."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from placements.models.schedule import Weekday, Weeks
from placements.schedules import hours_a_week
from placements.services.answers import hours_in_words
from placements.services.schedules import Hours
from tracks.models import Step


def hours_of(step: Step) -> list[Hours]:
    """When in the week somebody is on the step, as a schedule is written (`schedule_write`), in the order of the
    week; nothing where it does not say."""
    return sorted(
        Hours(
            each["weeks"],
            each["weekday"],
            dt.time.fromisoformat(each["begins"]),
            dt.time.fromisoformat(each["ends"]),
            each.get("break", 0),
        )
        for each in step.hours
    )


def hours_stored(hours: Iterable[Hours]) -> list[dict]:
    """The same as the step keeps it."""
    return [
        {
            "weeks": str(each.weeks),
            "weekday": int(each.weekday),
            "begins": each.begins.isoformat("minutes"),
            "ends": each.ends.isoformat("minutes"),
            "break": each.break_minutes,
        }
        for each in hours
    ]


def hours_told(hours: list[Hours]) -> list[str]:
    """The week in words, a line for the days that have the same times: “Monday–Friday 8.00–14.00, break 30 min (every
    second week, from the first)”, and last how many hours a week it comes to."""
    lines, of_day = [], lambda each: (each.weeks, each.begins, each.ends, each.break_minutes)
    ordered = sorted(hours, key=lambda each: (list(Weeks).index(each.weeks), *of_day(each)[1:], each.weekday))
    for (weeks, begins, ends, rest), rows in groupby(ordered, of_day):
        line = f"{_days([each.weekday for each in rows])} {_time(begins)}–{_time(ends)}"
        if rest:
            line += ", " + _("break %(minutes)s min") % {"minutes": rest}
        if weeks != Weeks.EVERY:
            line += f" ({str(Weeks(weeks).label).lower()})"
        lines.append(line)
    if lines:
        a_week = hours_in_words(hours_a_week(hours).quantize(Decimal("0.01")))
        lines.append(_("%(hours)s hours a week on average") % {"hours": a_week})
    return lines


def _days(days: list[int]) -> str:
    """Monday–Wednesday, Friday."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    told = []
    for run in runs:
        names = [str(Weekday(day).label) for day in run]
        told += [f"{names[0]}–{names[-1].lower()}"] if len(names) > 2 else names
    return ", ".join(name if number == 0 else name.lower() for number, name in enumerate(told))


def _time(at: dt.time) -> str:
    return date_format(at, "H.i")
