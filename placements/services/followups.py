"""Planning a follow-up, and withdrawing it. Whoever changes anything about a follow-up locks its row first."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placements.models import FollowUp, Placement
from placements.services.links import link_withdraw


class FollowUpFiled(Exception):
    """The follow-up is filed already, so it cannot be withdrawn."""


@transaction.atomic
def followup_plan(*, placement: Placement, kind: str, due: dt.date, actor: User, token: uuid.UUID) -> FollowUp:
    """Plan a follow-up of a placement. `token` belongs to the form and becomes the public id, so that a form which is
    sent twice plans one."""
    followup, _created = FollowUp.objects.get_or_create(
        public_id=token,
        defaults={
            "participant": placement.enrolment.participant,
            "enrolment": placement.enrolment,
            "placement": placement,
            "kind": kind,
            "due": due,
            "planned_by": actor,
            "planned_by_name": actor.full_name,
        },
    )
    return followup


@transaction.atomic
def followup_withdraw(*, followup: FollowUp) -> None:
    """Say that a follow-up is no longer wanted: its links stop to hold, mails that wait are not sent. Twice is once.

    Raises FollowUpFiled when it has been answered meanwhile.
    """
    current = FollowUp.objects.select_for_update(of=("self",)).get(pk=followup.pk)
    if current.filed:
        raise FollowUpFiled
    if current.withdrawn_on is None or current.withdrawn_by_rule:
        current.withdrawn_on, current.withdrawn_by_rule = timezone.localdate(), False
        current.save(update_fields=["withdrawn_on", "withdrawn_by_rule"])
    link_withdraw(followup=current)
