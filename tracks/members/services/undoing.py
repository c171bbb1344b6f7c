"""Taking back a mistake: the last thing that was said of somebody on the track, while nothing hangs on it.

The history keeps what was taken back. This is no way from one state to another (TRANSITIONS): it has its own rules.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Activity, PlanActivity
from participants.plan.services.progress import DROPPED, DayIsOver, activity_reopen, settle
from placements.booking.rules import Refused
from placements.models import GroupPlace, Placement
from tracks.members.ready import ready_note
from tracks.members.services.finishing import FINISHED
from tracks.members.services.holding import check_seen, in_case, saved
from tracks.models import Member, MemberState, Passage, RoundState, StepResult
from tracks.rounds.seats import check_seat, round_held

ENDED = (MemberState.COMPLETED, MemberState.LEFT)


@transaction.atomic
def member_undo(*, member: Member, actor: User, seen: int) -> Member:
    """Take back the last move: that the track was completed or left, that somebody came to the step on which they
    are, or that they began. Raises Refused when something hangs on it, and Overtaken."""
    round = round_held(member.round_id)
    _activities_held(member)
    current = in_case(member)
    check_seen(current, seen)
    if round.state != RoundState.RUNNING:
        raise Refused(_("The round is not running, so nothing is taken back in it."))
    if current.state in ENDED:
        _undo_end(round, current)
    elif current.state == MemberState.ON_TRACK:
        _undo_entry(round, current, actor)
    else:
        raise Refused(_("The participant is not on the track, so there is nothing to take back."))
    ready_note(current)
    return current


def last_move(member: Member) -> str:
    """What would be taken back, in a sentence; empty if nothing can be."""
    if member.state == MemberState.COMPLETED:
        return _("That the track is completed is taken back.")
    if member.state == MemberState.LEFT:
        return _("That the participant has left is taken back.")
    if member.state != MemberState.ON_TRACK:
        return ""
    now = member.passages.select_related("step").get(end=None)
    before = _before(member, now)
    if before is None:
        return _("That the participant has begun is taken back. They are offered a seat again.")
    words = _("The move to “%(now)s” is taken back. The participant is on “%(before)s” again.")
    return words % {"now": now.step.title, "before": before.step.title}


def _activities_held(member: Member) -> None:
    rows = Activity.objects.select_for_update(of=("self",), no_key=True).filter(track_passages__member=member)
    list(rows.order_by("pk"))


def _undo_end(round, member: Member) -> None:
    last = member.passages.been_on().select_related("step").order_by("-start", "-pk").first()
    check_seat(round, last.step, member=member)
    member.state, member.finished_on, member.left_why, member.left_note = MemberState.ON_TRACK, None, "", ""
    member.hired_on, member.hired_by = None, None
    try:
        with transaction.atomic():
            saved(member, *FINISHED)
    except IntegrityError as refused:
        if "track_one_at_a_time" not in str(refused):
            raise
        raise Refused(_("The participant is on another job track. End that first.")) from refused
    _reopen(last)


def _before(member: Member, now: Passage) -> Passage | None:
    """The step on which somebody was before the one on which they are."""
    rows = member.passages.been_on().exclude(pk=now.pk).select_related("step")
    return rows.order_by("-start", "-pk").first()


def _undo_entry(round, member: Member, actor: User) -> None:
    now = member.passages.select_for_update(of=("self",)).select_related("step", "activity").get(end=None)
    before = _before(member, now)
    if before:
        check_seat(round, before.step, member=member)
    skipped = member.passages.filter(result=StepResult.SKIPPED)
    skipped = skipped.filter(pk__gt=before.pk) if before else skipped
    activity, booked = now.activity, False
    if activity:
        booked = _check_nothing_booked(activity)
    now.exceptions.all().delete()
    now.delete()
    skipped.delete()
    if activity:
        _take_away(activity, actor, booked)
    if before is None:
        member.state = MemberState.OFFERED
        saved(member, "state")
        return
    saved(member)
    _reopen(before)


def _check_nothing_booked(activity: Activity) -> bool:
    """Whether anything was ever booked for it. Raises Refused for what is not cancelled."""
    if Placement.objects.filter(activity=activity).exists():
        raise Refused(_("A placement is booked for the step. Cancel that first."))
    if GroupPlace.objects.filter(activity=activity).exists():
        raise Refused(_("A seat in a group is booked for the step. Take that away first."))
    return Placement.every.filter(activity=activity).exists()


def _take_away(activity: Activity, actor: User, booked: bool) -> None:
    """The activity never was; one of which a version of the plan, or something cancelled, tells was dropped."""
    if booked or PlanActivity.objects.filter(activity=activity).exists():
        settle(activity, actor=actor, ended_on=None, outcome=DROPPED, note=_("The step was taken back."))
    else:
        activity.delete()


def _reopen(passage: Passage) -> None:
    passage.end, passage.result, passage.note = None, "", ""
    passage.save(update_fields=["end", "result", "note"])
    if passage.activity_id is None:
        return
    try:
        activity_reopen(activity=passage.activity)
    except DayIsOver as over:
        words = _("The activity of “%(step)s” was ended another day, so it cannot go on again. Move on instead.")
        raise Refused(words % {"step": passage.step.title}) from over
