"""Planning the follow-ups of a placement by its form and its days, and keeping them in step when the days move.

Whoever changes a placement calls `followups_of_placement_set` in the same transaction; the night's round catches up
with what nobody has told of. Twice is once.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from placements.following.points import Rules, kinds_of, points_of, working_day
from placements.models import FollowUp, Placement
from placements.models.followup import FollowUpPoint
from placements.providers import join_placements
from placements.services.holding import placement_held
from placements.services.links import link_withdraw

logger = logging.getLogger(__name__)

#: So many placements the night's round reads at once.
AT_ONCE = 500


@dataclass
class _Wanted:
    """What is to be done with the follow-ups of one placement."""

    new: list[FollowUp]
    moved: list[tuple[FollowUp, dt.date]]
    back: list[tuple[FollowUp, dt.date]]
    gone: list[FollowUp]

    def __bool__(self) -> bool:
        return bool(self.new or self.moved or self.back or self.gone)


@transaction.atomic
def followups_of_placement_set(*, placement: Placement) -> None:
    """Give a placement the follow-ups that its form and its days call for: plan those that lack, move the open ones
    whose days have changed, withdraw those for which there is no room any more.

    What is filed, what is late, what somebody has withdrawn, and a day that somebody has set, stay as they are. A
    register that brings its own follow-ups of a kind has them, and no other of that kind is planned beside. One that
    was cancelled has none. Twice is once; call it whenever form, days or state have changed, in that transaction.
    """
    current = placement_held(placement)
    followups = list(FollowUp.objects.select_for_update(of=("self",)).filter(placement=current).order_by("pk"))
    wanted = _wanted(current, followups, Rules.of_today(), timezone.localdate())
    for followup in wanted.gone:
        followup.withdrawn_on, followup.withdrawn_by_rule = timezone.localdate(), True
        followup.save(update_fields=["withdrawn_on", "withdrawn_by_rule"])
        link_withdraw(followup=followup)
    for followup, day in wanted.back:
        followup.due, followup.withdrawn_on, followup.withdrawn_by_rule = day, None, False
        followup.save(update_fields=["due", "withdrawn_on", "withdrawn_by_rule"])
    for followup, day in wanted.moved:
        followup.due, followup.kind = day, kinds_of(current)[followup.point]
        followup.save(update_fields=["due", "kind"])
    FollowUp.objects.bulk_create(wanted.new)


def followups_set() -> str:
    """The night's round: placements that go on or are to come, in cases that are open, get the follow-ups that they
    lack. Says how many had something to be done; none if the round was made before.

    What goes wrong for one placement keeps no other from its follow-ups; the first such error is raised at the end,
    so that the run is seen to have failed.
    """
    rules, today = Rules.of_today(), timezone.localdate()
    done, errors = 0, []
    for placement in _going_on(today):
        if not _wanted(placement, list(placement.followups.all()), rules, today):
            continue
        try:
            followups_of_placement_set(placement=placement)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            logger.exception("follow-ups of placement %s", placement.public_id)
            errors.append(error)
        else:
            done += 1
    if errors:
        raise errors[0]
    return f"{done} placements"


def _going_on(today: dt.date) -> Iterator[Placement]:
    """Placements with their follow-ups, some at a time, and none held."""
    after = 0
    while True:
        rows = Placement.objects.filter(
            Q(end=None) | Q(end__gte=today), Q(enrolment__end=None) | Q(enrolment__end__gte=today), pk__gt=after
        )
        rows = rows.select_related("enrolment").prefetch_related(
            Prefetch("followups", FollowUp.objects.order_by("pk"))
        )
        batch = list(rows.order_by("pk")[:AT_ONCE])
        yield from batch
        if len(batch) < AT_ONCE:
            return
        after = batch[-1].pk


def _wanted(placement: Placement, followups: Iterable[FollowUp], rules: Rules, today: dt.date) -> _Wanted:
    """What would have to be done so that the follow-ups are as the form and the days call for."""
    found = _Wanted([], [], [], [])
    kinds, days = kinds_of(placement), points_of(placement, rules)
    known = {followup.point: followup for followup in followups if followup.point}
    own = [followup for followup in followups if not followup.point and followup.is_wanted]
    brought = {followup.kind for followup in own if followup.planned_by_id is None}
    for point in FollowUpPoint.values:
        kind = kinds.get(point, "")
        day = None if kind in brought else _day(point, days, placement, today)
        followup = known.get(point)
        if followup is None:
            if day and _may_begin(placement, today) and kind not in {each.kind for each in own}:
                found.new.append(_new(placement, point, kind, day))
        elif followup.is_open:
            _keep(found, followup, day, placement, today)
        elif followup.withdrawn_by_rule and day and not followup.filed and _may_begin(placement, today):
            found.back.append((followup, day))
    return found


def _day(point: str, days: dict[str, dt.date], placement: Placement, today: dt.date) -> dt.date | None:
    """When a point that is not late is due. None: it is not wanted, or its day has passed; but the final follow-up of
    a placement that has become shorter is due at once."""
    day = days.get(point)
    if day and day < today:
        return max(today, working_day(today, placement.end)) if point == FollowUpPoint.FINAL else None
    return day


def _may_begin(placement: Placement, today: dt.date) -> bool:
    """Whether new follow-ups are planned: not of what is over, nor in a case that is closed."""
    over = placement.end is not None and (placement.end <= today or placement.result or placement.why_interrupted)
    closed = placement.enrolment.end is not None and placement.enrolment.end < today
    return not over and not closed


def _keep(found: _Wanted, followup: FollowUp, day: dt.date | None, placement: Placement, today: dt.date) -> None:
    """Move an open follow-up, withdraw it, or leave it alone. What is late stays late: the figures tell the truth."""
    if placement.cancelled_on:
        found.gone.append(followup)
    elif followup.day_is_set or followup.due < today:
        return
    elif day is None:
        found.gone.append(followup)
    elif day != followup.due or followup.kind != kinds_of(placement)[followup.point]:
        found.moved.append((followup, day))


def _new(placement: Placement, point: str, kind: str, day: dt.date) -> FollowUp:
    enrolment = placement.enrolment
    return FollowUp(
        participant_id=enrolment.participant_id,
        enrolment=enrolment,
        placement=placement,
        point=point,
        kind=kind,
        due=day,
    )


def join() -> None:
    join_placements(lambda placement: followups_of_placement_set(placement=placement))
