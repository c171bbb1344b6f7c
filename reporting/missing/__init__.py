"""What is not registered and spoils the figures: every gap, and how many of each there are for a question.

What the database cannot lack is no gap: a closure has a reason, an enrolment a legal basis, a placement a workplace
with an employer, a participant a year of birth. Nor is a job that has not lasted its month: time tells.
"""

from django.db.models import Count, Value

from reporting.missing.closures import CLOSURE_GAPS
from reporting.missing.definition import Found, Gap
from reporting.missing.enrolments import ENROLMENT_GAPS
from reporting.missing.placements import PLACEMENT_GAPS
from reporting.question import Question

#: In the order in which they are shown: what changes a result first.
GAPS: tuple[Gap, ...] = (*CLOSURE_GAPS, *PLACEMENT_GAPS, *ENROLMENT_GAPS)

__all__ = ["GAPS", "Found", "Gap", "find_gap", "missing_in"]


def missing_in(question: Question) -> list[Found]:
    """Every gap, also those that nothing has, with how many there are for the question, in the order of GAPS.

    All are counted in one query; the municipality's settings are asked for beside it.
    """
    first, *others = (
        gap.rows(question).order_by().annotate(gap=Value(gap.key)).values("gap").annotate(how_many=Count("pk"))
        for gap in GAPS
    )
    counts = dict(first.union(*others, all=True).values_list("gap", "how_many"))
    return [Found(gap, gap.words(), counts.get(gap.key, 0)) for gap in GAPS]


def find_gap(key: str) -> Gap | None:
    """The gap called `key`, or None."""
    return next((gap for gap in GAPS if gap.key == key), None)
