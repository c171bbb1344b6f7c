"""A supervisor's training and the support they get. Who the supervisor is, is written in
`placements.services.supervisors` alone."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from placements.models import Supervisor, SupervisorTraining, SupportVisit


@transaction.atomic
def training_create(*, supervisor: Supervisor, token: uuid.UUID, facts: Mapping[str, Any]) -> SupervisorTraining:
    """Enter a course that a supervisor has gone through. `token` becomes the public id: twice is once."""
    told = {"supervisor": supervisor, **facts}
    training, _new = SupervisorTraining.objects.get_or_create(public_id=token, defaults=told)
    return training


@transaction.atomic
def training_remove(*, training: SupervisorTraining) -> None:
    """Take away a training that was entered by mistake; the history keeps it."""
    SupervisorTraining.objects.filter(pk=training.pk).delete()


@transaction.atomic
def visit_record(*, supervisor: Supervisor, token: uuid.UUID, facts: Mapping[str, Any], actor: User) -> SupportVisit:
    """Write down a support visit."""
    told = {"supervisor": supervisor, "by": actor, "by_name": actor.full_name, **facts}
    visit, _new = SupportVisit.objects.get_or_create(public_id=token, defaults=told)
    return visit


@transaction.atomic
def visit_remove(*, visit: SupportVisit) -> None:
    """Take away a support visit that was entered by mistake; the history keeps it. Twice is once."""
    SupportVisit.objects.filter(pk=visit.pk).delete()
