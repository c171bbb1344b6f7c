"""The plan on paper: one or two pages in plain Swedish for the participant, made for one answer and never kept."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import municipal
from delivery.documents.pdf import render_pdf
from participants.models import PlanVersion
from participants.models.plan import Responsible
from participants.plan.content import Content, MilestoneWords, content_of_version
from participants.plan.reading import PlanCase

STYLE = Path(__file__).parent / "document.css"


@dataclass(frozen=True)
class Step:
    """Something that comes, on a day: what to look forward to first."""

    day: dt.date
    words: str


def plan_pdf(case: PlanCase, version: PlanVersion) -> bytes:
    """The version as PDF/A and PDF/UA. Nothing stands there that is not the plan's: no identity number, no target
    group, no support, nothing of health; a protected person's unit is left out too."""
    content, person = content_of_version(version), case.file.participant
    coach, unit = case.enrolment.coach, case.enrolment.unit
    context = {
        "municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key),
        "unit": "" if person.is_protected else unit.name,
        "name": person.full_name,
        "language": case.file.language,
        "version": version,
        "content": content,
        "steps": [_shown(each) for each in content.milestones_by_day],
        "next": _next(case, version, content),
        "coach": coach,
        "today": timezone.localdate(),
    }
    return render_pdf(html=render_to_string("participants/plan/document.html", context), style=STYLE)


@dataclass(frozen=True)
class ShownStep:
    """A milestone as the paper has it: who sees to it is said to the reader."""

    words: MilestoneWords
    who: str


def _shown(words: MilestoneWords) -> ShownStep:
    who = {Responsible.PARTICIPANT: _("You"), Responsible.COACH: _("Your job coach")}
    return ShownStep(words, str(who.get(words.responsible, words.responsible_name)))


def _next(case: PlanCase, version: PlanVersion, content: Content) -> list[Step]:
    """The days to come, the first ones: what to reach, what begins, and when the plan is gone through."""
    today = timezone.localdate()
    steps = [
        Step(each.due, each.text)
        for each in content.milestones
        if each.due and each.due >= today and not each.is_done
    ]
    steps += [
        Step(each.start, _("%(activity)s begins") % {"activity": each.form.label})
        for each in content.activities
        if each.start and each.start >= today and each.form and not (each.row and each.row.is_settled)
    ]
    review = case.review.due if case.review and version.is_decided else content.review_on
    if review and review >= today:
        steps.append(Step(review, _("We go through the plan together")))
    return sorted(steps, key=lambda step: step.day)[:4]
