"""What plans add to Min dag: milestones that are late, and those who have no plan. Reviews come with the follow-ups
(placements)."""

import datetime as dt
import uuid

from django.db.models import CharField, Exists, F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import municipal
from accounts.models import User
from participants.calendar import DaysAfter
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment, Milestone, PlanMilestone, PlanState, PlanVersion
from participants.plan.municipal import PLAN_WITHIN_DAYS
from participants.plan.permissions import can_write_plan
from participants.plan.reading import SLUG, SOON
from participants.plan.services.progress import DayIsOver, milestone_mark_done, milestone_undo


def part_of(row: DayRow) -> str:
    return reverse("participants:part", args=[row.enrolment.participant.public_id, SLUG])


# --- Late milestones ----------------------------------------------------------------------------------------------


def late_milestones(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[PlanMilestone]:
    """Of the plans that hold: what was to be reached before today and is not."""
    rows = PlanMilestone.objects.filter(
        version__enrolment__in=enrolments, version__state=PlanState.DECIDED, due__lt=today, milestone__done_on=None
    )
    return rows.annotate(
        day_enrolment=F("version__enrolment"),
        day_due=F("due"),
        day_reference=Cast("milestone__public_id", CharField()),
        day_note=F("text"),
    )


def milestone_noted(reader: User, reference: str, noted: bool) -> bool:
    """One click: reached today; and back, the same day."""
    enrolments = Enrolment.objects.visible_to(reader)
    milestone = (
        Milestone.objects.filter(enrolment__in=enrolments, public_id=reference).select_related("enrolment").first()
        if _is_key(reference)
        else None
    )
    if milestone is None or not can_write_plan(reader, milestone.enrolment):
        return False
    if not milestone.wordings.filter(version__state=PlanState.DECIDED).exists():
        return False
    if noted:
        milestone_mark_done(milestone=milestone, actor=reader)
        return True
    try:
        milestone_undo(milestone=milestone)
    except DayIsOver:
        return False
    return True


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


# --- No plan ------------------------------------------------------------------------------------------------------


def without_plan(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Enrolment]:
    """Enrolled, and no plan holds. It is to be decided so many days after the enrolment, or after the last one was
    closed."""
    plans = PlanVersion.objects.filter(enrolment=OuterRef("pk"))
    closed = plans.order_by().values("enrolment").annotate(day=Max("closed_on")).values("day")
    drafts = plans.filter(state=PlanState.DRAFT).values("number")
    days = municipal.value_of(PLAN_WITHIN_DAYS.key)
    rows = enrolments.filter(~Exists(plans.filter(state=PlanState.DECIDED)), start__lte=today)
    rows = rows.annotate(due=DaysAfter(Greatest("start", Coalesce(Subquery(closed), F("start"))), days))
    return rows.filter(due__lte=today + SOON).annotate(
        day_enrolment=F("pk"),
        day_due=F("due"),
        day_reference=Value(""),
        day_note=Coalesce(Cast(Subquery(drafts), CharField()), Value("")),
    )


def without_plan_words(row: DayRow) -> str:
    return _("A draft is waiting to be decided") if row.note else _("No plan is decided")


def write_address(row: DayRow) -> str:
    return reverse("participants:plan_write", args=[row.enrolment.participant.public_id])


def join() -> None:
    join_day_list(
        DayList(
            key="sena-delmal",
            label=gettext_lazy("Late milestones"),
            order=40,
            action=gettext_lazy("Mark as reached"),
            rows=late_milestones,
            address=part_of,
            may_act=can_write_plan,
            noted=milestone_noted,
            noted_words=gettext_lazy("Reached"),
        )
    )
    join_day_list(
        DayList(
            key="plan-saknas",
            label=gettext_lazy("Without a decided plan"),
            order=35,
            action=gettext_lazy("Write the plan"),
            rows=without_plan,
            address=write_address,
            told=without_plan_words,
            may_act=can_write_plan,
        )
    )
