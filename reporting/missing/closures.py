"""Closures of which too little is known: their result is E by default, or nobody asked how it went afterwards."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from participants.calendar import MonthsAfter
from participants.closing.case import address_of
from participants.models import Aftercare, Enrolment
from participants.models.enrolment import REASONS_WITH_JOB
from participants.revolving import REVOLVING_MONTHS
from reporting.figures.closures import AFTERCARE_AFTER, due_after_closure
from reporting.figures.definition import Listing
from reporting.figures.enrolments import revolving
from reporting.missing.definition import Gap, file_of, seen
from reporting.question import Question
from vocabulary.codes import ClosureReason

RESULTS = ("share_ab", "results", "aftercare_90", "revolving")
COMPLETE = _("Choose a row to complete the closure.")
CLOSURES = Listing(
    template="reporting/missing/closures.html",
    visible=seen,
    counted=ngettext_lazy("%(count)s closure", "%(count)s closures", "count"),
    related=("participant", "coach"),
    sorts={"start": "start", "end": "end"},
)


def closures_read(question: Question) -> QuerySet:
    """The closures whose result decides a figure of the period: those in it, those whose ninetieth day lies in it,
    and earlier ones of participants who go round. In a unit, the unit's own alone: it answers for what they lack."""
    period = question.period
    closures = Enrolment.objects.filter(end__isnull=False)
    if question.unit:
        closures = closures.filter(unit=question.unit)
    asked_about = (period.start - AFTERCARE_AFTER, period.end - AFTERCARE_AFTER)
    going_round = (
        revolving(question)
        .alias(since=MonthsAfter(F("start"), -REVOLVING_MONTHS))
        .filter(participant=OuterRef("participant"), start__gt=OuterRef("end"), since__lte=OuterRef("start"))
    )
    return closures.filter(
        Q(end__range=(period.start, period.end)) | Q(end__range=asked_about) | Q(Exists(going_round))
    )


def without_job_start(question: Question) -> QuerySet:
    return closures_read(question).filter(closure_reason__in=REASONS_WITH_JOB, job_start=None)


def without_job_form(question: Question) -> QuerySet:
    return closures_read(question).filter(closure_reason=ClosureReason.WORK, job_form="")


def without_study_aid(question: Question) -> QuerySet:
    return closures_read(question).filter(closure_reason=ClosureReason.STUDIES, study_aid=None)


def without_answer(question: Question) -> QuerySet:
    """The closures that have come to their ninetieth day and of which nobody has written down anything, not even that
    the person was not reached."""
    answers = Aftercare.objects.filter(enrolment=OuterRef("pk"), days_after=AFTERCARE_AFTER.days)
    return due_after_closure(question).filter(~Exists(answers), end__lte=question.as_of - AFTERCARE_AFTER)


def closure_of(enrolment: Enrolment) -> str:
    """The page where the closure is completed."""
    return address_of("closure", enrolment)


def aftercare_of(enrolment: Enrolment) -> str:
    """The page where the answer is written down."""
    return address_of("aftercare", enrolment, AFTERCARE_AFTER.days)


def file_of_case(enrolment: Enrolment) -> str:
    return file_of(enrolment.participant)


CLOSURE_GAPS = (
    Gap(
        key="job_start",
        label=_("Closed to work, without the day the job started"),
        effect=_("The closure counts as E, other, even if the person works."),
        remedy=_("Find out when the job started, and complete the closure."),
        spoils=RESULTS,
        rows=without_job_start,
        listing=CLOSURES,
        mended_at=closure_of,
        mending=COMPLETE,
    ),
    Gap(
        key="job_form",
        label=_("Closed to work, without the form of the job"),
        effect=_("The closure counts as E, other: nobody knows whether it is work or a municipal employment."),
        remedy=_("Find out whether the employer has support for the job, and complete the closure."),
        spoils=RESULTS,
        rows=without_job_form,
        listing=CLOSURES,
        mended_at=closure_of,
        mending=COMPLETE,
    ),
    Gap(
        key="study_aid",
        label=_("Closed to studies, without an answer about study aid"),
        effect=_("The closure counts as E, other: only studies that entitle to study aid count as B."),
        remedy=_("Find out whether the studies entitle to study aid, and complete the closure."),
        spoils=RESULTS,
        rows=without_study_aid,
        listing=CLOSURES,
        mended_at=closure_of,
        mending=COMPLETE,
    ),
    Gap(
        key="aftercare_90",
        label=_("No answer 90 days after the closure"),
        effect=_("The person counts as not reached, and the response rate falls."),
        remedy=_("Ask what the person is doing now. Write down “not reached” if that is how it is."),
        spoils=("aftercare_90",),
        rows=without_answer,
        listing=CLOSURES,
        mended_at=aftercare_of,
        mending=_("Choose a row to answer."),
    ),
)
