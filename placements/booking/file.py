"""What placements add to the plan, to Min dag, to the unit's view and to the list of participants."""

import datetime as dt
from collections import defaultdict

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from participants.caseload.figures import Number, join_number
from participants.day.lists import DayList, DayRow, join_day_list
from participants.listing.providers import Condition, Flag, Moment, join_flag
from participants.models import Activity, Enrolment
from participants.plan.providers import Booking, join_bookings
from placements.booking.permissions import can_book
from placements.booking.rules import VALUES_ASKED_DAYS, lacking_values
from placements.booking.services.settle import reconsidered
from placements.models import Placement
from placements.providers import join_placements
from vocabulary.codes import PlacementForm

#: What is not agreed is told of so many days before it begins, and for so long as it goes on.
SETTLE_DAYS = 14
#: The value is best assessed while the workplace remembers; after so many days it is late.
ASSESS_WITHIN = 14


# --- The plan -----------------------------------------------------------------------------------------------------


def placements_booked(activities: list[Activity]) -> dict[int, list[Booking]]:
    """The placements that were booked for activities, by their keys."""
    found = defaultdict(list)
    rows = Placement.objects.filter(activity__in=activities).select_related("workplace", "enrolment__participant")
    for placement in rows.order_by("start", "pk"):
        found[placement.activity_id].append(
            Booking(
                title=_("%(workplace)s, from %(day)s") % {
                    "workplace": placement.workplace.name, "day": placement.start
                },
                address=_page(placement.enrolment, placement.public_id),
                goes_on=not placement.is_over,
            )
        )  # fmt: skip
    return found


def _page(enrolment: Enrolment, placement_id) -> str:
    return reverse("booking:placement", args=[enrolment.participant.public_id, placement_id])


# --- Min dag ------------------------------------------------------------------------------------------------------


def unsettled(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Placement]:
    """Placements that were booked here, begin soon or have begun, and are not agreed."""
    rows = Placement.objects.filter(
        Q(end=None) | Q(end__gte=today),
        enrolment__in=enrolments,
        activity__isnull=False,
        agreed_on=None,
        start__lte=today + dt.timedelta(days=SETTLE_DAYS),
    )
    return _as_day_rows(rows, F("start"))


def without_values(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Placement]:
    """Ended employments whose added value is not assessed for both."""
    return _as_day_rows(Placement.objects.filter(lacking_values(today), enrolment__in=enrolments), F("end"))


def _as_day_rows(rows: QuerySet[Placement], due: F) -> QuerySet[Placement]:
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=due,
        day_reference=F("public_id"),
        day_note=Concat("form", Value(" "), "workplace__name"),
    )


def placement_address(row: DayRow) -> str:
    return _page(row.enrolment, row.reference)


def values_address(row: DayRow) -> str:
    return reverse("booking:values", args=[row.enrolment.participant.public_id, row.reference])


def placement_words(row: DayRow) -> str:
    form, _blank, where = row.note.partition(" ")
    return f"{PlacementForm(form).label} · {where}"


# --- The unit, and the list of participants -----------------------------------------------------------------------


def with_employment_to_assess(moment: Moment) -> Condition:
    """Of an enrolment: an ended employment of it has no assessment of its added value."""
    return Exists(Placement.objects.filter(lacking_values(moment.today), enrolment=OuterRef("pk")))


def join() -> None:
    join_bookings(placements_booked)
    join_placements(reconsidered)
    join_day_list(
        DayList(
            key="ej-overenskomna-placeringar",
            label=gettext_lazy("Placements that begin without being agreed"),
            order=45,
            action=gettext_lazy("Settle"),
            rows=unsettled,
            address=placement_address,
            told=placement_words,
            may_act=can_book,
        )
    )
    join_day_list(
        DayList(
            key="saknar-mervardesbedomning",
            label=gettext_lazy("Employments without an assessment of the added value"),
            order=55,
            action=gettext_lazy("Assess"),
            rows=without_values,
            address=values_address,
            told=placement_words,
            closed=VALUES_ASKED_DAYS,
            late_after=ASSESS_WITHIN,
            may_act=can_book,
        )
    )
    join_number(
        Number(
            "saknar-mervarde",
            pgettext_lazy("a number of people", "Added value not assessed"),
            60,
            lambda moment: Q(with_employment_to_assess(moment)),
        )
    )
    join_flag(
        Flag(
            key="no_added_value",
            label=gettext_lazy("Added value not assessed"),
            order=35,
            holds=with_employment_to_assess,
        )
    )
