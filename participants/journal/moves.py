"""Moving an entry that was written in the wrong person's file, and the trace that stays there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from participants.file import ParticipantFile
from participants.journal.services import EntryMoved, entry_locked
from participants.models import Enrolment, JournalEntry, JournalMove
from participants.permissions import can_move_entry
from participants.services.activity import enrolment_note_activity, enrolment_recall_activity


class MayNoLonger(Exception):
    """The day on which the author may move the entry ended meanwhile."""


@transaction.atomic
def journal_entry_move(*, entry: JournalEntry, target: Enrolment, actor: User, why: str) -> JournalMove:
    """Move an entry, with its additions and attachments, to the enrolment it was meant for.

    The caller has found `target` through `visible_to`. The same move again (a form that was sent twice) gives back
    the one that is there. Raises `EntryMoved` when the entry has gone elsewhere, `MayNoLonger`. To undo it is to move
    it back.
    """
    try:
        current = entry_locked(entry)
    except EntryMoved:
        last = JournalMove.objects.filter(entry=entry).last()
        made = (last.moved_from_id, last.moved_to_id, last.moved_by_id) if last else ()
        if made == (entry.enrolment_id, target.pk, actor.pk):
            return last
        raise
    if not can_move_entry(actor, current, timezone.localdate()):
        raise MayNoLonger
    left = current.enrolment
    # Two moves that meet take the enrolments in one order.
    list(
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=[left.pk, target.pk])
        .order_by("pk")
    )
    current.enrolment = target
    current.save(update_fields=["enrolment"])
    enrolment_note_activity(enrolment=target, day=current.occurred_on)
    enrolment_recall_activity(enrolment=left, day=current.occurred_on)
    return JournalMove.objects.create(
        entry=current,
        moved_from=left,
        moved_to=target,
        why=why,
        moved_by=actor,
        moved_by_name=actor.full_name,
    )


@dataclass(frozen=True)
class Moves:
    """The moves that concern some enrolments: by which each entry that stands in them came (by its key), and out of
    them, the latest first: one for each entry that is not in them any longer."""

    into: dict[int, JournalMove]
    traces: list[JournalMove]


def moves_in(enrolments: list[Enrolment]) -> QuerySet[JournalMove]:
    """The moves into the enrolments and out of them, in their order, each with the enrolment its entry is in now."""
    keys = {enrolment.pk for enrolment in enrolments}
    rows = JournalMove.objects.filter(Q(moved_from__in=keys) | Q(moved_to__in=keys))
    return rows.annotate(now_in=F("entry__enrolment")).order_by("moved_at", "pk")


def moves_of(rows: Iterable[JournalMove], enrolments: list[Enrolment]) -> Moves:
    """What the moves (of `moves_in`) tell in a file of these enrolments."""
    keys = {enrolment.pk for enrolment in enrolments}
    into, traces = {}, {}
    for move in rows:
        if move.now_in not in keys and move.moved_from_id in keys:
            traces[move.entry_id] = move
        elif move.now_in == move.moved_to_id:
            into[move.entry_id] = move
    return Moves(into, sorted(traces.values(), key=lambda move: (move.moved_at, move.pk), reverse=True))


def was_moved_from(file: ParticipantFile, entry_id) -> bool:
    """Whether the entry with that public id was in this file and is in another now."""
    keys = [enrolment.pk for enrolment in file.enrolments]
    moves = JournalMove.objects.filter(moved_from__in=keys, entry__public_id=entry_id)
    return moves.exclude(entry__enrolment__in=keys).exists()
