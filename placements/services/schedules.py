"""Writing the schedule of a placement or of a place."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction

from placements.hours import hours_between
from placements.models import Place, Placement, Schedule, ScheduledHours


@dataclass(frozen=True, order=True)
class Hours:
    """A stretch of a day in a schedule, as it is written."""

    weeks: str
    weekday: int
    begins: dt.time
    ends: dt.time
    break_minutes: int = 0

    @property
    def hours(self) -> Decimal:
        """How long it lasts without the break, in hours."""
        return hours_between(self.begins, self.ends, self.break_minutes)


def hours_of(schedule: Schedule | None) -> list[Hours]:
    """What a schedule says, in its order; nothing of none."""
    if schedule is None:
        return []
    return [
        Hours(each.weeks, each.weekday, each.begins, each.ends, each.break_minutes) for each in schedule.hours.all()
    ]


def schedule_says(
    *, owner: Placement | Place, valid_from: dt.date | None, on_holidays: bool, hours: Iterable[Hours]
) -> bool:
    """Whether the owner's schedule from that day is this one already."""
    schedule = owner.schedules.filter(valid_from=valid_from).first()
    if schedule is None:
        return False
    return (schedule.on_holidays, sorted(hours_of(schedule))) == (on_holidays, sorted(set(hours)))


@transaction.atomic
def schedule_write(
    *, owner: Placement | Place, valid_from: dt.date | None, on_holidays: bool, hours: Iterable[Hours]
) -> bool:
    """Let a placement have these hours from a day on, or a place (which has no day) offer them. Whoever calls holds
    the owner's row. False when it says so already; then nothing is stored."""
    hours = sorted(set(hours))
    if schedule_says(owner=owner, valid_from=valid_from, on_holidays=on_holidays, hours=hours):
        return False
    which = {"placement": owner} if isinstance(owner, Placement) else {"place": owner}
    schedule, _created = Schedule.objects.update_or_create(
        **which, valid_from=valid_from, defaults={"on_holidays": on_holidays}
    )
    schedule.hours.all().delete()
    ScheduledHours.objects.bulk_create(ScheduledHours(schedule=schedule, **asdict(each)) for each in hours)
    return True


def schedule_move(*, placement: Placement, start: dt.date) -> None:
    """The first schedule of a placement begins when the placement does, also when its first day is another."""
    first = placement.schedules.order_by("valid_from").first()
    if first is None or first.valid_from == start:
        return
    # What was to change after the first day is gone when that day comes later still.
    for each in placement.schedules.filter(valid_from__gt=first.valid_from, valid_from__lte=start):
        each.hours.all().delete()
        each.delete()
    first.valid_from = start
    first.save(update_fields=["valid_from"])
