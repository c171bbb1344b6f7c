"""What is done to reach the goals: the activities of a case."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models.enrolment import Enrolment
from vocabulary.codes import ActivityKind, ActivityOutcome, Need
from vocabulary.models import ActivityForm


class ActivityState(models.TextChoices):
    """Where an activity stands. One that is only proposed stands in the draft of the plan, and is no activity yet."""

    DECIDED = "decided", pgettext_lazy("activity", "Decided")
    ENDED = "ended", pgettext_lazy("activity", "Ended")
    DROPPED = "dropped", pgettext_lazy("activity", "Dropped")


class ActivityQuerySet(models.QuerySet):
    def to_book(self):
        """Those for which a placement or a place in a group can be booked; `Activity.can_be_booked` of one."""
        return self.filter(state=ActivityState.DECIDED).exclude(form__kind=ActivityKind.EXTERNAL)


@tracked()
class Activity(models.Model):
    """Something that is done with a participant to reach a goal of the plan (insats): its form, purpose and what is
    expected of it.

    It hangs on the enrolment and lives on through the plan's versions: they say what was decided of it when, this
    row what holds today. Placements and places in groups are booked for a decided activity, so none is booked without
    a purpose and an expected outcome. An ended activity has an outcome; a dropped one never began.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="activities", verbose_name=_("enrolment"))
    form = models.ForeignKey(
        ActivityForm, models.PROTECT, related_name="+", db_index=False, verbose_name=_("form of activity")
    )
    purpose = models.TextField(_("purpose"), max_length=1000)
    expected_outcome = models.TextField(_("expected outcome"), max_length=1000)
    need = models.CharField(_("whose need"), max_length=20, choices=Need, default=Need.PARTICIPANT)
    start = models.DateField(_("planned start"), null=True, blank=True)
    end = models.DateField(_("planned end"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ActivityState, default=ActivityState.DECIDED)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=ActivityOutcome, blank=True)
    outcome_note = models.TextField(_("what came of it"), max_length=1000, blank=True)
    # When somebody said that it had ended, or never began, and who.
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    settled_by_name = models.CharField(max_length=210, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment", "created_at", "pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_known"),
            models.CheckConstraint(condition=Q(need__in=Need.values), name="activity_need_known"),
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(expected_outcome=""),
                name="activity_with_purpose",
                violation_error_message=_("Write the purpose and the expected outcome first."),
            ),
            models.CheckConstraint(
                condition=Q(state=ActivityState.ENDED, ended_on__isnull=False, outcome__in=ActivityOutcome.values)
                | ~Q(state=ActivityState.ENDED) & Q(ended_on__isnull=True, outcome=""),
                name="activity_outcome_iff_ended",
                violation_error_message=_("An outcome is given if, and only if, the activity has ended."),
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                name="activity_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]
        indexes = [
            # What came of the activities that ended in a period, by form.
            models.Index(fields=["ended_on"], name="activity_by_end", condition=Q(ended_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.form)

    @property
    def can_be_booked(self) -> bool:
        """Whether a placement or a place in a group can be booked for it: decided, and not arranged by others."""
        return self.state == ActivityState.DECIDED and self.form.kind != ActivityKind.EXTERNAL

    @property
    def is_settled(self) -> bool:
        """Whether it has ended, or never began."""
        return self.state != ActivityState.DECIDED

    @property
    def can_be_reopened(self) -> bool:
        """Said by mistake: only on the day on which it was said."""
        return self.settled_at is not None and timezone.localdate(self.settled_at) == timezone.localdate()
