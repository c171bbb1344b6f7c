"""What the pages of groups tell: how full a group is, who is in it, who came."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from participants.models import Activity, ActivityState, Enrolment
from placements.attendance import Attendance, attendance_of
from placements.models import Group, GroupAttendance, GroupPlace, GroupSession
from vocabulary.codes import AttendanceStatus

#: How many of the latest sessions a group's page shows beside each name.
LATEST = 8


def with_counts(groups: QuerySet[Group], today: dt.date) -> QuerySet[Group]:
    """The groups with `taken` (seats taken today, or on the first day of one that has not begun), `next_day` and
    `unmarked` (sessions that have been, where somebody with a seat is not marked)."""
    on = Q(places__end__isnull=True) | Q(places__end__gte=today)
    first = Q(places__start__lte=today) | Q(start__gt=today, places__start=F("start"))
    nexts = GroupSession.objects.filter(group=OuterRef("pk"), day__gte=today, cancelled_at=None).order_by("day")
    late = unmarked_sessions(today).filter(group=OuterRef("pk")).order_by()
    return groups.annotate(
        taken=Count("places", filter=on & first, distinct=True),
        next_day=nexts.values("day")[:1],
        unmarked=Coalesce(late.values("group").annotate(number=Count("pk")).values("number")[:1], 0),
    )


def unmarked_sessions(today: dt.date) -> QuerySet[GroupSession]:
    """Sessions before today, not cancelled, at which somebody with a seat is not marked."""
    marked = GroupAttendance.objects.filter(session=OuterRef(OuterRef("pk")), place=OuterRef("pk"))
    waiting = GroupPlace.objects.filter(
        Q(end__isnull=True) | Q(end__gte=OuterRef("day")),
        ~Exists(marked),
        group=OuterRef("group"),
        start__lte=OuterRef("day"),
    )
    return GroupSession.objects.filter(Exists(waiting), day__lt=today, cancelled_at=None)


@dataclass
class Seat:
    """A participant's seat with what became of the group's sessions: the totals, and a mark for each session by its
    key ("" unmarked, None not to be there)."""

    place: GroupPlace
    attendance: Attendance = field(default_factory=Attendance)
    marks: dict[int, str | None] = field(default_factory=dict)

    @property
    def latest(self) -> list[str | None]:
        return list(self.marks.values())


def seats_of(group: Group, sessions: Iterable[GroupSession], user: User, today: dt.date) -> tuple[list[Seat], int]:
    """The seats whose participants the user may see, by name, with attendance up to today; and how many more there
    are. `sessions` are those whose marks are shown one by one."""
    shown = (
        GroupPlace.objects.filter(group=group).visible_to(user).select_related("enrolment__participant", "activity")
    )
    places = list(shown.order_by("enrolment__participant__sort_name", "start", "pk"))
    kept = attendance_in(places, today)
    seats = []
    for place in places:
        marks = {
            session.pk: kept[place.pk].get(session.pk, ("", session))[0] if place.covers(session.day) else None
            for session in sessions
        }
        seats.append(Seat(place=place, attendance=total(kept[place.pk]), marks=marks))
    return seats, GroupPlace.objects.filter(group=group).count() - len(places)


def attendance_in(
    places: Iterable[GroupPlace], until: dt.date, since: dt.date | None = None
) -> dict[int, dict[int, tuple[str, GroupSession]]]:
    """For each seat, by key: the sessions it covers up to `until` (from `since`), each with its status. Three
    queries however many there are."""
    places = list(places)
    sessions = GroupSession.objects.filter(group__in={place.group_id for place in places}, day__lte=until)
    if since:
        sessions = sessions.filter(day__gte=since)
    of_group = defaultdict(list)
    for session in sessions.order_by("day", "begins"):
        of_group[session.group_id].append(session)
    marks = {
        (place, session): status
        for place, session, status in GroupAttendance.objects.filter(place__in=places).values_list(
            "place_id", "session_id", "status"
        )
    }
    return {
        place.pk: {
            session.pk: (_status(session, marks.get((place.pk, session.pk), "")), session)
            for session in of_group[place.group_id]
            if place.covers(session.day)
        }
        for place in places
    }


def _status(session: GroupSession, marked: str) -> str:
    return AttendanceStatus.CANCELLED_BY_UNIT if session.is_cancelled else marked


def total(of_place: dict[int, tuple[str, GroupSession]]) -> Attendance:
    """What the sessions of one seat come to."""
    return attendance_of((session.hours, status) for status, session in of_place.values())


def activities_to_seat(user: User, group: Group) -> QuerySet[Activity]:
    """The activities for which a seat in the group can be given: decided, of the group's form, in open enrolments of
    its unit that the user may see."""
    return (
        Activity.objects.filter(
            enrolment__in=Enrolment.objects.visible_to(user).filter(unit=group.unit_id, end=None),
            form=group.form_id,
            state=ActivityState.DECIDED,
        )
        .select_related("enrolment__participant", "form")
        .order_by("enrolment__participant__sort_name", "pk")
    )


def without_seat(activities: QuerySet[Activity], group: Group) -> QuerySet[Activity]:
    """Those of the activities whose participant has no seat in the group that goes on without an end."""
    return activities.exclude(enrolment__in=group.places.filter(end=None).values("enrolment"))


def groups_to_join(activities: Iterable[Activity], today: dt.date) -> QuerySet[Group]:
    """The groups that have not ended, of the activities' forms and their enrolments' units."""
    wanted = Q(pk__in=())
    for activity in activities:
        wanted |= Q(unit=activity.enrolment.unit_id, form=activity.form_id)
    return Group.objects.filter(wanted).going_on(today).select_related("form")
