"""What became of those whose enrolments ended: then, and ninety days later."""

import datetime as dt

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, When
from django.db.models import Value as Constant
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from participants import results
from participants.calendar import DaysFrom, MonthsAfter
from participants.models import Enrolment
from reporting.figures.definition import (
    Breakdown,
    Category,
    CellRef,
    Dimension,
    Figure,
    Listing,
    Measured,
    MeasuredIn,
    Median,
    Number,
    Section,
    Share,
    Source,
)
from reporting.figures.dimensions import GENDER
from reporting.figures.enrolments import LISTING, by_gender, last_of_each
from reporting.question import Question
from vocabulary.codes import AftercareStatus

RESULT = Dimension(
    "result",
    _("Result at closure"),
    (
        Category(
            results.WORK,
            _("A. Started working"),
            results.WORK,
            _(
                "Work or an own business that has lasted one continuous month, with or without support to the "
                "employer. A municipal employment never counts as work."
            ),
        ),
        Category(
            results.STUDIES,
            _("B. Started studying"),
            results.STUDIES,
            _("Studies that entitle to study aid. Without study aid, or when it is not known: E."),
        ),
        Category(
            results.TRANSFERRED,
            _("C. Transferred to another authority"),
            results.TRANSFERRED,
            _("Another authority has taken over the responsibility."),
        ),
        Category(
            results.COMPLETED,
            _("D. Assignment completed"),
            results.COMPLETED,
            _("What the referrer asked for is delivered, and the responsibility goes back."),
        ),
        Category(
            results.OTHER,
            pgettext_lazy("result", "E. Other"),
            results.OTHER,
            _(
                "Everything else: interrupted, moved, deceased, a job shorter than a month, a municipal employment, "
                "or a job whose start or form is not registered."
            ),
        ),
        Category(
            results.PENDING,
            _("Not yet determined"),
            results.PENDING,
            _("The job goes on but had not lasted a month on the as-of date. Part of the total, never of A."),
        ),
    ),
)
#: Calendar months: the last day of each band belongs to it.
BANDS = {"m0_6": 6, "m6_12": 12, "m12_24": 24}
DURATION = Dimension(
    "duration",
    _("Time in the activity"),
    (
        Category(
            "m0_6", _("At most 6 months"), "m0_6", _("Calendar months from the start; the last day belongs to it.")
        ),
        Category("m6_12", _("More than 6, at most 12 months"), "m6_12"),
        Category("m12_24", _("More than 12, at most 24 months"), "m12_24"),
        Category("m24_", _("More than 24 months"), "m24_"),
    ),
)
#: What is known of those who left for work or studies, when this many days have passed.
AFTERCARE_AFTER = dt.timedelta(days=90)
GOING_ON, NEITHER, NOT_REACHED = "work_or_studies", "neither", "not_reached"


def closed(question: Question) -> QuerySet:
    """For each participant whose enrolment ends in the period, the last closure; in a unit, the last there.

    An enrolment counts in its last unit. A participant closed by two units counts in both and once in the whole, as
    with `active` and `new`: only `revolving` looks beyond the unit.
    """
    enrolments = Enrolment.objects.filter(end__range=(question.period.start, question.period.end))
    return last_of_each(enrolments.filter(unit=question.unit) if question.unit else enrolments)


def due_after_closure(question: Question) -> QuerySet:
    """Every closure with result A or B whose ninetieth day lies in the period, earlier ones of a participant too."""
    first, last = question.period.start - AFTERCARE_AFTER, question.period.end - AFTERCARE_AFTER
    closures = Enrolment.objects.filter(end__range=(first, last)).annotate(
        known=FilteredRelation(
            "aftercare",
            condition=Q(aftercare__days_after=AFTERCARE_AFTER.days, aftercare__checked__lte=question.as_of),
        ),
        result=results.result_of_closure(question.as_of),
    )
    if question.unit:
        closures = closures.filter(unit=question.unit)
    return closures.filter(result__in=(results.WORK, results.STUDIES))


def by_closure(question: Question) -> dict:
    return by_gender(question) | {
        "result": results.result_of_closure(question.as_of),
        "days": DaysFrom(F("start"), F("end")),
        "duration": Case(
            *(When(end__lte=MonthsAfter(F("start"), months), then=Constant(band)) for band, months in BANDS.items()),
            default=Constant("m24_"),
        ),
    }


def by_answer(question: Question) -> dict:
    return {
        "status": Case(
            When(known__status__in=(AftercareStatus.WORK, AftercareStatus.STUDIES), then=Constant(GOING_ON)),
            When(known__status=AftercareStatus.NEITHER, then=Constant(NEITHER)),
            default=Constant(NOT_REACHED),
        )
    }


def answered(*statuses: str) -> Number:
    return Number({"status": statuses})


CLOSED_LABEL = pgettext_lazy("figure", "Closed")
CLOSED = Source("closed", closed, by_closure, LISTING)
AFTERCARE = Source(
    "aftercare",
    due_after_closure,
    by_answer,
    Listing(
        template=LISTING.template,
        visible=LISTING.visible,
        counted=ngettext_lazy("%(count)s closure", "%(count)s closures", "count"),
        related=LISTING.related,
        sorts=LISTING.sorts,
    ),
)

