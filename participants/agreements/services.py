"""Writing an agreement with the public employment service down, and correcting it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from participants.models import Enrolment, ServiceAgreement

FACTS = ("agreed_on", "until", "contact", "activity", "extent")


class AgreementChanged(Exception):
    """Somebody else has changed the agreement since it was read."""

    def __init__(self, agreement: ServiceAgreement):
        super().__init__()
        self.agreement = agreement


def version_of(agreement: ServiceAgreement) -> str:
    """What a page showed, as its form carries it."""
    return "|".join(str(getattr(agreement, name) or "") for name in FACTS)


@transaction.atomic
def agreement_record(*, enrolment: Enrolment, facts: Mapping[str, Any], actor: User) -> ServiceAgreement:
    """Write an agreement down. The same once more is the same agreement."""
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    agreement, _created = ServiceAgreement.objects.get_or_create(
        enrolment=enrolment, **facts, defaults={"by": actor, "by_name": actor.full_name}
    )
    return agreement


@transaction.atomic
def agreement_correct(*, agreement: ServiceAgreement, facts: Mapping[str, Any], seen: str) -> ServiceAgreement:
    """Correct an agreement; the history keeps what it said. Raises AgreementChanged."""
    current = ServiceAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if all(getattr(current, name) == value for name, value in facts.items()):
        return current
    if version_of(current) != seen:
        raise AgreementChanged(current)
    for name, value in facts.items():
        setattr(current, name, value)
    current.save(update_fields=list(facts))
    return current
