"""A placement with a schedule of a Monday and a Wednesday, and what the week's form sends."""

import datetime as dt

from placements.marking.services import unmarked_find
from placements.marking.week import Week
from placements.models import Placement
from placements.models.schedule import Weekday, Weeks
from placements.services.schedules import Hours, schedule_write
from tests.factories import PlacementFactory, days_ago

MORNING, NOON = dt.time(8), dt.time(12)


def hours(*weekdays: int, begins=MORNING, ends=NOON) -> list[Hours]:
    return [Hours(Weeks.EVERY, day, begins, ends) for day in weekdays]


def scheduled(enrolment, *weekdays: int, start=None, **facts) -> Placement:
    """A placement of those weekdays, four hours each; on holidays too, so that tests hold on any day of the year."""
    placement = PlacementFactory(enrolment=enrolment, start=start or days_ago(40), **facts)
    schedule_write(
        owner=placement,
        valid_from=placement.start,
        hours=hours(*(weekdays or (Weekday.MONDAY, Weekday.WEDNESDAY))),
        on_holidays=True,
    )
    unmarked_find(placement=placement)
    return placement


def last_week() -> Week:
    return Week.of(days_ago(7))


def key(day: dt.date, begins=MORNING) -> str:
    return f"{day:%Y%m%d}-{begins:%H%M}"


def sent(placement: Placement, **marks: tuple[str, str]) -> dict:
    """What the form sends of a placement: for each key (status, seen)."""
    data = {}
    for name, (status, seen) in marks.items():
        field = f"{placement.public_id}-{name.replace('_', '-')}"
        data |= {field: status, f"{field}-seen": seen}
    return data


def named(day: dt.date, begins=MORNING) -> str:
    """The key as the name of an argument."""
    return key(day, begins).replace("-", "_")
