"""What the list of rounds and the page of one tell. Names only of those whose case the reader may see."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from participants.referrals.queue import waited
from placements.models import Placement
from tracks.designing.told import ToldStep, steps_of, steps_told
from tracks.models import GateException, Member, MemberState, Passage, Round, RoundState, Step
from tracks.rounds.seats import seats_of, taken_in
from vocabulary.codes import Protection

WEEK = dt.timedelta(weeks=1)
DAY = dt.timedelta(days=1)


# --- The list -----------------------------------------------------------------------------------------------------


def with_counts(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """With `waits` (those who wait for a seat or for an answer) and `on_track`: how many, whoever asks."""
    return rounds.annotate(
        waits=Count("members", filter=Q(members__state__in=[MemberState.WAITING, MemberState.OFFERED])),
        on_track=Count("members", filter=Q(members__state=MemberState.ON_TRACK)),
    )


def asked_for(rounds: QuerySet[Round], said: dict[str, str]) -> QuerySet[Round]:
    """The rounds that the form of the list asks for, those that begin last first."""
    if not said["lage"]:
        rounds = rounds.living()
    elif said["lage"] in RoundState.values:
        rounds = rounds.filter(state=said["lage"])
    if said["spar"]:
        rounds = rounds.filter(version__track__public_id=said["spar"])
    if said["enhet"]:
        rounds = rounds.filter(unit__code=said["enhet"])
    return rounds.order_by("-start", "name", "pk")


# --- The steps of a round -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dates:
    """When somebody who goes with the round is on a step, as far as its weeks tell: from the day on which it can
    begin at the earliest, to the last one at the latest."""

    begins: dt.date | None = None
    ends: dt.date | None = None


def dates_of(round: Round, steps: Iterable[Step]) -> dict[int, Dates]:
    """The dates of the steps, by key: counted from the round's first day, by the shortest times of the steps before
    and the longest up to the end. From a step on that does not say how long it takes, nothing is known."""
    found: dict[int, Dates] = {}
    earliest: dt.date | None = round.start
    latest: dt.date | None = round.start
    for step in steps:
        if latest is not None:
            latest = latest + step.most_weeks * WEEK if step.most_weeks else None
        found[step.pk] = Dates(earliest, latest - DAY if latest else None)
        if earliest is not None:
            earliest = earliest + step.least_weeks * WEEK if step.least_weeks else None
    return found


@dataclass
class ShownStep:
    """A step of the round: its facts, its seats, and who is on it."""

    told: ToldStep
    dates: Dates
    seats: int | None
    taken: int
    people: list[Passage] = field(default_factory=list)
    hidden: int = 0
    exceptions: int = 0

    @property
    def step(self) -> Step:
        return self.told.step

    @property
    def free(self) -> int | None:
        return None if self.seats is None else max(self.seats - self.taken, 0)


# --- Who waits ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InQueue:
    """Somebody who waits: their place in the order of priority. `member` is None for a protected person whom the
    reader may not see; `is_named` says whether the case is open to the reader."""

    number: int
    member: Member | None
    is_named: bool
    why: str = ""
    days: int = 0


def waiting_in(round: Round, seen: set[int], hidden_people: set[int], today: dt.date) -> list[InQueue]:
    """Those who wait for a seat, in the order of priority. `seen` are the keys of the members whose case the reader
    may see, `hidden_people` those of the protected ones whom nobody shows the reader."""
    rows = round.members.waiting().in_queue_order().select_related("enrolment__participant", "enters_at")
    found = []
    for number, member in enumerate(rows, 1):
        days = max((today - member.applied_on).days, 0)
        if member.pk in seen:
            found.append(InQueue(number, member, True, waited(member.enrolment.target_group, days), days))
        else:
            found.append(InQueue(number, None if member.pk in hidden_people else member, False, "", days))
    return found


# --- Who takes people on ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownPartner:
    """What an employer has promised, and what has come of it so far."""

    partner: object
    taken: int
    hired: int


def partners_of(round: Round) -> list[ShownPartner]:
    """Each partner with how many of the round they have had at a workplace, and how many they have hired."""
    partners = list(round.partners.select_related("employer").order_by("employer__name", "pk"))
    had: dict[int, set[int]] = defaultdict(set)
    placed = Placement.objects.filter(activity__track_passages__member__round=round)
    for employer, case in placed.values_list("workplace__employer", "enrolment").order_by():
        had[employer].add(case)
    hired = Counter(round.members.filter(hired_by__isnull=False).order_by().values_list("hired_by", flat=True))
    return [ShownPartner(each, len(had[each.employer_id]), hired[each.employer_id]) for each in partners]


# --- The page -----------------------------------------------------------------------------------------------------


def page_context(round: Round, user: User, today: dt.date) -> dict:
    """Everything that the page of a round tells its reader. The number of questions does not depend on how many take
    part."""
    visible = Member.objects.visible_to(user).filter(round=round)
    members = {each.pk: each for each in visible.select_related("enrolment__participant", "hired_by", "enters_at")}
    shown = _steps(round, members)
    protected = set(_unseen_protected(round, members))
    queue = waiting_in(round, set(members), protected, today)
    states = Counter(round.members.order_by().values_list("state", flat=True))

    def named(state: MemberState) -> list[Member]:
        rows = [each for each in members.values() if each.state == state]
        return sorted(rows, key=lambda each: (each.enrolment.participant.sort_name, each.pk))

    def told(state: MemberState) -> dict:
        rows = named(state)
        return {"rows": rows, "hidden": states[state] - len(rows), "total": states[state]}

    offered = told(MemberState.OFFERED)
    others = round.members.filter(state=MemberState.OFFERED).exclude(pk__in=[*members, *protected])
    return {
        "steps": shown,
        "queue": [each for each in queue if each.member],
        "queue_hidden": sum(1 for each in queue if each.member is None),
        "queue_total": len(queue),
        "queue_others": sum(1 for each in queue if not each.is_named),
        "offered": offered,
        "offered_others": list(others.order_by("offered_on", "pk")),
        "completed": told(MemberState.COMPLETED),
        "left": told(MemberState.LEFT),
        "hired": round.members.filter(hired_on__isnull=False).count(),
        "on_track": states[MemberState.ON_TRACK],
        "exceptions": sum(each.exceptions for each in shown),
        "partners": partners_of(round),
    }


def _unseen_protected(round: Round, members: dict[int, Member]) -> Iterable[int]:
    rows = round.members.exclude(enrolment__participant__protection=Protection.NONE).exclude(pk__in=list(members))
    return rows.order_by().values_list("pk", flat=True)


def _steps(round: Round, members: dict[int, Member]) -> list[ShownStep]:
    steps = steps_of(round.version)
    seats, taken, dates = seats_of(round), taken_in(round), dates_of(round, steps)
    made = GateException.objects.filter(passage__member__round=round).order_by()
    exceptions = Counter(made.values_list("passage__step", flat=True))
    found = {
        each.step.pk: ShownStep(
            each, dates[each.step.pk], seats.get(each.step.pk), taken[each.step.pk],
            exceptions=exceptions[each.step.pk],
        )
        for each in steps_told(steps)
    }  # fmt: skip
    on_step = Passage.objects.filter(member__round=round, member__state=MemberState.ON_TRACK, end=None)
    for passage in on_step.order_by("start", "pk"):
        shown = found[passage.step_id]
        if passage.member_id in members:
            passage.member = members[passage.member_id]
            shown.people.append(passage)
        else:
            shown.hidden += 1
    return list(found.values())
