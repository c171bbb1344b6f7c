"""Groups: what several participants do together that is no workplace, with sessions, seats and attendance."""

import datetime as dt
import uuid
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import Unit, User
from participants.models import Activity, Enrolment
from participants.models.enrolment import Days
from placements.hours import hours_between
from placements.querysets import GroupPlaceQuerySet, GroupQuerySet
from vocabulary.codes import AttendanceStatus
from vocabulary.models import ActivityForm

#: How a session is marked for one participant. That the unit cancels it is said once, of the session.
MARKS = [status for status in AttendanceStatus.values if status != AttendanceStatus.CANCELLED_BY_UNIT]


@tracked()
class Group(models.Model):
    """A group of a unit: a job-search group, a course, language training, motivation, guidance.

    It has so many seats on any day, sessions at which somebody leads it, and participants whose plan holds an
    activity of its form.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="groups", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=100)
    form = models.ForeignKey(
        ActivityForm, models.PROTECT, related_name="+", db_index=False, verbose_name=_("form of activity")
    )
    leader = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("leader of the group"),
    )
    where = models.CharField(_("where"), max_length=200, blank=True)
    about = models.TextField(_("what the group does"), max_length=1000, blank=True)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"), validators=[MinValueValidator(1)])
    # Counted up by every change on the pages, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="group_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1),
                name="group_has_a_seat",
                violation_error_message=_("A group has at least one seat."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_over_on(self, day: dt.date) -> bool:
        return self.end is not None and self.end < day


@tracked()
class GroupSession(models.Model):
    """One time at which a group meets. A session that the unit cancels stays, with why, and counts for nobody."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="sessions", db_index=False, verbose_name=_("group"))
    day = models.DateField(_("day"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    cancelled_why = models.CharField(_("why it was cancelled"), max_length=200, blank=True)

    class Meta:
        ordering = ["group", "day", "begins"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            # One session at a time; its index serves the group's list and what is unmarked.
            models.UniqueConstraint(
                fields=["group", "day", "begins"],
                name="group_session_once",
                violation_error_message=_("The group has a session at this time already."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="group_session_ends_after_beginning",
                violation_error_message=_("The session ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.begins:%H:%M}"

    @property
    def hours(self) -> Decimal:
        """How long it is planned to last, in hours."""
        return hours_between(self.begins, self.ends)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


@tracked()
class GroupPlace(models.Model):
    """A participant's seat in a group, from a day to a day, booked for an activity of the plan."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="places", verbose_name=_("group"))
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="group_places", verbose_name=_("enrolment"))
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="group_places", verbose_name=_("activity"))
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    left_why = models.CharField(_("why the participant left"), max_length=200, blank=True)

    objects = GroupPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["group", "start", "pk"]
        verbose_name = _("seat in a group")
        verbose_name_plural = _("seats in groups")
        constraints = [
            ExclusionConstraint(
                name="group_place_no_overlap",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("enrolment", RangeOperators.EQUAL),
                    (Days("start", "end"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The participant has a seat in the group already."),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="group_place_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d}–{self.end or ''}"

    def covers(self, day: dt.date) -> bool:
        """Whether the participant is to come to a session on `day`."""
        return self.start <= day and (self.end is None or day <= self.end)


@tracked()
class GroupAttendance(models.Model):
    """How a session went for one participant, as staff marked it: the record. No row: not marked."""

    session = models.ForeignKey(
        GroupSession, models.PROTECT, related_name="attendance", db_index=False, verbose_name=_("session")
    )
    place = models.ForeignKey(GroupPlace, models.PROTECT, related_name="attendance", verbose_name=_("seat"))
    status = models.CharField(_("attendance"), max_length=20, choices=AttendanceStatus)
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    marked_by_name = models.CharField(max_length=210, editable=False)
    marked_at = models.DateTimeField(_("marked"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["session", "place"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(fields=["session", "place"], name="group_attendance_once"),
            models.CheckConstraint(condition=Q(status__in=MARKS), name="group_attendance_status_known"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()
