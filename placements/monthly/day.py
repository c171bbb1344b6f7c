"""What the files of the months add to Min dag of whoever makes them: one that is to be handed over by the 15th."""

import datetime as dt

from django.db.models import CharField, DateField, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, UnitTerm, User
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from participants.permissions import export_scope
from placements.models import AttendanceHandover, PlacementAttendance
from placements.models.attendance import ReportKind
from placements.monthly.deadline import due_on, month_before


def files_to_hand_over(_enrolments: QuerySet[Enrolment], today: dt.date, reader: User) -> QuerySet[Unit]:
    """Units whose attendance of last month is marked and not handed over, for whoever makes their file."""
    month, scope = month_before(today), export_scope(reader)
    units = Unit.objects.all() if scope.everything else Unit.objects.filter(pk__in=scope.unit_ids)
    marked = PlacementAttendance.objects.filter(
        placement__enrolment__unit=OuterRef("pk"), day__gte=month, day__lt=today.replace(day=1)
    )
    handed_over = AttendanceHandover.objects.filter(
        report__kind=ReportKind.BENEFIT_FILE, report__unit=OuterRef("pk"), report__month=month, withdrawn_on=None
    )
    called = UnitTerm.objects.filter(unit=OuterRef("pk"), valid_from__lte=today).order_by("-valid_from")
    return units.filter(Exists(marked), ~Exists(handed_over)).annotate(
        day_enrolment=Value(None),
        day_due=Value(due_on(month), output_field=DateField()),
        day_reference=Cast("pk", CharField()),
        day_note=F("code"),
        day_name=Subquery(called.values("name")[:1]),
    )


def files_address(_row: DayRow) -> str:
    return reverse("monthly:files")


def month_told(row: DayRow) -> str:
    return _("Attendance of %(month)s") % {"month": date_format(month_before(row.due), "F Y")}


def join() -> None:
    join_day_list(
        DayList(
            key="filer-till-formanssystemet",
            label=gettext_lazy("Files for the benefit system to hand over"),
            order=64,
            action=gettext_lazy("Make the file"),
            rows=files_to_hand_over,
            address=files_address,
            told=month_told,
            for_reader=True,
        )
    )
