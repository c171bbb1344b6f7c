"""Ending a placement."""

import datetime as dt

from django.db import transaction

from placements.models import Placement


class PlacementChanged(Exception):
    """The placement has ended already, or is no longer the one that was read."""


@transaction.atomic
def placement_end(*, placement: Placement, end: dt.date, result: str) -> Placement:
    """End a placement on `end`, its last day, and say whether its purpose was met (`result`, a PlacementResult).

    The same once more changes nothing. Raises PlacementChanged when somebody has ended it otherwise since
    `placement` was read.
    """
    # No key: who sends a link holds a follow-up, for which we may wait, and refers to the placement.
    current = Placement.objects.select_for_update(of=("self",), no_key=True).get(pk=placement.pk)
    if (current.end, current.result) == (end, result):
        return current
    if (current.start, current.end, current.result) != (placement.start, placement.end, placement.result):
        raise PlacementChanged
    current.end, current.result = end, result
    current.save(update_fields=["end", "result"])
    return current
