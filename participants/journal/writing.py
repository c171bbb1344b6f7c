"""Writing in the journal of a file: the form that stands open, the draft in it, and who opened it."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass

from django.core import signing
from django.utils import timezone

from participants.attachments.listing import copies_of_entry
from participants.case_rows import REFERRALS
from participants.file import ParticipantFile, case_to_write_in
from participants.journal.forms import LogForm
from participants.journal.services import draft_of, version_of
from participants.models import Enrolment, JournalDraft, JournalEntry
from participants.models.journal import Wording
from participants.permissions import can_write_journal

FILE = "file"  # the form's other place: the overview
SALT = "journal"
#: How long a text that is sent after the session has ended is still taken as its writer's.
TICKET_SECONDS = 24 * 60 * 60


def writer_ticket(file: ParticipantFile) -> str:
    """Signed into each form: who opened it, in whose file.

    When it is sent after the session has ended, the text can be kept as that user's draft; when somebody else has
    signed in meanwhile on the same computer, it is not taken for theirs. It opens and shows nothing.
    """
    return signing.dumps([file.user.pk, str(file.public_id)], salt=SALT)


def writer_of(ticket: str, public_id: uuid.UUID) -> int | None:
    """The key of the user who opened the form in this participant's file; None if the ticket is false or old."""
    try:
        user, subject = signing.loads(ticket, salt=SALT, max_age=TICKET_SECONDS)
    except signing.BadSignature:
        return None
    return user if subject == str(public_id) else None


def case_of_day(file: ParticipantFile, day: dt.date) -> Enrolment:
    """The enrolment that an entry of that day belongs to when it is moved here: the one that went on then, else the
    one that is written in."""
    then = (each for each in file.enrolments if each.start <= day and (each.end is None or day <= each.end))
    return next(then, None) or case_to_write_in(file)


def known_since(file: ParticipantFile) -> dt.date:
    """The first day on which the participant was known, as far as the user may see: a referral or an enrolment.

    What other units know takes no part, so that a refused date says nothing about them.
    """
    units = {enrolment.unit_id for enrolment in file.enrolments}
    received = (referral.received for referral in file.rows(REFERRALS) if referral.unit_id in units)
    return min(timezone.localdate(), *received, *(enrolment.start for enrolment in file.enrolments))


@dataclass(frozen=True)
class Log:
    """The form by which a contact is logged, and what stands around it.

    `draft` is shown in the form when it opens; `saved` is the entry that was just stored; `already` the entry that an
    earlier sending of the same form stored, with something else in it.
    """

    file: ParticipantFile
    enrolment: Enrolment
    form: LogForm
    origin: str
    draft: JournalDraft | None = None
    saved: JournalEntry | None = None
    already: JournalEntry | None = None

    @property
    def writer(self) -> str:
        return writer_ticket(self.file)

    @property
    def told(self) -> list[str]:
        """What is worth knowing of the files just attached: that they are here already."""
        return copies_of_entry(self.saved, self.file.enrolments) if self.saved else []


def new_log_form(file: ParticipantFile, draft: JournalDraft | None, *, token: uuid.UUID | None = None) -> LogForm:
    """An empty form for today, or one that holds the draft."""
    initial = {"occurred_on": timezone.localdate()}
    if draft:
        initial = asdict(Wording.of(draft))
    initial |= {"token": token or uuid.uuid4(), "draft_seen": version_of(draft)}
    return LogForm(initial=initial, known_since=known_since(file), auto_id="log_%s")


def log_for(file: ParticipantFile, *, origin: str, saved: str = "") -> Log | None:
    """The form as it opens in a file; None for who may only read. `saved` is the id of an entry just stored."""
    enrolment = case_to_write_in(file)
    if not can_write_journal(file.user, enrolment):
        return None
    draft = draft_of(file.user, file.participant.pk)
    return Log(
        file=file,
        enrolment=enrolment,
        form=new_log_form(file, draft),
        origin=origin,
        draft=draft,
        saved=_own_entry(file, saved),
    )


def _own_entry(file: ParticipantFile, public_id: str) -> JournalEntry | None:
    try:
        token = uuid.UUID(public_id)
    except ValueError:
        return None
    return JournalEntry.objects.filter(
        public_id=token, author=file.user, enrolment__in=[enrolment.pk for enrolment in file.enrolments]
    ).first()
