"""Files attached to the journal: what is told of each, and its bytes in a row of their own."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from participants.file_kinds import BY_MEDIA_TYPE, FileKind
from participants.models.journal import JournalEntry


class AttachmentQuerySet(models.QuerySet):
    def in_use(self):
        """Those that have not been withdrawn."""
        return self.filter(withdrawn_at=None)

    def withdrawn(self):
        return self.filter(withdrawn_at__isnull=False)

    def in_enrolments(self, enrolments):
        """The attachments of what is written in the enrolments, which are those the reader may see."""
        return self.filter(entry__enrolment__in=[enrolment.pk for enrolment in enrolments])


@tracked()
class Attachment(models.Model):
    """A file that belongs to a journal entry: an official record, as the entry is, and found where the entry is.

    One that was uploaded by mistake is withdrawn with a reason: it leaves every list, and managers still find it.
    `media_type` is what the bytes were found to be, not what the browser said.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(
        JournalEntry, models.PROTECT, related_name="attachments", db_index=False, verbose_name=_("journal entry")
    )
    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(_("kind"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("attached"), default=timezone.now, db_default=Now(), editable=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    uploaded_by_name = models.CharField(max_length=210, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    withdrawn_by_name = models.CharField(max_length=210, blank=True, editable=False)
    withdrawn_why = models.TextField(_("why it was withdrawn"), max_length=500, blank=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "uploaded_at", "pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            models.CheckConstraint(
                condition=Q(media_type__in=sorted(BY_MEDIA_TYPE)), name="attachment_media_type_known"
            ),
            # The same file once on an entry; also finds the attachments of an entry that are in use.
            models.UniqueConstraint(
                fields=["entry", "sha256"], condition=Q(withdrawn_at=None), name="attachment_once_on_an_entry"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_by_name="", withdrawn_why="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why=""),
                name="attachment_withdrawn_with_a_reason",
                violation_error_message=_("Write why the file is withdrawn."),
            ),
        ]
        indexes = [
            # All attachments of an entry, the withdrawn ones too: a manager's list of documents.
            models.Index(fields=["entry"], name="attachment_by_entry"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> FileKind:
        return BY_MEDIA_TYPE[self.media_type]

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class AttachmentContent(models.Model):
    """The bytes of an attachment, exactly as they were uploaded. Never changed and never deleted: a trigger sees to
    it. Apart from what is told of the file, so that no list ever reads them."""

    attachment = models.OneToOneField(Attachment, models.PROTECT, primary_key=True, related_name="content")
    content = models.BinaryField()

    class Meta:
        verbose_name = _("content of an attachment")
        verbose_name_plural = _("contents of attachments")
        triggers = [
            pgtrigger.Protect(name="attachment_content_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self.attachment_id)
