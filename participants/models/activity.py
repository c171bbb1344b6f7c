"""What is done to reach the goals: the activities of a case."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from participants.models.enrolment import Enrolment
from vocabulary.codes import ActivityOutcome, Need
from vocabulary.models import ActivityForm


class ActivityState(models.TextChoices):
    """Where an activity stands. Proposed: it stands in a draft of the plan only, and nothing can be booked for it."""

    PROPOSED = "proposed", pgettext_lazy("activity", "Proposed")
    DECIDED = "decided", pgettext_lazy("activity", "Decided")
    ENDED = "ended", pgettext_lazy("activity", "Ended")
    DROPPED = "dropped", pgettext_lazy("activity", "Dropped")


@tracked()
class Activity(models.Model):
    """Something that is done with a participant to reach a goal of the plan (insats): its form, purpose and what is
    expected of it.

    It hangs on the enrolment and lives on through the plan's versions. Placements and places in groups are booked
    for a decided activity, so none is booked without a purpose and an expected outcome. An ended activity has an
    outcome; a dropped one never began.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="activities", verbose_name=_("enrolment"))
    form = models.ForeignKey(
        ActivityForm, models.PROTECT, related_name="+", db_index=False, verbose_name=_("form of activity")
    )
    purpose = models.TextField(_("purpose"), max_length=1000, blank=True)
    expected_outcome = models.TextField(_("expected outcome"), max_length=1000, blank=True)
    need = models.CharField(_("whose need"), max_length=20, choices=Need, default=Need.PARTICIPANT)
    start = models.DateField(_("planned start"), null=True, blank=True)
    end = models.DateField(_("planned end"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ActivityState, default=ActivityState.PROPOSED)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=ActivityOutcome, blank=True)
    outcome_note = models.TextField(_("what came of it"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["enrolment", "created_at", "pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_known"),
            models.CheckConstraint(condition=Q(need__in=Need.values), name="activity_need_known"),
            models.CheckConstraint(
                condition=Q(state__in=[ActivityState.PROPOSED, ActivityState.DROPPED])
                | ~Q(purpose="") & ~Q(expected_outcome=""),
                name="activity_decided_with_purpose",
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

    def __str__(self) -> str:
        return str(self.form)

    @property
    def can_be_booked(self) -> bool:
        """Whether a placement or a place in a group can be booked for it."""
        return self.state == ActivityState.DECIDED
