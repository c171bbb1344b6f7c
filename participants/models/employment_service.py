"""What is known of a person at the public employment service (Arbetsförmedlingen)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vocabulary.codes import Registration
from vocabulary.models import ActivityForm


class EmploymentServiceFacts(models.Model):
    """Whether the person is registered at the public employment service, since when, and what it arranges for them.

    Asked at the referral and at the enrolment, each of which keeps its own answer: who is registered there and has
    something arranged must not be given the same once more, and who is not registered needs help with that.
    """

    service_registration = models.CharField(
        _("the employment service"), max_length=20, choices=Registration, blank=True, db_default=""
    )
    service_since = models.DateField(_("registered there since"), null=True, blank=True)
    service_form = models.ForeignKey(
        ActivityForm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("what the employment service arranges"),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(service_registration__in=["", *Registration.values]),
                name="%(class)s_service_registration_known",
            ),
            models.CheckConstraint(
                condition=Q(service_registration=Registration.REGISTERED)
                | Q(service_since__isnull=True, service_form__isnull=True),
                name="%(class)s_service_only_for_the_registered",
                violation_error_message=_(
                    "A day and an activity at the employment service are given only for those registered there."
                ),
            ),
        ]


#: The facts, by name: forms, services and the history ask for them together.
SERVICE_FACTS = ("service_registration", "service_since", "service_form")
