"""Issued documents: their numbers, their codes, their bytes."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.models.job import Job
from delivery.querysets import DocumentFileQuerySet
from delivery.states import JobState


class NumberSeries(models.Model):
    """How far the numbers of one series have come in a year. Taking the next locks the row until the transaction
    ends, so numbers have no gaps and no doubles (`delivery.services.documents.number_take`)."""

    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_series_once")]

    def __str__(self):
        return f"{self.series} {self.year}"


class Document(models.Model):
    """A document issued under a number: a certificate, a report.

    The row is written, with its number, in the transaction of the act that issues it; what it says is kept by the
    app that issued it, and rendered afterwards by a worker (`made_at`). Nothing here is personal data.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(_("number"), max_length=40, unique=True)
    # Printed on the document; whoever holds it can ask the public page whether it is valid.
    verification_code = models.CharField(
        _("verification code"),
        max_length=14,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}$")],
    )
    issued_on = models.DateField(_("issued"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Kept beside the key: who issued it outlives the account. Empty: the system itself.
    created_by_name = models.CharField(max_length=210, blank=True)
    made_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The last piece of work that was to make it; a failed one is asked for anew.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.number

    @property
    def has_failed(self) -> bool:
        """Whether nobody is at work on it although it was never made: its work failed, or is no longer known."""
        return self.made_at is None and (self.job is None or self.job.state == JobState.FAILED)


class SealCertificate(models.Model):
    """The certificate of a key that has sealed documents here: public, and kept as long as they are, so that a seal
    can be recognised when the key is another one. The key itself is in no table."""

    sha256 = models.CharField(max_length=64, unique=True)
    subject = models.CharField(_("subject"), max_length=300)
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    content = models.BinaryField()  # DER
    first_used_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("certificate of seals")
        verbose_name_plural = _("certificates of seals")
        ordering = ["first_used_at", "pk"]
        triggers = [
            pgtrigger.Protect(name="seal_certificate_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return self.subject


class DocumentFile(models.Model):
    """A document's bytes in one format, with their hash. Made once, never changed and never deleted: a
    trigger sees to it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="files", db_index=False)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    # Empty: no key was configured when it was made.
    sealed_with = models.ForeignKey(
        SealCertificate, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DocumentFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a document")
        verbose_name_plural = _("files of documents")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "media_type"], name="document_file_one_of_each_format"),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_file_not_empty"),
        ]
        indexes = [
            # "Is this file one of ours?" on the public page of verification.
            models.Index(fields=["sha256"], name="document_file_by_hash"),
        ]
        triggers = [
            pgtrigger.Protect(name="document_file_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return self.name
