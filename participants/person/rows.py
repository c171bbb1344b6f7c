"""What a file that has had more than one row may tell of the past, to whom."""

import datetime as dt

from django.db.models import Model
from django.utils import timezone

from participants.file import ParticipantFile
from participants.models import Merge, MergeState, MergeStep, Referral


def known_rows(file: ParticipantFile) -> dict[int, dt.date]:
    """The rows that the person has had (more than one after a merge), each with the first day on which it was known
    as far as the user may see. What came by a merge made the row known on the day of the merge."""
    days: dict[int, dt.date] = {}
    units = {enrolment.unit_id for enrolment in file.enrolments}
    referrals = list(Referral.objects.filter(participant=file.participant, unit__in=units))
    for rows, begun in ((file.enrolments, "start"), (referrals, "received")):
        moves = moves_of(type(rows[0]), rows) if rows else {}
        for row in rows:
            known = getattr(row, begun)
            for move in moves.get(row.pk, ()):
                days[move.loser_id] = min(known, days.get(move.loser_id, known))
                known = timezone.localdate(move.decided_at)
            days[file.participant.pk] = min(known, days.get(file.participant.pk, known))
    return {key: min(day, timezone.localdate()) for key, day in days.items()}


def moves_of(model: type[Model], rows: list) -> dict[int, list[Merge]]:
    """The merges in force that brought rows where they are, the first one first."""
    steps = MergeStep.objects.filter(
        model=model._meta.label_lower, object_id__in=[row.pk for row in rows], merge__state=MergeState.MERGED
    )
    moves: dict[int, list[Merge]] = {}
    for step in steps.select_related("merge").order_by("merge__decided_at"):
        moves.setdefault(step.object_id, []).append(step.merge)
    return moves
