"""How a person comes: the referral."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import Unit
from participants.models.following import follows
from participants.models.participant import Participant
from participants.querysets import ReferralQuerySet
from vocabulary.codes import ReferralDecision, ReferralSource


@follows("participant")
@tracked()
class Referral(models.Model):
    """Somebody asks a unit to take a person on (anvisning). The person may be unknown to the municipality."""

    participant = models.ForeignKey(
        Participant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("participant"),
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="referrals", verbose_name=_("unit"))
    source = models.CharField(_("source"), max_length=30, choices=ReferralSource)
    received = models.DateField(_("received"), db_index=True)
    decision = models.CharField(_("decision"), max_length=20, choices=ReferralDecision)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["received", "pk"]
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.CheckConstraint(condition=Q(source__in=ReferralSource.values), name="referral_source_known"),
            models.CheckConstraint(condition=Q(decision__in=ReferralDecision.values), name="referral_decision_known"),
        ]

    def __str__(self) -> str:
        return f"{self.received:%Y-%m-%d}"
