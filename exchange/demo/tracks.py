"""Job tracks of the invented municipality: three living ones with a round that is over, one that runs and one that
takes applications; people waiting, on their steps, hired and gone; and who leads it all."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import demo
from accounts.models import Unit, User
from competence.models import Credential, GradedBy, LanguageGrade
from participants.models import Activity, ActivityState, Enrolment
from placements.models import Employer
from tracks.designing.facts import seen_of_columns, version_columns
from tracks.designing.services import draft_begin, draft_change, draft_publish, partner_add
from tracks.gates import known_of, lacks
from tracks.members.ready import members_ready
from tracks.models import (
    Action,
    Decision,
    GateException,
    GateKind,
    GroupKind,
    LeftWhy,
    Meeting,
    Member,
    MemberState,
    Passage,
    Round,
    RoundPartner,
    RoundState,
    ShownDocument,
    SteeringGroup,
    StepResult,
    StepSeats,
    Track,
)
from vocabulary.codes import Protection

WEEK = dt.timedelta(weeks=1)
DAY = dt.timedelta(days=1)
#: The tracks that live, each with the unit whose rounds they are and what a seat costs, in kronor.
LIVING = (
    ("vard-och-omsorg", "JC-CENTRUM", 48_000),
    ("koksbitrade", "JC-CENTRUM", 31_500),
    ("lokalvard", "JC-NORR", 27_000),
)  # fmt: skip
#: Names of the rounds, how many weeks ago each began, how many weeks it takes, and its state.
ROUNDS = (
    ("Omgång 1", 60, 48, RoundState.CLOSED),
    ("Omgång 2", 20, 60, RoundState.RUNNING),
    ("Omgång 3", -4, 48, RoundState.OPEN),
)
#: So many end each round, how: the step (counted from the first) after which they left, None for a completed track.
ENDED = (
    (None, ""), (None, ""), (None, ""), (None, ""), (None, ""), (None, ""), (None, ""),
    (1, LeftWhy.WORK), (1, LeftWhy.UNSUITABLE), (0, LeftWhy.HEALTH), (0, LeftWhy.UNSUITABLE), (2, LeftWhy.STUDIES),
)  # fmt: skip
SEATS = (10, 8, 6, 6)
ON_STEP = 3  # people on each step of the round that runs, where there are as many
WAITING = 6
WHY = (
    "Har arbetat med liknande saker förut och vill tillbaka.",
    "Vill ha ett yrke där man behövs, och trivs med människor.",
    "Har provat yrket på en praktik och fick goda ord.",
)
#: Why somebody was let past a gate, by its kind.
EXCEPTIONS = {
    GateKind.LANGUAGE: "Läraren på sfi intygar nivån. Bedömningen görs den här månaden.",
    GateKind.COMPETENCE: "Handledaren intygar nivån. Bedömningen undertecknas den här månaden.",
}


@dataclass
class People:
    """Who can be put on a track: each once, coaches' own participants among them."""

    cases: list[Enrolment]
    taken: set[int]

    def take(
        self, *, since: dt.date, until: dt.date | None = None, suits: Callable[[Enrolment], bool] | None = None
    ) -> Enrolment | None:
        """The next one who was enrolled on `since`, and is still (or was, on `until`)."""
        for case in self.cases:
            goes_on = case.end is None if until is None else case.end is None or case.end >= until
            if case.pk not in self.taken and case.start <= since and goes_on and (suits is None or suits(case)):
                self.taken.add(case.pk)
                return case
        return None


@transaction.atomic
def demo_tracks_create() -> None:
    """Three living tracks, a steering group and the recommendations of an audit. Twice is once."""
    if Round.objects.exists():
        return
    chance, today = random.Random("tracks"), timezone.localdate()
    head = User.objects.get(email=demo.LOGINS[6].email)
    Track.objects.update(owner=head)
    for code, unit_code, cost in LIVING:
        unit = Unit.objects.get(code=unit_code)
        coach = User.objects.filter(enrolments__unit=unit, enrolments__end=None).order_by("email").first()
        if coach:
            track = Track.objects.get(code=code)
            _priced(track, cost, head)
            _track(track, unit, coach, chance, today)
    members_ready()
    _steering(today)


