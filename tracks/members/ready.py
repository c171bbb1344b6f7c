"""Who can move on: nothing is missing before the next step. Kept on the member (`ready_since`) whenever something of
the track changes, and each night, since what gates ask (age, papers, assessments) changes elsewhere."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import ngettext

from tracks.gates import Known, known_of, lacks
from tracks.models import Member, MemberState, Passage, Step, StepResult, TrackVersion
from tracks.words import Words, words_of

#: So many are worked out with one set of questions.
AT_ONCE = 500


def next_step(steps: list[Step], step: Step) -> Step | None:
    """The one after, in the order of the version."""
    return next((each for each in steps if each.position > step.position), None)


def as_if_passed(known: Known, step: Step) -> Known:
    """What would be known if the step had been passed until yesterday: its result is given when it is left, and today
    belongs to the next one."""
    results = known.results | {step.key: known.results.get(step.key) or StepResult.PASSED}
    days = known.days | {step.key: max(known.days.get(step.key, 0) - 1, 0)}
    return replace(known, results=results, days=days)


def can_move(passage: Passage, steps: list[Step], known: Known, words: Words, day: dt.date) -> bool:
    """Whether nothing is missing before the next step: its gates are met, if this step is passed, and the shortest
    time here has gone."""
    step = next((each for each in steps if each.pk == passage.step_id), None)
    following = next_step(steps, step) if step else None
    if following is None:
        return False
    if step.least_weeks and (day - passage.start).days < step.least_weeks * 7:
        return False
    return not lacks(following, as_if_passed(known, step), before=step, words=words)


def ready_note(member: Member) -> None:
    """Work it out for one, in the transaction that has changed something of it."""
    _note([member], timezone.localdate())


def members_ready() -> str:
    """The same for all who are on a track: done each night."""
    today, noted, last = timezone.localdate(), 0, 0
    while True:
        rows = Member.objects.filter(state=MemberState.ON_TRACK, pk__gt=last).order_by("pk")
        some = list(rows.select_related("enrolment__participant", "round__version")[:AT_ONCE])
        if not some:
            break
        noted, last = noted + _note(some, today), some[-1].pk
    words = ngettext("%(count)s participant can move on.", "%(count)s participants can move on.", noted)
    return words % {"count": noted}


def _note(members: Iterable[Member], today: dt.date) -> int:
    """How many of them can move on."""
    members = list(members)
    known = known_of([each.enrolment for each in members], today, members=members)
    open_ones = {each.member_id: each for each in Passage.objects.filter(member__in=members, end=None)}
    # With the steps of each version at hand, which gates name.
    versions = TrackVersion.objects.prefetch_related("steps__gates").in_bulk(
        {row.round.version_id for row in members}
    )
    steps = {key: list(version.steps.all()) for key, version in versions.items()}
    words = words_of(step for of_version in steps.values() for step in of_version)
    able = []
    for member in members:
        passage = open_ones.get(member.pk) if member.state == MemberState.ON_TRACK else None
        of_version = steps[member.round.version_id]
        if passage and can_move(passage, of_version, known[member.enrolment_id], words, today):
            able.append(member.pk)
    keys = [each.pk for each in members]
    Member.objects.filter(pk__in=keys).exclude(pk__in=able).exclude(ready_since=None).update(ready_since=None)
    Member.objects.filter(pk__in=able, ready_since=None).update(ready_since=today)
    return len(able)
