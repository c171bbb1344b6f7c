"""Writing in the journal: an entry, what is changed the same day, what is added later, and the draft meanwhile.

The enrolment's row is locked while a draft or an entry is stored, so that a draft that was on its way when the entry
was saved cannot come back to life, and two windows cannot overwrite each other's text.
"""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.attachments.forms import NewFile
from participants.attachments.services import attachments_add
from participants.models import Enrolment, JournalAddition, JournalDraft, JournalEntry, Participant
from participants.models.journal import WORDS, Wording
from participants.permissions import can_edit_entry
from participants.services.activity import enrolment_note_activity, enrolment_recall_activity


class AlreadySaved(Exception):
    """The form has been sent before, and now comes with something else in it."""

    def __init__(self, entry: JournalEntry):
        super().__init__()
        self.entry = entry


class DraftChanged(Exception):
    """The stored draft holds a text that this window has not seen and its own text does not contain."""

    def __init__(self, draft: JournalDraft):
        super().__init__()
        self.draft = draft


class EntryChanged(Exception):
    """The entry was changed after the window that wants to change it had read it."""

    def __init__(self, entry: JournalEntry):
        super().__init__()
        self.entry = entry


class EntryMoved(Exception):
    """The entry is no longer in the file in which it was read."""


class DayIsOver(Exception):
    """The entry's day ended while it was being changed."""


@transaction.atomic
def journal_entry_create(
    *,
    enrolment: Enrolment,
    author: User,
    token: uuid.UUID,
    wording: Wording,
    files: list[NewFile] | None = None,
    draft_seen: str = "",
) -> JournalEntry:
    """Write an entry down, with the files attached to it; the author's draft goes in the same transaction.

    `token` belongs to the form and becomes the entry's public id, so a form that is sent twice makes one entry: the
    same again gives back the entry that is there, something else raises `AlreadySaved`. `draft_seen` is the version
    of the draft that the form showed; another text, from another window, is left.
    """
    _lock(enrolment)
    values = {name: getattr(wording, name) for name in WORDS}
    entry, created = JournalEntry.objects.get_or_create(
        public_id=token,
        defaults={"enrolment": enrolment, "author": author, "author_name": author.full_name, **values},
    )
    written = (entry.author_id, entry.enrolment_id, Wording.of(entry))
    if not created and written != (author.pk, enrolment.pk, wording):
        raise AlreadySaved(entry)
    attachments_add(entry=entry, files=files or [], uploader=author)
    if created:
        enrolment_note_activity(enrolment=enrolment, day=entry.occurred_on)
        draft = draft_of(author, enrolment.participant_id)
        if draft and (version_of(draft) == draft_seen or draft.text.strip() in wording.text):
            draft.delete()
    return entry


@transaction.atomic
def journal_entry_edit(*, entry: JournalEntry, editor: User, wording: Wording, version: str) -> JournalEntry:
    """Change an entry the same day; the old wording stays in the history.

    `version` is the one (`version_of`) whose wording the editor read. Raises `DayIsOver` when midnight in Stockholm
    has passed, `EntryChanged` when somebody (another window) was quicker, `EntryMoved`.
    """
    current = entry_locked(entry)
    if not can_edit_entry(editor, current, timezone.localdate()):
        raise DayIsOver
    if Wording.of(current) == wording:
        return current
    if version_of(current) != version:
        raise EntryChanged(current)
    before = current.occurred_on
    wording.put_on(current)
    current.edited_at = timezone.now()
    current.save(update_fields=[*WORDS, "edited_at"])
    enrolment_note_activity(enrolment=current.enrolment, day=current.occurred_on)
    if current.occurred_on < before:
        enrolment_recall_activity(enrolment=current.enrolment, day=before)
    return current


@transaction.atomic
def journal_addition_create(
    *, entry: JournalEntry, author: User, token: uuid.UUID, text: str, files: list[NewFile] | None = None
) -> JournalAddition | None:
    """Add text, files or both to an entry. Returns the addition; None for files alone. Raises `EntryMoved`.

    `token` belongs to the form and becomes the addition's public id: the same text sent twice with it is one, and so
    is the same file; another text with it is one more.
    """
    current = entry_locked(entry)
    attachments_add(entry=current, files=files or [], uploader=author)
    if not text:
        return None
    before = JournalAddition.objects.filter(public_id=token).first()
    if before and (before.entry_id, before.author_id, before.text) == (current.pk, author.pk, text):
        return before
    return current.additions.create(
        public_id=uuid.uuid4() if before else token, author=author, author_name=author.full_name, text=text
    )


@transaction.atomic
def journal_draft_save(
    *, enrolment: Enrolment, author: User, token: uuid.UUID, wording: Wording, seen: str
) -> JournalDraft | None:
    """Keep what has been typed so far. Nothing to keep, or already saved as an entry (`token`): None.

    `seen` is the version of the draft that the window knows of. A stored text from another window is overwritten only
    by a text that contains it; otherwise `DraftChanged` is raised and both stay as they are.
    """
    _lock(enrolment)
    if JournalEntry.objects.filter(public_id=token).exists():
        return None
    draft = draft_of(author, enrolment.participant_id)
    if draft is None:
        draft = JournalDraft(author=author, enrolment=enrolment)
    elif Wording.of(draft) == wording:
        return draft
    elif version_of(draft) != seen and draft.text.strip() not in wording.text:
        raise DraftChanged(draft)
    if wording.is_empty:
        if draft.pk:
            draft.delete()
        return None
    wording.put_on(draft)
    draft.save()
    return draft


@transaction.atomic
def journal_draft_discard(*, author: User, participant: Participant, seen: str) -> None:
    """Throw the draft away. Raises `DraftChanged` when it is no longer the one that was seen."""
    draft = (
        JournalDraft.objects.select_for_update(of=("self",))
        .filter(author=author, enrolment__participant=participant)
        .first()
    )
    if draft is None:
        return
    if version_of(draft) != seen:
        raise DraftChanged(draft)
    draft.delete()


@transaction.atomic
def journal_draft_keep(*, enrolment: Enrolment, author: User, token: uuid.UUID, wording: Wording) -> None:
    """Keep a text whose author's session ended before it was sent: as the draft, below what that holds already."""
    _lock(enrolment)
    seen, draft = "", draft_of(author, enrolment.participant_id)
    if draft and draft.text.strip() not in wording.text:
        seen = version_of(draft)
        wording = wording.with_text(f"{draft.text.rstrip()}\n\n{wording.text}")
    journal_draft_save(enrolment=enrolment, author=author, token=token, wording=wording, seen=seen)


def draft_of(author: User, participant_id: int) -> JournalDraft | None:
    """What the author has begun to write about the participant, whichever enrolment was open then."""
    return JournalDraft.objects.filter(author=author, enrolment__participant=participant_id).first()


def version_of(row: JournalDraft | JournalEntry | None) -> str:
    """Which state of a draft or an entry somebody has read: sent along with the form and compared when it returns."""
    moment = row.saved_at if isinstance(row, JournalDraft) else getattr(row, "edited_at", None)
    return moment.isoformat() if moment else ""


def entry_locked(entry: JournalEntry) -> JournalEntry:
    """The entry as it is now, locked until the transaction ends. Raises `EntryMoved` when it is in another file than
    when it was read: who may read it there is another question."""
    # Without its enrolment: a row that is joined while another transaction moves the entry is not found at all.
    current = JournalEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if current.enrolment_id != entry.enrolment_id:
        raise EntryMoved
    return current


def _lock(enrolment: Enrolment) -> None:
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
