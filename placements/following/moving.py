"""Moving the day of a follow-up by hand: from then on it stays when the days of the placement move."""

import datetime as dt

from django.db import transaction

from placements.models import FollowUp


class FollowUpMoved(Exception):
    """Somebody else, or the placement's new days, have moved the follow-up meanwhile: it is due on `due`."""

    def __init__(self, due: dt.date):
        super().__init__()
        self.due = due


class NothingToMove(Exception):
    """The follow-up is filed, withdrawn or late."""


@transaction.atomic
def followup_move(*, followup: FollowUp, due: dt.date, seen: dt.date) -> FollowUp:
    """Let a follow-up be due on another day; `seen` is the day that the mover knew of. The same once more changes
    nothing. Raises FollowUpMoved and NothingToMove."""
    current = FollowUp.objects.select_for_update(of=("self",)).get(pk=followup.pk)
    if not current.may_be_moved:
        raise NothingToMove
    if current.due == due and current.day_is_set:
        return current
    if current.due != seen:
        raise FollowUpMoved(current.due)
    current.due, current.day_is_set = due, True
    current.save(update_fields=["due", "day_is_set"])
    return current
