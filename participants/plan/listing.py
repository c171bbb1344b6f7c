"""What plans add to the list of participants: flags and a column."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from participants.listing.providers import Column, Condition, Flag, Moment, Tag, join_column, join_flag
from participants.models import Enrolment, PlanMilestone, PlanState, PlanVersion
from participants.plan.municipal import PLAN_WITHIN_DAYS

_CSS = {PlanState.DRAFT: "info", PlanState.DECIDED: "ok", PlanState.CLOSED: "", PlanState.REVISED: ""}


def no_plan(moment: Moment) -> Condition:
    """Enrolled longer than a plan may take, and none is decided."""
    decided = PlanVersion.objects.filter(enrolment=OuterRef("pk"), state=PlanState.DECIDED)
    limit = moment.today - dt.timedelta(days=moment.settings[PLAN_WITHIN_DAYS.key])
    return Q(~Exists(decided), start__lt=limit)


def late_milestone(moment: Moment) -> Condition:
    """Something in the plan that holds was to be reached before today."""
    late = PlanMilestone.objects.filter(version__state=PlanState.DECIDED, due__lt=moment.today)
    return Exists(late.filter(version__enrolment=OuterRef("pk"), milestone__done_on=None))


def plan_states(enrolments: list[Enrolment]) -> Mapping[int, Any]:
    """Where the plan stands: the version that holds, else the draft, else the last one."""
    order = [PlanState.DECIDED, PlanState.DRAFT, PlanState.CLOSED, PlanState.REVISED]
    rows = PlanVersion.objects.filter(enrolment__in=enrolments).values_list("enrolment", "state")
    found: dict[int, str] = {}
    for enrolment, state in rows.order_by("enrolment", "number"):
        before = found.get(enrolment)
        found[enrolment] = state if before is None else min(before, state, key=order.index)
    return {key: Tag(str(PlanState(state).label), _CSS[state]) for key, state in found.items()}


def join() -> None:
    join_flag(Flag(key="no_plan", label=_("No decided plan"), order=40, holds=no_plan))
    join_flag(Flag(key="late_milestone", label=_("Late milestone"), order=45, holds=late_milestone))
    join_column(Column(key="plan", label=_("Plan"), order=80, cells=plan_states, width=14))
