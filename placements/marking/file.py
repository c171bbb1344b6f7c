"""What attendance at workplaces adds to Min dag and to when a case was last heard from."""

import datetime as dt

from django.db.models import CharField, F, Max, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from participants.services.activity import join_activity
from placements.attendance import PRESENT
from placements.marking.permissions import can_mark
from placements.marking.services import unmarked_find
from placements.marking.week import UNIT, Week
from placements.models import Placement, PlacementAttendance
from placements.providers import join_placements

#: The week of today is marked when it has been: until then nothing is late.
LATE_AFTER = 7


def unmarked_placements(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Placement]:
    """The placements of which a planned day before today is not marked, by the first such day."""
    rows = Placement.objects.filter(enrolment__in=enrolments, unmarked_on__lt=today)
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=F("unmarked_on"),
        day_reference=Cast("unmarked_on", CharField()),
        day_note=F("workplace__name"),
    )


def week_address(row: DayRow) -> str:
    """The week of the first day that is not marked: one's own, or the unit's for who has none of the participant."""
    week = Week.of(dt.date.fromisoformat(row.reference))
    return f"{reverse('marking:week')}?vecka={week.key}&visa={UNIT}"


def keep_unmarked(placement: Placement) -> None:
    """Another day, another schedule: another first session that nobody has marked."""
    unmarked_find(placement=placement)


def attendance_activity(enrolment: Enrolment) -> dt.date | None:
    """The last day on which the participant was at a workplace."""
    present = PlacementAttendance.objects.filter(
        placement__enrolment=enrolment, status__in=PRESENT, day__lte=timezone.localdate()
    )
    return present.aggregate(day=Max("day"))["day"]


def join() -> None:
    join_activity(attendance_activity)
    join_placements(keep_unmarked)
    join_day_list(
        DayList(
            key="narvaro-pa-arbetsplatser",
            label=gettext_lazy("Attendance at workplaces that is not marked"),
            order=61,
            action=gettext_lazy("Mark attendance"),
            rows=unmarked_placements,
            address=week_address,
            late_after=LATE_AFTER,
            may_act=can_mark,
        )
    )
