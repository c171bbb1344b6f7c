"""What becomes of a plan's milestones and activities, whatever version they stand in."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.models import Activity, ActivityState, Milestone
from participants.services.activity import enrolment_note_activity

#: In place of an outcome: the activity never began.
DROPPED = "dropped"


class DayIsOver(Exception):
    """It was marked another day, so it can no longer be undone."""


class ActivityChanged(Exception):
    """The activity is no longer as the page showed it: somebody else has said what became of it, or taken it back."""

    def __init__(self, activity: Activity):
        super().__init__()
        self.activity = activity


class ActivityBooked(Exception):
    """Something is or was booked for the activity, so it cannot be said that it never began."""


# --- Milestones ---------------------------------------------------------------------------------------------------


@transaction.atomic
def milestone_mark_done(
    *, milestone: Milestone, actor: User, done_on: dt.date | None = None, evidence: str | None = None
) -> Milestone:
    """The milestone is reached, on `done_on` (today, if nothing is said). One that is reached already gets the day
    and the evidence that are given; the same click twice is one."""
    current = Milestone.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=milestone.pk)
    if current.done_on is None:
        current.done_on, current.done_at = done_on or timezone.localdate(), timezone.now()
        current.done_by, current.done_by_name = actor, actor.full_name
    elif done_on is not None:
        current.done_on = done_on
    if evidence is not None:
        current.evidence = evidence
    current.save()
    enrolment_note_activity(enrolment=current.enrolment, day=current.done_on)
    return current


@transaction.atomic
def milestone_undo(*, milestone: Milestone) -> Milestone:
    """Take back, the same day, that the milestone is reached. Raises DayIsOver."""
    current = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    if current.done_on is None:
        return current
    if not current.can_be_undone:
        raise DayIsOver
    current.done_on, current.done_at, current.done_by, current.done_by_name = None, None, None, ""
    current.evidence = ""
    current.save()
    return current


# --- Activities ---------------------------------------------------------------------------------------------------


def seen_of(activity: Activity) -> str:
    """How the activity stands, as a form carries it."""
    return activity.settled_at.isoformat() if activity.settled_at else ""


@transaction.atomic
def activity_end(
    *, activity: Activity, actor: User, ended_on: dt.date, outcome: str, note: str, seen: str
) -> Activity:
    """The activity has ended, with this outcome; or, of one that has ended, a correction. Raises ActivityChanged when
    it is not as it was `seen` (`seen_of`)."""
    current = _locked(activity)
    if (current.state, current.ended_on, current.outcome, current.outcome_note) == (
        ActivityState.ENDED, ended_on, outcome, note,
    ):  # fmt: skip
        return current
    if seen_of(current) != seen:
        raise ActivityChanged(current)
    settle(current, actor=actor, ended_on=ended_on, outcome=outcome, note=note)
    enrolment_note_activity(enrolment=current.enrolment, day=ended_on)
    return current


@transaction.atomic
def activity_drop(*, activity: Activity, actor: User, why: str, booked: bool) -> Activity:
    """The activity will not come to be; it never began. `booked`: whether anything was ever booked for it, and then
    it has ended, with an outcome: ActivityBooked. Raises ActivityChanged when it has ended."""
    current = _locked(activity)
    if current.state == ActivityState.DROPPED:
        return current
    if current.state == ActivityState.ENDED:
        raise ActivityChanged(current)
    if booked:
        raise ActivityBooked
    settle(current, actor=actor, ended_on=None, outcome=DROPPED, note=why)
    return current


@transaction.atomic
def activity_reopen(*, activity: Activity) -> Activity:
    """Take back, the same day, that the activity has ended or was dropped. Raises DayIsOver."""
    current = _locked(activity)
    if not current.is_settled:
        return current
    if not current.can_be_reopened:
        raise DayIsOver
    current.state, current.ended_on, current.outcome, current.outcome_note = ActivityState.DECIDED, None, "", ""
    current.settled_at, current.settled_by, current.settled_by_name = None, None, ""
    current.save()
    return current


def settle(activity: Activity, *, actor: User, ended_on: dt.date | None, outcome: str, note: str) -> None:
    """Write down what became of an activity whose row is locked."""
    dropped = outcome == DROPPED
    activity.state = ActivityState.DROPPED if dropped else ActivityState.ENDED
    activity.ended_on, activity.outcome, activity.outcome_note = ended_on, "" if dropped else outcome, note
    activity.settled_at, activity.settled_by, activity.settled_by_name = timezone.now(), actor, actor.full_name
    activity.save()


def _locked(activity: Activity) -> Activity:
    return Activity.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=activity.pk)
