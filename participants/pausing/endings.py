"""A pause ends with its enrolment."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Enrolment, Pause
from participants.pausing.services import pause_cut
from participants.providers import Ending, join_endings


def pause_endings(enrolment: Enrolment, last_day: dt.date, data: Mapping[str, Any] | None = None) -> Iterator[Ending]:
    """The pauses that go on after the last day, or begin after it."""
    pauses = Pause.objects.filter(Q(end=None) | Q(end__gt=last_day), enrolment=enrolment)
    for pause in pauses.order_by("pk"):
        note = (
            _("The pause does not begin.")
            if pause.start > last_day
            else _("The pause ends on the last day of the enrolment.")
        )
        yield Ending(
            key=f"pause-{pause.pk}",
            title=_("Paused since %(day)s") % {"day": date_format(pause.start)},
            form=forms.Form(data),
            told=partial(str, note),
            end=partial(_end, pause, last_day),
            about=note,
        )


def _end(pause: Pause, last_day: dt.date, actor: User) -> None:
    current = Pause.objects.select_for_update(of=("self",)).filter(pk=pause.pk).first()
    if current and (current.end is None or current.end > last_day):
        pause_cut(pause=current, last=last_day, actor=actor)


def join() -> None:
    join_endings(pause_endings)
