"""Rounds of tracks and people on them, for the tests of pictures and figures."""

import datetime as dt
import itertools

from accounts.models import Unit, User
from participants.models import Enrolment
from tests.factories import EnrolmentFactory, ParticipantFactory, UserFactory
from tracks.models import LeftWhy, Member, MemberState, Passage, Round, RoundState, StepResult, StepSeats, Track
from vocabulary.codes import ClosureReason, Gender, JobForm

_numbers = itertools.count(1)


def day(text: str) -> dt.date:
    """ "01-15" in 2026, or a whole date."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def round_of(track: str, unit: Unit, name: str = "Våren 2026", *, start="01-05", seats: int = 0) -> Round:
    """A running round of a shipped track."""
    version = Track.objects.get(code=track).versions.get()
    made = Round.objects.create(version=version, unit=unit, name=name, state=RoundState.RUNNING, start=day(start))
    for step in version.steps.all() if seats else ():
        StepSeats.objects.create(round=made, step=step, seats=seats)
    return made


def person(unit: Unit, gender: str = Gender.WOMAN, **fields) -> Enrolment:
    return EnrolmentFactory(
        participant=ParticipantFactory(gender=gender, **fields), unit=unit, start=dt.date(2025, 9, 1)
    )


def by() -> dict:
    """Who entered it."""
    user = User.objects.order_by("pk").first() or UserFactory()
    return {"by": user, "by_name": user.full_name}


def on_round(
    round_: Round,
    case: Enrolment,
    *begun: str,
    state: str = MemberState.ON_TRACK,
    end: str = "",
    why: str = LeftWhy.OTHER,
    first: int = 0,
) -> Member:
    """Somebody in a round who came to its steps, from number `first` on (the steps before are skipped), on the days
    `begun`; finished on `end`."""
    user = User.objects.order_by("pk").first() or UserFactory()
    finished = state in (MemberState.COMPLETED, MemberState.LEFT)
    made = Member.objects.create(
        round=round_,
        enrolment=case,
        state=state,
        applied_on=day("2025-12-01"),
        applied_by=user,
        applied_by_name=user.full_name,
        finished_on=day(end) if finished else None,
        left_why=why if state == MemberState.LEFT else "",
    )
    skipped, steps = list(round_.version.steps.all())[:first], list(round_.version.steps.all())[first:]
    starts = [day(each) for each in begun]
    for step in skipped:
        Passage.objects.create(
            member=made, step=step, start=starts[0], end=starts[0], result=StepResult.SKIPPED, **by()
        )
    ends = [*(each - dt.timedelta(days=1) for each in starts[1:]), made.finished_on]
    for step, since, until in zip(steps, starts, ends, strict=False):
        failed = state == MemberState.LEFT and until == made.finished_on
        result = (StepResult.NOT_PASSED if failed else StepResult.PASSED) if until else ""
        Passage.objects.create(member=made, step=step, start=since, end=until, result=result, **by())
    return made


def close(case: Enrolment, end: str, *, work: bool = False, studies: bool = False) -> Enrolment:
    """The case is closed: to a job that lasts, to studies with aid, or without result."""
    case.end = day(end)
    case.closure_reason = ClosureReason.INTERRUPTED
    if work:
        case.closure_reason, case.job_start, case.job_form = ClosureReason.WORK, case.end, JobForm.UNSUBSIDISED
    elif studies:
        case.closure_reason, case.study_aid = ClosureReason.STUDIES, True
    case.save()
    case.assignments.filter(end=None).update(end=case.end)
    return case
