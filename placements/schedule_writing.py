"""Writing the hours of a place, or of a placement from a day on."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from placements.models import Place, Placement, Schedule, ScheduledHours


@transaction.atomic
def schedule_write(
    *,
    place: Place | None = None,
    placement: Placement | None = None,
    valid_from: dt.date | None = None,
    hours: Sequence[ScheduledHours],
    on_holidays: bool = False,
) -> Schedule | None:
    """Let `hours` (not stored yet) be those of a place, or those of a placement from `valid_from` on, instead of what
    stood there for the same day. No hours: of a place no schedule is left; a placement has none from then on.

    Whoever calls holds the row of the place or the placement.
    """
    found = Schedule.objects.filter(place=place, placement=placement, valid_from=valid_from).first()
    if place and not hours:
        if found:
            found.hours.all().delete()
            found.delete()
        return None
    if found is None:
        found = Schedule(place=place, placement=placement, valid_from=valid_from)
    if found.pk is None or found.on_holidays != on_holidays:
        found.on_holidays = on_holidays
        found.save()
    there = {each.key: each for each in found.hours.all()}
    wanted = {each.key: each for each in hours}
    for key in there.keys() - wanted.keys():
        there[key].delete()
    for key in wanted.keys() - there.keys():
        wanted[key].schedule = found
        wanted[key].save()
    return found
