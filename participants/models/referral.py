"""How a person comes: the referral, and what is done with it."""

import datetime as dt
import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import Unit, User
from participants.models.employment_service import EmploymentServiceFacts
from participants.models.following import follows
from participants.models.participant import Participant
from participants.querysets import ReferralQuerySet
from vocabulary.codes import ReferralDecision, ReferralSource, ReferralState, SupportObstacle, TargetGroup

#: What is not decided without saying why.
NEEDS_REASON = (ReferralState.RETURNED, ReferralState.DECLINED, ReferralState.WITHDRAWN)


@follows("participant")
@tracked()
class Referral(EmploymentServiceFacts):
    """Somebody asks a unit to take a person on (anvisning). The person may be unknown to the municipality.

    `decision` is the register's code; whether a referral that is not decided waits or is being assessed, the day
    `assessing_since` says. What was done, by whom and why stands in its `ReferralStep`s; one that came with a
    register has none, and then its `decided_on` is not known.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("participant"),
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="referrals", db_index=False, verbose_name=_("unit"))
    source = models.CharField(_("source"), max_length=30, choices=ReferralSource)
    received = models.DateField(_("received"), db_index=True)
    decision = models.CharField(_("decision"), max_length=20, choices=ReferralDecision)
    assessing_since = models.DateField(_("being assessed since"), null=True, blank=True)
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    order = models.TextField(_("what is ordered"), max_length=1000, blank=True, db_default="")
    purpose = models.TextField(_("purpose"), max_length=1000, blank=True, db_default="")
    target_group = models.CharField(_("target group"), max_length=30, choices=TargetGroup, blank=True, db_default="")
    support_obstacle = models.CharField(
        _("obstacle to self-support"), max_length=40, choices=SupportObstacle, blank=True, db_default=""
    )
    # What the one who refers calls the case; the only name of a person who is not known yet.
    reference = models.CharField(_("the referrer's case number"), max_length=64, blank=True, db_default="")
    referrer_name = models.CharField(_("who refers"), max_length=200, blank=True, db_default="")
    referrer_phone = models.CharField(_("the referrer's phone"), max_length=50, blank=True, db_default="")
    referrer_email = models.EmailField(_("the referrer's e-mail address"), blank=True, db_default="")
    # Counted up by every change on the pages, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["received", "pk"]
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            *EmploymentServiceFacts.Meta.constraints,
            models.CheckConstraint(condition=Q(source__in=ReferralSource.values), name="referral_source_known"),
            models.CheckConstraint(condition=Q(decision__in=ReferralDecision.values), name="referral_decision_known"),
            models.CheckConstraint(
                condition=Q(target_group__in=["", *TargetGroup.values]), name="referral_target_group_known"
            ),
            models.CheckConstraint(
                condition=Q(support_obstacle__in=["", *SupportObstacle.values]), name="referral_obstacle_known"
            ),
            models.CheckConstraint(
                condition=Q(assessing_since__isnull=True) | Q(assessing_since__gte=F("received")),
                name="referral_assessed_after_received",
                violation_error_message=_("The day is before the referral was received."),
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | ~Q(decision=ReferralDecision.PENDING) & Q(decided_on__gte=F("received")),
                name="referral_decided_after_received",
                violation_error_message=_("The day is before the referral was received."),
            ),
        ]
        indexes = [
            # Scope, and a unit's queue: what is not decided, the longest waiting first.
            models.Index(fields=["unit", "decision", "received"], name="referral_by_unit"),
            # The lead times of the last year, by unit.
            models.Index(
                fields=["unit", "decided_on"], name="referral_decided", condition=Q(decided_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:referral", args=[self.public_id])

    @property
    def state(self) -> ReferralState:
        if self.decision != ReferralDecision.PENDING:
            return ReferralState(self.decision)
        return ReferralState.ASSESSING if self.assessing_since else ReferralState.RECEIVED

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.decision == ReferralDecision.PENDING

    @property
    def name(self) -> str:
        """Who it is about, as far as that is known."""
        return self.participant.full_name if self.participant else str(_("Nobody known yet"))

    def days_waited(self, today: dt.date) -> int:
        """How many days have passed since it was received, until it was decided if it is."""
        return ((self.decided_on or today) - self.received).days

    @property
    def days_to_decision(self) -> int | None:
        return (self.decided_on - self.received).days if self.decided_on else None


@tracked()
class ReferralStep(models.Model):
    """One step of a referral: the state it came to, on which day, by whom and why.

    `taken_back`: the step undoes a wrong decision, and leads back to where the referral was. `out_of_order`: why
    somebody was taken before others whose turn it was.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="steps", verbose_name=_("referral"))
    state = models.CharField(_("state"), max_length=20, choices=ReferralState)
    day = models.DateField(_("day"))
    reason = models.TextField(_("why"), max_length=500, blank=True)
    out_of_order = models.TextField(_("why out of order"), max_length=500, blank=True)
    taken_back = models.BooleanField(_("taken back"), default=False)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)

    class Meta:
        ordering = ["referral", "at", "pk"]
        verbose_name = _("step of a referral")
        verbose_name_plural = _("steps of referrals")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReferralState.values), name="referral_step_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=NEEDS_REASON) & Q(taken_back=False) | ~Q(reason=""),
                name="referral_step_with_reason",
                violation_error_message=_("Write why."),
            ),
        ]
        indexes = [
            # Who was taken out of order: the manager's filter of the queue.
            models.Index(fields=["referral"], name="referral_step_out_of_order", condition=~Q(out_of_order="")),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_state_display()}"
