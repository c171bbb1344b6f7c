"""A round of a track: when it goes, how many seats each step has, who takes people on."""

import datetime as dt
import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import Unit
from placements.models import Employer
from tracks.models.track import Step, TrackVersion
from tracks.querysets import RoundQuerySet


class RoundState(models.TextChoices):
    """How far a round has come."""

    PLANNED = "planned", pgettext_lazy("round", "Planned")
    OPEN = "open", pgettext_lazy("round", "Open for applications")
    RUNNING = "running", pgettext_lazy("round", "Running")
    CLOSED = "closed", pgettext_lazy("round", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("round", "Cancelled")


TRANSITIONS = {
    RoundState.PLANNED: {RoundState.OPEN, RoundState.CANCELLED},
    RoundState.OPEN: {RoundState.PLANNED, RoundState.RUNNING, RoundState.CANCELLED},
    RoundState.RUNNING: {RoundState.CLOSED},
    RoundState.CLOSED: {RoundState.RUNNING},
    RoundState.CANCELLED: set(),
}


@tracked()
class Round(models.Model):
    """One round (omgång) of a track, on one of its published versions, that a unit answers for."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(TrackVersion, models.PROTECT, related_name="rounds", verbose_name=_("version"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="track_rounds", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=RoundState, default=RoundState.PLANNED)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    apply_by = models.DateField(_("applications until"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "name", "pk"]
        verbose_name = _("round of a job track")
        verbose_name_plural = _("rounds of job tracks")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="track_round_state_known"),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="track_round_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_become(self, state: RoundState) -> bool:
        return state in TRANSITIONS[RoundState(self.state)]

    def takes_applications_on(self, day: dt.date) -> bool:
        """Whether a coach may propose somebody."""
        open_states = (RoundState.OPEN, RoundState.RUNNING)
        return self.state in open_states and (self.apply_by is None or day <= self.apply_by)


@tracked()
class StepSeats(models.Model):
    """How many can be on a step of a round at once. A step without row has no limit."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="seats", db_index=False)
    step = models.ForeignKey(Step, models.PROTECT, related_name="+", db_index=False)
    seats = models.PositiveSmallIntegerField(_("seats"), validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["round", "step__position"]
        verbose_name = _("seats of a step")
        verbose_name_plural = _("seats of steps")
        constraints = [
            models.UniqueConstraint(fields=["round", "step"], name="track_seats_once"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="track_step_has_a_seat"),
        ]

    def __str__(self) -> str:
        return str(self.seats)


@tracked()
class RoundPartner(models.Model):
    """What an employer has promised a round: how many they take for practice, and how many they hire."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="partners", db_index=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="track_rounds", verbose_name=_("employer"))
    takes = models.PositiveSmallIntegerField(_("takes for practice"), default=0)
    hires = models.PositiveSmallIntegerField(_("hires"), default=0)

    class Meta:
        ordering = ["round", "pk"]
        verbose_name = _("partner of a round")
        verbose_name_plural = _("partners of rounds")
        constraints = [models.UniqueConstraint(fields=["round", "employer"], name="track_round_partner_once")]

    def __str__(self) -> str:
        return str(self.employer)
