"""Attendance at workplaces in the invented municipality: marked by coaches up to last week, by most of them."""

import datetime as dt
import random

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placements.marking.services import unmarked_find
from placements.marking.sessions import Planned, sessions_of
from placements.models import Placement, PlacementAttendance
from placements.monthly.services import basis_make, handover_write
from vocabulary.codes import AttendanceStatus

MARKS = (
    (AttendanceStatus.PRESENT, 80), (AttendanceStatus.EXTERNAL, 4), (AttendanceStatus.ABSENT_VALID, 5),
    (AttendanceStatus.SICK_REPORTED, 6), (AttendanceStatus.ABSENT_INVALID, 4),
    (AttendanceStatus.CANCELLED_BY_UNIT, 1),
)  # fmt: skip
#: So far back it is marked; of every sixth placement nobody has marked the last weeks, and of a few there is a basis.
BACK, LEFT_EVERY, LEFT_WEEKS, BASES = dt.timedelta(days=75), 6, 3, 4


@transaction.atomic
def demo_attendance_create() -> None:
    """Mark the sessions that have been. Twice is once."""
    if PlacementAttendance.objects.exists():
        return
    chance, today = random.Random("attendance"), timezone.localdate()
    rows = Placement.objects.filter(schedules__isnull=False, start__lte=today, enrolment__coach__isnull=False)
    placements = list(rows.distinct().select_related("enrolment__coach").order_by("pk"))
    monday = today - dt.timedelta(days=today.weekday())
    planned = sessions_of(placements, today - BACK, monday - dt.timedelta(days=1))
    marks = []
    for number, placement in enumerate(placements):
        until = monday - dt.timedelta(weeks=LEFT_WEEKS if number % LEFT_EVERY == 0 else 0)
        coach = placement.enrolment.coach
        marks += [_mark(placement, each, coach, chance) for each in planned[placement.pk] if each.session.day < until]
    PlacementAttendance.objects.bulk_create(marks, batch_size=1000)
    for placement in placements:
        unmarked_find(placement=placement)
    _bases(placements, today)


def _mark(placement: Placement, planned: Planned, coach: User, chance: random.Random) -> PlacementAttendance:
    session = planned.session
    return PlacementAttendance(
        placement=placement, day=session.day, begins=session.begins, ends=session.ends,
        break_minutes=session.break_minutes, marked_by=coach, marked_by_name=coach.full_name,
        status=chance.choices([status for status, _share in MARKS], [share for _status, share in MARKS])[0],
    )  # fmt: skip


def _bases(placements: list[Placement], today: dt.date) -> None:
    """The basis of last month of some, handed over."""
    month = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    going_on = [each for each in placements if each.start <= month and (each.end is None or each.end >= today)]
    for placement in going_on[:BASES]:
        coach = placement.enrolment.coach
        report = basis_make(enrolment=placement.enrolment, month=month, actor=coach)
        handover_write(
            report=report,
            recipient="Socialförvaltningen, försörjningsstöd",
            sent_on=min(today, today.replace(day=5)),
            how="Internpost",
            actor=coach,
        )
