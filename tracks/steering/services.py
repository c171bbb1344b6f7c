"""Writing down a steering group or an audit: its meetings, what they decide, what is to be done about it.

The group's row is held by whoever adds something to it or closes it, so nothing is added to a group that was closed
at the same moment.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from placements.changing import Overtaken, differs, row_change, seen_of
from tracks.models import Action, ActionState, Decision, Meeting, SteeringGroup, Track
from tracks.models.steering import SETTLED


class GroupClosed(Exception):
    """Nothing is written in a group that is closed."""

    def __init__(self, group: SteeringGroup):
        super().__init__()
        self.group = group


class HasUnsettled(Exception):
    """`number` actions are still to be done."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number


class MeetingThatDay(Exception):
    """The group has a meeting on that day already."""


class HasActions(Exception):
    """Something is to be done about the decision, so it is not taken away."""


# --- Groups -------------------------------------------------------------------------------------------------------


@transaction.atomic
def group_create(*, token: uuid.UUID, facts: Mapping[str, Any], tracks: Iterable[Track]) -> SteeringGroup:
    """Begin a group. `token` belongs to the form and becomes the public id: a form that is sent twice begins one."""
    group, created = SteeringGroup.objects.get_or_create(public_id=token, defaults=dict(facts))
    if created:
        group.tracks.set(tracks)
    return group


@transaction.atomic
def group_change(
    *, group: SteeringGroup, facts: Mapping[str, Any], tracks: Iterable[Track], seen: str
) -> SteeringGroup:
    """Change what a group is. Raises Overtaken."""
    current, wanted = _held(group), {track.pk for track in tracks}
    same = set(current.tracks.values_list("pk", flat=True)) == wanted
    if same and not differs(current, facts):
        return current
    if seen_of(current, facts) != seen:
        raise Overtaken(current)
    for name, value in facts.items():
        setattr(current, name, value)
    current.revision += 1
    current.save(update_fields=[*facts, "revision"])
    current.tracks.set(wanted)
    return current


@transaction.atomic
def group_close(*, group: SteeringGroup, day: dt.date) -> bool:
    """Close a group of which nothing is left to do. False if it is closed already; raises HasUnsettled."""
    current = _held(group)
    if current.closed_on:
        return False
    if number := Action.objects.of_group(current).unsettled().count():
        raise HasUnsettled(number)
    current.closed_on = day
    current.revision += 1
    current.save(update_fields=["closed_on", "revision"])
    return True


@transaction.atomic
def group_reopen(*, group: SteeringGroup) -> bool:
    """Go on with a closed group. False if it is open already."""
    current = _held(group)
    if not current.closed_on:
        return False
    current.closed_on = None
    current.revision += 1
    current.save(update_fields=["closed_on", "revision"])
    return True


# --- Meetings and decisions ---------------------------------------------------------------------------------------


@transaction.atomic
def meeting_create(*, group: SteeringGroup, token: uuid.UUID, facts: Mapping[str, Any]) -> Meeting:
    """Enter a meeting. Raises GroupClosed and MeetingThatDay."""
    current = _open(group)
    if entered := Meeting.objects.filter(public_id=token).first():
        return entered
    if current.meetings.filter(day=facts["day"]).exists():
        raise MeetingThatDay
    return Meeting.objects.create(public_id=token, group=current, **facts)


def meeting_change(*, meeting: Meeting, facts: Mapping[str, Any], seen: str) -> Meeting:
    """Change a meeting. Raises GroupClosed, Overtaken and MeetingThatDay."""
    try:
        with transaction.atomic():
            _open(meeting.group)
            return row_change(row=meeting, facts=facts, seen=seen)
    except IntegrityError:
        raise MeetingThatDay from None


@transaction.atomic
def decision_create(*, meeting: Meeting, token: uuid.UUID, text: str) -> Decision:
    """Write down what the meeting decided, after what it decided before. Raises GroupClosed."""
    _open(meeting.group)
    if entered := Decision.objects.filter(public_id=token).first():
        return entered
    last = meeting.decisions.aggregate(Max("position"))["position__max"] or 0
    return Decision.objects.create(public_id=token, meeting=meeting, position=last + 1, text=text)


@transaction.atomic
def decision_change(*, decision: Decision, text: str, seen: str) -> Decision:
    """Other words for a decision. Raises GroupClosed and Overtaken."""
    _open(decision.meeting.group)
    return row_change(row=decision, facts={"text": text}, seen=seen)


@transaction.atomic
def decision_remove(*, decision: Decision) -> None:
    """Take away a decision that was entered by mistake; the numbers of the others stay. Raises GroupClosed and
    HasActions."""
    _open(decision.meeting.group)
    if decision.actions.exists():
        raise HasActions
    Decision.objects.filter(pk=decision.pk).delete()


# --- Actions ------------------------------------------------------------------------------------------------------


@transaction.atomic
def action_create(*, decision: Decision, token: uuid.UUID, facts: Mapping[str, Any]) -> Action:
    """Write down what is to be done about a decision. Raises GroupClosed."""
    _open(decision.meeting.group)
    action, _created = Action.objects.get_or_create(public_id=token, defaults={"decision": decision, **facts})
    return action


@transaction.atomic
def action_change(*, action: Action, facts: Mapping[str, Any], seen: str) -> Action:
    """What is to be done, by whom, until when. Raises GroupClosed and Overtaken."""
    _open(action.decision.meeting.group)
    return row_change(row=action, facts=facts, seen=seen)


@transaction.atomic
def action_report(*, action: Action, state: str, evidence: str, seen: str) -> Action:
    """How far the action has come, and what shows it. What is settled has today as its day, and none once it is taken
    up again. Raises GroupClosed and Overtaken."""
    settled = state in SETTLED
    _open(action.decision.meeting.group)
    current = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    facts = {"state": ActionState(state), "evidence": evidence}
    facts["settled_on"] = (current.settled_on or timezone.localdate()) if settled else None
    return row_change(row=current, facts=facts, seen=seen)


# --- Within -------------------------------------------------------------------------------------------------------


def _held(group: SteeringGroup) -> SteeringGroup:
    return SteeringGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)


def _open(group: SteeringGroup) -> SteeringGroup:
    current = _held(group)
    if current.closed_on:
        raise GroupClosed(current)
    return current
