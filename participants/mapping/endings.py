"""What of a mapping ends with its enrolment: a draft that nobody has completed."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from participants.mapping.services import NoDraft, mapping_discard
from participants.models import Enrolment
from participants.models import Mapping as MappingRow
from participants.models.mapping import MappingState
from participants.providers import Ending, EndingChanged, join_endings


def draft_endings(
    enrolment: Enrolment, _last_day: dt.date, data: Mapping[str, Any] | None = None
) -> Iterator[Ending]:
    """The draft: whoever wants to keep what it says completes it first."""
    for draft in MappingRow.objects.filter(enrolment=enrolment, state=MappingState.DRAFT):
        words = _("It was never completed, and is thrown away. Complete it first if it is to be kept.")
        yield Ending(
            key=f"mapping-draft-{draft.public_id}",
            title=_("A draft of the mapping"),
            form=forms.Form(data),
            told=partial(str, words),
            end=partial(_end, draft),
            about=words,
        )


def _end(draft: MappingRow, _actor: User) -> None:
    try:
        mapping_discard(mapping=draft)
    except NoDraft as changed:
        raise EndingChanged from changed


def join() -> None:
    join_endings(draft_endings)
