"""Groups of the invented municipality: what goes on each week, who is in them, and who came."""

import datetime as dt
import random
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Unit, User
from participants.agreements.rules import AgreementMissing
from participants.models import Activity
from placements.groups.services import days_between, seat_take, session_cancel, sessions_plan
from placements.models import Group, GroupAttendance
from vocabulary.codes import AttendanceStatus, Protection

#: name, form, weekday (Monday is 0), how often in weeks, begins, ends, seats, where, what it does.
GROUPS = (
    ("Jobbsökargruppen", "job_search", 1, 1, "09:00", "12:00", 12, "Storgatan 4, stora salen",
     "Vi söker arbete tillsammans, skriver cv och övar på intervjuer."),
    ("Yrkessvenska vård", "language_training", 2, 1, "13:00", "16:00", 10, "Storgatan 4, rum 12",
     "Ord och samtal som behövs på en vårdavdelning."),
    ("Data för nybörjare", "course", 3, 2, "09:00", "11:30", 8, "Biblioteket",
     "Mejl, e-legitimation, blanketter och att söka på nätet."),
    ("Må bra och komma igång", "motivation", 4, 1, "10:00", "12:00", 10, "Friskhuset",
     "Promenader, mat och vardagsrutiner, i lugn takt."),
)  # fmt: skip
MARKS = (
    (AttendanceStatus.PRESENT, 70), (AttendanceStatus.EXTERNAL, 4), (AttendanceStatus.ABSENT_VALID, 9),
    (AttendanceStatus.SICK_REPORTED, 9), (AttendanceStatus.ABSENT_INVALID, 8),
)  # fmt: skip
WEEKS_BACK, WEEKS_AHEAD = 10, 6


@transaction.atomic
def demo_groups_create() -> None:
    """Start the groups in every unit, fill them with those whose plan says so, and mark all sessions but the latest.
    Twice is once."""
    if Group.objects.exists():
        return
    chance, today = random.Random("groups"), timezone.localdate()
    for unit in Unit.objects.order_by("code"):
        coaches = User.objects.filter(enrolments__unit=unit, enrolments__end=None).distinct()
        for number, about in enumerate(GROUPS):
            if coaches:
                _group(unit, about, coaches.order_by("email")[number % len(coaches)], chance, today)


def _group(unit: Unit, about: tuple, leader: User, chance, today: dt.date) -> None:
    name, form, weekday, every, begins, ends, seats, where, words = about
    start = today - dt.timedelta(weeks=WEEKS_BACK)
    group = Group.objects.create(
        unit=unit, name=name, form_id=form, leader=leader, where=where, about=words, start=start, seats=seats
    )
    sessions_plan(
        group=group,
        days=days_between(start, today + dt.timedelta(weeks=WEEKS_AHEAD), [weekday], every),
        begins=dt.time.fromisoformat(begins),
        ends=dt.time.fromisoformat(ends),
    )
    coming = group.sessions.filter(day__gt=today)
    if second := coming[1:2]:
        session_cancel(session=second[0], why="Planeringsdag för personalen")
    decided = Activity.objects.to_book().filter(
        form=form, enrolment__unit=unit, enrolment__end=None, enrolment__participant__protection=Protection.NONE
    )
    for activity in decided.select_related("enrolment").order_by("pk")[: seats - 2]:
        first = max(start, activity.start or start, activity.enrolment.start)
        try:
            seat_take(group=group, activity=activity, start=first, end=None, token=uuid.uuid4())
        except AgreementMissing:
            continue
    _mark(group, leader, chance, today)


def _mark(group: Group, leader: User, chance, today: dt.date) -> None:
    """All sessions that have been but the latest, which waits to be marked."""
    been = list(group.sessions.filter(day__lt=today, cancelled_at=None).order_by("day"))
    statuses, weights = zip(*MARKS, strict=True)
    GroupAttendance.objects.bulk_create(
        GroupAttendance(
            session=session,
            place=place,
            status=chance.choices(statuses, weights)[0],
            marked_by=leader,
            marked_by_name=leader.full_name,
        )
        for session in been[:-1]
        for place in group.places.all()
        if place.covers(session.day)
    )
