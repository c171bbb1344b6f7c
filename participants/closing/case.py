"""A closed enrolment as its reader sees it: what it counts as and what it lacks, what is asked later, its history."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from participants.aftercare import Point, points_of
from participants.asking.reading import with_links
from participants.closing.forms import fields_of
from participants.file import ParticipantFile
from participants.models import AnnulledClosure, Enrolment
from participants.permissions import can_annul_closure, can_answer_aftercare, can_write_closure
from participants.results import Closure, Outcome, outcome_of
from vocabulary.codes import AftercareStatus, ClosureReason, JobForm


def address_of(page: str, enrolment: Enrolment, *args) -> str:
    """The address of a page about a closed enrolment: no two of a participant begin on the same day."""
    path = reverse(f"participants:{page}", args=[enrolment.participant.public_id, *args])
    return f"{path}?inskrivning={enrolment.start.isoformat()}"


@dataclass(frozen=True)
class ClosedCase:
    """A closed enrolment in a file, with what its reader may do with it."""

    enrolment: Enrolment
    file: ParticipantFile

    @property
    def address(self) -> str:
        return address_of("closure", self.enrolment)

    @property
    def annul_address(self) -> str:
        return address_of("closure_annul", self.enrolment)

    @property
    def outcome(self) -> Outcome:
        """What it counts as today."""
        return outcome_of(Closure.of(self.enrolment), timezone.localdate())

    @property
    def lacks(self) -> list[str]:
        """What is not registered and decides the result."""
        case = self.enrolment
        missing = []
        if "job_form" in self.fields and not case.job_form:
            missing.append(_("the form of the job"))
        if "job_start" in self.fields and not case.job_start:
            missing.append(_("the first day of the job"))
        if "study_aid" in self.fields and case.study_aid is None:
            missing.append(_("whether the studies entitle to study aid"))
        return missing

    @property
    def fields(self) -> tuple[str, ...]:
        """What is registered of a closure with this reason."""
        return fields_of(self.enrolment.closure_reason)

    @cached_property
    def points(self) -> list[Point]:
        """When the aftercare asks, and what is known."""
        points = points_of(self.enrolment, self.enrolment.aftercare.all(), timezone.localdate())
        return with_links(points) if self.may_answer else points

    @property
    def answered(self) -> int:
        """How many of those times have an answer."""
        return sum(point.answer is not None for point in self.points)

    @property
    def statuses(self) -> list[tuple[str, str]]:
        """What may be answered."""
        return AftercareStatus.choices

    @property
    def may_write(self) -> bool:
        return can_write_closure(self.file.user, self.enrolment)

    @property
    def may_answer(self) -> bool:
        return can_answer_aftercare(self.file.user, self.enrolment)

    @property
    def may_annul(self) -> bool:
        return can_annul_closure(self.file.user, self.enrolment)


@dataclass(frozen=True)
class Registered:
    """What was registered of a closure from a moment on, and by whom. `what` is empty once it was taken back."""

    at: dt.datetime
    by: str
    what: list[tuple[str, str]]


def facts_of(end: dt.date, closure: Closure) -> list[tuple[str, str]]:
    """What a closure says, as label and value in the order of the page; what does not belong to the reason is not
    there."""
    aid = {True: _("Yes"), False: _("No"), None: _("Not known yet")}
    told = {
        "job_form": (
            _("Form of the job"),
            JobForm(closure.job_form).label if closure.job_form else _("Not known yet"),
        ),
        "job_employer": (_("Employer"), closure.job_employer or _("Not known yet")),
        "job_start": (_("First day of the job"), closure.job_start or _("Not known yet")),
        "job_end": (_("Last day of the job"), closure.job_end or "–"),
        "study_aid": (_("Entitled to study aid"), aid[closure.study_aid]),
    }
    return [
        (_("Last day"), end.isoformat()),
        (_("Reason"), str(ClosureReason(closure.reason).label)),
        *((label, str(value)) for label, value in (told[name] for name in fields_of(closure.reason))),
    ]


def history_of(enrolment: Enrolment) -> list[Registered]:
    """Every state that the enrolment's closure has had, the newest first, from the history of the database."""
    found, before = [], (None, Closure(reason=""))
    for event in enrolment.events.order_by("pgh_id"):
        now = (event.end, Closure.of(event))
        if now == before:
            continue
        by = (event.pgh_context or {}).get("name", "")
        found.append(Registered(at=event.pgh_created_at, by=by, what=facts_of(*now) if event.end else []))
        before = now
    return found[::-1]


def annulled_in(enrolments: Iterable[Enrolment]) -> QuerySet[AnnulledClosure]:
    """The closures of the enrolments that were taken back, the latest first."""
    return AnnulledClosure.objects.filter(enrolment__in=enrolments).order_by("-annulled_at", "-pk")


def closed_case(file: ParticipantFile, start: str = "") -> ClosedCase | None:
    """The file's closed enrolment that began on `start`, as an address has it (empty: the latest closed one)."""
    closed = (each for each in file.enrolments if each.end and start in ("", each.start.isoformat()))
    enrolment = next(closed, None)
    return ClosedCase(enrolment, file) if enrolment else None
