"""Taking a merge back: the two are two again, as they were, as far as nobody has built on it since."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import noted
from accounts.models import User
from participants.merging.facts import FACTS, Fact
from participants.merging.hindrances import MergeDecided, MergeHindered
from participants.merging.relations import moving_relations, path_to_enrolment
from participants.merging.services import locked, tried, wait_for_no_load
from participants.merging.steps import model_of, rows_of, values_of
from participants.models import Enrolment, Merge, MergeState, MergeStep, Participant

PROTECTION = Fact("protection", "", ("protection",))


@dataclass
class Undoing:
    """What taking a merge back will do: the steps to take back, the facts that somebody has changed since and that
    stay, and what stands in the way."""

    back: list[MergeStep] = field(default_factory=list)
    kept: list[Fact] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def undoing_of(merge: Merge, winner: Participant, loser: Participant) -> Undoing:
    """Look through the steps, the last first."""
    undoing = Undoing()
    if winner.merged_into_id:
        undoing.reasons.append(_("The file has itself been merged into another one since. Undo that first."))
        return undoing
    pointing = {relation.model: set() for relation in moving_relations()}
    for relation in moving_relations():
        pointing[relation.model].add(relation.field.attname)
    steps = list(reversed(merge.steps.all()))
    rows = rows_of(steps)
    for step in steps:
        row = rows.get((step.model, step.object_id))
        if row is None:
            continue  # somebody has taken it away since, such as a name on the access list
        moved = set(step.after) & pointing.get(type(row), set())
        now_elsewhere = any(getattr(row, name) != step.after[name] for name in moved)
        if now_elsewhere:
            undoing.reasons.append(
                _("Something that was moved (%(what)s) has since been moved to a third file.")
                % {"what": row._meta.verbose_name}
            )
        undoing.back.append(step)
    _look_at_facts(undoing, winner)
    _look_at_numbers(undoing, winner, loser)
    return undoing


def _look_at_facts(undoing: Undoing, winner: Participant) -> None:
    step = _step_of(undoing, winner)
    if step is None:
        return
    after = values_of(step, step.after)
    for fact in (*FACTS, PROTECTION):
        if any(getattr(winner, name) != after[name] for name in fact.fields):
            undoing.kept.append(fact)


def _step_of(undoing: Undoing, person: Participant) -> MergeStep | None:
    """The step that changed the person's facts."""
    label = Participant._meta.label_lower
    return next(
        (
            step
            for step in undoing.back
            if (step.model, step.object_id) == (label, person.pk) and "identity_number" in step.after
        ),
        None,
    )


def _look_at_numbers(undoing: Undoing, winner: Participant, loser: Participant) -> None:
    """The loser's number must be free, once the winner has its own back."""
    step = _step_of(undoing, loser)
    number = step.before["identity_number"] if step else None
    if not number:
        return
    holder = Participant.objects.filter(identity_number=number).first()
    keeps = any(fact.key == "number" for fact in undoing.kept)
    if holder and (holder.pk != winner.pk or keeps):
        undoing.reasons.append(_("The personal number of the file that was closed has been given to somebody else."))


def merge_undo(*, merge: Merge, actor: User, why: str, units: list[str]) -> Merge:
    """Make the two two again: every row goes back, with what hangs on it and was written since. What was added to the
    winner otherwise stays there, and so do facts that somebody has changed since. Raises MergeHindered, MergeDecided.
    """
    return tried(lambda: _undo(merge, actor, why, units))


def _undo(merge: Merge, actor: User, why: str, units: list[str]) -> Merge:
    wait_for_no_load()
    row, winner, loser = locked(merge)
    if row.state == MergeState.UNDONE:
        return row
    if row.state != MergeState.MERGED:
        raise MergeDecided
    undoing = undoing_of(row, winner, loser)
    if undoing.reasons:
        raise MergeHindered(undoing.reasons)
    with transaction.atomic(), noted(units=units, merge=str(row.public_id)):
        kept = {name for fact in undoing.kept for name in fact.fields}
        own = _step_of(undoing, winner)
        number = own.before["identity_number"] if own and "identity_number" in kept else None
        for step in undoing.back:
            _take_back(step, winner, kept, number)
        _follow_their_enrolments(undoing.back, winner, loser)
        for person in (winner, loser):
            Participant.objects.filter(pk=person.pk).update(revision=person.revision + 1)
        row.state, row.undone_at, row.undone_why = MergeState.UNDONE, timezone.now(), why
        row.undone_by, row.undone_by_name = actor, actor.full_name
        row.save(update_fields=["state", "undone_at", "undone_why", "undone_by", "undone_by_name"])
    return row


def _take_back(step: MergeStep, winner: Participant, kept: set[str], former: str | None) -> None:
    """`kept` are the winner's facts that stay as somebody has changed them since, `former` its number before."""
    rows = model_of(step)._base_manager.filter(pk=step.object_id)
    if step.made:
        if former is None or not rows.filter(number=former).exists():
            rows.delete()
        return
    values = values_of(step, step.before)
    if (step.model, step.object_id) == (Participant._meta.label_lower, winner.pk):
        values = {name: value for name, value in values.items() if name not in kept}
    if values:
        rows.update(**values)


def _follow_their_enrolments(back: list[MergeStep], winner: Participant, loser: Participant) -> None:
    """What was added to the loser's enrolments since, such as a follow-up, goes with them."""
    label = Enrolment._meta.label_lower
    enrolments = [step.object_id for step in back if step.model == label]
    for relation in moving_relations():
        if path := path_to_enrolment(relation.model):
            rows = relation.rows(winner.pk).filter(**{f"{path}__in": enrolments})
            rows.update(**{relation.field.attname: loser.pk})
