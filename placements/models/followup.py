"""Following up: what was due, and when it was filed."""

import datetime as dt
import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models import Enrolment, Participant
from participants.models.following import follows
from placements.models.placement import Placement
from placements.querysets import FollowUpQuerySet
from vocabulary.codes import FollowUpKind


class FollowUpState(models.TextChoices):
    """Where a follow-up stands, by its dates."""

    FILED = "filed", pgettext_lazy("follow-up", "Filed")
    LATE = "late", pgettext_lazy("follow-up", "Late")
    DUE = "due", pgettext_lazy("follow-up", "Due")
    WITHDRAWN = "withdrawn", pgettext_lazy("follow-up", "Withdrawn")


class FollowUpPoint(models.TextChoices):
    """The times at which a placement is followed up; how far apart they lie is for the municipality to say."""

    START = "start", _("At the start")
    MONTH = "month", _("After one month")
    MID = "mid", _("Halfway")
    FINAL = "final", _("Before the end")


@follows("participant")
@tracked()
class FollowUp(models.Model):
    """A point of time at which a placement or a plan is to be followed up, and when that was done.

    `enrolment` is the placement's; without placement the one that covers the due date, else the latest that
    started before it. A loaded register may hold follow-ups from before the first enrolment: then there is none.
    One that was planned here and withdrawn is no longer wanted: it is not exported, and figures leave it out. If a
    register says that it was filed all the same, it was.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="followups", verbose_name=_("participant")
    )
    enrolment = models.ForeignKey(
        Enrolment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followups",
        verbose_name=_("enrolment"),
    )
    placement = models.ForeignKey(
        Placement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followups",
        verbose_name=_("placement"),
    )
    kind = models.CharField(_("kind"), max_length=30, choices=FollowUpKind)
    due = models.DateField(_("due"), db_index=True)
    filed = models.DateField(_("filed"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True)
    # Withdrawn because the days of the placement had no room for it any more: if they have again, it is wanted again.
    # One that a person withdrew stays withdrawn.
    withdrawn_by_rule = models.BooleanField(default=False, db_default=False, editable=False)
    # Which point of the placement's course it is; empty for one that somebody planned, or that was loaded.
    point = models.CharField(
        _("point"), max_length=20, choices=FollowUpPoint, blank=True, editable=False, db_default=""
    )
    # Its day was set by somebody: it stays when the days of the placement move.
    day_is_set = models.BooleanField(default=False, db_default=False, editable=False)
    # Who planned it here, and the name, which outlives the account; empty when it came with a register.
    planned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("planned by")
    )
    planned_by_name = models.CharField(_("planned by"), max_length=210, blank=True, db_default="")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FollowUpKind.values), name="followup_kind_known"),
            models.CheckConstraint(
                condition=Q(placement__isnull=True) | Q(enrolment__isnull=False),
                name="followup_of_placement_has_enrolment",
            ),
            models.CheckConstraint(
                condition=Q(point="") | Q(point__in=FollowUpPoint.values, placement__isnull=False),
                name="followup_point_of_a_placement",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by_rule=False) | Q(withdrawn_on__isnull=False) & ~Q(point=""),
                name="followup_rule_withdraws_points",
            ),
            # Each point once, whoever plans it: the night's round, two clicks, a register.
            models.UniqueConstraint(
                fields=["placement", "point"],
                condition=~Q(point="") & Q(withdrawn_on__isnull=True),
                name="followup_point_once",
            ),
        ]
        indexes = [
            # What is still to be filed: the list of participants (next follow-up, late ones) and Min dag.
            models.Index(
                fields=["enrolment", "due"],
                name="followup_waiting",
                condition=Q(filed__isnull=True, withdrawn_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due:%Y-%m-%d}"

    def state_on(self, day: dt.date) -> FollowUpState:
        """Filed, withdrawn, or late from the day after it was due."""
        if self.filed:
            return FollowUpState.FILED
        if self.withdrawn_on:
            return FollowUpState.WITHDRAWN
        return FollowUpState.LATE if self.due < day else FollowUpState.DUE

    @property
    def state(self) -> FollowUpState:
        return self.state_on(timezone.localdate())

    @property
    def is_wanted(self) -> bool:
        """Not withdrawn; one that was filed was wanted in any case."""
        return self.withdrawn_on is None or self.filed is not None

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to answer it."""
        return self.filed is None and self.withdrawn_on is None

    @property
    def may_be_moved(self) -> bool:
        """Whether its day can be set. One that is late stays late whenever it is held, so that the figures say so."""
        return self.state == FollowUpState.DUE


class ReminderStep(models.TextChoices):
    """When the supervisor is reminded, and when the job coach is told instead."""

    DUE = "due", _("On the day it is due")
    AFTER_3 = "after_3", _("3 days after")
    AFTER_10 = "after_10", _("10 days after")


@tracked()
class FollowUpReminder(models.Model):
    """That a follow-up was reminded of, or passed by, at one step: once for ever, whoever asks and how often."""

    followup = models.ForeignKey(
        FollowUp, models.PROTECT, related_name="reminders", db_index=False, verbose_name=_("follow-up")
    )
    step = models.CharField(_("step"), max_length=20, choices=ReminderStep)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    mail = models.ForeignKey("delivery.Mail", models.PROTECT, null=True, related_name="+", editable=False)
    # Beside the mail, where the municipality reminds by text message too.
    text_message = models.ForeignKey("delivery.Mail", models.PROTECT, null=True, related_name="+", editable=False)
    # Why no mail was sent: nobody to send it to, a day that had passed, somebody who wants no reminders.
    why_not = models.CharField(_("why it was not sent"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["followup", "made_at"]
        verbose_name = _("reminder of a follow-up")
        verbose_name_plural = _("reminders of follow-ups")
        constraints = [
            models.UniqueConstraint(fields=["followup", "step"], name="followup_reminded_once"),
            models.CheckConstraint(condition=Q(step__in=ReminderStep.values), name="followup_reminder_step_known"),
            models.CheckConstraint(
                condition=Q(mail__isnull=True) ^ Q(why_not=""), name="followup_reminder_sent_or_why_not"
            ),
            models.CheckConstraint(
                condition=Q(text_message__isnull=True) | Q(mail__isnull=False),
                name="followup_text_message_beside_a_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.get_step_display()


@tracked()
class ParticipantOpinion(models.Model):
    """What the participant says of how a follow-up was answered: agrees, or not, with a comment. As a member of staff
    wrote it down with the participant, and until when it was changed."""

    followup = models.OneToOneField(FollowUp, models.PROTECT, related_name="opinion", verbose_name=_("follow-up"))
    agrees = models.BooleanField(_("agrees"))
    comment = models.TextField(_("in the participant's own words"), max_length=2000, blank=True)
    said_on = models.DateField(_("said"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("participant's opinion of a follow-up")
        verbose_name_plural = _("participants' opinions of follow-ups")
        constraints = [
            models.CheckConstraint(
                condition=Q(agrees=True) | ~Q(comment=""),
                name="participant_opinion_says_why_not",
                violation_error_message=_("Say what the participant does not agree with."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_on:%Y-%m-%d}"
