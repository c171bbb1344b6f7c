"""Proposing, deciding and carrying out that two participants are one."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import noted
from accounts.models import User
from participants import providers
from participants.merging import facts, hindrances
from participants.merging.hindrances import MergeDecided, MergeHindered, MergeNotTold
from participants.merging.relations import moving_relations
from participants.merging.steps import Steps
from participants.models import (
    Enrolment,
    FormerIdentityNumber,
    Merge,
    MergeState,
    NumberQuestion,
    Participant,
    Referral,
)
from participants.person.numbers import PersonChanged

#: Held by a merge alone, and shared by whoever loads a register (which looks keys up long before it stores).
MERGING = 7_316_256
#: How often an act is tried again that met another one.
TRIES = 5

Answer = TypeVar("Answer")


class _Again(Exception):
    """Something has come in between the look and the lock."""


@transaction.atomic
def merge_propose(*, winner: Participant, loser: Participant, **proposed) -> Merge:
    """Propose that `loser` goes into `winner`: `choices`, `why`, `actor`, and perhaps `for_administrator`. `token`
    belongs to the form: sent twice, it is one proposal.

    Raises ValidationError when somebody has proposed the same two already, and MergeDecided when one of them is no
    longer a participant of its own.
    """
    people = Participant.objects.select_for_update(of=("self",), no_key=True)
    list(people.filter(pk__in=[winner.pk, loser.pk]).order_by("pk"))  # neither is merged away meanwhile
    return _propose(winner=winner, loser=loser, **proposed)


def _propose(
    *,
    winner: Participant,
    loser: Participant,
    choices: Mapping[str, str],
    why: str,
    actor: User,
    token: uuid.UUID,
    for_administrator: bool = False,
) -> Merge:
    """The proposal, without a lock on the two: whoever carries it out at once takes all locks in their order."""
    public_id = uuid.uuid5(token, str(actor.public_id))
    if before := Merge.objects.filter(public_id=public_id).first():
        return before
    if Participant.objects.filter(pk__in=[winner.pk, loser.pk], merged_into__isnull=False).exists():
        raise MergeDecided
    try:
        with transaction.atomic():
            return Merge.objects.create(
                public_id=public_id,
                winner=winner,
                loser=loser,
                choices=dict(choices),
                why=why,
                for_administrator=for_administrator,
                winner_units=units_of(winner),
                loser_units=units_of(loser),
                proposed_by=actor,
                proposed_by_name=actor.full_name,
            )
    except IntegrityError:
        if before := Merge.objects.filter(public_id=public_id).first():  # the same form, at the same moment
            return before
        waiting = _waiting(winner, loser).first()
        name = waiting.proposed_by_name if waiting else ""
        raise ValidationError(_("It has been proposed already by %(name)s.") % {"name": name}) from None


def merge_at_once(
    *,
    winner: Participant,
    loser: Participant,
    choices: Mapping[str, str],
    why: str,
    actor: User,
    token: uuid.UUID,
    units: list[str],
    seen: Mapping[int, int] | None = None,
    blind: bool = False,
) -> Merge:
    """Propose and carry out, by somebody who may decide. A proposal that waits for the two is what is decided; the
    same form twice is one merge.

    `units` are the codes of the units for which it is done; `seen` the revisions of the two that the page showed, by
    key; `blind`: by an administrator, who sees units and case numbers only.

    What hinders it is told, and then nothing is stored: raises MergeHindered, MergeDecided, PersonChanged. What may
    not be told stays as a proposal for the administrator: MergeNotTold.
    """
    proposed = {"winner": winner, "loser": loser, "choices": choices, "why": why, "actor": actor, "token": token}
    try:
        with transaction.atomic():
            if waiting := _waiting(winner, loser).first():
                decided = {
                    "winner": winner,
                    "loser": loser,
                    "winner_units": units_of(winner),
                    "loser_units": units_of(loser),
                    "choices": dict(choices),
                    "decision_note": why,
                }
                Merge.objects.filter(pk=waiting.pk, state=MergeState.WAITING).update(**decided)
                merge = Merge.objects.get(pk=waiting.pk)
            else:
                merge = _propose(for_administrator=blind, **proposed)
            return tried(lambda: _carry_out(merge, actor, units, seen, blind))
    except MergeNotTold:
        merge_for_administrator(**proposed)
        raise


@transaction.atomic
def merge_for_administrator(*, winner: Participant, loser: Participant, **proposed) -> None:
    """Leave the administrator a proposal whose hindrance the actor may not know; one that waits already is it."""
    if not _waiting(winner, loser).update(for_administrator=True):
        merge_propose(winner=winner, loser=loser, for_administrator=True, **proposed)


@transaction.atomic
def merge_decline(*, merge: Merge, actor: User, note: str) -> Merge:
    """Say that the two are two, or that this is not the way. Raises MergeDecided: what is decided already stays."""
    row = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if row.state != MergeState.WAITING:
        raise MergeDecided
    row.state, row.decision_note = MergeState.DECLINED, note
    row.decided_at, row.decided_by, row.decided_by_name = timezone.now(), actor, actor.full_name
    row.save(update_fields=["state", "decision_note", "decided_at", "decided_by", "decided_by_name"])
    return row


def merges_waiting_for_administrators() -> int:
    """How many proposals are left to the administrators."""
    return Merge.objects.filter(state=MergeState.WAITING, for_administrator=True).count()


def units_of(participant: Participant) -> list[int]:
    """The keys of the units that know the participant: by an enrolment there, or a referral."""
    rows = (Enrolment.objects.filter(participant=participant), Referral.objects.filter(participant=participant))
    return sorted({unit for each in rows for unit in each.order_by().values_list("unit", flat=True)})


def _waiting(first: Participant, second: Participant) -> QuerySet[Merge]:
    """The proposal that waits for the two, whichever is to go on."""
    pair = [first.pk, second.pk]
    return Merge.objects.filter(state=MergeState.WAITING, winner__in=pair, loser__in=pair)


# --- How it is done -----------------------------------------------------------------------------------------------


def tried(act: Callable[[], Answer]) -> Answer:
    """Do an act that takes many locks, in a transaction, again if it met another one. Raises MergeHindered when it
    meets others each time."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return act()
        except _Again:
            if not left:
                raise MergeHindered([_("The files are being worked in just now. Try again in a moment.")]) from None
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != "40P01" or not left:  # a deadlock
                raise
    raise AssertionError


