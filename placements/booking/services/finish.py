"""How a placement ends: as planned, before, or never begun; what it was worth; and an end or a cancellation that was
a mistake."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from placements.booking import rules
from placements.booking.rules import Refused
from placements.booking.services.locking import check_seen, enrolment_held, held, saved, workplace_held
from placements.booking.services.settle import check_not_cancelled, check_not_ended
from placements.booking.together import check_together
from placements.changing import Overtaken
from placements.models import AddedValue, AnnulledEnd, Placement
from placements.providers import end_hindrances, placement_changed
from placements.services.placements import PlacementChanged, SeatTaken, placement_cancel, placement_end
from placements.services.seats import free_seat

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Assessed:
    """Whether the value that was expected for one of the two came about (a PlacementResult), and what came of it."""

    how: str
    found: str = ""


@transaction.atomic
def placement_finish(
    *,
    placement: Placement,
    end: dt.date,
    result: str,
    values: Mapping[str, Assessed],
    actor: User,
    seen: int,
    why_interrupted: str = "",
) -> Placement:
    """End a placement on a day that has been, as planned or (`why_interrupted`) before, and say what came of it;
    `values` by `ValueFor` what is assessed already. Raises Refused, and Overtaken."""
    current = held(placement, with_place=True)
    if (current.end, current.result, current.why_interrupted) != (end, result, why_interrupted):
        check_seen(current, seen)
        check_not_ended(current)
        _check_last_day(current, end)
        try:
            placement_end(placement=current, end=end, result=result, why_interrupted=why_interrupted)
        except (PlacementChanged, SeatTaken) as changed:
            raise Overtaken(current) from changed
        current = held(placement)
    _assess(current, values, actor)
    return current


def _check_last_day(placement: Placement, end: dt.date) -> None:
    if placement.start > timezone.localdate():
        raise Refused(_("The placement has not begun. Cancel it instead."))
    if end < placement.start:
        words = _("The placement began on %(day)s. Its last day cannot be before that.")
        raise Refused(words % {"day": date_format(placement.start)}, "end")
    if end > timezone.localdate():
        raise Refused(_("That day has not been yet. Say what came of the placement when it has ended."), "end")
    if placement.end and end > placement.end:
        words = _("It was to end on %(day)s. Extend it first, if it went on longer.")
        raise Refused(words % {"day": date_format(placement.end)}, "end")


@transaction.atomic
def values_assess(*, placement: Placement, values: Mapping[str, Assessed], actor: User, seen: int) -> Placement:
    """Assess what value an ended placement added, by `ValueFor`. Raises Refused, and Overtaken."""
    current = held(placement)
    known = {each.side: Assessed(each.assessed, each.found) for each in current.values.all()}
    if all(known.get(side) == assessed for side, assessed in values.items()):
        return current
    check_seen(current, seen)
    check_not_cancelled(current)
    if not (current.is_over or current.result):
        raise Refused(_("The placement has not ended. Its value is assessed afterwards."))
    _assess(current, values, actor)
    return saved(current)


def _assess(placement: Placement, values: Mapping[str, Assessed], actor: User) -> None:
    for side, assessed in values.items():
        value = placement.values.filter(side=side).first() or AddedValue(placement=placement, side=side)
        if not assessed.how or (value.assessed, value.found) == (assessed.how, assessed.found):
            continue
        value.assessed, value.found, value.assessed_on = assessed.how, assessed.found, timezone.localdate()
        value.assessed_by, value.assessed_by_name = actor, actor.full_name
        value.save()


@transaction.atomic
def placement_call_off(*, placement: Placement, why: str, seen: int) -> Placement:
    """Cancel a placement that has not begun, and say why. Raises Refused, and Overtaken."""
    current = held(placement)
    if current.cancelled_on:
        return current
    check_seen(current, seen)
    if current.start <= timezone.localdate():
        raise Refused(_("The placement has begun. Interrupt it instead."))
    return placement_cancel(placement=current, why=why)


def planned_end_before(placement: Placement) -> dt.date | None:
    """The last day that was planned before somebody said that it had ended; from the history, which keeps every
    row as it was."""
    rows = Placement.pgh_event_model.objects.filter(pgh_obj_id=placement.pk, result="", why_interrupted="")
    latest = rows.order_by("-pgh_id").values_list("end", flat=True).first()
    return latest if latest else placement.end


@transaction.atomic
def end_annul(*, placement: Placement, end: dt.date | None, why: str, actor: User, seen: int) -> Placement:
    """Annul an end that was registered in error: the placement goes on until `end` (None: until further notice), as
    if it had never ended. What was said stays in an AnnulledEnd; frozen reports stay as they are.

    Raises Refused: when the enrolment is closed meanwhile, somebody else has the seat, or something was issued
    because it had ended; and Overtaken.
    """
    current = held(placement, with_place=True)
    if not (current.result or current.why_interrupted):
        if current.annulled_ends.filter(why=why).exists():
            return current
        raise Refused(_("Nobody has said that the placement has ended, so there is nothing to annul."))
    check_seen(current, seen)
    enrolment = enrolment_held(current.enrolment_id)
    if enrolment.is_closed:
        raise Refused(_("The enrolment is closed. Take back its closure first, if that was wrong too."))
    for sentence in end_hindrances(current):
        raise Refused(sentence)
    rules.check_days(enrolment, current.start, end)
    rules.check_workplace(workplace_held(current.workplace_id), current.start, end)
    if current.place:
        rules.check_place(current.place, current.start, end, begins=False)
        seat = free_seat(current.place, current.start, end, besides=current, first_choice=current.seat)
        if seat is None:
            raise Refused(_("Somebody else has the place now. Book another place for the time that is left."), "end")
        current.seat = seat
    AnnulledEnd.objects.create(
        placement=current,
        end=current.end,
        result=current.result,
        why_interrupted=current.why_interrupted,
        why=why,
        annulled_by=actor,
        annulled_by_name=actor.full_name,
    )
    for value in current.values.exclude(assessed=""):
        value.assessed, value.found, value.assessed_on = "", "", None
        value.assessed_by, value.assessed_by_name = None, ""
        value.save()
    ended, current.result, current.why_interrupted, current.end = current.end, "", "", end
    saved(current, "result", "why_interrupted", "end", "seat")
    check_together(current, since=ended + DAY)
    placement_changed(current)
    return current


@transaction.atomic
def cancellation_annul(*, placement: Placement, why: str, actor: User, seen: int) -> Placement:
    """Take back a cancellation that was a mistake: the placement is to come as if it had never been cancelled, and
    gets back the follow-ups that planned themselves. It counted nowhere, so no figure changes. What was said stays
    in an AnnulledEnd.

    Raises Refused: once its first day has come, or when it could not be booked any more (the enrolment closed, the
    activity no longer decided, the workplace closed, the seat taken); and Overtaken.
    """
    current = held(placement, with_place=True)
    if current.cancelled_on is None:
        if current.annulled_ends.filter(why=why).exists():
            return current
        raise Refused(_("The placement is not cancelled, so there is nothing to take back."))
    check_seen(current, seen)
    if current.start <= timezone.localdate():
        raise Refused(_("Its first day has come. Book a new placement instead."))
    enrolment = enrolment_held(current.enrolment_id)
    rules.check_open(enrolment)
    rules.check_days(enrolment, current.start, current.end)
    rules.check_activity(current.activity)
    rules.check_workplace(workplace_held(current.workplace_id), current.start, current.end)
    if current.place:
        rules.check_place(current.place, current.start, current.end)
        current.seat = free_seat(
            current.place, current.start, current.end, besides=current, first_choice=current.seat
        )
        if current.seat is None:
            raise Refused(_("Somebody else has the place now. Book another place instead."))
    AnnulledEnd.objects.create(
        placement=current,
        why_cancelled=current.why_cancelled,
        why=why,
        annulled_by=actor,
        annulled_by_name=actor.full_name,
    )
    current.cancelled_on, current.why_cancelled = None, ""
    saved(current, "cancelled_on", "why_cancelled", "seat")
    check_together(current, since=current.start)
    placement_changed(current)
    return current
