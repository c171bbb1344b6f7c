"""Entering, changing and taking away a paper that somebody else has issued to the participant."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from competence.models import Credential
from participants.models import Enrolment
from participants.services.activity import enrolment_note_activity
from placements.changing import row_change


class AlreadyRemoved(Exception):
    """The credential has been taken away; it is neither changed nor told any more."""


@transaction.atomic
def credential_enter(
    *, enrolment: Enrolment, facts: Mapping[str, Any], actor: User, token: uuid.UUID | None = None
) -> Credential:
    """Enter a paper that a member of staff has seen. `token` belongs to the form and becomes the public id: a form
    that is sent twice enters one."""
    credential, made = Credential.objects.get_or_create(
        public_id=token or uuid.uuid4(),
        defaults={"enrolment": enrolment, "by": actor, "by_name": actor.full_name, **facts},
    )
    if made:
        enrolment_note_activity(enrolment=enrolment, day=credential.seen_on)
    return credential


@transaction.atomic
def credential_change(*, credential: Credential, facts: Mapping[str, Any], seen: str) -> Credential:
    """Give it these facts. Certificates that are issued keep what they say. Raises Overtaken when it is not as it was
    `seen`, AlreadyRemoved."""
    _held(credential)
    return row_change(row=credential, facts=facts, seen=seen)


@transaction.atomic
def credential_remove(*, credential: Credential, why: str) -> Credential:
    """Take it away, for a reason: it is not offered for certificates any more. Issued ones keep it. Twice is once,
    and the first reason stays."""
    current = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if current.removed_on is None:
        current.removed_on, current.removed_why = timezone.localdate(), why
        current.save(update_fields=["removed_on", "removed_why"])
    return current


def _held(credential: Credential) -> Credential:
    current = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if current.removed_on:
        raise AlreadyRemoved
    return current


def alike(*, enrolment: Enrolment, facts: Mapping[str, Any], besides: Credential | None = None) -> Credential | None:
    """One of the case that says the same kind, title and issuer, and is of the same day: perhaps the same
    paper, entered twice."""
    rows = Credential.objects.kept().filter(
        enrolment=enrolment,
        kind=facts["kind"],
        title__iexact=facts["title"],
        issuer__iexact=facts["issuer"],
        issued_on=facts["issued_on"],
    )
    return rows.exclude(pk=besides.pk if besides else None).first()
