"""What assessments add to a participant's file: the part, the timeline; and to the day of what last happened."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competence.language import language_levels
from competence.models import Assessment, AssessmentStage, LanguageGrade, ParticipantView
from competence.permissions import can_write_assessment
from participants.file import CaseRows, ParticipantFile, case_to_write_in
from participants.models import Enrolment
from participants.providers import TimelineEntry, join_timeline
from participants.services.activity import join_activity
from placements.models import Placement


def _signed(enrolments):
    rows = Assessment.objects.locked().filter(placement__enrolment__in=enrolments)
    return rows.select_related("placement__workplace").order_by("-signed_on", "-pk")


def _views(enrolments):
    rows = ParticipantView.objects.filter(assessment__placement__enrolment__in=enrolments)
    return rows.select_related("assessment__placement__workplace").order_by("-said_on", "-pk")


def _graded(enrolments):
    return LanguageGrade.objects.filter(enrolment__in=enrolments).order_by("-graded_on", "skill")


SIGNED = CaseRows(lambda enrolments, _user: _signed(enrolments))
VIEWS = CaseRows(lambda enrolments, _user: _views(enrolments))
GRADED = CaseRows(lambda enrolments, _user: _graded(enrolments).holding())


def assessment_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """Assessments that were signed, what the participant said of them, and levels of language, a day's together."""
    for each in file.rows(SIGNED):
        title = _("Assessment of competence signed: %(stage)s") % {"stage": each.get_stage_display().lower()}
        yield TimelineEntry(
            date=each.signed_on,
            kind="assessment",
            title=title,
            text=_told(each),
            by=each.signed_by_name,
            link=_address(file, each),
            order=3,
        )
    for view in file.rows(VIEWS):
        yield TimelineEntry(
            date=view.said_on,
            kind="assessment",
            title=_("The participant's view of an assessment"),
            text=view.comment,
            by=view.by_name,
            link=_address(file, view.assessment),
            quiet=not view.comment,
            order=3,
        )
    days: dict[tuple[dt.date, str], list[LanguageGrade]] = {}
    for grade in file.rows(GRADED):
        days.setdefault((grade.graded_on, grade.assessor), []).append(grade)
    for (day, assessor), grades in days.items():
        text = ", ".join(f"{each.get_skill_display()} {each.get_level_display()}" for each in grades)
        yield TimelineEntry(date=day, kind="assessment", title=_("Level of Swedish"), text=text, by=assessor, order=3)


def _told(assessment: Assessment) -> str:
    where = assessment.placement.workplace.name
    return f"{where}. {assessment.corrects_why}" if assessment.corrects_why else where


def _address(file: ParticipantFile, assessment: Assessment) -> str:
    return reverse("assessing:assessment", args=[file.public_id, assessment.public_id])


# --- The part -----------------------------------------------------------------------------------------------------


def part_context(file: ParticipantFile) -> dict:
    """The placements that have begun, each with its stages; the levels of language, those that hold and all."""
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    today = timezone.localdate()
    placements = Placement.objects.filter(enrolment__in=cases, start__lte=today).select_related("workplace")
    by_placement: dict[int, list[Assessment]] = {}
    for each in Assessment.objects.filter(placement__enrolment__in=cases).order_by("-version"):
        by_placement.setdefault(each.placement_id, []).append(each)
    return {
        "stages": list(AssessmentStage),
        "assessed": [
            _row(placement, by_placement.get(placement.pk, []), cases[placement.enrolment_id], file)
            for placement in placements.order_by("-start", "-pk")
        ],
        "languages": list(language_levels(file.enrolments, today).values()),
        "graded": list(_graded(file.enrolments)),
        "may_grade": can_write_assessment(file.user, case_to_write_in(file)),
    }


def _row(placement: Placement, assessments: list[Assessment], case: Enrolment, file: ParticipantFile) -> dict:
    """A placement and what there is of each stage: its latest version, and the signed one that holds if that is not
    signed."""
    cells = []
    for stage in AssessmentStage:
        versions = [each for each in assessments if each.stage == stage]
        latest = versions[0] if versions else None
        holds = next((each for each in versions if each.is_locked), None)
        cells.append({"stage": stage, "assessment": latest, "holds": holds})
    return {
        "placement": placement,
        "stages": cells,
        "may_begin": can_write_assessment(file.user, case),
        "has_signed": any(cell["holds"] for cell in cells),
    }


def latest_activity(enrolment: Enrolment) -> dt.date | None:
    """The latest day on which an assessment was completed or signed, the participant spoke of one, or a level of
    language was judged."""
    told = Assessment.objects.filter(placement__enrolment=enrolment).aggregate(
        done=Max("completed_on"), signed=Max("signed_on"), said=Max("own_view__said_on")
    )
    graded = LanguageGrade.objects.filter(enrolment=enrolment).aggregate(day=Max("graded_on"))["day"]
    return max(filter(None, [*told.values(), graded]), default=None)


def join() -> None:
    join_timeline(assessment_entries, kinds={"assessment": gettext_lazy("Assessments")}, rows=[SIGNED, VIEWS, GRADED])
    join_activity(latest_activity)
