"""How the days of a placement went: what was marked of each planned session, and what is told of a month."""

import datetime as dt
import uuid
from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models import Enrolment
from placements.hours import hours_between
from placements.models.placement import Placement
from placements.models.supervisor import Supervisor
from placements.querysets import AttendanceReportQuerySet
from vocabulary.codes import AttendanceStatus


@tracked()
class PlacementAttendance(models.Model):
    """How one planned session of a placement went: the record. No row: not marked, which is never absence.

    Which sessions are planned is worked out of the schedules (`placements.schedules`). A marked one keeps the hours
    that were planned for it, whatever the schedule says later; one that no schedule plans was an extra one.
    """

    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="attendance", db_index=False, verbose_name=_("placement")
    )
    day = models.DateField(_("day"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    break_minutes = models.PositiveSmallIntegerField(pgettext_lazy("schedule", "break, minutes"), default=0)
    status = models.CharField(_("attendance"), max_length=20, choices=AttendanceStatus)
    # The supervisor of that workplace, or a member of staff. The name outlives the account.
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    marked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    marked_by_name = models.CharField(max_length=210, editable=False)
    marked_at = models.DateTimeField(_("marked"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["placement", "day", "begins"]
        verbose_name = _("attendance at a workplace")
        verbose_name_plural = _("attendance at workplaces")
        constraints = [
            models.UniqueConstraint(fields=["placement", "day", "begins"], name="placement_attendance_once"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="placement_attendance_ends_after_beginning",
                violation_error_message=_("The session ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=AttendanceStatus.values), name="placement_attendance_status_known"
            ),
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) ^ Q(marked_by__isnull=True), name="placement_attendance_by_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_status_display()}"

    @property
    def hours(self) -> Decimal:
        """How long it was planned to last without the break, in hours."""
        return hours_between(self.begins, self.ends, self.break_minutes)


class ReportKind(models.TextChoices):
    """What is told of a month's attendance, and to whom."""

    BASIS = "basis", _("Basis of one participant")
    BENEFIT_FILE = "benefit_file", _("File for the benefit system")


@tracked(exclude=("content",))  # it never changes: a correction is another version
class AttendanceReport(models.Model):
    """What a calendar month's attendance came to, frozen as a numbered version: the basis of one case for whoever
    handles its support, or a unit's file for the benefit system. A correction is a new version; none ever changes.

    It says what was planned and what was attended. What follows for anybody's support the board alone decides.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=ReportKind)
    month = models.DateField(_("month"))
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, related_name="attendance_reports", verbose_name=_("enrolment")
    )
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    version = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    made_by_name = models.CharField(max_length=210, editable=False)

    objects = AttendanceReportQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-version"]
        verbose_name = _("report of attendance")
        verbose_name_plural = _("reports of attendance")
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="attendance_report_month_by_its_first_day"),
            models.CheckConstraint(
                condition=Q(kind=ReportKind.BASIS, enrolment__isnull=False)
                | Q(kind=ReportKind.BENEFIT_FILE, enrolment__isnull=True),
                name="attendance_report_of_one_or_all",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "month", "version"],
                condition=Q(kind=ReportKind.BASIS),
                name="attendance_basis_version_once",
            ),
            models.UniqueConstraint(
                fields=["unit", "month", "version"],
                condition=Q(kind=ReportKind.BENEFIT_FILE),
                name="benefit_file_version_once",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_version_never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} ({self.version})"

    @property
    def last_day(self) -> dt.date:
        """The last day of its month."""
        return (self.month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


@tracked()
class AttendanceHandover(models.Model):
    """That a version was handed over: to whom, when and how; and that it was withdrawn again, with why."""

    report = models.ForeignKey(
        AttendanceReport, models.PROTECT, related_name="handovers", verbose_name=_("report of attendance")
    )
    recipient = models.CharField(_("recipient"), max_length=200)
    sent_on = models.DateField(_("handed over"))
    how = models.CharField(_("how"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_on = models.DateField(_("withdrawn"), null=True, editable=False)
    why_withdrawn = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        ordering = ["report", "sent_on", "pk"]
        verbose_name = _("handover of attendance")
        verbose_name_plural = _("handovers of attendance")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, why_withdrawn="")
                | Q(withdrawn_on__isnull=False) & ~Q(why_withdrawn=""),
                name="attendance_handover_withdrawn_with_a_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_on:%Y-%m-%d} {self.recipient}"