CLOSED_FIGURE = Figure(
    key="closed",
    label=CLOSED_LABEL,
    definition=_(
        "Persons with an enrolment that ends in the period. Everyone counts once: the last closure is the one "
        "that counts, here and in the results."
    ),
    section=Section.RESULTS,
    source=CLOSED,
    breakdowns=(Breakdown("closed", CLOSED_LABEL, columns=GENDER),),
    kolada="N40450",
    highlight="total",
    compared=True,
)
SHARE_FIGURE = Figure(
    key="share_ab",
    label=_("Share to work or studies"),
    definition=_("The part of the closed participants that started working (A) or studying (B), in per cent."),
    section=Section.RESULTS,
    source=CLOSED,
    breakdowns=(Breakdown("share_ab", _("Share to work or studies"), columns=GENDER),),
    measured_in=MeasuredIn.PERCENT,
    measure=Share(Number({"result": (results.WORK, results.STUDIES)})),
    kolada="U40455",
    computed_from=(
        CellRef("results", row=results.WORK),
        CellRef("results", row=results.STUDIES),
        CellRef("closed"),
    ),
    highlight="total",
)
MEDIAN_FIGURE = Figure(
    key="median_days",
    label=_("Median time"),
    definition=_(
        "How many days passed from the start of the enrolment to its end: half of the closed participants had fewer, "
        "half had more."
    ),
    section=Section.RESULTS,
    source=CLOSED,
    breakdowns=(Breakdown("median_days", _("Median time, days"), columns=GENDER),),
    measured_in=MeasuredIn.DAYS,
    measure=Median("days"),
    computed_from=(CellRef("closed"),),
    highlight="total",
)
RESULTS_FIGURE = Figure(
    key="results",
    label=_("Result at closure"),
    definition=_(
        "What the closed participants went on to. Each has exactly one result, so the rows add up to all closed."
    ),
    section=Section.RESULTS,
    source=CLOSED,
    breakdowns=(Breakdown("results", _("Result at closure"), rows=RESULT, columns=GENDER, margin="closed"),),
    kolada="U40450–U40454",
)
DURATION_FIGURE = Figure(
    key="duration",
    label=_("Time in the activity"),
    definition=_("The closed participants by how long the enrolment lasted, in calendar months."),
    section=Section.RESULTS,
    source=CLOSED,
    breakdowns=(Breakdown("duration", _("Time in the activity"), rows=DURATION, margin="closed"),),
    kolada="N40828–N40830, U40823",
)
AFTERCARE_FIGURE = Figure(
    key="aftercare_90",
    label=_("Still there after 90 days"),
    definition=_(
        "Closures with result A or B whose ninetieth day lies in the period, and what was known of the person then. "
        "Every such closure counts, an earlier one of the same person too."
    ),
    section=Section.AFTERCARE,
    source=AFTERCARE,
    breakdowns=(
        Breakdown(
            "aftercare_90",
            _("Still there after 90 days"),
            columns=(
                Measured(
                    "due",
                    _("To be asked"),
                    Number(),
                    MeasuredIn.CLOSURES,
                    sum_of=(GOING_ON, NEITHER, NOT_REACHED),
                ),
                Measured(GOING_ON, _("In work or studies"), answered(GOING_ON), MeasuredIn.CLOSURES),
                Measured(NEITHER, _("Neither"), answered(NEITHER), MeasuredIn.CLOSURES),
                Measured(
                    NOT_REACHED,
                    _("Not reached"),
                    answered(NOT_REACHED),
                    MeasuredIn.CLOSURES,
                    _("Nobody answered, or nobody had asked by the as-of date."),
                ),
                Measured(
                    "share_of_due",
                    _("In work or studies, of all"),
                    Share(answered(GOING_ON)),
                    MeasuredIn.PERCENT,
                    _("In work or studies, of all who were to be asked."),
                    computed_from=(
                        CellRef("aftercare_90", column=GOING_ON),
                        CellRef("aftercare_90", column="due"),
                    ),
                ),
                Measured(
                    "share_of_reached",
                    _("In work or studies, of those reached"),
                    Share(answered(GOING_ON), answered(GOING_ON, NEITHER)),
                    MeasuredIn.PERCENT,
                    _("In work or studies, of those who answered."),
                    computed_from=(
                        CellRef("aftercare_90", column=GOING_ON),
                        CellRef("aftercare_90", column=NEITHER),
                    ),
                ),
                Measured(
                    "response_rate",
                    _("Response rate"),
                    Share(answered(GOING_ON, NEITHER)),
                    MeasuredIn.PERCENT,
                    _("Those who answered, of all who were to be asked."),
                    computed_from=(
                        CellRef("aftercare_90", column=GOING_ON),
                        CellRef("aftercare_90", column=NEITHER),
                        CellRef("aftercare_90", column="due"),
                    ),
                ),
            ),
        ),
    ),
    measured_in=MeasuredIn.CLOSURES,
    highlight="share_of_due",
)
