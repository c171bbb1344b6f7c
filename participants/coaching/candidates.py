"""Who can be somebody's job coach, how many each has, and who is to be handed over when a coach leaves."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.db.models import Case, Count, Q, QuerySet, Value, When

from accounts.models import Unit, User
from participants.aftercare import LAST_ASKED, REASONS_ASKED
from participants.models import Enrolment
from participants.models.aftercare import AFTERCARE_DAYS
from participants.permissions import WRITING_ROLES


def coaches_in(unit_id: int) -> QuerySet[User]:
    """Those who write in the unit's files, by name."""
    return User.objects.with_role_in(unit_id, *WRITING_ROLES).in_swedish_order()


def coaches_of_each(unit_ids: Iterable[int]) -> dict[int, list[User]]:
    """Those who write in each of the units' files (`coaches_in`), in a few queries however many units there are."""
    found: dict[int, list[User]] = {unit_id: [] for unit_id in unit_ids}
    for user in User.objects.who_may_be(*WRITING_ROLES).in_swedish_order():
        held = {each.unit_id for each in user.memberships.all() if each.role in WRITING_ROLES}
        for unit_id, coaches in found.items():
            if held & {unit_id, None}:
                coaches.append(user)
    return found


def coach_known_in(user: User, unit_ids: Iterable[int], public_id: uuid.UUID) -> User | None:
    """Somebody who writes in the files of one of the units, or has an enrolment there that `user` may see; None for
    anybody else."""
    coach = User.objects.filter(public_id=public_id).first()
    if coach is None:
        return None
    scope, unit_ids = coach.reach.scope(*WRITING_ROLES), list(unit_ids)
    known = any(unit_id in scope for unit_id in unit_ids) or (
        Enrolment.objects.visible_to(user).filter(unit__in=unit_ids, coach=coach).exists()
    )
    return coach if known else None


def needs_coach(today: dt.date) -> Q:
    """Of an enrolment: it goes on, or has been closed for work or studies and is asked about later."""
    earliest = today - dt.timedelta(days=AFTERCARE_DAYS[-1] + LAST_ASKED)
    return Q(end=None) | Q(end__gte=today) | Q(end__gt=earliest, closure_reason__in=REASONS_ASKED)


def to_hand_over(user: User, unit: Unit, coach: User | None, today: dt.date) -> QuerySet[Enrolment]:
    """The coach's (None: nobody's) enrolments in the unit that somebody must answer for, as `user` may see them:
    those that go on first, by name."""
    rows = Enrolment.objects.visible_to(user).filter(needs_coach(today), unit=unit, coach=coach)
    closed = Case(When(end__lt=today, then=Value(1)), default=Value(0))
    return rows.select_related("participant").order_by(closed, "participant__sort_name", "pk")


def caseloads(user: User, unit_id: int, coaches: Iterable[User], today: dt.date) -> dict[int, int]:
    """How many open enrolments in the unit each coach has, of those the user may see."""
    return caseloads_of_each(user, {unit_id: list(coaches)}, today)[unit_id]


def caseloads_of_each(user: User, coaches: Mapping[int, list[User]], today: dt.date) -> dict[int, dict[int, int]]:
    """The same of the `coaches` of many units (`coaches_of_each`), by unit, in one query."""
    rows = Enrolment.objects.visible_to(user).filter(unit__in=coaches, coach__isnull=False).open_on(today)
    counted = rows.order_by().values_list("unit", "coach").annotate(count=Count("pk"))
    counts = {(unit_id, coach_id): count for unit_id, coach_id, count in counted}
    return {
        unit_id: {coach.pk: counts.get((unit_id, coach.pk), 0) for coach in here} for unit_id, here in coaches.items()
    }
