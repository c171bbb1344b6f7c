"""One week of the participants who are at workplaces: who was to be where on which day, and what is marked."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property

from accounts.models import User
from placements.attendance import Attendance
from placements.marking.permissions import can_mark
from placements.marking.sessions import Planned, attendance_in, sessions_of
from placements.models import Placement, PlacementAttendance, Schedule
from placements.schedules import free_days

DAY = dt.timedelta(days=1)
OWN, UNIT = "", "enheten"


#: No attendance is looked for so far away; the first and the last weeks there are have none beside them.
FAR_YEARS = 100


@dataclass(frozen=True)
class Week:
    """A week by its Monday."""

    monday: dt.date

    @classmethod
    def of(cls, day: dt.date) -> "Week":
        return cls(day - dt.timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str, today: dt.date) -> "Week | None":
        """The week that an address names as 2026-W14; this week when it names none, None for one that is no week."""
        if not text:
            return cls.of(today)
        if not re.fullmatch(r"\d{4}-W\d\d", text) or abs(int(text[:4]) - today.year) > FAR_YEARS:
            return None
        try:
            return cls(dt.date.fromisocalendar(int(text[:4]), int(text[6:]), 1))
        except ValueError:
            return None

    @property
    def key(self) -> str:
        year, week, _day = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def days(self) -> list[dt.date]:
        return [self.monday + number * DAY for number in range(7)]

    @property
    def sunday(self) -> dt.date:
        return self.monday + 6 * DAY

    @property
    def before(self) -> "Week":
        return Week(self.monday - 7 * DAY)

    @property
    def after(self) -> "Week":
        return Week(self.monday + 7 * DAY)

    def free(self, day: dt.date) -> str:
        """What the day is called if nobody is expected at work on it by the calendar; empty for an ordinary day."""
        return free_days(day.year).get(day, "")


@dataclass
class Row:
    """One placement in a week: its sessions by day, and what they come to up to today."""

    placement: Placement
    planned: list[Planned]
    may_mark: bool
    today: dt.date

    def on(self, day: dt.date) -> list[Planned]:
        return [each for each in self.planned if each.session.day == day]

    @cached_property
    def attendance(self) -> Attendance:
        return attendance_in(each for each in self.planned if each.session.day <= self.today)


def placements_in(user: User, week: Week, *, own: bool) -> QuerySet[Placement]:
    """The placements that go on in the week, have a schedule or a mark, and are visible to the user; with `own` only
    those of the user's own participants."""
    rows = Placement.objects.visible_to(user).filter(Q(end=None) | Q(end__gte=week.monday), start__lte=week.sunday)
    if own:
        rows = rows.filter(enrolment__coach=user)
    scheduled = Schedule.objects.filter(placement=OuterRef("pk"), valid_from__lte=week.sunday)
    marked = PlacementAttendance.objects.filter(placement=OuterRef("pk"), day__range=(week.monday, week.sunday))
    rows = rows.filter(Exists(scheduled) | Exists(marked)).select_related("enrolment__participant", "workplace")
    return rows.order_by("enrolment__participant__sort_name", "start", "pk")


def rows_of(placements: Iterable[Placement], week: Week, user: User, today: dt.date) -> list[Row]:
    """The rows of the week, in the order of the placements."""
    placements = list(placements)
    sessions = sessions_of(placements, week.monday, week.sunday)
    return [
        Row(placement, sessions[placement.pk], can_mark(user, placement.enrolment), today) for placement in placements
    ]
