"""Giving participants to another job coach: one, or many at once, with a note for who takes over, who reads it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from participants.coaching.candidates import coaches_in, needs_coach
from participants.models import Enrolment, Handover


@dataclass(frozen=True)
class Move:
    """One enrolment that passes from the coach whom the page showed (None: nobody) to another."""

    enrolment: Enrolment
    from_coach: User | None
    to: User
    note: str = ""


class CoachChanged(Exception):
    """Enrolments that have another coach than the page showed, or need none any more, as they are now."""

    def __init__(self, enrolments: list[Enrolment]):
        super().__init__()
        self.enrolments = enrolments


class CannotBeCoach(Exception):
    """Somebody who was to take over does not work in the unit (any more), or has left."""

    def __init__(self, coach: User):
        super().__init__()
        self.coach = coach


@transaction.atomic
def coach_assign(
    *, enrolment: Enrolment, from_coach: User | None, to: User, note: str, actor: User
) -> Handover | None:
    """Give one participant to `to`; None when `to` has them already. Raises as `coaches_reassign`."""
    moves = [Move(enrolment=enrolment, from_coach=from_coach, to=to, note=note)]
    return next(iter(coaches_reassign(moves=moves, actor=actor)), None)


@transaction.atomic
def coaches_reassign(*, moves: list[Move], actor: User) -> list[Handover]:
    """Give participants to other coaches, all or none; the handovers that were written.

    Who has a participant already, takes nobody over: the same once more changes nothing. Raises CoachChanged and
    CannotBeCoach. Who may see a protected person is another matter (ProtectedAccess), and not changed here.
    """
    # Those who take over first: nobody closes their account, or takes the role from them, meanwhile.
    takers = {move.to.pk for move in moves}
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=takers).order_by("pk"))
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    now = {row.pk: row for row in rows.filter(pk__in=[move.enrolment.pk for move in moves])}
    waiting = [move for move in moves if now[move.enrolment.pk].coach_id != move.to.pk]
    needed = set(Enrolment.objects.filter(needs_coach(timezone.localdate()), pk__in=now).values_list("pk", flat=True))
    changed = [
        move.enrolment.pk
        for move in waiting
        if now[move.enrolment.pk].coach_id != (move.from_coach and move.from_coach.pk)
        or move.enrolment.pk not in needed
    ]
    if changed:
        found = Enrolment.objects.select_related("participant", "coach").in_bulk(changed)
        raise CoachChanged([found[key] for key in changed])
    _check(waiting, now)
    return [_hand_over(move, now[move.enrolment.pk], actor) for move in waiting]


def _check(moves: list[Move], now: dict[int, Enrolment]) -> None:
    allowed = {unit: set(coaches_in(unit)) for unit in {now[move.enrolment.pk].unit_id for move in moves}}
    for move in moves:
        if move.to not in allowed[now[move.enrolment.pk].unit_id]:
            raise CannotBeCoach(move.to)


def _hand_over(move: Move, enrolment: Enrolment, actor: User) -> Handover:
    enrolment.coach = move.to
    enrolment.revision += 1
    enrolment.save(update_fields=["coach", "revision"])
    return Handover.objects.create(
        enrolment=enrolment,
        from_coach=move.from_coach,
        from_name=move.from_coach.full_name if move.from_coach else "",
        to_coach=move.to,
        to_name=move.to.full_name,
        note=move.note,
        by=actor,
        by_name=actor.full_name,
    )


@transaction.atomic
def handover_read(*, handover: Handover, read: bool) -> None:
    """Say that who took over has read it, or (`read` False) take that back. Twice is once."""
    seen_at = Coalesce(F("seen_at"), timezone.now()) if read else None
    Handover.objects.filter(pk=handover.pk).update(seen_at=seen_at)
