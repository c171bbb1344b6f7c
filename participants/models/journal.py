"""What people wrote: the journal. The timeline is computed from the rows of every app; nothing is copied here."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models.enrolment import Enrolment


class ContactKind(models.TextChoices):
    """How the participant and the municipality were in contact."""

    CONVERSATION = "conversation", _("Conversation")
    MEETING = "meeting", _("Meeting")
    PHONE = "phone", _("Phone call")
    MESSAGE = "message", _("Message")
    EVENT = "event", pgettext_lazy("contact", "Event")


@tracked()
class JournalEntry(models.Model):
    """A contact or an event, as the one who was there wrote it down: an official record (allmän handling).

    Its author may mend it the same day; after that it is only added to.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="journal", verbose_name=_("enrolment"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    author_name = models.CharField(_("author's name"), max_length=210)
    kind = models.CharField(_("kind"), max_length=20, choices=ContactKind)
    occurred_on = models.DateField(_("date"))
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_default=Now(), editable=False)
    edited_at = models.DateTimeField(_("changed"), null=True, editable=False)

    class Meta:
        ordering = ["-occurred_on", "-created_at", "-pk"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="journal_entry_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.occurred_on:%Y-%m-%d} {self.get_kind_display()}"


@tracked()
class JournalAddition(models.Model):
    """What was added to a journal entry afterwards: a correction or more that was remembered."""

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


class JournalDraft(models.Model):
    """What a user has begun to write in a participant's file and not yet saved.

    Kept on the server: an hour's writing survives a lost connection, a closed lid and a new sign-in, and no
    personal data stays in a shared computer's browser. No record yet, so no history.
    """

    author = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("author"))
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", verbose_name=_("enrolment"))
    kind = models.CharField(_("kind"), max_length=20, choices=ContactKind, blank=True)
    occurred_on = models.CharField(_("date"), max_length=40, blank=True)
    text = models.TextField(_("text"), blank=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["author", "enrolment"], name="journal_draft_one_each")]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d %H:%M}"
