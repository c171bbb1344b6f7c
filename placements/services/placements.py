"""Ending a placement, and cancelling one that has not begun."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from placements.models import FollowUp, Placement
from placements.providers import placement_changed
from placements.services.followups import followup_withdraw


class PlacementChanged(Exception):
    """The placement has ended already, has begun or been cancelled, or is no longer the one that was read."""


@transaction.atomic
def placement_end(*, placement: Placement, end: dt.date, result: str) -> Placement:
    """End a placement on `end`, its last day, and say whether its purpose was met (`result`, a PlacementResult).

    The same once more changes nothing. Raises PlacementChanged when somebody has ended it otherwise since
    `placement` was read.
    """
    current = _locked(placement)
    if (current.end, current.result) == (end, result):
        return current
    if current.cancelled_on or _dates(current) != _dates(placement):
        raise PlacementChanged
    current.end, current.result = end, result
    current.save(update_fields=["end", "result"])
    placement_changed(current)
    return current


@transaction.atomic
def placement_cancel(*, placement: Placement, why: str) -> Placement:
    """Say that a planned placement never comes about, and why. Its follow-ups are no longer wanted.

    The same once more changes nothing. Raises PlacementChanged when it has begun, or somebody has changed it since
    `placement` was read.
    """
    current, today = _locked(placement), timezone.localdate()
    if current.cancelled_on:
        return current
    if current.start <= today or _dates(current) != _dates(placement):
        raise PlacementChanged
    current.cancelled_on, current.why_cancelled = today, why
    current.save(update_fields=["cancelled_on", "why_cancelled"])
    for followup in FollowUp.objects.filter(placement=current, filed=None, withdrawn_on=None).order_by("pk"):
        followup_withdraw(followup=followup)
    placement_changed(current)
    return current


def _locked(placement: Placement) -> Placement:
    # No key: who sends a link holds a follow-up, for which we may wait, and refers to the placement.
    return Placement.every.select_for_update(of=("self",), no_key=True).get(pk=placement.pk)


def _dates(placement: Placement) -> tuple:
    return placement.start, placement.end, placement.result
