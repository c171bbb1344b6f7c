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
