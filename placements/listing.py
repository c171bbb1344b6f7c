"""What the placements add to the list of participants: a filter, flags, columns."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.listing.providers import (
    Column,
    Condition,
    Flag,
    Moment,
    Narrowing,
    always,
    join_column,
    join_flag,
    join_narrowing,
)
from participants.models import Enrolment
from placements.models import FollowUp, Placement
from vocabulary.codes import FollowUpKind, PlacementForm

NONE, ONGOING, PLANNED = "none", "ongoing", "planned"


def placement_choices() -> list:
    return [
        (NONE, pgettext_lazy("placement", "None")),
        (ONGOING, _("Ongoing")),
        (PLANNED, _("Planned")),
        *((code, label) for code, label in PlacementForm.choices),
    ]


def by_placement(choice: str, moment: Moment) -> Condition:
    """A form means an ongoing placement of that form; none, that there is neither an ongoing nor a planned one."""
    own, today = Placement.objects.filter(enrolment=OuterRef("pk")), moment.today
    not_ended = own.filter(Q(end=None) | Q(end__gte=today))
    match choice:
        case "none":
            return ~Exists(not_ended)
        case "planned":
            return Exists(own.filter(start__gt=today))
    ongoing = not_ended.filter(start__lte=today)
    return Exists(ongoing if choice == ONGOING else ongoing.filter(form=choice))


def late_followup(moment: Moment) -> Condition:
    return _late(moment.today, ~Q(kind=FollowUpKind.PLAN_REVIEW))


def late_plan_review(moment: Moment) -> Condition:
    return _late(moment.today, Q(kind=FollowUpKind.PLAN_REVIEW))


def _late(today: dt.date, kind: Q) -> Exists:
    waiting = FollowUp.objects.filter(enrolment=OuterRef("pk"), filed=None, withdrawn_on=None, due__lt=today)
    return Exists(waiting.filter(kind))


def next_followups(enrolments: list[Enrolment]) -> Mapping[int, Any]:
    """The earliest day on which somebody is to follow up; one that is late too."""
    waiting = FollowUp.objects.filter(enrolment__in=enrolments, filed=None, withdrawn_on=None)
    return dict(waiting.order_by().values_list("enrolment").annotate(Min("due")))


def by_next_followup() -> Subquery:
    waiting = FollowUp.objects.filter(enrolment=OuterRef("pk"), filed=None, withdrawn_on=None).order_by("due")
    return Subquery(waiting.values("due")[:1])


def current_placements(enrolments: list[Enrolment]) -> Mapping[int, Any]:
    """Form and workplace of what goes on today, the latest first where there are several."""
    today = timezone.localdate()
    ongoing = Placement.objects.filter(enrolment__in=enrolments, start__lte=today).exclude(end__lt=today)
    found: dict[int, str] = {}
    for placement in ongoing.select_related("workplace").order_by("-start", "-pk"):
        words = f"{placement.get_form_display()}, {placement.workplace.name}"
        before = found.get(placement.enrolment_id)
        found[placement.enrolment_id] = f"{before}; {words}" if before else words
    return found


def join() -> None:
    join_narrowing(
        Narrowing(key="placement", label=_("Placement"), order=10, choices=placement_choices, condition=by_placement)
    )
    join_flag(Flag(key="late_followup", label=_("Late follow-up"), order=20, holds=late_followup))
    join_flag(Flag(key="late_plan_review", label=_("Late plan review"), order=30, holds=late_plan_review))
    join_column(
        Column(
            key="next_followup",
            label=_("Next follow-up"),
            order=90,
            cells=next_followups,
            sort=by_next_followup,
            listed=always,
        )
    )
    join_column(Column(key="placement", label=_("Placement"), order=100, cells=current_placements, width=40))
