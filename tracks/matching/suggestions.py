"""What is suggested, and in which order: what nothing bars, what is aimed for, where there is a seat."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, prefetch_related_objects

from accounts.models import User
from participants.models import Enrolment
from participants.querysets import rank_by
from participants.search import search
from placements.matching.reasons import Reason
from tracks.gates import known_of
from tracks.matching.aims import aiming_for, aims_of, areas, near
from tracks.matching.reasons import Fit, fit_of, reasons_later, reasons_of, reasons_of_round
from tracks.models import Member, MemberState, Round, RoundState, Track, TrackVersion
from tracks.rounds.seats import free_to_begin
from tracks.words import words_of

#: Of so many cases is worked out whether the gates are met; those who aim for the occupation come first.
AT_MOST = 300
STANDING = (MemberState.WAITING, MemberState.OFFERED, MemberState.ON_TRACK)


@dataclass(frozen=True)
class SuggestedTrack:
    """A track for a participant, in a round that takes applications (None: no round does), with why. `member` is
    their place in the round if they have been proposed already."""

    track: Track
    version: TrackVersion
    round: Round | None
    fit: Fit
    reasons: list[Reason]
    member: Member | None = None


def tracks_for(case: Enrolment, day: dt.date) -> list[SuggestedTrack]:
    """Every track that is open on `day`, once for each round that takes applications then, the most suitable
    first."""
    known = known_of([case], day)[case.pk]
    aims, among, rounds = aims_of(case), areas(), _rounds_open_on(day)
    free_in = free_to_begin([round for of_track in rounds.values() for round in of_track])
    standing = {each.round_id: each for each in case.track_members.filter(state__in=STANDING)}
    latest = TrackVersion.objects.latest_of_each().filter(track__in=Track.objects.open_on(day))
    versions, found = list(_with_steps(latest)), []
    followed = [*versions, *(round.version for of_track in rounds.values() for round in of_track)]
    words = words_of(step for each in followed for step in each.steps.all())
    for version in versions:
        aimed, entries = bool(aims & near(version.occupation, among)), rounds.get(version.track_id, [])
        for round in entries or [None]:
            by = round.version if round else version
            steps = list(by.steps.all())
            if not steps:
                continue
            fit, free = fit_of(steps, known, words), free_in.get(round.pk) if round else None
            why = reasons_of(by, fit, is_aimed=aimed, has_aims=bool(aims))
            why += [*reasons_of_round(by, round, free), *reasons_later(fit)]
            member = standing.get(round.pk) if round else None
            order = (not fit.is_open, not aimed, round is None, free == 0, version.track.name, round and round.start)
            found.append((order, SuggestedTrack(version.track, by, round, fit, why, member)))
    found.sort(key=lambda each: [*each[0][:-1], each[0][-1] or dt.date.max])
    return [suggested for _order, suggested in found]


def _with_steps(versions: QuerySet[TrackVersion]) -> QuerySet[TrackVersion]:
    return versions.select_related("track", "occupation").prefetch_related("steps__gates")


def _rounds_open_on(day: dt.date) -> dict[int, list[Round]]:
    """The rounds that take applications, by the key of their track, those that begin first first."""
    rows = Round.objects.filter(state__in=[RoundState.OPEN, RoundState.RUNNING]).select_related("unit")
    rows = rows.prefetch_related("unit__terms", "version__steps__gates")
    found: dict[int, list[Round]] = {}
    for round in rows.select_related("version__track", "version__occupation").order_by("start", "name", "pk"):
        if round.takes_applications_on(day):
            found.setdefault(round.version.track_id, []).append(round)
    return found


@dataclass(frozen=True)
class SuggestedCase:
    """A participant for a round, with why."""

    case: Enrolment
    fit: Fit
    reasons: list[Reason]


def candidates_for(round: Round, reader: User, *, own: bool, called: str = "") -> QuerySet[Enrolment]:
    """The open cases that the reader may see (`own`: those they are the coach of; `called`: those of whom a name or a
    number says so) and that do not stand in the round or go on another track: those who aim for the occupation first,
    then in the order of priority of the queue."""
    standing = Member.objects.filter(round=round, state__in=STANDING, enrolment=OuterRef("pk"))
    elsewhere = Member.objects.on_track().filter(enrolment=OuterRef("pk"))
    cases = Enrolment.objects.visible_to(reader).filter(end=None)
    cases = cases.filter(coach=reader) if own else cases
    cases = search(cases, called, reader)[0] if called else cases
    cases = cases.exclude(Exists(standing)).exclude(Exists(elsewhere))
    cases = aiming_for(cases, near(round.version.occupation, areas())).annotate(rank=rank_by("target_group"))
    return cases.order_by(F("is_aimed").desc(), "rank", "start", "pk")


def cases_for(candidates: QuerySet[Enrolment], round: Round, day: dt.date) -> list[SuggestedCase]:
    """The first `AT_MOST` candidates, those whom nothing bars from the first step first."""
    cases = list(candidates.select_related("participant", "coach")[:AT_MOST])
    known = known_of(cases, day)
    prefetch_related_objects([round.version], "steps__gates")
    steps = list(round.version.steps.all())
    if not steps:
        return []
    words, found = words_of(steps), []
    for case in cases:
        fit = fit_of(steps, known[case.pk], words)
        why = reasons_of(round.version, fit, is_aimed=case.is_aimed, has_aims=case.has_aims)
        found.append(SuggestedCase(case, fit, why + reasons_later(fit)))
    found.sort(key=lambda each: (not each.fit.is_open, not each.case.is_aimed, len(each.fit.later)))
    return found
