"""Steering groups: what was decided, what is to be done about it, by whom and when."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from tracks.models.track import Track
from tracks.querysets import ActionQuerySet, SteeringGroupQuerySet


class GroupKind(models.TextChoices):
    """Whose recommendations and decisions are followed up: both take the same form."""

    STEERING = "steering", pgettext_lazy("steering", "Steering group")
    AUDIT = "audit", pgettext_lazy("steering", "Audit recommendations")


class ActionState(models.TextChoices):
    """How far an action has come."""

    OPEN = "open", pgettext_lazy("action", "To do")
    UNDER_WAY = "under_way", pgettext_lazy("action", "Under way")
    DONE = "done", pgettext_lazy("action", "Done")
    DROPPED = "dropped", pgettext_lazy("action", "Not to be done")


SETTLED = (ActionState.DONE, ActionState.DROPPED)


@tracked()
class SteeringGroup(models.Model):
    """A group that leads one or more tracks, or an audit whose recommendations are answered."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=GroupKind, default=GroupKind.STEERING)
    name = models.CharField(_("name"), max_length=150)
    members = models.TextField(_("members"), max_length=1000, blank=True)
    tracks = models.ManyToManyField(
        Track, through="LedTrack", related_name="steering_groups", blank=True, verbose_name=_("job tracks")
    )
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = SteeringGroupQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("steering group")
        verbose_name_plural = _("steering groups")

    def __str__(self) -> str:
        return self.name


@tracked()
class LedTrack(models.Model):
    """That a steering group leads a track, or that an audit is about it."""

    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="+", db_index=False)
    track = models.ForeignKey(Track, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["group", "pk"]
        verbose_name = _("track of a steering group")
        verbose_name_plural = _("tracks of steering groups")
        constraints = [models.UniqueConstraint(fields=["group", "track"], name="steering_leads_track_once")]

    def __str__(self) -> str:
        return str(self.track)


@tracked()
class Meeting(models.Model):
    """A meeting of a steering group, or the day on which an audit was reported."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="meetings", db_index=False)
    day = models.DateField(_("day"))
    present = models.TextField(_("present"), max_length=1000, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["group", "-day", "pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "day"],
                name="steering_meeting_once_a_day",
                violation_error_message=_("The group has a meeting on that day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


@tracked()
class Decision(models.Model):
    """What a meeting decided, or what an audit recommends."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions", db_index=False)
    position = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("decision"), max_length=2000)

    class Meta:
        ordering = ["meeting", "position"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="steering_decision_in_order")]

    def __str__(self) -> str:
        return self.text


@tracked()
class Action(models.Model):
    """What is to be done about a decision: by whom, until when, how far it has come, and what shows it."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="actions", verbose_name=_("decision"))
    text = models.TextField(_("action"), max_length=1000)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("who does it")
    )
    # Who does it, also when they have no account here.
    owner_name = models.CharField(_("who does it"), max_length=210)
    due = models.DateField(_("due"))
    state = models.CharField(_("status"), max_length=10, choices=ActionState, default=ActionState.OPEN)
    settled_on = models.DateField(_("settled"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), max_length=1000, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_on__isnull=False) | ~Q(state__in=SETTLED) & Q(settled_on=None),
                name="steering_action_settled_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SETTLED) | ~Q(evidence=""),
                name="steering_action_settled_shows_it",
                violation_error_message=_("Say what shows that it is done."),
            ),
        ]
        indexes = [
            # What is overdue at the next meeting.
            models.Index(fields=["due"], name="steering_action_open", condition=~Q(state__in=SETTLED)),
        ]

    def __str__(self) -> str:
        return self.text

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.state not in SETTLED and self.due < day
