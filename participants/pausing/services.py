"""Pausing an enrolment, and resuming it."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from participants.models import Enrolment, Pause


class NotOpen(Exception):
    """The enrolment is closed: there is nothing to pause."""


class PausedThen(Exception):
    """The enrolment is paused on some of these days already."""

    def __init__(self, pause: Pause):
        super().__init__()
        self.pause = pause


class PauseChanged(Exception):
    """The pause is no longer what was read: it has ended, or ends another day."""


@transaction.atomic
def pause_begin(
    *, enrolment: Enrolment, start: dt.date, end: dt.date | None, reason: str, note: str, actor: User
) -> Pause:
    """Let the enrolment rest from `start`, to `end` if that is known. The same once more is the same pause. Raises
    NotOpen and PausedThen."""
    current = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if current.end is not None:
        raise NotOpen
    overlapping = Pause.objects.filter(Q(end=None) | Q(end__gte=start), enrolment=current)
    if end:
        overlapping = overlapping.filter(start__lte=end)
    if before := overlapping.order_by("start").first():
        if (before.start, before.end, before.reason, before.note) == (start, end, reason, note):
            return before
        raise PausedThen(before)
    return Pause.objects.create(
        enrolment=current, start=start, end=end, reason=reason, note=note, by=actor, by_name=actor.full_name
    )


@transaction.atomic
def pause_end(*, pause: Pause, resumes: dt.date, actor: User) -> None:
    """Go on again from `resumes`. A pause that has not rested a day by then is taken away; the history keeps it. The
    same once more changes nothing. Raises PauseChanged when the pause has ended meanwhile."""
    current = Pause.objects.select_for_update(of=("self",)).filter(pk=pause.pk).first()
    last = resumes - dt.timedelta(days=1)
    if current is None or current.end == last:
        return
    if current.end is not None and current.end < last:
        raise PauseChanged
    pause_cut(pause=current, last=last, actor=actor)


def pause_cut(*, pause: Pause, last: dt.date, actor: User) -> None:
    """End a pause that is held on `last`, or take it away if it would begin after that."""
    if pause.start > last:
        pause.delete()
        return
    pause.end, pause.ended_by_name = last, actor.full_name
    pause.save(update_fields=["end", "ended_by_name"])
