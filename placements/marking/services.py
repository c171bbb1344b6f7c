"""Marking planned sessions. Whoever marks holds the placement's row, so that two who mark at once do not overwrite
each other unseen."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from participants.services.activity import enrolment_note_activity
from placements.attendance import PRESENT
from placements.booking.rules import Refused
from placements.marking.sessions import Planned, sessions_of
from placements.models import Placement, PlacementAttendance, Supervisor
from placements.schedules import Session

#: So far ahead the first session that nobody has marked is looked for: longer than any break between two.
AHEAD = dt.timedelta(days=120)


class MarkedOtherwise(Exception):
    """Somebody has marked some of the sessions otherwise since the page was read: `keys` say which."""

    def __init__(self, keys: set[str]):
        super().__init__()
        self.keys = keys


class NotYet(Exception):
    """A session that has not been yet is not marked."""


@transaction.atomic
def attendance_mark(
    *,
    placement: Placement,
    marks: Mapping[str, str],
    seen: Mapping[str, str],
    actor: User | None = None,
    supervisor: Supervisor | None = None,
) -> int:
    """Mark planned sessions of a placement: an AttendanceStatus by the session's key, empty to take a mark away.

    By a member of staff (`actor`) or by the `supervisor` of that workplace. `seen` is what the page showed. Raises
    MarkedOtherwise for what was marked otherwise meanwhile (`overtaken_in`), and NotYet; then nothing is stored. A
    key that is no session any more (the schedule was changed) is left out. Returns how many marks changed.
    """
    current = Placement.objects.select_for_update(of=("self",), no_key=True).get(pk=placement.pk)
    today = timezone.localdate()
    days = {key: dt.datetime.strptime(key[:8], "%Y%m%d").date() for key in marks}
    if not days:
        return 0
    if max(days.values()) > today:
        raise NotYet
    planned = {each.key: each for each in sessions_of([current], min(days.values()), max(days.values()))[current.pk]}
    asked = {key: status for key, status in marks.items() if key in planned}
    if overtaken := overtaken_in(planned.values(), marks=asked, seen=seen):
        raise MarkedOtherwise(overtaken)
    changed = {
        key: status
        for key, status in asked.items()
        if planned[key].status != status and (status or seen.get(key))  # empty as it was shown: nothing is said of it
    }
    for key, status in changed.items():
        _write(current, planned[key].session, status, actor, supervisor)
    if changed:
        attended = [planned[key].session.day for key, status in changed.items() if status in PRESENT]
        if attended:
            enrolment_note_activity(enrolment=current.enrolment, day=max(attended))
        unmarked_find(placement=current)
    return len(changed)


def overtaken_in(planned: Iterable[Planned], *, marks: Mapping[str, str], seen: Mapping[str, str]) -> set[str]:
    """The keys of sessions that somebody else has marked since they were `seen`, and not as `marks` ask. What stands
    empty, as it was shown, says nothing of a session and stands in nobody's way."""
    return {
        each.key
        for each in planned
        if each.key in marks
        and (marks[each.key] or seen.get(each.key))
        and each.status not in (marks[each.key], seen.get(each.key, ""))
    }


@transaction.atomic
def session_add(*, placement: Placement, session: Session, status: str, actor: User) -> None:
    """Mark a session that no schedule plans: an extra day, or one that was swapped. Its hours count as planned.

    Sent twice it is one. Raises Refused for a day that has not been or is not of the placement, and for hours of
    which some are planned or marked already.
    """
    current = Placement.objects.select_for_update(of=("self",), no_key=True).get(pk=placement.pk)
    if session.day > timezone.localdate():
        raise Refused(_("The day has not been yet. Write it down when it has."), "day")
    if session.day < current.start or (current.end and session.day > current.end):
        words = _("The placement goes on from %(start)s to %(end)s. Choose one of its days.")
        if current.end is None:
            words = _("The placement goes on from %(start)s. Choose that day or a later one.")
        names = {"start": date_format(current.start), "end": current.end and date_format(current.end)}
        raise Refused(words % names, "day")
    for each in sessions_of([current], session.day, session.day)[current.pk]:
        if each.session == session and each.status == status:
            return
        if each.session.begins < session.ends and session.begins < each.session.ends:
            words = _("There is a session already at %(begins)s–%(ends)s on that day. Mark that one in the week.")
            hours = {"begins": f"{each.session.begins:%H.%M}", "ends": f"{each.session.ends:%H.%M}"}
            raise Refused(words % hours, "begins")
    _write(current, session, status, actor, None)
    if status in PRESENT:
        enrolment_note_activity(enrolment=current.enrolment, day=session.day)


def _write(placement: Placement, session: Session, status: str, actor: User | None, supervisor: Supervisor | None):
    rows = PlacementAttendance.objects.filter(placement=placement, day=session.day, begins=session.begins)
    mark = rows.select_for_update(of=("self",)).first()
    if not status:
        if mark:
            mark.delete()
        return
    mark = mark or PlacementAttendance(
        placement=placement,
        day=session.day,
        begins=session.begins,
        ends=session.ends,
        break_minutes=session.break_minutes,
    )
    mark.status, mark.marked_at = status, timezone.now()
    mark.marked_by, mark.supervisor = actor, supervisor
    mark.marked_by_name = actor.full_name if actor else supervisor.name
    mark.save()


def unmarked_find(*, placement: Placement) -> dt.date | None:
    """Find the first planned session of the placement that nobody has marked, and keep its day on the row. Called by
    whoever changes its days, its schedule or its marks, while holding its row."""
    day = None if placement.cancelled_on else _first_unmarked(placement, timezone.localdate())
    if placement.unmarked_on != day:
        placement.unmarked_on = day
        Placement.every.filter(pk=placement.pk).update(unmarked_on=day)
    return day


def _first_unmarked(placement: Placement, today: dt.date) -> dt.date | None:
    last = max(placement.start, today) + AHEAD
    sessions = sessions_of([placement], placement.start, last)[placement.pk]
    return next((each.session.day for each in sessions if not each.status), None)


def rest_present(planned: Iterable[Planned], marks: Mapping[str, str], today: dt.date) -> dict[str, str]:
    """The marks with every session that has been and has none counted as present: one press instead of twenty."""
    been = {each.key for each in planned if each.session.day <= today}
    return {key: status or "present" for key, status in marks.items() if key in been}
