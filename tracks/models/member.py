"""A participant on a track: applied for, on which step, and how each step went."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models import Activity, Enrolment
from tracks.models.round import Round
from tracks.models.track import Gate, Step
from tracks.querysets import MemberQuerySet, PassageQuerySet


class MemberState(models.TextChoices):
    """Where somebody stands in a round."""

    WAITING = "waiting", pgettext_lazy("job track", "Waiting for a seat")
    OFFERED = "offered", pgettext_lazy("job track", "Offered a seat")
    DECLINED = "declined", pgettext_lazy("job track", "Declined")
    NO_SEAT = "no_seat", pgettext_lazy("job track", "Got no seat")
    ON_TRACK = "on_track", pgettext_lazy("job track", "On the track")
    COMPLETED = "completed", pgettext_lazy("job track", "Completed")
    LEFT = "left", pgettext_lazy("job track", "Left")


TRANSITIONS = {
    MemberState.WAITING: {MemberState.OFFERED, MemberState.DECLINED, MemberState.NO_SEAT},
    MemberState.OFFERED: {MemberState.WAITING, MemberState.ON_TRACK, MemberState.DECLINED, MemberState.NO_SEAT},
    MemberState.DECLINED: {MemberState.WAITING},
    # The round was closed or cancelled while they waited: until it goes on, or their coach has said what follows.
    MemberState.NO_SEAT: {MemberState.WAITING, MemberState.DECLINED},
    MemberState.ON_TRACK: {MemberState.COMPLETED, MemberState.LEFT},
    MemberState.COMPLETED: set(),
    MemberState.LEFT: set(),
}
#: Those that are over on a day.
OVER = (MemberState.COMPLETED, MemberState.LEFT, MemberState.NO_SEAT)


class LeftWhy(models.TextChoices):
    """Why somebody leaves a track before its end."""

    WORK = "work", pgettext_lazy("job track", "Got other work")
    STUDIES = "studies", pgettext_lazy("job track", "Began to study")
    HEALTH = "health", pgettext_lazy("job track", "Cannot go on for now")
    UNSUITABLE = "unsuitable", pgettext_lazy("job track", "The track did not suit")
    MOVED = "moved", pgettext_lazy("job track", "Moved")
    CLOSED = "closed", pgettext_lazy("job track", "The enrolment was closed")
    OTHER = "other", pgettext_lazy("job track", "Another reason")


class StepResult(models.TextChoices):
    """How a step went."""

    PASSED = "passed", pgettext_lazy("step", "Passed")
    PARTLY = "partly", pgettext_lazy("step", "Partly passed")
    NOT_PASSED = "not_passed", pgettext_lazy("step", "Not passed")
    SKIPPED = "skipped", pgettext_lazy("step", "Skipped: known already")


@tracked(exclude=("ready_since",))  # worked out of what is known of the case, which is tracked itself
class Member(models.Model):
    """A participant in a round: from the coach's application to completed or left."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="members", db_index=False, verbose_name=_("round"))
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="track_members", verbose_name=_("enrolment")
    )
    state = models.CharField(_("state"), max_length=10, choices=MemberState, default=MemberState.WAITING)
    applied_on = models.DateField(_("applied"))
    applied_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    applied_by_name = models.CharField(max_length=210, editable=False)
    why = models.CharField(_("why the track suits"), max_length=500, blank=True)
    # Why they were offered a seat before others who come first in the order of priority.
    deviation = models.CharField(_("why before the others"), max_length=300, blank=True)
    # The step at which they enter: the first, or the one that suits after an assessment.
    enters_at = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    offered_on = models.DateField(_("offered"), null=True, blank=True)
    offered_by_name = models.CharField(max_length=210, blank=True, editable=False)
    answered_on = models.DateField(_("answered"), null=True, blank=True)
    # The last day on the track; of who got no seat the day on which the round ended.
    finished_on = models.DateField(_("finished"), null=True, blank=True)
    left_why = models.CharField(_("why they left"), max_length=20, choices=LeftWhy, blank=True)
    left_note = models.CharField(_("in words"), max_length=500, blank=True)
    # Where a completed track led: a job, on which day.
    hired_on = models.DateField(_("hired"), null=True, blank=True)
    hired_by = models.ForeignKey(
        "placements.Employer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hired by")
    )
    # Since when nothing is missing before the next step; what gates ask cannot be asked of the database, and Min dag
    # needs to know (tracks.members.ready keeps it).
    ready_since = models.DateField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["round", "applied_on", "pk"]
        verbose_name = _("participant in a round")
        verbose_name_plural = _("participants in rounds")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "enrolment"],
                name="track_member_once",
                violation_error_message=_("The participant is in this round already."),
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=MemberState.ON_TRACK),
                name="track_one_at_a_time",
                violation_error_message=_("The participant is on another job track."),
            ),
            models.CheckConstraint(condition=Q(state__in=MemberState.values), name="track_member_state_known"),
            models.CheckConstraint(
                condition=Q(state=MemberState.LEFT, left_why__in=LeftWhy.values, finished_on__isnull=False)
                | ~Q(state=MemberState.LEFT) & Q(left_why="", left_note=""),
                name="track_member_left_with_reason",
                violation_error_message=_("Say why the participant leaves the track."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=OVER, finished_on__isnull=False) | ~Q(state__in=OVER) & Q(finished_on=None),
                name="track_member_finished_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    def may_become(self, state: MemberState) -> bool:
        return state in TRANSITIONS[MemberState(self.state)]


@tracked()
class Passage(models.Model):
    """A participant's time on one step: from when to when, with which result, and what it was booked as."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="passages", db_index=False)
    step = models.ForeignKey(Step, models.PROTECT, related_name="passages", verbose_name=_("step"))
    start = models.DateField(_("since"))
    end = models.DateField(_("until"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=20, choices=StepResult, blank=True)
    note = models.CharField(_("what came of it"), max_length=500, blank=True)
    # The activity of the plan for which the placement or the seat in a group is booked.
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="track_passages", verbose_name=_("activity")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["member", "start", "pk"]
        verbose_name = _("time on a step")
        verbose_name_plural = _("times on steps")
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(end=None), name="track_one_step_at_a_time"),
            models.CheckConstraint(
                condition=Q(end=None, result="") | Q(end__gte=F("start"), result__in=StepResult.values),
                name="track_passage_ends_with_result",
                violation_error_message=_("Say how the step went."),
            ),
        ]
        indexes = [
            # Who is on a step now: its seats, the picture of the staircase.
            models.Index(fields=["step"], name="track_on_step", condition=Q(end=None)),
            # The way of somebody, step by step: timeline, pictures, figures.
            models.Index(fields=["member", "start"], name="track_way_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d}"


@tracked()
class GateException(models.Model):
    """That somebody was let past a gate that they did not meet: who said so, and why. Counted, never hidden."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="exceptions", db_index=False)
    gate = models.ForeignKey(Gate, models.PROTECT, related_name="exceptions", verbose_name=_("gate"))
    lacked = models.CharField(_("what was missing"), max_length=300)
    why = models.CharField(_("why the exception"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["passage", "pk"]
        verbose_name = _("exception from a gate")
        verbose_name_plural = _("exceptions from gates")
        constraints = [
            models.UniqueConstraint(fields=["passage", "gate"], name="track_exception_once"),
            models.CheckConstraint(condition=~Q(why=""), name="track_exception_says_why"),
        ]

    def __str__(self) -> str:
        return self.lacked


@tracked()
class ShownDocument(models.Model):
    """That a document which a gate asks for was shown: by whom it was seen and when. Never a copy, and of an extract
    from the criminal records nothing more (skollagen 2 kap. 32 §)."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="shown_documents", db_index=False)
    words = models.CharField(_("document"), max_length=200)
    shown_on = models.DateField(_("shown"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "-shown_on", "pk"]
        verbose_name = _("shown document")
        verbose_name_plural = _("shown documents")
        indexes = [
            # What gates ask: the documents of a case.
            models.Index(fields=["enrolment", "words"], name="track_shown_of_case"),
        ]

    def __str__(self) -> str:
        return self.words
