"""What the municipality and the public employment service agreed on about one person."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from participants.models.enrolment import Enrolment


@tracked()
class ServiceAgreement(models.Model):
    """The public employment service agrees that the municipality gives this person something (Södertälje: who comes
    preventively gets no measure without it): when, with whom there, what and how much."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="agreements", db_index=False, verbose_name=_("enrolment")
    )
    agreed_on = models.DateField(_("agreed on"))
    until = models.DateField(_("holds until"), null=True, blank=True)
    contact = models.CharField(_("with whom at the employment service"), max_length=200)
    activity = models.CharField(_("about what"), max_length=300)
    extent = models.CharField(_("how much"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)

    class Meta:
        ordering = ["enrolment", "-agreed_on", "-pk"]
        verbose_name = _("agreement with the employment service")
        verbose_name_plural = _("agreements with the employment service")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("agreed_on")),
                name="service_agreement_ends_after_start",
                violation_error_message=_("The last day is before the day of the agreement."),
            ),
        ]
        indexes = [
            # Does one hold today? Lists, flags and bookings ask of many enrolments at once.
            models.Index(fields=["enrolment", "agreed_on"], name="service_agreement_by_enrolment"),
        ]

    def __str__(self) -> str:
        return f"{self.agreed_on:%Y-%m-%d}"
