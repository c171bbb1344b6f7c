"""What the case itself adds to the timeline and the step line: enrolment, transfer, closure, aftercare."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.closing.case import address_of, annulled_in
from participants.file import CaseRows, ParticipantFile
from participants.models import Aftercare, Enrolment, UnitAssignment
from participants.models.enrolment import REASONS_WITH_JOB
from participants.providers import Step, StepState, TimelineEntry, join_steps, join_timeline

ASSIGNMENTS = CaseRows(
    lambda enrolments, _user: (
        UnitAssignment.objects.filter(enrolment__in=enrolments, start__lte=timezone.localdate())
        .select_related("unit")
        .prefetch_related("unit__terms")
    )
)
ANNULLED = CaseRows(lambda enrolments, _user: annulled_in(enrolments))
AFTERCARE = CaseRows(lambda enrolments, _user: Aftercare.objects.filter(enrolment__in=enrolments))


def case_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """Everything up to today that the rows of the case tell."""
    today = timezone.localdate()
    yield from _assignments(file)
    for enrolment in file.enrolments:
        if enrolment.end and enrolment.end <= today:
            yield TimelineEntry(
                date=enrolment.end,
                kind="closure",
                title=_("The enrolment was closed"),
                text=_closure(enrolment),
                link=address_of("closure", enrolment),
                order=9,
            )
    for annulled in file.rows(ANNULLED):
        day = timezone.localdate(annulled.annulled_at)
        yield TimelineEntry(
            date=day,
            kind="closure",
            title=_("The closure of %(day)s was taken back") % {"day": f"{annulled.end:%Y-%m-%d}"},
            text=annulled.why,
            by=annulled.annulled_by_name,
            quiet=False,
            order=10,
        )
    for check in file.rows(AFTERCARE):
        yield TimelineEntry(
            date=check.checked,
            kind="aftercare",
            title=_("Aftercare after %(days)s days") % {"days": check.days_after},
            text=check.get_status_display(),
        )


def _assignments(file: ParticipantFile) -> Iterator[TimelineEntry]:
    for assignment in file.rows(ASSIGNMENTS):
        first = assignment.start <= assignment.enrolment.start
        words = _("Enrolled at %(unit)s") if first else _("Transferred to %(unit)s")
        yield TimelineEntry(
            date=assignment.start,
            kind="enrolment",
            title=words % {"unit": assignment.unit.term_on(assignment.start).name},
            text=assignment.get_legal_basis_display(),
            order=-1,
        )


def _closure(enrolment: Enrolment) -> str:
    words = enrolment.get_closure_reason_display()
    if enrolment.job_start:
        words += ". " + _("The job began on %(day)s") % {"day": f"{enrolment.job_start:%Y-%m-%d}"}
    return words


def work_step(file: ParticipantFile) -> Step:
    """Reached when the enrolment closes for work or a business of one's own; otherwise the closure says why."""
    enrolment = file.latest
    if not enrolment.is_closed:
        return Step(state=StepState.TODO, note="")
    state = StepState.DONE if enrolment.closure_reason in REASONS_WITH_JOB else StepState.TODO
    return Step(state=state, note=enrolment.get_closure_reason_display())


def join() -> None:
    join_timeline(
        case_entries,
        kinds={
            "enrolment": gettext_lazy("Enrolment and unit"),
            "closure": gettext_lazy("Closures"),
            "aftercare": gettext_lazy("Aftercare"),
        },
        rows=[ASSIGNMENTS, ANNULLED, AFTERCARE],
    )
    join_steps("work", work_step)
