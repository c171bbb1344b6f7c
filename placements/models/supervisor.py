"""Who leads the work at the workplace."""

import datetime as dt
import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from placements.models.employer import Workplace
from placements.querysets import SupervisorQuerySet, SupervisorTrainingQuerySet


@tracked()
class Supervisor(models.Model):
    """A person at a workplace who leads participants' work there, and how to reach them. They have no account:
    they answer follow-ups by a link that is mailed to this address."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="supervisors", verbose_name=_("workplace"))
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    # Since when the person leads nobody there any more.
    left_on = models.DateField(_("left"), null=True, blank=True)
    # Links still come; only what reminds of them does not.
    no_reminders = models.BooleanField(_("wants no reminders"), default=False, db_default=False)

    objects = SupervisorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("supervisor")
        verbose_name_plural = _("supervisors")

    def __str__(self) -> str:
        return self.name

    def is_here_on(self, day: dt.date) -> bool:
        """Whether the person has not left; `Supervisor.objects.here_on` of one that is read already."""
        return self.left_on is None or self.left_on > day


@tracked()
class SupervisorTraining(models.Model):
    """A course in leading participants' work that a supervisor has gone through (handledarutbildning)."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="trainings", verbose_name=_("supervisor"))
    course = models.CharField(_("course"), max_length=200)
    level = models.CharField(_("level"), max_length=100, blank=True)
    # Makes the supervisor a språkhandledare: who supports others in learning Swedish at work.
    language = models.BooleanField(_("language supervisor"), default=False)
    completed_on = models.DateField(_("completed"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = SupervisorTrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_on", "-pk"]
        verbose_name = _("supervisor's training")
        verbose_name_plural = _("supervisors' trainings")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("completed_on")),
                name="supervisor_training_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]
        indexes = [
            # Who is trained on a day: every list of places, and the reminder before it runs out.
            models.Index(fields=["supervisor", "valid_until"], name="supervisor_training_valid"),
        ]

    def __str__(self) -> str:
        return self.course

    def holds_on(self, day: dt.date) -> bool:
        return self.completed_on <= day and (self.valid_until is None or day <= self.valid_until)


@tracked()
class SupportVisit(models.Model):
    """That the municipality was at a supervisor's workplace, or talked with the supervisor, to support them. About
    the task, never about a participant."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="visits", verbose_name=_("supervisor"))
    day = models.DateField(_("day"))
    note = models.TextField(_("what it was about"), max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("support visit")
        verbose_name_plural = _("support visits")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
