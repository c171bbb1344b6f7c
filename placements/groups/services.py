"""Starting, changing and ending a group, planning its sessions, giving seats, marking attendance.

Whoever takes or frees a seat, or changes how many there are, locks the group's row first: so two people cannot get
the last one at the same moment.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Unit, User
from participants.agreements.rules import agreement_check
from participants.models import Activity, ActivityState, Enrolment
from participants.services.activity import enrolment_note_activity
from placements.attendance import PRESENT
from placements.models import Group, GroupAttendance, GroupPlace, GroupSession

FACTS = ("name", "form", "leader", "where", "about", "start", "end", "seats")


class GroupChanged(Exception):
    """Somebody else has changed the group since it was read."""

    def __init__(self, group: Group):
        super().__init__()
        self.group = group


class GroupFull(Exception):
    """On some day of the time that was asked for, every seat is taken. `taken` says how many at most."""

    def __init__(self, taken: int):
        super().__init__()
        self.taken = taken


class OutsideGroup(Exception):
    """The group does not last as long, or ended meanwhile. `early`: it begins too late."""

    def __init__(self, *, early: bool = False):
        super().__init__()
        self.early = early


class NotBookable(Exception):
    """The activity is not decided any more, so nothing can be booked for it."""


class HasSeat(Exception):
    """The participant has a seat in the group on one of these days."""


class SessionMarked(Exception):
    """Somebody is marked at the session: it took place, so it cannot be cancelled."""


class SessionCancelled(Exception):
    """The session was cancelled meanwhile, so there is nothing to mark."""


class SessionToCome(Exception):
    """The session has not been yet, so nobody can have come."""


class MarkedOtherwise(Exception):
    """Somebody has marked some of the participants otherwise since the page was read: `places` are their keys."""

    def __init__(self, places: set[int]):
        super().__init__()
        self.places = places


# --- The group ----------------------------------------------------------------------------------------------------


@transaction.atomic
def group_create(*, unit: Unit, token: uuid.UUID, facts: Mapping[str, Any]) -> Group:
    """Start a group. `token` belongs to the form and becomes the public id: a form that is sent twice starts one."""
    group, _created = Group.objects.get_or_create(public_id=token, defaults={"unit": unit, **facts})
    return group


@transaction.atomic
def group_change(*, group: Group, facts: Mapping[str, Any], seen: int) -> Group:
    """Change what a group is. Raises GroupChanged, GroupFull when more seats are taken than there would be, and
    OutsideGroup when somebody has a seat, or was marked, outside its new days."""
    current = _locked(group)
    if all(getattr(current, name) == facts[name] for name in facts):
        return current
    if current.revision != seen:
        raise GroupChanged(current)
    for name, value in facts.items():
        setattr(current, name, value)
    places = list(current.places.all())
    if any(place.start < current.start for place in places):
        raise OutsideGroup(early=True)
    if current.end and any(place.end is None or place.end > current.end for place in places):
        raise OutsideGroup
    taken = most_taken(places, current.start, current.end)
    if taken > current.seats:
        raise GroupFull(taken)
    current.revision += 1
    current.save(update_fields=[*facts, "revision"])
    return current


@transaction.atomic
def group_end(*, group: Group, day: dt.date) -> Group:
    """End a group on `day`, its last: seats end with it, those that would begin later and sessions that would come
    later are taken away. Raises OutsideGroup if somebody is marked at a later session. Twice is once."""
    current = _locked(group)
    if current.end == day:
        return current
    later = current.sessions.filter(day__gt=day)
    if GroupAttendance.objects.filter(session__in=later).exists() or day < current.start:
        raise OutsideGroup
    later.delete()
    current.places.filter(start__gt=day).delete()
    for place in current.places.select_for_update(of=("self",)).exclude(end__lte=day):
        place.end = day
        place.save(update_fields=["end"])
    current.end = day
    current.revision += 1
    current.save(update_fields=["end", "revision"])
    return current


# --- Sessions -----------------------------------------------------------------------------------------------------


def days_between(first: dt.date, last: dt.date, weekdays: Iterable[int], every: int) -> list[dt.date]:
    """The days of a schedule: on `weekdays` (Monday is 0), every so many weeks (2: every second week), counted from
    the week of `first`."""
    wanted, monday = set(weekdays), first - dt.timedelta(days=first.weekday())
    days = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() in wanted and (day - monday).days // 7 % every == 0]


@transaction.atomic
def sessions_plan(*, group: Group, days: Iterable[dt.date], begins: dt.time, ends: dt.time) -> int:
    """Plan sessions on these days at one time of day. One that is there already stays as it is. Returns how many are
    new. Raises OutsideGroup for a day on which the group does not exist."""
    current = _locked(group)
    days = list(days)
    if any(day < current.start or current.is_over_on(day) for day in days):
        raise OutsideGroup
    there = set(current.sessions.filter(day__in=days, begins=begins).values_list("day", flat=True))
    new = [
        GroupSession(group=current, day=day, begins=begins, ends=ends)
        for day in dict.fromkeys(days)
        if day not in there
    ]
    GroupSession.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def session_cancel(*, session: GroupSession, why: str) -> GroupSession:
    """Say that a session does not take place, and why. Twice is once. Raises SessionMarked."""
    current = _locked_session(session)
    if current.is_cancelled:
        return current
    if current.attendance.exists():
        raise SessionMarked
    current.cancelled_at, current.cancelled_why = timezone.now(), why
    current.save(update_fields=["cancelled_at", "cancelled_why"])
    return current


@transaction.atomic
def session_restore(*, session: GroupSession) -> GroupSession:
    """Take a cancellation back: the session takes place after all."""
    current = _locked_session(session)
    if current.is_cancelled:
        current.cancelled_at, current.cancelled_why = None, ""
        current.save(update_fields=["cancelled_at", "cancelled_why"])
    return current


# --- Seats --------------------------------------------------------------------------------------------------------


def most_taken(places: Iterable[GroupPlace], first: dt.date, last: dt.date | None) -> int:
    """How many of the seats are taken at the same time, on the fullest day from `first` to `last` (None: on)."""
    at = [
        place
        for place in places
        if (last is None or place.start <= last) and (place.end is None or place.end >= first)
    ]
    days = {first, *(place.start for place in at if place.start > first)}
    return max(sum(place.covers(day) for place in at) for day in days)


@transaction.atomic
def seat_take(
    *, group: Group, activity: Activity, start: dt.date, end: dt.date | None, token: uuid.UUID
) -> GroupPlace:
    """Give a participant a seat in a group from a day to a day, for a decided activity of the plan.

    `token` belongs to the form and becomes the public id, so that a form which is sent twice takes one seat. Raises
    NotBookable, AgreementMissing, OutsideGroup, HasSeat and GroupFull.
    """
    current = _locked(group)
    # After the group, as whoever closes the case does: a seat is not given in a case that is being closed.
    enrolment = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=activity.enrolment_id)
    if taken := GroupPlace.objects.filter(public_id=token).first():
        return taken
    activity.refresh_from_db()
    if activity.state != ActivityState.DECIDED or enrolment.is_closed:
        raise NotBookable
    agreement_check(enrolment, start)
    if start < current.start or (current.end and (end or current.end) > current.end) or current.is_over_on(start):
        raise OutsideGroup
    end = end or current.end
    places = list(current.places.all())
    place = GroupPlace(public_id=token, group=current, enrolment=enrolment, activity=activity, start=start, end=end)
    if any(other.enrolment_id == enrolment.pk and _overlap(other, place) for other in places):
        raise HasSeat
    taken = most_taken(places, start, end)
    if taken >= current.seats:
        raise GroupFull(taken)
    place.save()
    return place


@transaction.atomic
def seat_leave(*, place: GroupPlace, end: dt.date, why: str) -> GroupPlace:
    """Say that a participant leaves the group, `end` being the last day, and why. Twice is once. Raises OutsideGroup
    when the day is before the seat begins, or somebody marked the participant at a later session."""
    _locked(place.group)
    current = GroupPlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if (current.end, current.left_why) == (end, why):
        return current
    if end < current.start or current.attendance.filter(session__day__gt=end).exists():
        raise OutsideGroup
    current.end, current.left_why = end, why
    current.save(update_fields=["end", "left_why"])
    return current


@transaction.atomic
def seat_give_back(*, place: GroupPlace) -> None:
    """Take back a seat that was given by mistake, or is not wanted before it begins; the history keeps it. Raises
    OutsideGroup when the participant has been marked in the group: then the seat is left, not given back."""
    _locked(place.group)
    current = GroupPlace.objects.select_for_update(of=("self",)).filter(pk=place.pk).first()
    if current is None:
        return
    if current.attendance.exists():
        raise OutsideGroup
    current.delete()


# --- Attendance ---------------------------------------------------------------------------------------------------


@transaction.atomic
def attendance_mark(
    *, session: GroupSession, marks: Mapping[GroupPlace, str], seen: Mapping[int, str], actor: User
) -> int:
    """Mark how a session went for some participants: an AttendanceStatus for each seat, empty to take a mark away.

    `seen` is what the page showed, by the seats' keys. Whoever has been marked otherwise meanwhile, and not as is
    asked now, is told in MarkedOtherwise; then nothing is stored. Raises SessionCancelled and SessionToCome. Returns
    how many marks are new or changed.
    """
    current = _locked_session(session)
    if current.is_cancelled:
        raise SessionCancelled
    if current.day > timezone.localdate():
        raise SessionToCome
    there = {mark.place_id: mark for mark in current.attendance.select_for_update(of=("self",))}
    now = {place.pk: there[place.pk].status if place.pk in there else "" for place in marks}
    overtaken = {place.pk for place, status in marks.items() if now[place.pk] not in (status, seen.get(place.pk, ""))}
    if overtaken:
        raise MarkedOtherwise(overtaken)
    changed = [place for place, status in marks.items() if now[place.pk] != status]
    for place in changed:
        status, mark = marks[place], there.get(place.pk)
        if not status:
            mark.delete()
            continue
        mark = mark or GroupAttendance(session=current, place=place)
        mark.status, mark.marked_by, mark.marked_by_name = status, actor, actor.full_name
        mark.marked_at = timezone.now()
        mark.save()
        if status in PRESENT:
            enrolment_note_activity(enrolment=place.enrolment, day=current.day)
    return len(changed)


def _locked(group: Group) -> Group:
    return Group.objects.select_for_update(of=("self",), no_key=True).get(pk=group.pk)


def _locked_session(session: GroupSession) -> GroupSession:
    return (
        GroupSession.objects.select_for_update(of=("self",), no_key=True).select_related("group").get(pk=session.pk)
    )


def _overlap(one: GroupPlace, other: GroupPlace) -> bool:
    return (one.end is None or one.end >= other.start) and (other.end is None or other.end >= one.start)
