"""That the participant has read a certificate before it is issued: on which day, and what stood there then.

What they have read is kept as a mark of it. When something else would stand on the paper by now, whether the draft
was changed, a name, a workplace or a level of language, they have not read it.
"""

import datetime as dt
import hashlib
import json

from django.utils import timezone
from django.utils.translation import gettext as _

from competence.documents.certificate import content_to_read
from competence.documents.sources import Sources
from competence.models import CertificateDraft


def mark_of(draft: CertificateDraft, sources: Sources | None = None) -> str:
    """A mark of everything that a participant would read if it were issued today."""
    content = content_to_read(draft=draft, day=timezone.localdate(), sources=sources or Sources([draft]))
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def has_been_read(draft: CertificateDraft, sources: Sources | None = None) -> bool:
    """Whether the participant has read what would stand on it today."""
    return draft.read_on is not None and draft.read_mark == mark_of(draft, sources)


def reading_of(draft: CertificateDraft, day: dt.date | None, shown: str | None) -> tuple[dt.date | None, str]:
    """Day and mark to keep with a draft that was just written, when it is said that the participant has read it on
    `day`. `draft` still says what was kept before; `shown` is the mark of what stood on the page on which the day was
    given (None: what is written now).

    What was changed together with the day nobody can have read: the day is kept, with no mark or the one before, so
    that the page can tell since when it has to be read again.
    """
    now = mark_of(draft)
    if day is None:
        # The page of a draft that has to be read again has an empty field: that takes nothing back.
        return (None, "") if draft.read_mark == now else (draft.read_on, draft.read_mark)
    if shown in (None, now) or (draft.read_on, draft.read_mark) == (day, now):
        return day, now
    return day, draft.read_mark if draft.read_on else ""


def reading_lacking(draft: CertificateDraft, sources: Sources) -> str:
    """What is missing of the reading, in a sentence; empty: nothing."""
    if draft.read_on is None:
        return _("Say when the participant has read it.")
    if draft.read_on > timezone.localdate():
        return _("The day has not come yet.")
    if draft.read_on < draft.assessment.signed_on:
        return _("The assessment was signed after that, on %(day)s. Let the participant read it again.") % {
            "day": draft.assessment.signed_on
        }
    if not has_been_read(draft, sources):
        return _(
            "Something that stands on the certificate has been changed since the participant read it, on %(day)s. "
            "Let them read it as it is now, and give the day again."
        ) % {"day": draft.read_on}
    return ""
