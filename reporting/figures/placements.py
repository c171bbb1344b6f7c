"""Where participants work: placements on the last day, employments delivered, their time and their certificates."""

import calendar

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from participants.calendar import DaysAfter, DaysWithin
from placements.models import GradeTerm
from reporting.figures.counted import counted_certificates, counted_placements, of_unit
from reporting.figures.definition import (
    Amount,
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
from reporting.figures.dimensions import EMPLOYER, receiving
from reporting.figures.enrolments import ongoing_in
from reporting.question import Question
from vocabulary.codes import PlacementForm

#: A certificate that is issued at most so many days after the end of the employment comes soon.
SOON = 14
ISSUED_SOON, ISSUED_LATER, NOT_ISSUED = "soon", "later", "none"
EMPLOYMENT = {"of_form": (PlacementForm.MUNICIPAL_EMPLOYMENT,)}


def placements_in(question: Question) -> QuerySet:
    """The placements that go on for at least one day of the period."""
    return of_unit(counted_placements().filter(ongoing_in(question)), question)


def by_placement(question: Question) -> dict:
    within = (question.period.start, question.period.end)
    return {
        "employer": receiving("workplace"),
        "of_form": F("form"),
        "started": _true_when(Q(start__range=within)),
        "ongoing": _true_when(Q(end__isnull=True) | Q(end__gte=question.period.end)),
        "ended": _true_when(Q(end__isnull=False, end__range=within)),
        "certified": _certificate(question),
    }


def _true_when(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _certificate(question: Question) -> Case:
    """Whether an employment that ended in the period had a certificate by the as-of date, and how soon after."""
    known = counted_certificates().filter(placement=OuterRef("pk"), first_issued__lte=question.as_of)
    soon = known.filter(first_issued__lte=DaysAfter(OuterRef("end"), SOON))
    asked = Q(form=PlacementForm.MUNICIPAL_EMPLOYMENT, end__range=(question.period.start, question.period.end))
    return Case(
        When(asked & Exists(soon), then=Value(ISSUED_SOON)),
        When(asked & Exists(known), then=Value(ISSUED_LATER)),
        default=Value(NOT_ISSUED),
    )


def full_time_days(question: Question) -> Sum:
    """The employments' days in the period, each by the grade of that day.

    A row of the sum is a grade: it holds from its first day until the day before the next one begins.
    """
    following = (
        GradeTerm.objects.filter(
            placement=OuterRef("grades__placement"), valid_from__gt=OuterRef("grades__valid_from")
        )
        .order_by("valid_from")
        .values("valid_from")[:1]
    )
    first = Greatest(F("start"), F("grades__valid_from"), Value(question.period.start))
    last = Least(F("end"), DaysAfter(Subquery(following), -1), Value(question.period.end))
    return Sum(F("grades__grade") * DaysWithin(first, last), filter=Q(form=PlacementForm.MUNICIPAL_EMPLOYMENT))


def days_of_year(question: Question) -> int:
    """Of the calendar year in which the period ends."""
    return 366 if calendar.isleap(question.period.end.year) else 365


def certified(*when: str) -> Number:
    return Number({"certified": when})


PLACEMENTS = Source(
    "placements",
    placements_in,
    by_placement,
    Listing(
        template="reporting/rows/placements.html",
        visible=lambda rows, user: rows.visible_to(user),
        counted=ngettext_lazy("%(count)s placement", "%(count)s placements", "count"),
        person="enrolment__participant",
        unit="enrolment__unit",
        related=("enrolment__participant", "workplace__employer"),
        sorts={"start": "start", "end": "end"},
    ),
    amounts={"days": full_time_days},
    count=Count("pk", distinct=True),  # a placement with several grades has several rows when days are added up
)

STOCK_FIGURE = Figure(
    key="stock",
    label=_("Ongoing placements"),
    definition=_("Placements that went on on the last day of the period, paid or not, by receiving employer."),
    section=Section.PLACEMENTS,
    source=PLACEMENTS,
    only={"ongoing": (True,)},
    breakdowns=(Breakdown("stock", _("Ongoing placements"), rows=EMPLOYER),),
    measured_in=MeasuredIn.PLACEMENTS,
)
DELIVERED_FIGURE = Figure(
    key="delivered",
    label=_("Municipal employments delivered"),
    definition=_("Municipal employments that started in the period, by receiving employer."),
    section=Section.PLACEMENTS,
    source=PLACEMENTS,
    only=EMPLOYMENT | {"started": (True,)},
    breakdowns=(Breakdown("delivered", _("Municipal employments delivered"), rows=EMPLOYER),),
    measured_in=MeasuredIn.EMPLOYMENTS,
    highlight="total",
    compared=True,
)
FTE_FIGURE = Figure(
    key="fte",
    label=_("Full-time equivalents"),
    definition=_(
        "How much work the municipal employments were in the period, by receiving employer: each day counts as the "
        "part of full time that was worked that day."
    ),
    section=Section.PLACEMENTS,
    source=PLACEMENTS,
    only=EMPLOYMENT,
    breakdowns=(
        Breakdown(
            "fte",
            _("Full-time equivalents"),
            rows=EMPLOYER,
            columns=(
                Measured(
                    "days",
                    _("Days of full time"),
                    Amount("days"),
                    MeasuredIn.WORK_DAYS,
                    _("The days of the period, each as the part of full time."),
                ),
                Measured(
                    "quarter",
                    _("Of the period"),
                    Amount("days", lambda question: question.period.days),
                    MeasuredIn.FULL_TIME,
                    _("The days of full time divided by the days of the period."),
                ),
                Measured(
                    "year",
                    _("Of the year"),
                    Amount("days", days_of_year),
                    MeasuredIn.FULL_TIME,
                    _("The days of full time divided by the days of the calendar year in which the period ends."),
                ),
            ),
        ),
    ),
    measured_in=MeasuredIn.FULL_TIME,
    kolada="U40403",
    subject=Subject.EMPLOYED_TIME,
)
COVERAGE_FIGURE = Figure(
    key="coverage",
    label=_("Certificate coverage"),
    definition=_(
        "Municipal employments that ended in the period, and how many of them had a certificate of competence by the "
        "as-of date."
    ),
    section=Section.CERTIFICATES,
    source=PLACEMENTS,
    only=EMPLOYMENT | {"ended": (True,)},
    breakdowns=(
        Breakdown(
            "coverage",
            _("Certificate coverage"),
            columns=(
                Measured("ended", _("Ended employments"), Number(), MeasuredIn.EMPLOYMENTS),
                Measured(
                    "with_certificate",
                    _("With certificate"),
                    certified(ISSUED_SOON, ISSUED_LATER),
                    MeasuredIn.EMPLOYMENTS,
                    _("First issued on the as-of date at the latest."),
                ),
                Measured(
                    "share",
                    _("Share with certificate"),
                    Share(certified(ISSUED_SOON, ISSUED_LATER)),
                    MeasuredIn.PERCENT,
                ),
                Measured(
                    "within_14_days",
                    _("Issued within 14 days"),
                    certified(ISSUED_SOON),
                    MeasuredIn.EMPLOYMENTS,
                    _("Of those with certificate: issued at most 14 days after the end."),
                ),
            ),
        ),
    ),
    measured_in=MeasuredIn.EMPLOYMENTS,
    subject=Subject.WORK,
    highlight="share",
)
