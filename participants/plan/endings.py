"""What of a plan ends with its enrolment: the plan that holds, with its activities; and a draft."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from participants.models import Enrolment, PlanMilestone, PlanState, PlanVersion
from participants.plan.content import decided_activities
from participants.plan.forms_progress import OutcomesForm
from participants.plan.services.versions import DraftChanged, PlanChanged, plan_close, plan_draft_discard
from participants.providers import Ending, EndingChanged, join_endings


def plan_endings(enrolment: Enrolment, last_day: dt.date, data: Mapping[str, Any] | None = None) -> Iterator[Ending]:
    """The plan that holds, then the draft: in the order in which they are locked."""
    versions = enrolment.plans.filter(state__in=[PlanState.DECIDED, PlanState.DRAFT]).order_by("pk")
    for version in versions:
        version.enrolment = enrolment
        yield _draft(version) if version.is_draft else _plan(version, last_day, data)


def _plan(version: PlanVersion, last_day: dt.date, data) -> Ending:
    key = f"plan-{version.number}"
    form = OutcomesForm(data, prefix=key, activities=decided_activities(version.enrolment))
    return Ending(
        key=key,
        title=_("The plan, decided on %(day)s") % {"day": date_format(version.decided_on)},
        form=form,
        told=partial(_plan_told, form, last_day),
        end=partial(_end_plan, version, form, last_day),
        about=_left_words(version) or _("The plan is closed. No activity goes on in it."),
    )


def _left_words(version: PlanVersion) -> str:
    """Which milestones were never reached: they stay as they are, and the reader should know."""
    left = PlanMilestone.objects.filter(version=version, milestone__done_on=None).order_by("due", "position")
    words = [each.text for each in left]
    if not words:
        return ""
    start = ngettext("One milestone is not reached:", "%(count)d milestones are not reached:", len(words))
    return f"{start % {'count': len(words)}} {'; '.join(words)}."


def _plan_told(form: OutcomesForm, last_day: dt.date) -> str:
    closed = _("Closed on %(day)s.") % {"day": date_format(last_day)}
    told = form.told()
    return " ".join([closed, _("Activities: %(told)s.") % {"told": "; ".join(told)}]) if told else closed


def _end_plan(version: PlanVersion, form: OutcomesForm, last_day: dt.date, actor: User) -> None:
    try:
        plan_close(version=version, actor=actor, closed_on=last_day, note="", outcomes=form.outcomes)
    except PlanChanged as changed:
        raise EndingChanged from changed


def _draft(version: PlanVersion) -> Ending:
    words = _("It was never decided, and is thrown away.")
    return Ending(
        key=f"plan-draft-{version.number}-{version.revision}",
        title=_("A draft of the plan"),
        form=forms.Form(),
        told=lambda: words,
        end=partial(_end_draft, version),
        about=words,
    )


def _end_draft(version: PlanVersion, _actor: User) -> None:
    try:
        plan_draft_discard(enrolment=version.enrolment, seen=version.revision)
    except DraftChanged as changed:
        raise EndingChanged from changed


def join() -> None:
    join_endings(plan_endings)
