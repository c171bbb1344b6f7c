"""What is done with a referral: registered, completed, assessed, decided, and a wrong decision undone."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Unit, User
from participants.models import Enrolment, Referral, ReferralStep
from participants.referrals.states import TAKES_FROM_QUEUE, may_become
from participants.registering.forms import PersonSection
from participants.registering.services import Registered, made_by
from vocabulary.codes import ReferralDecision
from vocabulary.codes import ReferralState as State


class ReferralMoved(Exception):
    """Somebody was quicker: the referral is not in the state in which it was read."""

    def __init__(self, referral: Referral):
        super().__init__()
        self.referral = referral


class ReferralChanged(Exception):
    """Somebody else has changed the facts since they were read."""

    def __init__(self, referral: Referral):
        super().__init__()
        self.referral = referral


class OutOfOrder(Exception):
    """Others come first in the queue, and nobody has said why they are passed over."""


class NobodyKnown(Exception):
    """A referral cannot be accepted before it is known whom it is about."""


class EnrolledAlready(Exception):
    """The person is enrolled by the referral, so its decision stands."""


@dataclass(frozen=True)
class Received:
    """What became of a form that registers a referral. `repeated`: it had been sent, or registered, before."""

    referral: Referral
    registered: Registered | None
    repeated: bool = False


@transaction.atomic
def referral_register(
    *, section: PersonSection | None, actor: User, token: uuid.UUID, unit: Unit, facts: Mapping[str, Any]
) -> Received:
    """Register that a unit was asked to take a person on: `section` is valid, None while nobody knows who it is.

    The same form twice is one referral, and so is what has the same person, unit, source and day: the register has
    it, perhaps. Raises NumberTaken (participants.registering).
    """
    public_id = made_by(token, actor)
    if before := Referral.objects.filter(public_id=public_id).first():
        return Received(before, None, repeated=True)
    registered = section.register(actor=actor, units=[unit.code]) if section else None
    person = registered.participant if registered else None
    if person:
        # Held while it is looked whether somebody else registers the same at this moment.
        type(person).objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
        same = {"participant": person, "unit": unit, "source": facts["source"], "received": facts["received"]}
        if before := Referral.objects.filter(**same).first():
            return Received(before, registered, repeated=True)
    referral, created = Referral.objects.get_or_create(
        public_id=public_id,
        defaults={"participant": person, "unit": unit, "decision": ReferralDecision.PENDING, **facts},
    )
    return Received(referral, registered, repeated=not created)


@transaction.atomic
def referral_change(*, referral: Referral, facts: Mapping[str, Any], seen: int) -> Referral:
    """Change the facts of a referral, by name. `seen` is the revision that was read. The same again changes nothing.
    Raises ReferralChanged."""
    current = _locked(referral)
    if all(getattr(current, name) == value for name, value in facts.items()):
        return current
    if current.revision != seen:
        raise ReferralChanged(current)
    _store(current, **facts)
    return current


@transaction.atomic
def referral_name_person(*, referral: Referral, section: PersonSection, actor: User) -> Registered:
    """Say whom a referral is about, which nobody knew: `section` is valid. Who was quicker stays: ReferralChanged.
    Raises NumberTaken."""
    current = _locked(referral)
    if current.participant_id and not _is(current, section, actor):
        raise ReferralChanged(current)
    registered = section.register(actor=actor, units=[current.unit.code])
    if current.participant_id is None:
        _store(current, participant=registered.participant)
    return registered


def _is(referral: Referral, section: PersonSection, actor: User) -> bool:
    """Whether the referral is about the section's person already: the form was sent twice."""
    if section.known:
        return section.known.participant.pk == referral.participant_id
    token = section.cleaned_data["token"]
    return bool(token) and referral.participant.public_id == made_by(token, actor)


@transaction.atomic
def referral_move(
    *,
    referral: Referral,
    actor: User,
    state: State,
    day: dt.date,
    seen: State,
    reason: str = "",
    out_of_order: str = "",
) -> Referral:
    """Bring a referral to another state, on `day`, from the one in which it was read (`seen`).

    The same once more changes nothing. Raises ReferralMoved, NobodyKnown, EnrolledAlready, and OutOfOrder when others
    come first and `out_of_order` does not say why they are passed over.
    """
    current = _locked(referral)
    if current.state == state:
        return current
    if current.state != seen or not may_become(current, state):
        raise ReferralMoved(current)
    if Enrolment.objects.filter(referral=current).exists():
        raise EnrolledAlready
    if state == State.ACCEPTED and current.participant_id is None:
        raise NobodyKnown
    passed_over = is_out_of_order(current, state, actor)
    if passed_over and not out_of_order:
        raise OutOfOrder
    if state == State.ASSESSING:
        _store(current, assessing_since=day)
    else:
        _store(current, decision=ReferralDecision(state.value), decided_on=day)
    _step(current, actor, day, reason=reason, out_of_order=out_of_order if passed_over else "")
    return current


def is_out_of_order(referral: Referral, state: State, actor: User) -> bool:
    """Whether bringing it to `state` takes it from the queue before others, of whom the actor may know."""
    if referral.state != State.RECEIVED or state not in TAKES_FROM_QUEUE:
        return False
    return Referral.objects.visible_to(actor).before_in_queue(referral).exists()


@transaction.atomic
def referral_undo(*, referral: Referral, actor: User, reason: str, seen: State) -> Referral:
    """Undo the latest step, which was wrong: the referral is again where it was before. Both stay in its history.

    Raises ReferralMoved, and EnrolledAlready once somebody is enrolled by it.
    """
    current = _locked(referral)
    if current.state != seen or current.state == State.RECEIVED:
        raise ReferralMoved(current)
    if Enrolment.objects.filter(referral=current).exists():
        raise EnrolledAlready
    back = state_before(current)
    if back == State.RECEIVED:
        _store(current, decision=ReferralDecision.PENDING, assessing_since=None, decided_on=None)
    elif back == State.ASSESSING:
        _store(current, decision=ReferralDecision.PENDING, decided_on=None)
    else:
        accepted = current.steps.filter(state=back, taken_back=False).last()
        _store(current, decision=ReferralDecision(back.value), decided_on=accepted.day if accepted else None)
    _step(current, actor, timezone.localdate(), reason=reason, taken_back=True)
    return current


def state_before(referral: Referral) -> State:
    """Where the referral was before its latest step; as its days say, where its steps do not tell (a register has
    changed it since)."""
    way = [State.RECEIVED]
    for step in referral.steps.all():
        if not step.taken_back:
            way.append(State(step.state))
        elif len(way) > 1:
            way.pop()
    if len(way) > 1 and way[-1] == referral.state:
        return way[-2]
    if referral.state != State.ASSESSING and referral.assessing_since:
        return State.ASSESSING
    return State.RECEIVED


def _locked(referral: Referral) -> Referral:
    """Without what it points at: a person whom another transaction names, or merges, meanwhile would be missing."""
    return Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)


def _store(referral: Referral, **values) -> None:
    for name, value in values.items():
        setattr(referral, name, value)
    referral.revision += 1
    referral.save(update_fields=[*values, "revision"])


def _step(referral: Referral, actor: User, day: dt.date, **more) -> None:
    ReferralStep.objects.create(
        referral=referral, state=referral.state, day=day, by=actor, by_name=actor.full_name, **more
    )
