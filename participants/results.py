"""Which result (A-E) a closure has: the national definition, Kolada U40450-U40454.

The rule stands in docs/statistics.md, "One continuous month". It is written twice: for one closure, before it is
saved (`outcome_of`), and as one expression of the database, for the figures (`result_of_closure`); a test tries that
they agree. It is computed each time and never stored, because a job that is too young today has lasted its month
tomorrow.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Case, F, Q, Value, When
from django.db.models.lookups import LessThanOrEqual
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.calendar import DaysAfter, MonthsAfter, months_after
from participants.models.enrolment import REASONS_WITH_JOB, Enrolment
from vocabulary.codes import ClosureReason, JobForm

WORK, STUDIES, TRANSFERRED, COMPLETED, OTHER, PENDING = "A", "B", "C", "D", "E", "pending"
#: The results of which the aftercare asks whether they last; a job that is too young may yet become one of them.
LASTING = (WORK, STUDIES)


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


@dataclass(frozen=True)
class Closure:
    """What is registered of why an enrolment ended; what does not belong to the reason is empty."""

    reason: str
    job_start: dt.date | None = None
    job_end: dt.date | None = None
    job_form: str = ""
    study_aid: bool | None = None
    job_employer: str = ""

    @classmethod
    def of(cls, enrolment: Enrolment) -> "Closure":
        """What a closed enrolment has registered."""
        return cls(
            reason=enrolment.closure_reason,
            job_start=enrolment.job_start,
            job_end=enrolment.job_end,
            job_form=enrolment.job_form,
            study_aid=enrolment.study_aid,
            job_employer=enrolment.job_employer,
        )

    @property
    def has_job(self) -> bool:
        return self.reason in REASONS_WITH_JOB


class Ground(StrEnum):
    """Why a closure has the result that it has, where the reason alone does not say it."""

    NO_START = "no_start"
    NO_FORM = "no_form"
    MUNICIPAL = "municipal"
    SHORT = "short"
    MONTH_DONE = "month_done"
    MONTH_RUNS = "month_runs"
    AID = "aid"
    NO_AID = "no_aid"
    AID_UNKNOWN = "aid_unknown"
    REASON = "reason"


@dataclass(frozen=True)
class Outcome:
    """The result of one closure, why, and the day on which the job has lasted its month (None: no job, no start)."""

    result: str
    ground: Ground
    month_end: dt.date | None = None

    def __str__(self) -> str:
        """In words, for whoever is about to save it."""
        day = date_format(self.month_end) if self.month_end else ""
        return _words()[self.ground, self.result] % {"day": day}


def outcome_of(closure: Closure, as_of: dt.date) -> Outcome:
    """The result of one closure as known on `as_of`. The order of the questions is that of `result_of_closure`."""
    if closure.has_job:
        return _outcome_of_job(closure, as_of)
    match closure.reason:
        case ClosureReason.STUDIES:
            if closure.study_aid:
                return Outcome(STUDIES, Ground.AID)
            return Outcome(OTHER, Ground.AID_UNKNOWN if closure.study_aid is None else Ground.NO_AID)
        case ClosureReason.TRANSFERRED:
            return Outcome(TRANSFERRED, Ground.REASON)
        case ClosureReason.ASSIGNMENT_COMPLETED:
            return Outcome(COMPLETED, Ground.REASON)
        case _:
            return Outcome(OTHER, Ground.REASON)


def _outcome_of_job(closure: Closure, as_of: dt.date) -> Outcome:
    if closure.job_start is None:
        return Outcome(OTHER, Ground.NO_START)
    month_end = months_after(closure.job_start, 1) - dt.timedelta(days=1)
    if closure.reason == ClosureReason.WORK and closure.job_form in ("", JobForm.MUNICIPAL_EMPLOYMENT):
        return Outcome(OTHER, Ground.MUNICIPAL if closure.job_form else Ground.NO_FORM, month_end)
    if closure.job_end and closure.job_end < month_end:
        return Outcome(OTHER, Ground.SHORT, month_end)
    if month_end <= as_of:
        return Outcome(WORK, Ground.MONTH_DONE, month_end)
    return Outcome(PENDING, Ground.MONTH_RUNS, month_end)


def _words() -> dict[tuple[Ground, str], str]:
    return {
        (Ground.NO_START, OTHER): _("Counts as E, other, until it is registered when the job starts."),
        (Ground.NO_FORM, OTHER): _("Counts as E, other, until it is registered which form the job has."),
        (Ground.MUNICIPAL, OTHER): _("Counts as E, other: a municipal employment is never work."),
        (Ground.SHORT, OTHER): _("Counts as E, other: the job ended before it had lasted a month, on %(day)s."),
        (Ground.MONTH_DONE, WORK): _("Counts as A, started working: the job had lasted a month on %(day)s."),
        (Ground.MONTH_RUNS, PENDING): _(
            "Counts as A, started working, only on %(day)s: by then the job has lasted a month. Until then the "
            "result is not determined."
        ),
        (Ground.AID, STUDIES): _("Counts as B, started studying."),
        (Ground.NO_AID, OTHER): _("Counts as E, other: studies without study aid do not count as B."),
        (Ground.AID_UNKNOWN, OTHER): _(
            "Counts as E, other, until it is registered whether the studies entitle to study aid."
        ),
        (Ground.REASON, TRANSFERRED): _("Counts as C, transferred to another authority."),
        (Ground.REASON, COMPLETED): _("Counts as D, assignment completed."),
        (Ground.REASON, OTHER): _("Counts as E, other."),
    }
