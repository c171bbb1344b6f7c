"""What plans add to a participant's file: the part, the step, the timeline."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from participants.file import CaseRows, ParticipantFile
from participants.models import (
    Activity,
    ActivityState,
    Enrolment,
    PlanMilestone,
    PlanReview,
    PlanState,
    PlanVersion,
)
from participants.plan.reading import SLUG, SOON, part_context
from participants.providers import Part, Step, StepState, TimelineEntry, join_parts, join_steps, join_timeline
from participants.services.activity import join_activity

KIND = "plan"

# --- The timeline -------------------------------------------------------------------------------------------------


VERSIONS = CaseRows(lambda enrolments, _user: PlanVersion.objects.filter(enrolment__in=enrolments).order_by("number"))
SETTLED = CaseRows(
    lambda enrolments, _user: (
        Activity.objects.filter(enrolment__in=enrolments).exclude(state=ActivityState.DECIDED).select_related("form")
    )
)
REVIEWS = CaseRows(lambda enrolments, _user: PlanReview.objects.filter(enrolment__in=enrolments))
#: In the words of the latest version that was decided.
REACHED = CaseRows(
    lambda enrolments, _user: (
        PlanMilestone.objects.filter(milestone__enrolment__in=enrolments, milestone__done_on__isnull=False)
        .order_by("milestone_id", "-version__number")
        .distinct("milestone")
        .select_related("milestone")
    )
)
#: Of the versions that hold, what has been late the longest first.
LATE = CaseRows(
    lambda enrolments, _user: PlanMilestone.objects.filter(
        version__enrolment__in=enrolments,
        version__state=PlanState.DECIDED,
        due__lt=timezone.localdate(),
        milestone__done_on=None,
    ).order_by("due", "position")
)


def plan_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """Versions that were decided and closed, milestones reached, activities ended, reviews held."""
    for version in file.rows(VERSIONS):
        if version.state != PlanState.DRAFT:
            yield from _version(version)
    yield from map(_milestone, file.rows(REACHED))
    yield from map(_activity, file.rows(SETTLED))
    for review in (each for each in file.rows(REVIEWS) if each.held_on and each.said):
        yield TimelineEntry(
            date=review.held_on,
            kind=KIND,
            title=_("The plan was gone through"),
            text=review.said,
            by=review.held_by_name,
            quiet=False,
            order=4,
        )


def _version(version: PlanVersion) -> Iterator[TimelineEntry]:
    revised = version.number > 1
    title = _("The plan was revised, version %(number)s") if revised else _("The plan was decided")
    text = [version.goal, _("To be reached by %(day)s.") % {"day": date_format(version.goal_on)}]
    yield TimelineEntry(
        date=version.decided_on,
        kind=KIND,
        title=title % {"number": version.number},
        text="\n".join([*text, f"{version.get_agreement_display()}."]),
        by=version.decided_by_name,
        quiet=False,
        order=5,
    )
    if version.closed_on:
        yield TimelineEntry(
            date=version.closed_on,
            kind=KIND,
            title=_("The plan was closed"),
            text=version.closed_note,
            by=version.closed_by_name,
            quiet=not version.closed_note,
            order=8,
        )


def _milestone(words: PlanMilestone) -> TimelineEntry:
    milestone = words.milestone
    return TimelineEntry(
        date=milestone.done_on,
        kind=KIND,
        title=_("Milestone reached: %(milestone)s") % {"milestone": words.text},
        text=milestone.evidence,
        by=milestone.done_by_name,
        quiet=not milestone.evidence,
        order=3,
    )


def _activity(activity: Activity) -> TimelineEntry:
    ended = activity.state == ActivityState.ENDED
    title = _("Activity ended: %(activity)s") if ended else _("Activity dropped: %(activity)s")
    text = [activity.get_outcome_display(), activity.outcome_note] if ended else [activity.outcome_note]
    return TimelineEntry(
        date=activity.ended_on or timezone.localdate(activity.settled_at),
        kind=KIND,
        title=title % {"activity": activity.form.label},
        text="\n".join(filter(None, text)),
        by=activity.settled_by_name,
        quiet=not activity.outcome_note,
        order=3,
    )


def plan_activity(enrolment: Enrolment) -> dt.date | None:
    """The latest day on which something happened to the plan (participants.services.activity)."""
    days = [
        rows.aggregate(day=Max(column))["day"]
        for rows, column in (
            (enrolment.plans, "decided_on"),
            (enrolment.plans, "closed_on"),
            (enrolment.milestones, "done_on"),
            (enrolment.activities, "ended_on"),
            (enrolment.plan_reviews, "held_on"),
        )
    ]
    return max(filter(None, days), default=None)


# --- The step -----------------------------------------------------------------------------------------------------


def plan_step(file: ParticipantFile) -> Step:
    """Whether a plan holds, and what it asks for: to be decided, to be gone through, a milestone that is late."""
    case = file.latest.pk
    versions = {each.state: each for each in file.rows(VERSIONS) if each.enrolment_id == case}
    draft, current = versions.get(PlanState.DRAFT), versions.get(PlanState.DECIDED)
    if current is None:
        if draft is not None:
            return Step(StepState.NOW, pgettext("plan", "draft"), _("Decide the plan."))
        if PlanState.CLOSED in versions:
            return Step(StepState.DONE, _("closed %(day)s") % {"day": versions[PlanState.CLOSED].closed_on})
        return Step(StepState.TODO, "", _("Write the plan."))
    today = timezone.localdate()
    note = _("decided %(day)s") % {"day": current.decided_on}
    review = next((each for each in file.rows(REVIEWS) if each.enrolment_id == case and each.is_open), None)
    if review is not None and review.due < today:
        words = _("The plan was to be gone through by %(day)s.") % {"day": date_format(review.due)}
        return Step(StepState.DONE, note, words, urgent=True)
    late = next((each for each in file.rows(LATE) if each.version_id == current.pk), None)
    if late is not None:
        words = _("“%(milestone)s” was to be reached by %(day)s.") % {
            "milestone": late.text,
            "day": date_format(late.due),
        }
        return Step(StepState.DONE, note, words, urgent=True)
    if review is not None and review.due <= today + SOON:
        return Step(StepState.DONE, note, _("Go through the plan by %(day)s.") % {"day": date_format(review.due)})
    if draft is not None:
        return Step(StepState.DONE, note, _("Decide the new version of the plan."))
    return Step(StepState.DONE, note)


def join() -> None:
    join_timeline(plan_entries, kinds={KIND: gettext_lazy("Plan")}, rows=[VERSIONS, REACHED, SETTLED, REVIEWS])
    join_activity(plan_activity)
    join_steps("plan", plan_step, rows=[LATE])
    join_parts(
        Part(
            slug=SLUG,
            label=gettext_lazy("Plan"),
            template="participants/plan/part.html",
            order=20,
            context=part_context,
        )
    )
