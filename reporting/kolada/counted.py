"""What the survey asks for beyond the figures of docs/statistics.md: counted by the engine from the same sources,
told on the survey's sheet alone."""

from dataclasses import replace

from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from reporting.figures import find_table
from reporting.figures.definition import Amount, Breakdown, Figure, MeasuredIn, Section
from reporting.figures.dimensions import GENDER
from reporting.figures.enrolments import REFERRALS, by_gender, referred
from reporting.figures.placements import EMPLOYMENT, PLACEMENTS, days_of_year
from reporting.question import Question

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
    own = {
        breakdown.table: figure for figure in (REFERRED_FIGURE, EMPLOYED_FIGURE) for breakdown in figure.breakdowns
    }
    found = {}
    for table in sorted(tables):
        known = find_table(table)
        figure = known[0] if known else own[table]
        found[figure.key] = figure
    return [
        replace(figure, breakdowns=tuple(each for each in figure.breakdowns if each.table in tables))
        for figure in found.values()
    ]
