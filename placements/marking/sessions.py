"""The planned sessions of placements with what is marked of each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from placements.attendance import Attendance, attendance_of
from placements.models import Placement, PlacementAttendance, Schedule
from placements.schedules import Session, planned_sessions
from vocabulary.codes import AttendanceStatus


@dataclass(frozen=True)
class Planned:
    """One session, its status ("" for not marked), and who has marked it."""

    session: Session
    status: str = ""
    marked_by: str = ""
    marked_at: dt.datetime | None = None
    #: Marked, and in no schedule: an extra one, or one of hours that were changed since.
    is_extra: bool = False

    @property
    def key(self) -> str:
        """What it is called in a form: the day and the time it begins."""
        return key_of(self.session.day, self.session.begins)

    @property
    def label(self) -> str:
        return str(AttendanceStatus(self.status).label) if self.status else ""


def key_of(day: dt.date, begins: dt.time) -> str:
    return f"{day:%Y%m%d}-{begins:%H%M}"


def sessions_of(placements: Iterable[Placement], first: dt.date, last: dt.date) -> dict[int, list[Planned]]:
    """For each placement, by key: what its schedules plan from `first` to `last`, and what was marked beside them, in
    order. A marked session stands with the hours that were planned when it was marked. Three queries in all."""
    placements = list(placements)
    schedules, marks = defaultdict(list), defaultdict(dict)
    for schedule in Schedule.objects.filter(placement__in=placements).prefetch_related("hours"):
        schedules[schedule.placement_id].append(schedule)
    rows = PlacementAttendance.objects.filter(placement__in=placements, day__range=(first, last))
    for mark in rows:
        marks[mark.placement_id][mark.day, mark.begins] = mark
    return {
        placement.pk: _of_one(placement, schedules[placement.pk], marks[placement.pk], first, last)
        for placement in placements
    }


def _of_one(placement: Placement, schedules: list, marks: dict, first: dt.date, last: dt.date) -> list[Planned]:
    begins, ends = max(first, placement.start), min(last, placement.end) if placement.end else last
    found = {(each.day, each.begins): Planned(each) for each in planned_sessions(schedules, begins, ends)}
    for key, mark in marks.items():
        session = Session(mark.day, mark.begins, mark.ends, mark.break_minutes)
        extra = key not in found
        found[key] = Planned(session, mark.status, mark.marked_by_name, mark.marked_at, extra)
    return [found[key] for key in sorted(found)]


def attendance_in(sessions: Iterable[Planned]) -> Attendance:
    """What the sessions come to, in hours."""
    return attendance_of((each.session.hours, each.status) for each in sessions)
