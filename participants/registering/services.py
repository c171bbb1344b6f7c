"""Making a participant, within the act that the person comes by."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.history import noted
from accounts.models import User
from participants.identity import IdentityNumber
from participants.models import FormerIdentityNumber, Participant, ProtectedAccess
from participants.person.numbers import NumberTaken, number_holders, number_question_ask
from vocabulary.codes import Protection

__all__ = ["NumberTaken", "Registered", "participant_create"]


@dataclass(frozen=True)
class Registered:
    """The participant that an act is about, made by it or known before.

    `number_left_out`: the number stands on somebody else, of whom the actor may not know (`holders`, for the access
    log only). `repeated`: the same form made the participant already.
    """

    participant: Participant
    number_left_out: bool = False
    holders: list[Participant] = field(default_factory=list)
    repeated: bool = False


def made_by(token: uuid.UUID, actor: User) -> uuid.UUID:
    """The public id of the participant that a form makes. The user takes part, so that nobody can name an existing
    participant by a token."""
    return uuid.uuid5(token, str(actor.public_id))


@transaction.atomic
def participant_create(
    *, facts: Mapping[str, Any], number: IdentityNumber | None, actor: User, token: uuid.UUID, units: list[str]
) -> Registered:
    """Make a participant of `facts` (the model's fields by name), with the number if it is free.

    `token` belongs to the form, so that a form sent twice makes one participant; `units` are the codes of the units
    for which it is done. Who registers a protected person is on the access list: otherwise nobody would be.

    Raises NumberTaken for a number of somebody of whom the actor may know. If it stands on somebody else, it is left
    out, and a question is left to the administrator.
    """
    public_id = made_by(token, actor)
    try:
        with transaction.atomic(), noted(units=units):
            return _create(public_id, facts, number, actor)
    except IntegrityError:
        # The same form, or somebody else with the same number, at the same moment; now it is known which.
        with noted(units=units):
            return _create(public_id, facts, number, actor)


def _create(public_id: uuid.UUID, facts: Mapping, number: IdentityNumber | None, actor: User) -> Registered:
    if before := Participant.objects.filter(public_id=public_id).first():
        left_out = bool(number) and before.identity_number is None
        return Registered(participant=before, number_left_out=left_out, repeated=True)
    hidden = _hidden_holders(number.number, actor) if number else []
    participant = Participant.objects.create(
        public_id=public_id, identity_number=number.number if number and not hidden else None, **facts
    )
    if participant.protection != Protection.NONE:
        ProtectedAccess.objects.create(participant=participant, user=actor, granted_by=actor)
    number_question_ask(participant=participant, holders=hidden, actor=actor)
    if participant.temporary_number:
        number = participant.temporary_number
        before = FormerIdentityNumber.objects.filter(number=number).values("participant")
        same = Participant.objects.filter(Q(temporary_number=number) | Q(pk__in=before)).exclude(pk=participant.pk)
        others = [each for each in _unknown(same, actor) if each not in hidden]
        number_question_ask(participant=participant, holders=others, actor=actor, temporary=True)
    return Registered(participant=participant, number_left_out=bool(hidden), holders=hidden)


def _hidden_holders(number: str, actor: User) -> list[Participant]:
    """Who has or had the number, if the actor may not know of all of them. Raises NumberTaken."""
    now, former = number_holders(number)
    people = now + former
    hidden = _unknown(Participant.objects.filter(pk__in=[each.pk for each in people]), actor)
    if now and not hidden:
        raise NumberTaken(now[0])
    return hidden


def _unknown(people, actor: User) -> list[Participant]:
    known = set(people.known_to(actor).values_list("pk", flat=True))
    return [each for each in people.order_by("pk") if each.pk not in known]
