"""What changes while a placement is to come or goes on: facts, days, schedule and grade; and that it is extended."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from participants.agreements.rules import AgreementMissing, agreement_check
from participants.models import Enrolment
from placements.booking import rules
from placements.booking.rules import Refused
from placements.booking.services.locking import check_seen, enrolment_held, held, saved, workplace_held
from placements.booking.services.settle import check_not_cancelled, check_not_ended
from placements.booking.together import check_together
from placements.models import AddedValue, GradeTerm, Placement, PlacementExtension
from placements.models.placement import ValueFor
from placements.providers import placement_changed
from placements.services.schedules import Hours, schedule_move, schedule_says, schedule_write
from placements.services.seats import free_seat, keeps_seat

DAY = dt.timedelta(days=1)
FACTS = ("purpose", "expected_outcome", "need", "collective_agreement", "funding")


@transaction.atomic
def facts_change(
    *, placement: Placement, facts: Mapping[str, Any], expected: Mapping[str, str], seen: int
) -> Placement:
    """Change what it is for, and on what terms: `facts` by `FACTS`, `expected` added value by `ValueFor`. Raises
    Refused, and Overtaken."""
    current = held(placement)
    values = {each.side: each for each in current.values.all()}
    known = {side: values[side].expected if side in values else "" for side in ValueFor.values}
    if all(getattr(current, name) == facts[name] for name in FACTS) and known == dict(expected):
        return current
    check_seen(current, seen)
    check_not_cancelled(current)
    rules.check_purpose(facts["purpose"], facts["expected_outcome"])
    for side in ValueFor.values:
        if known[side] != expected[side]:
            value = values.get(side) or AddedValue(placement=current, side=side)
            value.expected = expected[side]
            value.save()
    for name in FACTS:
        setattr(current, name, facts[name])
    return saved(current, *FACTS)


@transaction.atomic
def days_change(*, placement: Placement, start: dt.date, end: dt.date | None, seen: int) -> Placement:
    """Change the days of a placement that has not begun; of one that goes on only the last day, to an earlier one. A
    later one is an extension. Raises Refused, and Overtaken."""
    current = held(placement, with_place=True)
    if (current.start, current.end) == (start, end):
        return current
    check_seen(current, seen)
    check_not_ended(current)
    today, moves = timezone.localdate(), start != current.start
    longer = current.end is not None and (end is None or end > current.end)
    if current.start <= today:
        _check_shorter(current, start, end, today)
    enrolment = enrolment_held(current.enrolment_id)
    rules.check_open(enrolment)
    rules.check_days(enrolment, start, end)
    if moves or longer:
        rules.check_workplace(workplace_held(current.workplace_id), start, end)
    if moves:
        _check_agreement(enrolment, start)
    if current.place:
        rules.check_place(current.place, start, end, begins=False)
        current.seat = free_seat(current.place, start, end, besides=current, first_choice=current.seat)
        if current.seat is None:
            raise rules.seat_refused(current.place)
    current.start, current.end = start, end
    if current.union_consulted and (lack := rules.union_lack(current)):
        raise Refused(lack.sentence, "start")
    saved(current, "start", "end", "seat")
    if moves:
        schedule_move(placement=current, start=start)
        _move_grade(current)
    if moves or longer:
        check_together(current, since=start)
    placement_changed(current)
    return current


def _check_shorter(placement: Placement, start: dt.date, end: dt.date | None, today: dt.date) -> None:
    if start != placement.start:
        words = _("The placement began on %(day)s. Its first day cannot be changed any more.")
        raise Refused(words % {"day": date_format(placement.start)}, "start")
    if end is None or (placement.end and end > placement.end):
        raise Refused(_("That is later than was agreed. Extend the placement instead."), "end")
    if end < today:
        raise Refused(_("That day has passed. End the placement instead, and say what came of it."), "end")


def _move_grade(placement: Placement) -> None:
    """The first grade holds from the first day, also when that is another."""
    first = placement.grades.order_by("valid_from").first()
    if first and first.valid_from != placement.start:
        placement.grades.filter(valid_from__gt=first.valid_from, valid_from__lte=placement.start).delete()
        first.valid_from = placement.start
        first.save(update_fields=["valid_from"])


@transaction.atomic
def schedule_change(
    *, placement: Placement, valid_from: dt.date, on_holidays: bool, hours: list[Hours], seen: int
) -> Placement:
    """Let other hours hold from a day on. Raises Refused, and Overtaken."""
    current = held(placement)
    _check_day_within(current, valid_from, "valid_from")
    if schedule_says(owner=current, valid_from=valid_from, on_holidays=on_holidays, hours=hours):
        return current
    check_seen(current, seen)
    check_not_ended(current)
    enrolment_held(current.enrolment_id)
    schedule_write(owner=current, valid_from=valid_from, on_holidays=on_holidays, hours=hours)
    check_together(current, since=valid_from)
    placement_changed(saved(current))
    return current


@transaction.atomic
def grade_change(*, placement: Placement, valid_from: dt.date, grade: Decimal, seen: int) -> Placement:
    """Let the employment be another part of full time from a day on: no new placement. Raises Refused, Overtaken."""
    current = held(placement)
    if not current.is_employment:
        raise Refused(_("Only an employment has a part of full time."))
    _check_day_within(current, valid_from, "valid_from")
    term = current.grades.filter(valid_from=valid_from).first()
    if term and term.grade == grade:
        return current
    check_seen(current, seen)
    check_not_ended(current)
    enrolment_held(current.enrolment_id)
    if current.grades.count() == 0 and valid_from != current.start:
        words = _("Nobody has said what part of full time it was from the first day, %(day)s. Say that first.")
        raise Refused(words % {"day": date_format(current.start)}, "valid_from")
    term = term or GradeTerm(placement=current, valid_from=valid_from)
    term.grade = grade
    term.save()
    check_together(current, since=valid_from)
    return saved(current)


def _check_day_within(placement: Placement, day: dt.date, field: str) -> None:
    if day < placement.start:
        words = _("The placement begins on %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": date_format(placement.start)}, field)
    if placement.end and day > placement.end:
        words = _("The placement ends on %(day)s. Choose that day or an earlier one.")
        raise Refused(words % {"day": date_format(placement.end)}, field)


@transaction.atomic
def placement_extend(*, placement: Placement, end: dt.date | None, why: str, actor: User, seen: int) -> Placement:
    """Let a placement go on longer than was agreed (`end` None: until further notice). It stays the same placement,
    counts once and keeps its seat; refused when somebody else has it. Raises Refused, and Overtaken."""
    current = held(placement, with_place=True)
    latest = current.extensions.order_by("-made_at").first()
    if latest and (latest.end_after, latest.why) == (end, why) and current.end == end:
        return current
    check_seen(current, seen)
    check_not_ended(current)
    if current.end is None:
        raise Refused(_("The placement goes on until further notice, so there is nothing to extend."))
    if current.start > timezone.localdate():
        raise Refused(_("The placement has not begun. Change its days instead."))
    if end and end <= current.end:
        words = _("It already goes on until %(day)s. Choose a later day.")
        raise Refused(words % {"day": date_format(current.end)}, "end")
    enrolment = enrolment_held(current.enrolment_id)
    rules.check_open(enrolment)
    rules.check_days(enrolment, current.start, end)
    rules.check_workplace(workplace_held(current.workplace_id), current.start, end)
    if current.place:
        rules.check_place(current.place, current.start, end, begins=False)
        if not keeps_seat(current, current.start, end):
            raise Refused(
                _("Somebody else has the seat from a day before that. Choose an earlier day, or book another place."),
                "end",
            )
    today = timezone.localdate()
    PlacementExtension.objects.create(
        placement=current,
        end_before=current.end,
        end_after=end,
        decided_on=today,
        why=why,
        by=actor,
        by_name=actor.full_name,
    )
    ended, current.end, current.extended_on = current.end, end, today
    saved(current, "end", "extended_on")
    check_together(current, since=ended + DAY)
    placement_changed(current)
    return current


def _check_agreement(enrolment: Enrolment, start: dt.date) -> None:
    try:
        agreement_check(enrolment, start)
    except AgreementMissing as lacks:
        raise Refused(str(lacks), "start") from lacks
