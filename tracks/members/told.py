"""What the pages tell of a participant on a track: where on the steps, what is next, since when, what is missing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from participants.models import Enrolment
from participants.plan.providers import Booking, bookings_of
from tracks.designing.told import ToldStep, gate_told, steps_of, steps_told
from tracks.gates import Known, known_of, lacks
from tracks.members.ready import as_if_passed, next_step
from tracks.models import (
    GateException,
    GateKind,
    Member,
    MemberState,
    Passage,
    Round,
    Step,
    StepResult,
    TrackVersion,
)
from tracks.rounds.reading import Dates, dates_of
from tracks.words import Words, words_of
from vocabulary.codes import ActivityKind

BEFORE = (MemberState.WAITING, MemberState.OFFERED)


def whole(members: QuerySet[Member]) -> QuerySet[Member]:
    """With everything that the pages tell of."""
    exceptions = Prefetch("exceptions", GateException.objects.select_related("gate").order_by("pk"))
    passages = Passage.objects.select_related("step", "activity__form").prefetch_related(exceptions)
    return members.select_related(
        "round__version__track", "round__unit", "enters_at", "hired_by", "enrolment__participant"
    ).prefetch_related(Prefetch("passages", passages.order_by("start", "pk")), "round__unit__terms")


@dataclass(frozen=True)
class ShownGate:
    """A gate of a step: what it asks for, and the sentence that says what is missing; empty if nothing is."""

    words: str
    lack: str


@dataclass(frozen=True)
class ShownStep:
    """A step of the track for one participant: `state` is done, now, skipped or todo."""

    told: ToldStep
    dates: Dates
    state: str
    passages: list[Passage] = field(default_factory=list)
    gates: list[ShownGate] = field(default_factory=list)

    @property
    def step(self) -> Step:
        return self.told.step

    @property
    def lacks(self) -> list[ShownGate]:
        return [each for each in self.gates if each.lack]


def steps_shown(
    round: Round, known: Known, passages: Iterable[Passage] = (), *, enters_at: Step | None = None
) -> list[ShownStep]:
    """The steps of a round's track, each with what its gates say of somebody: as if the step that they are on had
    been passed, and, of those who have not begun, as if the steps before the one at which they enter were skipped."""
    steps = steps_of(round.version)
    for step in steps:
        step.version = round.version
    words, dates = words_of(steps), dates_of(round, steps)
    by_step: dict[int, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_step[passage.step_id].append(passage)
    now = next((each for each in steps if any(p.end is None for p in by_step[each.pk])), None)
    known = as_if_passed(known, now) if now else as_if_skipped(known, steps, enters_at)
    found = []
    for told in steps_told(steps, words):
        state = _state(by_step[told.step.pk])
        gates = gates_shown(told.step, known, now, words) if state == "todo" else []
        found.append(ShownStep(told, dates[told.step.pk], state, by_step[told.step.pk], gates))
    return found


def _state(passages: list[Passage]) -> str:
    if not passages:
        return "todo"
    if passages[-1].end is None:
        return "now"
    return "skipped" if passages[-1].result == StepResult.SKIPPED else "done"


def gates_shown(step: Step, known: Known, before: Step | None, words: Words) -> list[ShownGate]:
    """Gate by gate what is met and what is missing."""
    missing = {each.gate.pk: each.sentence for each in lacks(step, known, before=before, words=words)}
    return [ShownGate(gate_told(gate, words), missing.get(gate.pk, "")) for gate in step.gates.all()]


def as_if_skipped(known: Known, steps: list[Step], enters_at: Step | None) -> Known:
    """What would be known if the steps before the one at which somebody enters had been skipped."""
    if enters_at is None:
        return known
    skipped = {each.key: StepResult.SKIPPED for each in steps if each.position < enters_at.position}
    return replace(known, results={**skipped, **known.results})


def known_of_one(case: Enrolment, day: dt.date, member: Member | None = None) -> Known:
    return known_of([case], day, members=[member] if member else [])[case.pk]


# --- What is next -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Next:
    """What comes next for a participant on the track: the step, and what is missing before it."""

    step: ShownStep | None
    days: int = 0
    late: bool = False


def next_of(shown: list[ShownStep], member: Member, today: dt.date) -> Next:
    """The step to come, how long they have been on this one, and whether its longest time has passed."""
    if member.state in BEFORE:
        at = member.enters_at_id or shown[0].step.pk
        return Next(next(each for each in shown if each.step.pk == at))
    now = next((each for each in shown if each.state == "now"), None)
    if member.state != MemberState.ON_TRACK or now is None:
        return Next(None)
    following = next_step([each.step for each in shown], now.step)
    step = next((each for each in shown if following and each.step.pk == following.pk), None)
    days = (today - now.passages[-1].start).days
    late = bool(now.step.most_weeks) and days >= now.step.most_weeks * 7
    return Next(step, days, late)


# --- What is booked -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToBook:
    """What is booked for the step that somebody is on, and, while nothing is, what is to be."""

    bookings: list[Booking]
    lacks: str = ""
    group: bool = False


def booked_for(passage: Passage | None) -> ToBook | None:
    """None for a step for which nothing is booked."""
    if passage is None or passage.activity is None:
        return None
    activity = passage.activity
    bookings = bookings_of([activity]).get(activity.pk, [])
    kind = activity.form.kind
    if bookings or kind == ActivityKind.EXTERNAL or not activity.can_be_booked:
        return ToBook(bookings)
    if kind == ActivityKind.ACTIVITY:
        return ToBook([], _("No group is chosen for the step yet."), group=True)
    return ToBook([], _("No place is booked for the step yet."))


def place_in_queue(member: Member) -> int | None:
    """Which number somebody who waits has in the order of priority."""
    if member.state != MemberState.WAITING:
        return None
    keys = list(member.round.members.waiting().in_queue_order().values_list("pk", flat=True))
    return keys.index(member.pk) + 1 if member.pk in keys else None


def documents_asked(version: TrackVersion) -> list[str]:
    """The documents that the gates of a track ask for, in the order of its steps."""
    found = [
        gate.asks["words"]
        for step in steps_of(version)
        for gate in step.gates.all()
        if gate.kind == GateKind.DOCUMENT
    ]
    return list(dict.fromkeys(found))
