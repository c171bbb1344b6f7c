"""Which result (A-E) a closure has: the national definition, Kolada U40450-U40454, as one expression of the database.

The rule stands in docs/statistics.md, "Result at closure". It is computed each time and never stored, because a
job that is too young today has lasted its month tomorrow.
"""

import datetime as dt

from django.db.models import Case, F, Q, Value, When
from django.db.models.lookups import LessThanOrEqual

from participants.models.enrolment import REASONS_WITH_JOB
from reporting.figures.calendar import DaysAfter, MonthsAfter
from vocabulary.codes import ClosureReason, JobForm

WORK, STUDIES, TRANSFERRED, COMPLETED, OTHER, PENDING = "A", "B", "C", "D", "E", "pending"


def result_of_closure(as_of: dt.date) -> Case:
    """The result of a closed enrolment as known on `as_of`: A-E, or `pending` while a running job is too young."""
    job = Q(closure_reason__in=REASONS_WITH_JOB)
    regular_work = Q(closure_reason=ClosureReason.WORK)
    month_end = DaysAfter(MonthsAfter(F("job_start"), 1), -1)
    return Case(
        When(job & Q(job_start__isnull=True), then=Value(OTHER)),
        When(regular_work & Q(job_form__in=("", JobForm.MUNICIPAL_EMPLOYMENT)), then=Value(OTHER)),
        When(job & Q(job_end__lt=month_end), then=Value(OTHER)),
        When(job & LessThanOrEqual(month_end, as_of), then=Value(WORK)),
        When(job, then=Value(PENDING)),
        When(closure_reason=ClosureReason.STUDIES, study_aid=True, then=Value(STUDIES)),
        When(closure_reason=ClosureReason.TRANSFERRED, then=Value(TRANSFERRED)),
        When(closure_reason=ClosureReason.ASSIGNMENT_COMPLETED, then=Value(COMPLETED)),
        default=Value(OTHER),
    )
