"""What the survey asks for beyond the figures of docs/statistics.md: counted by the engine from the same sources,
told on the survey's sheet alone."""

from dataclasses import replace

from django.db.models import Case, Count, F, Value, When
from django.utils.translation import gettext_lazy as _

from reporting.figures import find_table
from reporting.figures.definition import Amount, Breakdown, Dimension, Figure, MeasuredIn, Section
from reporting.figures.dimensions import GENDER, of_choices
from reporting.figures.enrolments import ACTIVE, REFERRALS, by_gender, referred
from reporting.figures.placements import EMPLOYMENT, PLACEMENTS, days_of_year
from reporting.question import Question
from vocabulary.codes import TimeWithoutWork

#: The participants of the year, each by the latest enrolment; what is not registered is no information.
WITHOUT_WORK = replace(
    ACTIVE,
    key="active_by_time_without_work",
    dimensions=lambda question: {
        "without_work": Case(
            When(time_without_work="", then=Value(TimeWithoutWork.MISSING.value)), default=F("time_without_work")
        )
    },
)
#: Referrals counted by the persons they are about; one of somebody who is not in the register counts nobody.
REFERRED = replace(REFERRALS, key="referred_persons", dimensions=by_gender, count=Count("participant", distinct=True))
EMPLOYED = replace(
    PLACEMENTS,
    key="employed_by_gender",
    dimensions=lambda question: {"of_form": F("form"), "gender": F("enrolment__participant__gender")},
)

REFERRED_FIGURE = Figure(
    key="referred_persons",
    label=_("Persons referred"),
    definition=_("Persons with a referral received in the year. Everyone counts once."),
    section=Section.PARTICIPANTS,
    source=REFERRED,
    breakdowns=(Breakdown("referred_persons", _("Persons referred"), columns=GENDER),),
    kolada="U40803",
)
WITHOUT_WORK_FIGURE = Figure(
    key="time_without_work",
    label=_("Participants by time without work"),
    definition=_("The participants of the year by how long they had been without work when they were enrolled."),
    section=Section.PARTICIPANTS,
    source=WITHOUT_WORK,
    breakdowns=(
        Breakdown(
            "time_without_work",
            _("Participants by time without work"),
            rows=Dimension("without_work", _("Time without work"), of_choices(TimeWithoutWork)),
        ),
    ),
    kolada="U40817",
)
EMPLOYED_FIGURE = Figure(
    key="fte_by_gender",
    label=_("Full-time equivalents"),
    definition=_("The days of full time of the municipal employments divided by the days of the year."),
    section=Section.PLACEMENTS,
    source=EMPLOYED,
    only=EMPLOYMENT,
    measure=Amount("days", days_of_year),
    breakdowns=(Breakdown("fte_by_gender", _("Full-time equivalents"), columns=GENDER),),
    measured_in=MeasuredIn.FULL_TIME,
    kolada="U40403",
)


def referred_unknown(question: Question) -> int:
    """How many referrals of the year are about somebody the register does not know."""
    return referred(question).filter(participant=None).count()


def figures_for(tables: set[str]) -> list[Figure]:
    """The figures that make these tables, each once, with no more tables than these. KeyError for an unknown one."""
    figures = (REFERRED_FIGURE, WITHOUT_WORK_FIGURE, EMPLOYED_FIGURE)
    own = {breakdown.table: figure for figure in figures for breakdown in figure.breakdowns}
    found = {}
    for table in sorted(tables):
        known = find_table(table)
        figure = known[0] if known else own[table]
        found[figure.key] = figure
    return [
        replace(figure, breakdowns=tuple(each for each in figure.breakdowns if each.table in tables))
        for figure in found.values()
    ]
