"""Who needs an agreement with the public employment service, and who lacks it: one rule, for pages and bookings."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.models import Enrolment, ServiceAgreement
from vocabulary.codes import TargetGroup

#: Who comes preventively gets no measure before the municipality and the employment service agree (Södertälje).
AGREEMENT_NEEDED = TargetGroup.PREVENTIVE


class AgreementMissing(Exception):
    """Nothing may be booked before the employment service agrees; `str` of it says so to whoever tries."""


def holding_on(day: dt.date) -> Q:
    """Of an agreement: that it holds on the day."""
    return Q(agreed_on__lte=day) & (Q(until=None) | Q(until__gte=day))


def agreement_lacks(day: dt.date) -> Q:
    """Of an enrolment: that it needs an agreement on the day and has none."""
    held = ServiceAgreement.objects.filter(holding_on(day), enrolment=OuterRef("pk"))
    return Q(target_group=AGREEMENT_NEEDED) & ~Exists(held)


def agreement_missing(enrolment: Enrolment, day: dt.date | None = None) -> str:
    """Why nothing may be booked that begins on `day` (today): the sentence for whoever tries. Empty: it may."""
    day = day or timezone.localdate()
    if enrolment.target_group != AGREEMENT_NEEDED:
        return ""
    if ServiceAgreement.objects.filter(holding_on(day), enrolment=enrolment).exists():
        return ""
    return _(
        "The person comes preventively. Write down the agreement with the employment service in the file first. Then "
        "something can be booked."
    )


def agreement_check(enrolment: Enrolment, day: dt.date) -> None:
    """For a service that books something that begins on `day`. Raises AgreementMissing."""
    if told := agreement_missing(enrolment, day):
        raise AgreementMissing(told)
