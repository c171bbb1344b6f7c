"""What of a frozen report went out to the public."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from delivery.models import Document, Job
from reporting.models.report import Report
from reporting.querysets import PublicationQuerySet


@tracked(exclude=("content", "reasons"))  # worked out from the frozen report; what is published stays in the row
class Publication(models.Model):
    """A frozen report of the whole municipality under disclosure control: prepared by a worker, looked at, published.

    A period is published once (docs/disclosure.md): a corrected version is never shown beside the first, because the
    difference between them may be a person. One that was prepared and not published may be taken back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.OneToOneField(Report, models.PROTECT, related_name="publication")
    period_start = models.DateField(editable=False)
    period_end = models.DateField(editable=False)
    # The smallest number of persons that is shown, as the municipality wanted it when this was prepared.
    threshold = models.PositiveSmallIntegerField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_by_name = models.CharField(max_length=210, editable=False)
    # The work that hides what must be hidden.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, editable=False, related_name="+")
    # What is shown (`reporting.frozen`), empty until it is prepared; and why the rest is hidden, which stays inside.
    content = models.JSONField(null=True, editable=False)
    reasons = models.JSONField(default=dict, editable=False)
    # The publications that were taken into account: when another has come since, it is prepared anew.
    considered = models.JSONField(default=list, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    published_by_name = models.CharField(max_length=210, blank=True, editable=False)
    # The public report's number and files.
    document = models.OneToOneField(Document, models.PROTECT, null=True, editable=False, related_name="+")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-period_end", "-pk"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(
                fields=["period_start", "period_end"],
                condition=Q(published_at__isnull=False),
                name="publication_once_per_period",
                violation_error_message=_("This period is published already."),
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="publication_period"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None, published_by_name="", document=None)
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    document__isnull=False,
                    content__isnull=False,
                ),
                name="publication_published_has_a_document",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="publication_published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.period_start} – {self.period_end})"

    def get_absolute_url(self) -> str:
        return reverse("reporting:publication", args=[self.public_id])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_prepared(self) -> bool:
        return self.content is not None
