"""Closed enrolments for the tests: as many as there are closures to try, each with a person of its own."""

from participants.models import Enrolment, Participant
from participants.results import Closure
from tests.factories import days_ago


def closed_rows(closures: list[Closure], unit) -> None:
    """One closed enrolment for each closure, in few statements."""
    people = Participant.objects.bulk_create(
        Participant(given_name="Anna", family_name=f"{number}", birth_year=1990) for number in range(len(closures))
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            participant=person, unit=unit, start=days_ago(400), end=days_ago(100),
            closure_reason=closure.reason, job_start=closure.job_start, job_end=closure.job_end,
            job_form=closure.job_form, study_aid=closure.study_aid,
        )
        for person, closure in zip(people, closures, strict=True)
    )  # fmt: skip
