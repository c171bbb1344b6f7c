"""What groups add to a participant's file: the part, the timeline, what ends with the enrolment, and Min dag."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import CharField, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.day.lists import DayList, DayRow, join_day_list
from participants.file import CaseRows, ParticipantFile
from participants.models import Activity, ActivityState, Enrolment
from participants.plan.providers import Booking, join_bookings
from participants.providers import (
    Ending,
    EndingChanged,
    Part,
    TimelineEntry,
    join_endings,
    join_parts,
    join_timeline,
)
from participants.services.activity import join_activity
from placements.attendance import PRESENT, Attendance, attendance_of
from placements.groups.permissions import can_take_seat
from placements.groups.services import OutsideGroup, seat_give_back, seat_leave
from placements.groups.told import attendance_in, total
from placements.models import GroupAttendance, GroupPlace
from vocabulary.codes import ActivityKind

#: How far back Min dag asks for attendance that nobody marked: after that it is a matter for the group's own page.
UNMARKED_DAYS = 30


def _places(enrolments) -> QuerySet[GroupPlace]:
    rows = GroupPlace.objects.filter(enrolment__in=enrolments).select_related("group__form", "activity")
    return rows.order_by("-start", "-pk")


# --- The part -----------------------------------------------------------------------------------------------------


def part_context(file: ParticipantFile, _params) -> dict:
    """The participant's seats, the latest first, each with its attendance up to today, and all of it together."""
    places, today = list(_places(file.enrolments)), timezone.localdate()
    kept = attendance_in(places, today)
    open_cases = [each for each in file.enrolments if each.end is None and can_take_seat(file.user, each)]
    waiting = Activity.objects.filter(
        enrolment__in=open_cases, state=ActivityState.DECIDED, form__kind=ActivityKind.ACTIVITY
    )
    return {
        "seats": [(place, total(kept[place.pk])) for place in places],
        "sum": _sum(kept),
        "may_seat": bool(open_cases),
        "has_activity": bool(open_cases) and waiting.exists(),
        "today": today,
    }


def _sum(kept: dict) -> Attendance:
    return attendance_of(
        (session.hours, status) for of_place in kept.values() for status, session in of_place.values()
    )


# --- The timeline -------------------------------------------------------------------------------------------------


PLACES = CaseRows(lambda enrolments, _user: _places(enrolments))


def group_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """Groups that the participant has come to, and left."""
    today = timezone.localdate()
    for place in file.rows(PLACES):
        link = reverse("groups:group", args=[place.group.public_id])
        if place.start <= today:
            title = _("Began in the group %(name)s") % {"name": place.group.name}
            text = place.group.form.label
            yield TimelineEntry(date=place.start, kind="group", title=title, text=text, link=link, order=1)
        if place.end and place.end < today:
            title = _("Left the group %(name)s") % {"name": place.group.name}
            yield TimelineEntry(date=place.end, kind="group", title=title, text=place.left_why, link=link, order=3)


# --- What ends with the enrolment ---------------------------------------------------------------------------------


def seat_endings(enrolment: Enrolment, last_day: dt.date, data: Mapping[str, Any] | None = None) -> Iterator[Ending]:
    """Seats that go on longer than the enrolment will: they end with it, and nothing is asked."""
    going_on = Q(end=None) | Q(end__gt=last_day)
    for place in GroupPlace.objects.filter(going_on, enrolment=enrolment).select_related("group").order_by("group"):
        begun = place.start <= last_day
        yield Ending(
            key=f"group-{place.public_id}",
            title=_("The group %(name)s") % {"name": place.group.name},
            form=forms.Form(data),
            told=partial(_told, begun, last_day),
            end=partial(_end, place, begun, last_day),
            about=_told(begun, last_day),
        )


def _told(begun: bool, last_day: dt.date) -> str:
    if not begun:
        return _("The seat is taken away: it would have begun later.")
    return _("Ends on %(day)s, and the seat is free.") % {"day": date_format(last_day)}


def _end(place: GroupPlace, begun: bool, last_day: dt.date, _actor: User) -> None:
    try:
        if begun:
            seat_leave(place=place, end=last_day, why=_("The enrolment was closed."))
        else:
            seat_give_back(place=place)
    except (OutsideGroup, GroupPlace.DoesNotExist) as changed:
        raise EndingChanged from changed


# --- Min dag ------------------------------------------------------------------------------------------------------


def unmarked_rows(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[GroupPlace]:
    """Sessions of the last weeks at which a participant was to be and nobody has said whether they came."""
    marked = GroupAttendance.objects.filter(session=OuterRef("session"), place=OuterRef("pk"))
    return (
        GroupPlace.objects.filter(enrolment__in=enrolments)
        .annotate(  # one join, which a filter on the relation itself would make anew
            session=F("group__sessions"),
            session_day=F("group__sessions__day"),
            session_key=F("group__sessions__public_id"),
            session_cancelled=F("group__sessions__cancelled_at"),
        )
        .filter(
            Q(end=None) | Q(end__gte=F("session_day")),
            ~Exists(marked),
            start__lte=F("session_day"),
            session_day__lt=today,
            session_day__gte=today - dt.timedelta(days=UNMARKED_DAYS),
            session_cancelled=None,
        )
        .annotate(
            day_enrolment=F("enrolment"),
            day_due=F("session_day"),
            day_reference=Concat(Cast("group__public_id", CharField()), Value(" "), Cast("session_key", CharField())),
            day_note=F("group__name"),
        )
    )


def unmarked_address(row: DayRow) -> str:
    return reverse("groups:attendance", args=row.reference.split(" "))


def group_activity(enrolment: Enrolment) -> dt.date | None:
    """The last session that the participant was at."""
    present = GroupAttendance.objects.filter(place__enrolment=enrolment, status__in=PRESENT)
    return present.aggregate(day=Max("session__day"))["day"]


# --- The plan -----------------------------------------------------------------------------------------------------


def seats_booked(activities: list[Activity]) -> dict[int, list[Booking]]:
    """The seats in groups that were booked for activities, by their keys."""
    today, found = timezone.localdate(), defaultdict(list)
    places = GroupPlace.objects.filter(activity__in=activities).select_related("group").order_by("start", "pk")
    for place in places:
        found[place.activity_id].append(
            Booking(
                title=_("%(group)s, from %(day)s") % {"group": place.group.name, "day": place.start},
                address=reverse("groups:group", args=[place.group.public_id]),
                goes_on=place.end is None or place.end >= today,
            )
        )
    return found


def join() -> None:
    join_bookings(seats_booked)
    join_timeline(group_entries, kinds={"group": gettext_lazy("Groups")}, rows=[PLACES])
    join_activity(group_activity)
    join_endings(seat_endings)
    join_parts(
        Part(
            slug="grupper",
            label=gettext_lazy("Groups"),
            template="placements/groups/part.html",
            order=35,
            context=part_context,
        )
    )
    join_day_list(
        DayList(
            key="omarkerad-narvaro",
            label=gettext_lazy("Attendance that is not marked"),
            order=60,
            action=gettext_lazy("Mark attendance"),
            rows=unmarked_rows,
            address=unmarked_address,
        )
    )