def _carry_out(merge: Merge, actor: User, units: list[str], seen: Mapping[int, int] | None, blind: bool) -> Merge:
    wait_for_no_load()
    row, winner, loser = locked(merge)
    if row.state == MergeState.MERGED:
        return row
    if row.state != MergeState.WAITING or winner.merged_into_id or loser.merged_into_id:
        raise MergeDecided
    for person in (winner, loser):
        if seen is not None and person.revision != seen.get(person.pk):
            raise PersonChanged(person)
    if reasons := hindrances.told(hindrances.overlaps(winner, loser), None if blind else actor):
        raise MergeHindered(reasons)
    try:
        with transaction.atomic(), noted(units=units, merge=str(row.public_id)):
            _change(row, winner, loser, actor)
    except IntegrityError as error:
        raise MergeHindered([_refused_by(error)]) from None
    return row


def _change(merge: Merge, winner: Participant, loser: Participant, actor: User) -> None:
    now, steps = timezone.now(), Steps(merge)
    merge.state, merge.decided_at, merge.decided_by, merge.decided_by_name = (
        MergeState.MERGED, now, actor, actor.full_name,
    )  # fmt: skip
    merge.winner_units, merge.loser_units = units_of(winner), units_of(loser)
    merge.save()
    decided = {"decided_at": now, "decided_by_id": actor.pk, "decided_by_name": actor.full_name}
    for other in _others_waiting(loser):
        note = _("One of the two is now in another file. Propose it again from there.")
        steps.change(other, state=MergeState.DECLINED, decision_note=note, **decided)
    values = facts.kept(winner, loser, merge.choices)
    before = facts.numbers_before(winner, loser, values)
    # Nobody may have a number that another one has, so it leaves the one before it comes to the other; taken back,
    # the last step first, it goes the other way.
    steps.change(loser, identity_number=None, temporary_number="")
    steps.change(winner, **values)
    had = set(winner.former_numbers.values_list("number", flat=True))
    for number in before:
        if number not in had:
            steps.make(FormerIdentityNumber(participant=winner, number=number))
    for relation in moving_relations():
        for moved in relation.moving(winner_id=winner.pk, loser_id=loser.pk).order_by("pk"):
            steps.change(moved, **{relation.field.attname: winner.pk})
    for follower, changes in providers.followers(loser.pk, winner.pk):
        steps.change(follower, **changes)
    handled = {"handled_at": now, "handled_by_id": actor.pk, "handled_by_name": actor.full_name}
    for question in _questions_answered(winner, loser):
        steps.change(question, outcome=_("The two files have been merged."), **handled)
    steps.change(loser, merged_into_id=winner.pk)
    for person in (winner, loser):
        Participant.objects.filter(pk=person.pk).update(revision=person.revision + 1)


def _others_waiting(loser: Participant) -> Iterable[Merge]:
    waiting = Merge.objects.filter(state=MergeState.WAITING)
    return [*waiting.filter(winner=loser), *waiting.filter(loser=loser)]


def _questions_answered(winner: Participant, loser: Participant) -> Iterable[NumberQuestion]:
    """The questions whether the two are one, and those that stand on the winner in the same words already."""
    waiting = NumberQuestion.objects.filter(handled_at=None)
    both = waiting.filter(participant=winner, known_on=winner)
    return [*both, *waiting.filter(participant=loser), *waiting.filter(known_on=loser)]


def _refused_by(error: IntegrityError) -> str:
    """What an upper floor's rule says that both files together would break."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for relation in moving_relations():
        for constraint in relation.model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
    return _("Something in the two files cannot stand in one.")


# --- Locks --------------------------------------------------------------------------------------------------------


def wait_for_no_load() -> None:
    """Raises MergeHindered while a register is loaded: it has looked up whose keys are whose."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MERGING])
        if not cursor.fetchone()[0]:
            raise MergeHindered(
                [_("A register is being loaded, or other files merged, just now. Try again in a moment.")]
            )


def locked(merge: Merge) -> tuple[Merge, Participant, Participant]:
    """The merge, the winner and the loser, and every row that points at them, locked in the order of all others: what
    hangs on a case, the enrolments, the persons. Nobody can add another row from then on.
    Only within `tried`, which does it again when somebody has added one meanwhile."""
    keys = sorted([merge.winner_id, merge.loser_id])
    relations = moving_relations()
    before = [_pointing(relation, keys, lock=True) for relation in relations]
    people = {
        row.pk: row for row in Participant.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    }
    if before != [_pointing(relation, keys) for relation in relations]:
        raise _Again
    row = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    return row, people[merge.winner_id], people[merge.loser_id]


def _pointing(relation, keys: list[int], *, lock: bool = False) -> list[int]:
    rows = relation.model._base_manager.filter(**{f"{relation.field.attname}__in": keys}).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return [row.pk for row in rows.only("pk")]
