"""Reports to the committee: drafted, commented section by section, frozen, replaced by a later version."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import Unit
from delivery.models import Document
from reporting.periods import Period
from reporting.querysets import ReportQuerySet
from reporting.question import Question


class ReportKind(models.TextChoices):
    """What the committee calls the report."""

    QUARTERLY = "quarterly", _("Quarterly report")
    INTERIM = "interim", _("Interim report")
    ANNUAL = "annual", _("Annual analysis")
    FREE = "free", _("Other report")


@tracked()
class Report(models.Model):
    """One version of a report to the committee: what is asked, which sections it has, and whether it is frozen.

    A draft is changed freely. Frozen, it never changes (a trigger sees to it): what it says is its `FrozenReport`,
    and a correction is a new version that says what it replaces and why.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=ReportKind)
    title = models.CharField(_("title"), max_length=120)
    # The municipality's own case in its register of documents.
    case_number = models.CharField(_("case number"), max_length=60, blank=True)
    period = models.CharField(_("period"), max_length=30)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    as_of = models.DateField(_("as known on"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    # Whether the key figures of every unit stand beside those of the whole municipality.
    with_units = models.BooleanField(_("with figures for each unit"), default=False)
    # Codes of the figures' `Section`, in their order.
    sections = models.JSONField(_("sections"), default=list)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaced_by"
    )
    reason = models.TextField(_("why it replaces the earlier version"), blank=True, max_length=500)
    # Counted up with every change, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_by_name = models.CharField(max_length=210, editable=False)
    frozen_at = models.DateTimeField(null=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    frozen_by_name = models.CharField(max_length=210, blank=True, editable=False)
    # The internal report's number and files.
    document = models.OneToOneField(Document, models.PROTECT, null=True, editable=False, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ReportKind.values), name="report_kind_known"),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="report_period"),
            models.CheckConstraint(condition=Q(as_of__gte=F("period_start")), name="report_as_of"),
            models.CheckConstraint(condition=Q(unit=None) | Q(with_units=False), name="report_unit_has_no_units"),
            models.CheckConstraint(
                condition=Q(version=1, replaces=None, reason="")
                | Q(version__gt=1, replaces__isnull=False) & ~Q(reason=""),
                name="report_replaces_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(frozen_at=None, frozen_by=None, frozen_by_name="", document=None)
                | Q(frozen_at__isnull=False, frozen_by__isnull=False, document__isnull=False),
                name="report_frozen_has_a_document",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="report_frozen_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.public_id])

    @property
    def question(self) -> Question:
        """What is asked of the figures."""
        return Question(Period.parse(self.period), self.as_of, self.unit)

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def is_replaced(self) -> bool:
        """Whether a corrected version has been frozen in its place."""
        later = getattr(self, "replaced_by", None)
        return later is not None and later.is_frozen

    @property
    def is_published(self) -> bool:
        publication = getattr(self, "publication", None)
        return publication is not None and publication.is_published


@tracked()
class ReportComment(models.Model):
    """What the manager writes under one section of a report: plain text with paragraphs and lists."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="comments")
    section = models.CharField(max_length=20)
    text = models.TextField(_("comment"), blank=True, max_length=20_000)
    # Counted up with every change, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # The page in which it was last saved: its own earlier saving is no other editor's.
    window = models.UUIDField(null=True, editable=False)
    edited_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    edited_by_name = models.CharField(max_length=210, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("comment of a report")
        verbose_name_plural = _("comments of reports")
        constraints = [models.UniqueConstraint(fields=["report", "section"], name="report_comment_one_a_section")]

    def __str__(self) -> str:
        return f"{self.report}: {self.section}"


class FrozenReport(models.Model):
    """What a frozen report says, to the last word: figures, comparison, comments, definitions and settings, as they
    were known when it was frozen. Every file is made of this and of nothing else. Never changed, never deleted."""

    report = models.OneToOneField(Report, models.PROTECT, related_name="frozen")
    # `reporting.frozen` says what is in it. Figures only: nothing here names a person of the register.
    content = models.JSONField()
    # Of the content, written as canonical JSON.
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("frozen report")
        verbose_name_plural = _("frozen reports")
        triggers = [
            pgtrigger.Protect(name="frozen_report_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.sha256[:12]}"
