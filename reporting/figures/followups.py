"""Whether follow-ups were done in time."""

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models import Value as Constant
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from reporting.figures.counted import counted_followups, unit_answered
from reporting.figures.definition import (
    Breakdown,
    Figure,
    Listing,
    Measured,
    MeasuredIn,
    Number,
    Section,
    Share,
    Source,
    Subject,
)
from reporting.question import Question

ON_TIME, LATE, MISSING = "on_time", "late", "missing"


def due(question: Question) -> QuerySet:
    """The follow-ups due in the period. One of a placement belongs to the placement's unit, another to the unit that
    answered on the day it was due."""
    followups = counted_followups().filter(due__range=(question.period.start, question.period.end))
    if question.unit is None:
        return followups
    of_placement = Q(placement__isnull=False) & Q(unit_answered(question, "placement__enrolment", "placement__start"))
    by_itself = Q(placement__isnull=True) & Q(unit_answered(question, "enrolment", "due"))
    return followups.filter(of_placement | by_itself)


def by_state(question: Question) -> dict:
    return {
        "punctuality": Case(
            When(filed__lte=F("due"), then=Constant(ON_TIME)),
            When(filed__lte=question.as_of, then=Constant(LATE)),
            default=Constant(MISSING),
        )
    }


def found(state: str) -> Number:
    return Number({"punctuality": (state,)})


FOLLOWUPS = Source(
    "followups",
    due,
    by_state,
    Listing(
        template="reporting/rows/followups.html",
        visible=lambda rows, user: rows.visible_to(user),
        counted=ngettext_lazy("%(count)s follow-up", "%(count)s follow-ups", "count"),
        unit="enrolment__unit",
        related=("participant", "placement__workplace"),
        sorts={"due": "due", "filed": "filed"},
    ),
)
FOLLOWUPS_FIGURE = Figure(
    key="followups",
    label=_("Follow-up on time"),
    definition=_("Follow-ups of placements and plans that were due in the period, and when they were filed."),
    section=Section.FOLLOWUPS,
    source=FOLLOWUPS,
    breakdowns=(
        Breakdown(
            "followups",
            _("Follow-up on time"),
            columns=(
                Measured(
                    "due",
                    pgettext_lazy("follow-ups", "To be done"),
                    Number(),
                    MeasuredIn.FOLLOWUPS,
                    sum_of=(ON_TIME, LATE, MISSING),
                ),
                Measured(
                    ON_TIME,
                    pgettext_lazy("follow-ups", "On time"),
                    found(ON_TIME),
                    MeasuredIn.FOLLOWUPS,
                    _("Filed on the day it was due at the latest."),
                ),
                Measured(
                    LATE,
                    pgettext_lazy("follow-ups", "Late"),
                    found(LATE),
                    MeasuredIn.FOLLOWUPS,
                    _("Filed after the day it was due, on the as-of date at the latest."),
                ),
                Measured(
                    MISSING,
                    pgettext_lazy("follow-ups", "Missing"),
                    found(MISSING),
                    MeasuredIn.FOLLOWUPS,
                    _("Not filed on the as-of date."),
                ),
                Measured(
                    "on_time_share",
                    pgettext_lazy("follow-ups", "Share on time"),
                    Share(found(ON_TIME)),
                    MeasuredIn.PERCENT,
                ),
            ),
        ),
    ),
    measured_in=MeasuredIn.FOLLOWUPS,
    subject=Subject.WORK,
    highlight="on_time_share",
)
