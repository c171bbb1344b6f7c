"""What steering groups add to Min dag: what the reader is to do, when its day is near or has passed."""

import datetime as dt

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Left
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from tracks.models import Action

#: So many days before its day an action comes up.
NEAR = dt.timedelta(days=14)
#: So much of what is to be done is shown.
LENGTH = 120


def my_actions(_enrolments: QuerySet[Enrolment], today: dt.date, reader: User) -> QuerySet[Action]:
    """What the reader is to do for a steering group or about an audit."""
    return (
        Action.objects.unsettled()
        .filter(owner=reader, due__lte=today + NEAR)
        .annotate(
            day_enrolment=Value(None),
            day_due=F("due"),
            day_reference=Cast("public_id", CharField()),
            day_note=F("decision__meeting__group__name"),
            day_name=Left("text", LENGTH),
        )
    )


def action_address(row: DayRow) -> str:
    return reverse("steering:action", args=[row.reference])


def join() -> None:
    join_day_list(
        DayList(
            key="atgarder",
            label=gettext_lazy("What you are to do for a steering group"),
            order=66,
            action=gettext_lazy("Tell how it goes"),
            rows=my_actions,
            address=action_address,
            for_reader=True,
            own_only=True,
        )
    )
