"""Ending a placement, as planned or before, and cancelling one that has not begun: the one way of both."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from placements.models import FollowUp, Placement
from placements.providers import placement_changed
from placements.services.followups import followup_withdraw
from placements.services.seats import keeps_seat, place_locked
from vocabulary.codes import FollowUpKind

FINAL = (FollowUpKind.EMPLOYMENT_FINAL, FollowUpKind.PLACEMENT_FINAL)


class PlacementChanged(Exception):
    """The placement has ended already, has begun or been cancelled, or is no longer the one that was read."""


class SeatTaken(Exception):
    """Somebody else has the placement's seat on one of these days."""


@transaction.atomic
def placement_end(*, placement: Placement, end: dt.date, result: str, why_interrupted: str = "") -> Placement:
    """End a placement on `end`, its last day, and say whether its purpose was met (`result`, a PlacementResult).
    `why_interrupted` says why it ended before its purpose or its days were done; empty: it ended as planned.

    Follow-ups that were to come after that day are withdrawn, and the final one is due at once.

    The same once more changes nothing. Raises PlacementChanged when somebody has ended it otherwise since
    `placement` was read, and SeatTaken for a day later than planned on which the seat is somebody else's.
    """
    if placement.place_id:
        place_locked(placement.place)
    current = placement_locked(placement)
    if (current.end, current.result, current.why_interrupted) == (end, result, why_interrupted):
        return current
    if current.cancelled_on or dates_of(current) != dates_of(placement):
        raise PlacementChanged
    if current.end and end > current.end and not keeps_seat(current, current.start, end):
        raise SeatTaken
    current.end, current.result, current.why_interrupted = end, result, why_interrupted
    current.revision += 1
    current.save(update_fields=["end", "result", "why_interrupted", "revision"])
    _end_followups(current)
    placement_changed(current)
    return current


def _end_followups(placement: Placement) -> None:
    """What was planned by hand or by a register for days on which nobody is there any more is withdrawn; the final
    one is due at once, since what a certificate rests on is still to be said. Those that planned themselves are kept
    in step by whoever planned them."""
    last = max(placement.end, timezone.localdate())
    after = FollowUp.objects.filter(placement=placement, point="", filed=None, withdrawn_on=None, due__gt=last)
    for followup in after.order_by("pk"):
        if followup.kind in FINAL:
            followup.due = last
            followup.save(update_fields=["due"])
        else:
            followup_withdraw(followup=followup)


@transaction.atomic
def placement_cancel(*, placement: Placement, why: str) -> Placement:
    """Say that a planned placement never comes about, and why. Its follow-ups are no longer wanted.

    The same once more changes nothing. Raises PlacementChanged when it has begun, or somebody has changed it since
    `placement` was read.
    """
    current, today = placement_locked(placement), timezone.localdate()
    if current.cancelled_on:
        return current
    if current.start <= today or dates_of(current) != dates_of(placement):
        raise PlacementChanged
    current.cancelled_on, current.why_cancelled = today, why
    current.revision += 1
    current.save(update_fields=["cancelled_on", "why_cancelled", "revision"])
    # Those that planned themselves are withdrawn as they were planned, and come back if the cancellation was wrong.
    by_hand = FollowUp.objects.filter(placement=current, filed=None, withdrawn_on=None, point="")
    for followup in by_hand.order_by("pk"):
        followup_withdraw(followup=followup)
    placement_changed(current)
    return current


def placement_locked(placement: Placement) -> Placement:
    """The row as it is now, held until the transaction ends."""
    # No key: who sends a link holds a follow-up, for which we may wait, and refers to the placement.
    rows = Placement.every.select_for_update(of=("self",), no_key=True)
    return rows.select_related("workplace", "enrolment__participant", "supervisor", "place").get(pk=placement.pk)


def dates_of(placement: Placement) -> tuple:
    """What must not have changed since the placement was read, for who ends it."""
    return placement.start, placement.end, placement.result
