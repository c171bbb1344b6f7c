"""The journal: writing, changing, adding, moving; what the participant is shown; attachments."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Role
from participants.models.journal import Audience, EntryKind
from tests.cast import Cast
from tests.factories import AttachmentFactory, JournalEntryFactory
from tests.participants.attachments.files import PDF
from tests.permissions.rows import IN_UNIT, WRITERS, Row, everybody, in_unit, person


def journal(cast: Cast, _user) -> list:
    return [cast.person.public_id, "journal"]


def own_entry(cast: Cast, user) -> list:
    """An entry in Åsa's journal that the user has written today (the coach, where the user could not)."""
    return [cast.person.public_id, _entry(cast, user).public_id]


def _entry(cast: Cast, user):
    author = user if user and user.reach.has(Role.JOB_COACH, Role.PLACEMENT_COORDINATOR) else cast.coach
    return JournalEntryFactory(enrolment=cast.asa, author=author)


def own_attachment(cast: Cast, user) -> list:
    """A file that the user has attached today (the coach, where the user could not)."""
    entry = _entry(cast, user)
    return [cast.person.public_id, AttachmentFactory(entry=entry, uploaded_by=entry.author).public_id]


def contact(cast: Cast, _user) -> dict:
    return {
        "kind": EntryKind.MEETING,
        "occurred_on": timezone.localdate().isoformat(),
        "text": "Vi sågs.",
        "audience": Audience.INTERNAL,
        "token": str(uuid.uuid4()),
    }


def contact_with_file(cast: Cast, user) -> dict:
    return contact(cast, user) | {"files": SimpleUploadedFile("cv.pdf", PDF)}


JOURNAL = (
    Row("participants:part", "The file's journal", journal, get=in_unit()),
    Row(
        "participants:contact_log",
        "Write an entry, with a file attached",
        person,
        get=everybody(302),
        post=in_unit(302, WRITERS),
        data=contact_with_file,
    ),
    Row("participants:contact_draft", "Keep a draft", person, get=everybody(302), post=everybody(302)),
    Row("participants:contact_draft_discard", "Throw a draft away", person, post=in_unit(302, WRITERS)),
    Row(
        "participants:contact_edit",
        "Change one's own entry, the same day",
        own_entry,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=contact,
    ),
    Row(
        "participants:contact_add",
        "Add to an entry",
        own_entry,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"text": "Tillägg."},
    ),
    Row("participants:contact_history", "The wordings of an entry", own_entry, get=in_unit()),
    Row(
        "participants:contact_move",
        "Move an entry to the right person: one's own of today; managers any",
        own_entry,
        get=in_unit(200, IN_UNIT),
        post=in_unit(200, IN_UNIT),
    ),
    Row("participants:contact_extract", "What the participant is shown of the journal", person, get=in_unit()),
    Row("participants:attachment", "An attachment", own_attachment, get=in_unit()),
    Row(
        "participants:attachment_withdraw",
        "Withdraw an attachment: one's own of today; managers any",
        own_attachment,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"why": "Fel fil."},
    ),
)