def _priced(track: Track, cost: int, actor: User) -> None:
    """A version of the municipality's own: what a seat costs there, and who takes part."""
    draft, _new = draft_begin(track=track)
    columns = version_columns(draft)
    draft_change(version=draft, columns=columns | {"seat_cost": Decimal(cost)}, seen=seen_of_columns(columns))
    for employer in _employers():
        partner_add(version=draft, employer=employer)
    draft.refresh_from_db()
    draft_publish(version=draft, seen=draft.revision, actor=actor)


def _employers() -> list[Employer]:
    return list(Employer.objects.order_by("name", "pk")[:3])


def _track(track: Track, unit: Unit, coach: User, chance: random.Random, today: dt.date) -> None:
    rows = Enrolment.objects.filter(unit=unit, participant__protection=Protection.NONE, track_members=None)
    cases = list(rows.select_related("participant", "coach").order_by("-coach__email", "pk"))
    chance.shuffle(cases)
    people = People(cases, set())
    version = track.versions.published().order_by("-number").first()
    steps = list(version.steps.prefetch_related("gates").order_by("position"))
    employers = _employers()
    for name, ago, weeks, state in ROUNDS:
        start = today - ago * WEEK
        round = Round.objects.create(
            version=version, unit=unit, name=name, state=state, start=start, end=start + weeks * WEEK,
            apply_by=start - WEEK if state == RoundState.OPEN else None,
        )  # fmt: skip
        for step, seats in zip(steps, SEATS, strict=False):
            StepSeats.objects.create(round=round, step=step, seats=seats)
        for number, employer in enumerate(employers):
            RoundPartner.objects.create(round=round, employer=employer, takes=4 - number, hires=2)
        if state == RoundState.CLOSED:
            _ended(round, steps, people, employers, coach, chance, today)
        elif state == RoundState.RUNNING:
            _on_their_steps(round, steps, people, coach, today)
        else:
            _waiting(round, people, coach, today)


def _member(round: Round, case: Enrolment, coach: User, applied: dt.date, state: MemberState, **facts) -> Member:
    by = case.coach or coach
    return Member.objects.create(
        round=round, enrolment=case, state=state, applied_on=max(applied, case.start), applied_by=by,
        applied_by_name=by.full_name, why=WHY[case.pk % len(WHY)], **facts,
    )  # fmt: skip


def _passage(member: Member, step, coach: User, start: dt.date, end: dt.date | None = None, result="", **facts):
    by = member.enrolment.coach or coach
    return Passage.objects.create(
        member=member, step=step, start=start, end=end, result=result, by=by, by_name=by.full_name, **facts
    )


def _walk(member: Member, steps, coach: User, day: dt.date, until: dt.date) -> None:
    """The steps that were passed, each with a share of the time that goes with how long it is meant to take."""
    meant = [((step.least_weeks or 2) + (step.most_weeks or 2)) / 2 for step in steps]
    days, gone = (until - day).days + 1, 0.0
    for step, weeks in zip(steps, meant, strict=True):
        first = day + round(days * gone / sum(meant)) * DAY
        gone += weeks
        last = day + (round(days * gone / sum(meant)) - 1) * DAY
        _bring(member, step, coach, min(first, until))
        _come(member, step, coach, min(first, until), min(max(last, first), until), StepResult.PASSED)


def _bring(member: Member, step, coach: User, day: dt.date) -> None:
    """What the gates of a step ask somebody to bring along: a graded level, a paper, a document that is shown."""
    case = member.enrolment
    by = case.coach or coach
    entered = {"enrolment": case, "by": by, "by_name": by.full_name}
    known = known_of([case], day)[case.pk]
    before = max(day - WEEK, case.start)
    for lack in lacks(step, known):
        asks = lack.gate.asks
        if lack.gate.kind == GateKind.LANGUAGE:
            LanguageGrade.objects.create(
                skill=asks["skill"], level=asks["level"], graded_on=day, assessor="Sfi Ekbacken",
                how=GradedBy.TEST, **entered,
            )  # fmt: skip
        elif lack.gate.kind == GateKind.DOCUMENT:
            ShownDocument.objects.create(words=asks["words"], shown_on=before, **entered)
        elif lack.gate.kind == GateKind.CREDENTIAL:
            Credential.objects.create(
                kind=asks["kind"], title="Yrkesbevis: " + asks["words"].split(" eller ")[0],
                issuer="Branschens yrkesnämnd", issued_on=before, seen_on=day, **entered,
            )  # fmt: skip


