"""What people wrote: the journal. The timeline is computed from the rows of every app; nothing is copied here."""

import datetime as dt
import uuid
from dataclasses import dataclass, fields, replace

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models.enrolment import Enrolment


class EntryKind(models.TextChoices):
    """What an entry tells of: a contact and how it was made, an event, or a document that was sent."""

    CONVERSATION = "conversation", _("Conversation")
    MEETING = "meeting", _("Meeting")
    PHONE = "phone", _("Phone call")
    MESSAGE = "message", _("Message")
    EVENT = "event", pgettext_lazy("contact", "Event")
    DOCUMENT = "document", _("Document sent")


class Audience(models.TextChoices):
    """Whom an entry is written for. A working mark: what the participant may ask to see, the law decides."""

    INTERNAL = "internal", pgettext_lazy("journal entry", "Internal")
    PARTICIPANT = "participant", _("May be shown to the participant")


class SentWay(models.TextChoices):
    """How a document was sent."""

    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    DIGITAL_MAILBOX = "digital_mailbox", _("Digital mailbox")
    SECURE_MESSAGE = "secure_message", _("Secure digital communication (SDK)")
    BY_HAND = "by_hand", _("Handed over")
    OTHER = "other", _("In another way")


@dataclass(frozen=True)
class Wording:
    """What an entry says, apart from who wrote it when. In a draft each value is what was typed, right or wrong."""

    kind: str
    occurred_on: dt.date | str
    text: str
    audience: str = Audience.INTERNAL
    document: str = ""
    recipient: str = ""
    sent_way: str = ""

    @classmethod
    def of(cls, row: "JournalEntry | JournalDraft") -> "Wording":
        """What a stored entry, a draft or a wording in the history says."""
        return cls(**{name: getattr(row, name) for name in WORDS})

    def put_on(self, row: "JournalEntry | JournalDraft") -> None:
        """Make the row say this; the caller saves it (`WORDS` are the fields)."""
        for name in WORDS:
            setattr(row, name, getattr(self, name))

    def with_text(self, text: str) -> "Wording":
        return replace(self, text=text)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been typed that would be a pity to lose."""
        return not any(each.strip() for each in (self.text, self.document, self.recipient))


#: The fields that a wording has in common with an entry and a draft.
WORDS = tuple(field.name for field in fields(Wording))


@tracked()
class JournalEntry(models.Model):
    """A contact, an event or a document sent, as the one who was there wrote it down: an official record (allmän
    handling).

    Its author may mend it the same day; after that it is only added to. One that was written in the wrong person's
    file is moved, never deleted (`JournalMove`).
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="journal", verbose_name=_("enrolment"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    author_name = models.CharField(_("author's name"), max_length=210)
    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind)
    audience = models.CharField(
        _("for whom"), max_length=20, choices=Audience, default=Audience.INTERNAL, db_default=Audience.INTERNAL
    )
    occurred_on = models.DateField(_("date"))
    text = models.TextField(_("text"), blank=True)
    # Of a document that was sent: what, to whom, how; `occurred_on` says when.
    document = models.CharField(_("document"), max_length=200, blank=True, db_default="")
    recipient = models.CharField(_("to whom"), max_length=200, blank=True, db_default="")
    sent_way = models.CharField(_("how"), max_length=20, choices=SentWay, blank=True, db_default="")
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_default=Now(), editable=False)
    edited_at = models.DateTimeField(_("changed"), null=True, editable=False)

    class Meta:
        ordering = ["-occurred_on", "-created_at", "-pk"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="journal_entry_kind_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="journal_entry_audience_known"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.DOCUMENT) & Q(document="", recipient="", sent_way="")
                | Q(kind=EntryKind.DOCUMENT, sent_way__in=SentWay.values) & ~Q(document="") & ~Q(recipient=""),
                name="journal_entry_tells_what_was_sent",
                violation_error_message=_("Of a document that was sent it is told what, to whom and how."),
            ),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.DOCUMENT) | ~Q(text=""),
                name="journal_entry_says_something",
                violation_error_message=_("Write what happened."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_on:%Y-%m-%d} {self.get_kind_display()}"

    @property
    def is_for_participant(self) -> bool:
        return self.audience == Audience.PARTICIPANT


@tracked()
class JournalAddition(models.Model):
    """What was added to a journal entry afterwards: a correction or more that was remembered."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="additions", verbose_name=_("journal entry"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    author_name = models.CharField(_("author's name"), max_length=210)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        ordering = ["entry", "created_at", "pk"]
        verbose_name = _("addition to the journal")
        verbose_name_plural = _("additions to the journal")

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


@tracked()
class JournalMove(models.Model):
    """That an entry, with its additions and attachments, was moved out of the file it was written in by mistake.

    It stands as a trace in the file the entry was moved from, without content and without saying whose the entry is;
    so `why` is read in both files and names neither person.
    """

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="moves", verbose_name=_("journal entry"))
    moved_from = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("moved from"))
    moved_to = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("moved to"))
    why = models.TextField(_("why"), max_length=500)
    moved_at = models.DateTimeField(_("moved"), default=timezone.now, editable=False)
    moved_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    moved_by_name = models.CharField(max_length=210, editable=False)

    class Meta:
        ordering = ["entry", "moved_at", "pk"]
        verbose_name = _("move of a journal entry")
        verbose_name_plural = _("moves of journal entries")
        constraints = [
            models.CheckConstraint(condition=~Q(moved_from=F("moved_to")), name="journal_move_goes_elsewhere"),
            models.CheckConstraint(
                condition=~Q(why=""),
                name="journal_move_says_why",
                violation_error_message=_("Write why the entry is moved."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.moved_at:%Y-%m-%d}"


class JournalDraft(models.Model):
    """What a user has begun to write in a participant's file and not yet saved.

    Kept on the server: an hour's writing survives a lost connection, a closed lid and a new sign-in, and no
    personal data stays in a shared computer's browser. No record yet, so no history.
    """

    author = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("author"))
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", verbose_name=_("enrolment"))
    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind, blank=True)
    audience = models.CharField(_("for whom"), max_length=20, choices=Audience, default=Audience.INTERNAL, blank=True)
    occurred_on = models.CharField(_("date"), max_length=40, blank=True)
    text = models.TextField(_("text"), blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    recipient = models.CharField(_("to whom"), max_length=200, blank=True)
    sent_way = models.CharField(_("how"), max_length=20, choices=SentWay, blank=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["author", "enrolment"], name="journal_draft_one_each")]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d %H:%M}"
