"""When nothing happens in a case for a while, and why."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models.enrolment import Days, Enrolment


class PauseReason(models.TextChoices):
    """Why nothing happens for a while, in no more words than are needed."""

    ILLNESS = "illness", pgettext_lazy("pause", "Illness")
    PARENTAL_LEAVE = "parental_leave", pgettext_lazy("pause", "Parental leave")
    WAITING = "waiting", pgettext_lazy("pause", "Waits for something else first")
    AWAY = "away", pgettext_lazy("pause", "Away")
    OTHER = "other", pgettext_lazy("pause", "Something else")


@tracked()
class Pause(models.Model):
    """Days on which an enrolment rests (vilande): nothing is asked of the person; the unit still answers for them.

    A paused enrolment counts in the figures like any other. The first and the last day belong to the pause; without a
    last day it goes on until somebody resumes.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="pauses", db_index=False, verbose_name=_("enrolment")
    )
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=20, choices=PauseReason)
    note = models.CharField(_("more about it"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    ended_by_name = models.CharField(max_length=210, blank=True, editable=False)

    class Meta:
        ordering = ["enrolment", "-start"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            # Its index serves the look-ups by enrolment too.
            ExclusionConstraint(
                name="pause_no_overlap",
                expressions=[
                    ("enrolment", RangeOperators.EQUAL),
                    (Days("start", "end"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The enrolment is paused on one of these days already."),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="pause_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(condition=Q(reason__in=PauseReason.values), name="pause_reason_known"),
            models.CheckConstraint(
                condition=~Q(reason=PauseReason.OTHER) | ~Q(note=""),
                name="pause_other_reason_told",
                violation_error_message=_("Write what it is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d}–{self.end or ''}"