def _come(member: Member, step, coach: User, start: dt.date, end: dt.date | None = None, result="", **facts) -> None:
    """Somebody comes to a step; past what its gates lack by an exception."""
    before = member.passages.order_by("-start", "-pk").select_related("step").first()
    known = known_of([member.enrolment], start, members=[member])[member.enrolment_id]
    missing = lacks(step, known, before=before.step if before else None)
    now = _passage(member, step, coach, start, end, result, **facts)
    for lack in missing:
        GateException.objects.create(
            passage=now, gate=lack.gate, lacked=lack.sentence, why=EXCEPTIONS[lack.gate.kind], by=now.by,
            by_name=now.by_name,
        )  # fmt: skip


def _until_hired(steps):
    """The steps up to the one that asks for a signed assessment of what few have had assessed: hired before it."""
    for number, step in enumerate(steps):
        if number and any(gate.kind == GateKind.COMPETENCE for gate in step.gates.all()):
            return steps[:number]
    return steps


def _ended(round: Round, steps, people: People, employers, coach: User, chance, today: dt.date) -> None:
    """The round that is over: most were hired, some left on the way."""
    for number, (left_after, why) in enumerate(ENDED):
        day = min(round.start + ((left_after + 1) * 8 if left_after is not None else 40 + number) * WEEK, today)
        case = people.take(since=round.start, until=day)
        if case is None:
            continue
        facts = {"answered_on": round.start, "offered_on": round.start, "finished_on": day}
        if left_after is None:
            hired = {"hired_on": day, "hired_by": employers[number % len(employers)] if employers else None}
            member = _member(round, case, coach, round.start - 2 * WEEK, MemberState.COMPLETED, **facts, **hired)
            _walk(member, _until_hired(steps), coach, round.start, day)
        else:
            member = _member(round, case, coach, round.start - 2 * WEEK, MemberState.LEFT, left_why=why, **facts)
            _walk(member, steps[: left_after + 1], coach, round.start, day)
            last = member.passages.order_by("-start", "-pk").first()
            last.result = chance.choice((StepResult.NOT_PASSED, StepResult.PARTLY))
            last.save(update_fields=["result"])


def _on_their_steps(round: Round, steps, people: People, coach: User, today: dt.date) -> None:
    """The round that runs: some on each step but the last, one there by an exception; one waits, one has an offer,
    and one thought better of it."""
    for position, step in enumerate(steps[:-1]):
        for number in range(ON_STEP if position < 3 else 1):
            since = today - (3 + 2 * number) * WEEK
            by_exception = (position, number) == (1, 0)
            case = None
            if by_exception:
                case = people.take(since=round.start, suits=partial(_lacks_language, step, since))
            case = case or _busy_with(step, people, since) or people.take(since=round.start)
            if case is None:
                continue
            facts = {"answered_on": max(round.start, case.start), "offered_on": max(round.start, case.start)}
            member = _member(round, case, coach, round.start - WEEK, MemberState.ON_TRACK, **facts)
            begun = max(round.start, case.start)
            since = max(since, begun)
            if position:
                _walk(member, steps[:position], coach, begun, max(since - DAY, begun))
            if not by_exception:
                _bring(member, step, coach, since)
            _come(member, step, coach, since, activity=_activity(case, step))
    for state in (MemberState.WAITING, MemberState.OFFERED, MemberState.DECLINED):
        if case := people.take(since=today - WEEK):
            facts = {"offered_on": today - 2 * DAY} if state == MemberState.OFFERED else {}
            _member(round, case, coach, today - WEEK, state, **facts)


def _lacks_language(step, day: dt.date, case: Enrolment) -> bool:
    missing = lacks(step, known_of([case], day)[case.pk])
    return any(each.gate.kind == GateKind.LANGUAGE for each in missing)


