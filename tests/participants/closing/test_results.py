"""The result of a closure: the rule for one closure and the figures' expression of the database say the same."""

import datetime as dt
import itertools

import pytest

from participants.calendar import months_after
from participants.models import Enrolment
from participants.models.enrolment import REASONS_WITH_JOB
from participants.results import Closure, outcome_of, result_of_closure
from tests.factories import UnitFactory
from tests.participants.closing.closures import closed_rows
from vocabulary.codes import ClosureReason, JobForm

DAY = dt.timedelta(days=1)
#: Around the ends of months, in a leap year and in a common one, and over a new year.
STARTS = [
    dt.date(2024, 1, 30),
    dt.date(2024, 1, 31),
    dt.date(2024, 2, 1),
    dt.date(2025, 1, 28),
    dt.date(2025, 1, 29),
    dt.date(2025, 1, 31),
    dt.date(2025, 2, 28),
    dt.date(2025, 3, 30),
    dt.date(2025, 5, 31),
    dt.date(2025, 12, 1),
    dt.date(2025, 12, 31),
    dt.date(2026, 3, 16),
]


def month_end(start):
    return months_after(start, 1) - DAY


def every_closure():
    """Every reason with everything that may be registered of it, the job's end around the end of its month."""
    for reason in ClosureReason:
        if reason in REASONS_WITH_JOB:
            forms = ["", *JobForm] if reason == ClosureReason.WORK else [""]
            yield from (Closure(reason, job_form=form) for form in forms)
            for start, form in itertools.product(STARTS, forms):
                ends = [None, start, month_end(start) - DAY, month_end(start), month_end(start) + DAY]
                yield from (Closure(reason, job_start=start, job_end=end, job_form=form) for end in ends)
        elif reason == ClosureReason.STUDIES:
            yield from (Closure(reason, study_aid=aid) for aid in (True, False, None))
        else:
            yield Closure(reason)


@pytest.mark.django_db
def test_the_rule_for_one_closure_is_that_of_the_figures_whatever_is_registered():
    closures = list(every_closure())
    closed_rows(closures, UnitFactory())
    days = {month_end(start) + shift for start in STARTS for shift in (-DAY, dt.timedelta(), DAY)}
    seen = set()
    for as_of in sorted(days):
        rows = Enrolment.objects.annotate(result=result_of_closure(as_of)).order_by("pk")
        for row in rows:
            found = outcome_of(Closure.of(row), as_of)
            assert found.result == row.result, (Closure.of(row), as_of)
            assert str(found)
            seen.add((found.ground, found.result))
    assert len(seen) == 12  # every way to a result was tried
    assert {result for _ground, result in seen} == {"A", "B", "C", "D", "E", "pending"}


MARCH, SEPTEMBER = dt.date(2026, 3, 16), dt.date(2026, 9, 1)


@pytest.mark.parametrize(
    ("closure", "as_of", "words"),
    [
        (Closure("work", MARCH, job_form="nystartsjobb"), dt.date(2026, 4, 14), "först den 15 april 2026"),
        (Closure("work", MARCH, job_form="nystartsjobb"), dt.date(2026, 4, 15), "Räknas som A"),
        (Closure("work", MARCH, job_form="municipal_employment"), SEPTEMBER, "aldrig arbete"),
        (
            Closure("work", MARCH, dt.date(2026, 4, 14), "unsubsidised"),
            SEPTEMBER,
            "hade varat en månad, den 15 april",
        ),
        (Closure("studies", study_aid=True), SEPTEMBER, "Räknas som B"),
        (Closure("deceased"), SEPTEMBER, "Räknas som E, övrigt."),
    ],
)
def test_the_result_is_told_in_words(closure, as_of, words):
    assert words in str(outcome_of(closure, as_of))
