"""What an employer has agreed to and promised: entered, changed, taken away when it was entered by mistake."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from placements.models import Commitment, Employer, EmployerAgreement


class HasCommitments(Exception):
    """Commitments belong to the agreement, `number` of them: it is no mistake."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number


@transaction.atomic
def agreement_create(*, employer: Employer, token: uuid.UUID, facts: Mapping[str, Any]) -> EmployerAgreement:
    entered, _new = EmployerAgreement.objects.get_or_create(public_id=token, defaults={"employer": employer, **facts})
    return entered


@transaction.atomic
def agreement_remove(*, agreement: EmployerAgreement) -> None:
    """Take away an agreement that was entered by mistake; the history keeps it. Raises HasCommitments."""
    current = EmployerAgreement.objects.select_for_update(of=("self",)).filter(pk=agreement.pk).first()
    if current is None:
        return
    if number := current.commitments.count():
        raise HasCommitments(number)
    current.delete()


@transaction.atomic
def commitment_create(*, employer: Employer, token: uuid.UUID, facts: Mapping[str, Any]) -> Commitment:
    entered, _new = Commitment.objects.get_or_create(public_id=token, defaults={"employer": employer, **facts})
    return entered


@transaction.atomic
def commitment_remove(*, commitment: Commitment) -> None:
    """Take away a commitment that was entered by mistake; the history keeps it."""
    Commitment.objects.filter(pk=commitment.pk).delete()