def _busy_with(step, people: People, since: dt.date) -> Enrolment | None:
    """Somebody whose plan has what the step is, so that the two tell the same."""
    for case in people.cases:
        if case.pk not in people.taken and case.end is None and case.start <= since and _activity(case, step):
            people.taken.add(case.pk)
            return case
    return None


def _activity(case: Enrolment, step) -> Activity | None:
    if step.form_id is None:
        return None
    rows = case.activities.filter(form=step.form_id, state=ActivityState.DECIDED, track_passages=None)
    return rows.order_by("pk").first()


def _waiting(round: Round, people: People, coach: User, today: dt.date) -> None:
    """The round that takes applications: those who wait, and one who is offered a seat."""
    for number in range(WAITING):
        applied = today - (2 + 3 * number) * DAY
        if case := people.take(since=applied):
            offered = number == WAITING - 1
            state = MemberState.OFFERED if offered else MemberState.WAITING
            _member(round, case, coach, applied, state, **({"offered_on": today - DAY} if offered else {}))


# --- Who leads it -------------------------------------------------------------------------------------------------

#: Decisions with their actions: what, who, due in how many days, state, what shows it.
MEETINGS = (
    (70, "Omgång 2 startar på alla tre spåren.", (
        ("Skriv avtal med arbetsgivarna om praktikplatser", "Karin Öberg", -40, "done",
         "Avtal med tre arbetsgivare"),
        ("Ordna språkhandledare på två boenden", "Enhetschef äldreomsorg", -9, "under_way", ""),
    )),
    (14, "Fler platser på introduktionen i vårdspåret.", (
        ("Räkna på kostnaden för fem platser till", "Amir Rezai", 10, "open", ""),
        ("Fråga komvux om en grupp som börjar i januari", "Sven Dahl", 21, "open", ""),
    )),
)  # fmt: skip
RECOMMENDATIONS = (
    ("Säkerställ att anställningarna ger mervärde för den enskilde och för verksamheten.",
     "Följ upp syfte och mervärde på varje anställning", 120, "under_way", ""),
    ("Upprätta ett intyg efter avslutad arbetsmarknadsanställning.",
     "Utfärda kompetensintyg senast två veckor före slutdagen", -30, "done", "Täckningsgraden i kvartalsrapporten"),
    ("Följ upp antalet levererade arbetsmarknadsanställningar.",
     "Redovisa levererade anställningar per förvaltning i delårsrapporten", -5, "under_way", ""),
)  # fmt: skip


def _steering(today: dt.date) -> None:
    group = SteeringGroup.objects.create(
        name="Styrgrupp för lokala jobbspår", members="Sven Dahl, Karin Öberg, skolchef komvux, HR-chef"
    )
    group.tracks.set(Track.objects.filter(code__in=[code for code, *_rest in LIVING]))
    for ago, text, actions in MEETINGS:
        meeting = Meeting.objects.create(group=group, day=today - ago * DAY, present="Sven Dahl, Karin Öberg")
        decision = Decision.objects.create(meeting=meeting, position=1, text=text)
        for about in actions:
            _action(decision, about, today)
    Meeting.objects.create(group=group, day=today + 14 * DAY)
    audit = SteeringGroup.objects.create(
        kind=GroupKind.AUDIT, name="Stadsrevisionens granskning av arbetsmarknadsanställningar"
    )
    reported = Meeting.objects.create(group=audit, day=today - 150 * DAY)
    for number, (text, *about) in enumerate(RECOMMENDATIONS, 1):
        decision = Decision.objects.create(meeting=reported, position=number, text=text)
        _action(decision, (about[0], "Karin Öberg", *about[1:]), today)


def _action(decision: Decision, about: tuple, today: dt.date) -> None:
    text, who, due, state, evidence = about
    owner = next((User.objects.get(email=each.email) for each in demo.LOGINS if each.full_name == who), None)
    Action.objects.create(
        decision=decision, text=text, owner=owner, owner_name=who, due=today + due * DAY, state=state,
        settled_on=min(today, today + due * DAY) if state == "done" else None, evidence=evidence,
    )  # fmt: skip
