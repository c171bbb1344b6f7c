"""What assessments add to Min dag: placements that end without one, those that wait for the supervisor, and those
that nobody has reviewed."""

import datetime as dt

from django.db.models import Case, Exists, F, Min, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Least, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts import municipal
from competence.assessing.links import STAGE_OF
from competence.assessing.municipal import BEFORE_DAYS, FORMS, SIGNATURE_DAYS
from competence.models import Assessment, AssessmentLink, AssessmentStage, AssessmentState
from competence.permissions import can_review_assessment, can_write_assessment
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from placements.models import FollowUpAnswer, FollowUpLink, Placement
from vocabulary.codes import PlacementForm

#: So long after the end of a placement its missing assessment is told of; nobody remembers enough later.
AFTER_DAYS = 30


def ending_placements(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Placement]:
    """Placements that end soon, or have just ended, and whose final assessment is not signed."""
    signed = Assessment.objects.locked().filter(placement=OuterRef("pk"), stage=AssessmentStage.FINAL)
    days = dt.timedelta(days=municipal.value_of(BEFORE_DAYS.key))
    rows = Placement.objects.filter(
        ~Exists(signed),
        enrolment__in=enrolments,
        form__in=municipal.value_of(FORMS.key),
        start__lte=today,
        end__range=(today - dt.timedelta(days=AFTER_DAYS), today + days),
    )
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=F("end"),
        day_reference=F("pk"),
        day_note=Concat("form", Value(" "), "workplace__name"),
    )


def waiting_for_signature(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Assessment]:
    """Assessments that the supervisor was asked for, or that are completed, and that are not signed for so long. Not
    those of whom the supervisor has said that they never came."""
    since = today - dt.timedelta(days=municipal.value_of(SIGNATURE_DAYS.key))
    links = AssessmentLink.objects.filter(
        placement=OuterRef("placement"), stage=OuterRef("stage"), created_at__gte=OuterRef("begun_at")
    )
    stage_beside = Case(*(When(followup__kind=kind, then=Value(stage)) for kind, stage in STAGE_OF.items()))
    followups = FollowUpLink.objects.annotate(stage_beside=stage_beside).filter(
        placement=OuterRef("placement"), stage_beside=OuterRef("stage")
    )
    never_came = FollowUpAnswer.objects.filter(followup__placement=OuterRef("placement")).order_by("-filed_at", "-pk")
    rows = Assessment.objects.filter(
        placement__enrolment__in=enrolments, state__in=(AssessmentState.DRAFT, AssessmentState.COMPLETED)
    )
    rows = rows.annotate(
        waits_since=Least(
            "completed_on",
            Subquery(_first_day(links, "placement")),
            # Beside a follow-up the first version was asked for, no correction of it.
            Case(When(version=1, then=Subquery(_first_day(followups, "placement")))),
        ),
        never_came=Coalesce(Subquery(never_came.values("no_show")[:1]), Value(False)),
    )
    rows = rows.filter(waits_since__lte=since, never_came=False)
    return rows.annotate(
        day_enrolment=F("placement__enrolment"),
        day_due=Value(None),
        day_since=F("waits_since"),
        day_reference=F("public_id"),
        day_note=Concat("stage", Value(" "), "placement__workplace__name"),
    )


def _first_day(links, group: str):
    days = links.order_by().values(group).annotate(first=TruncDate(Min("created_at")))
    return days.values("first")


def to_review(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[Assessment]:
    """Signed assessments that hold and that nobody has gone through; they wait until somebody has."""
    rows = Assessment.objects.holding().filter(placement__enrolment__in=enrolments, state=AssessmentState.SIGNED)
    return rows.annotate(
        day_enrolment=F("placement__enrolment"),
        day_due=Value(None),
        day_since=F("signed_on"),
        day_reference=F("public_id"),
        day_note=Concat("stage", Value(" "), "placement__workplace__name"),
    )


def part_address(row: DayRow) -> str:
    return reverse("participants:part", args=[row.enrolment.participant.public_id, "kompetens"])


def assessment_address(row: DayRow) -> str:
    return reverse("assessing:assessment", args=[row.enrolment.participant.public_id, row.reference])


def placement_words(row: DayRow) -> str:
    form, _blank, where = row.note.partition(" ")
    return f"{PlacementForm(form).label} · {where}"


def stage_words(row: DayRow) -> str:
    stage, _blank, where = row.note.partition(" ")
    return f"{AssessmentStage(stage).label} · {where}"


def join() -> None:
    join_day_list(
        DayList(
            key="kompetensunderlag-vantar",
            label=gettext_lazy("Assessments that wait for the supervisor"),
            order=13,
            action=gettext_lazy("Get in touch"),
            rows=waiting_for_signature,
            address=assessment_address,
            told=stage_words,
            closed=AFTER_DAYS,
            may_act=can_write_assessment,
        )
    )
    join_day_list(
        DayList(
            key="kompetensunderlag-att-granska",
            label=gettext_lazy("Signed assessments to review"),
            order=14,
            action=gettext_lazy("Review"),
            rows=to_review,
            address=assessment_address,
            told=stage_words,
            closed=AFTER_DAYS,
            may_act=can_review_assessment,
        )
    )
    join_day_list(
        DayList(
            key="slutar-utan-kompetensunderlag",
            label=gettext_lazy("Placements that end without a final assessment"),
            order=49,
            action=gettext_lazy("Assess"),
            rows=ending_placements,
            address=part_address,
            told=placement_words,
            closed=AFTER_DAYS,
            may_act=can_write_assessment,
        )
    )
