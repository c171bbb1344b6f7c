"""A participant at a workplace."""

import datetime as dt
import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from participants.models import Enrolment
from placements.models.employer import Workplace
from placements.models.supervisor import Supervisor
from placements.querysets import HeldPlacements, PlacementQuerySet
from vocabulary.codes import PlacementForm, PlacementResult


class PlacementState(models.TextChoices):
    """Where a placement stands: by its dates, unless it was cancelled before it began."""

    PLANNED = "planned", _("Planned")
    ONGOING = "ongoing", _("Ongoing")
    ENDED = "ended", pgettext_lazy("placement", "Ended")
    CANCELLED = "cancelled", pgettext_lazy("placement", "Cancelled")


@tracked()
class Placement(models.Model):
    """A participant's time at a workplace, unpaid or employed: form, days, and the purpose it serves.

    It belongs to the enrolment that covers its start, else to the latest that started before it. The grade of an
    employment is a series of `GradeTerm`: a changed grade is no new placement. One that was cancelled before it began
    never was: `Placement.objects` does not have it, and only who tells what became of it asks `Placement.every`.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="placements", verbose_name=_("enrolment"))
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="placements", verbose_name=_("workplace"))
    supervisor = models.ForeignKey(
        Supervisor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        db_index=False,
        verbose_name=_("supervisor"),
    )
    form = models.CharField(_("form"), max_length=30, choices=PlacementForm)
    start = models.DateField(_("start"), db_index=True)
    end = models.DateField(_("end"), null=True, blank=True, db_index=True)
    purpose = models.TextField(_("purpose"), blank=True)
    expected_outcome = models.TextField(_("expected outcome"), blank=True)
    union_consulted = models.DateField(_("union consulted"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=20, choices=PlacementResult, blank=True)
    cancelled_on = models.DateField(_("cancelled"), null=True, blank=True, editable=False)
    why_cancelled = models.CharField(_("why it was cancelled"), max_length=200, blank=True, db_default="")

    objects = HeldPlacements()
    every = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="placement_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(condition=Q(form__in=PlacementForm.values), name="placement_form_known"),
            models.CheckConstraint(
                condition=Q(result="") | Q(result__in=PlacementResult.values, end__isnull=False),
                name="placement_result_only_after_end",
                violation_error_message=_("A result is given only when the placement has ended."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, why_cancelled="")
                | Q(cancelled_on__isnull=False) & ~Q(why_cancelled=""),
                name="placement_cancelled_with_a_reason",
                violation_error_message=_("A placement is cancelled with a reason."),
            ),
        ]
        indexes = [
            # Whether a supervisor leads other placements too. Those of a loaded register have none.
            models.Index(fields=["supervisor"], name="placement_by_supervisor", condition=Q(supervisor__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.start:%Y-%m-%d}"

    def state_on(self, day: dt.date) -> PlacementState:
        if self.cancelled_on:
            return PlacementState.CANCELLED
        if self.start > day:
            return PlacementState.PLANNED
        return PlacementState.ENDED if self.end and self.end < day else PlacementState.ONGOING

    @property
    def state(self) -> PlacementState:
        return self.state_on(timezone.localdate())


@tracked()
class GradeTerm(models.Model):
    """What part of full time a placement is, from a day until the next term begins."""

    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="grades", db_index=False, verbose_name=_("placement")
    )
    grade = models.DecimalField(_("part of full time"), max_digits=5, decimal_places=4)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        ordering = ["placement", "valid_from"]
        verbose_name = _("grade of a placement")
        verbose_name_plural = _("grades of placements")
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "valid_from"],
                name="grade_term_one_a_day",
                violation_error_message=_("The placement already has a grade from this date."),
            ),
            models.CheckConstraint(
                condition=Q(grade__gt=0, grade__lte=1),
                name="grade_term_at_most_full_time",
                violation_error_message=_("A grade is more than 0 and at most 1 (full time)."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade}"
