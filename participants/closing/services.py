"""Closing an enrolment, completing what the closure lacks, and taking back one that was made in error."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from participants import providers
from participants.asking.services import aftercare_links_withdraw
from participants.models import Aftercare, AnnulledClosure, Enrolment
from participants.providers import Ending, EndingChanged
from participants.results import Closure
from participants.services.activity import enrolment_note_activity


class ClosedAlready(Exception):
    """Somebody was quicker, and closed the enrolment with something else."""

    def __init__(self, enrolment: Enrolment):
        super().__init__()
        self.enrolment = enrolment


class ClosureChanged(Exception):
    """The closure is no longer the one that was read: completed, or taken back."""

    def __init__(self, enrolment: Enrolment):
        super().__init__()
        self.enrolment = enrolment


class EnrolledAgain(Exception):
    """The participant has been enrolled again after the closure, so the enrolment cannot go on."""


@dataclass(frozen=True)
class Known:
    """The closure that a page showed: its last day and what was registered. None of both: the enrolment is open."""

    end: dt.date | None
    closure: Closure

    @classmethod
    def of(cls, enrolment: Enrolment) -> "Known":
        return cls(end=enrolment.end, closure=Closure.of(enrolment))

    def __str__(self) -> str:
        """As a form carries it."""
        closure = self.closure
        job = (closure.job_start, closure.job_end, closure.job_form, closure.job_employer)
        parts = (self.end, closure.reason, *job, closure.study_aid)
        return "|".join("" if part is None else str(part) for part in parts)


@transaction.atomic
def enrolment_close(
    *, enrolment: Enrolment, actor: User, end: dt.date, closure: Closure, endings: list[Ending]
) -> Enrolment:
    """Close the enrolment on `end`, its last day, and end what goes on in it (`endings`, with valid forms).

    The same once more is the same closure. Raises ClosedAlready, and EndingChanged when something else goes on than
    what was told; then nothing is stored.
    """
    for ending in endings:
        ending.end(actor)
    # Whatever is added to the enrolment meanwhile refers to its row, and waits for this or is seen below.
    current = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if current.end is not None:
        if Known.of(current) == Known(end, closure):
            return current
        raise ClosedAlready(current)
    told = {ending.key for ending in endings}
    if any(ending.key not in told for ending in providers.endings(current, end)):
        raise EndingChanged
    current.end = end
    _write(current, closure)
    enrolment_note_activity(enrolment=current, day=end)
    return current


@transaction.atomic
def closure_complete(*, enrolment: Enrolment, closure: Closure, seen: str) -> Enrolment:
    """Fill in, or correct, what belongs to the closure's reason: the job, the study aid.

    `seen` is the closure that the page showed (`str(Known)`). The same once more changes nothing. Raises
    ClosureChanged.
    """
    current = _locked(enrolment)
    if current.end is not None and Closure.of(current) == closure:
        return current
    if current.end is None or str(Known.of(current)) != seen:
        raise ClosureChanged(current)
    _write(current, closure)
    return current


@transaction.atomic
def closure_annul(*, enrolment: Enrolment, actor: User, why: str, seen: str) -> AnnulledClosure:
    """Take back a closure made in error: the enrolment goes on as if it had never been closed.

    What it said is kept in an AnnulledClosure. The aftercare's answers belong to it and go with it; the history keeps
    them. What was ended at the closure stays ended. Raises ClosureChanged, and EnrolledAgain.
    """
    current = _locked(enrolment)
    if current.end is None or str(Known.of(current)) != seen:
        raise ClosureChanged(current)
    if Enrolment.objects.filter(participant=current.participant_id, start__gt=current.start).exists():
        raise EnrolledAgain
    said = Closure.of(current)
    annulled = AnnulledClosure.objects.create(
        enrolment=current,
        end=current.end,
        closure_reason=said.reason,
        job_start=said.job_start,
        job_end=said.job_end,
        job_form=said.job_form,
        study_aid=said.study_aid,
        job_employer=said.job_employer,
        why=why,
        annulled_by=actor,
        annulled_by_name=actor.full_name,
    )
    Aftercare.objects.filter(enrolment=current).delete()
    aftercare_links_withdraw(enrolment=current)
    current.end = None
    _write(current, Closure(reason=""))
    return annulled


def _locked(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)


def _write(enrolment: Enrolment, closure: Closure) -> None:
    enrolment.closure_reason = closure.reason
    enrolment.job_start, enrolment.job_end, enrolment.job_form = closure.job_start, closure.job_end, closure.job_form
    enrolment.study_aid, enrolment.job_employer = closure.study_aid, closure.job_employer
    enrolment.revision += 1
    facts = ["job_start", "job_end", "job_form", "job_employer", "study_aid"]
    enrolment.save(update_fields=["end", "closure_reason", *facts, "revision"])
