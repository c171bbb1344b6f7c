"""The end of the track: completed, or left before its end, with the result of the last step."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from participants.services.activity import enrolment_note_activity
from placements.booking.rules import Refused
from placements.models import Employer
from placements.services.holding import case_held
from tracks.members.ready import ready_note
from tracks.members.services.holding import check_may_become, check_seen, in_case, member_held, saved
from tracks.members.services.moving import Result, activity_held, end_activity, end_passage
from tracks.models import Member, MemberState, Passage

#: Whoever is hired later than so long after the track is not hired through it.
YEAR = dt.timedelta(days=366)
FINISHED = ("state", "finished_on", "left_why", "left_note", "hired_on", "hired_by")


@transaction.atomic
def member_complete(
    *, member: Member, actor: User, day: dt.date, result: Result, hired_on: dt.date | None,
    hired_by: Employer | None, seen: int,
) -> Member:  # fmt: skip
    """The participant has completed the track on `day`, the last on its last step; or before, because they are hired
    (where, on which day). The same once more is once. Raises Refused, and Overtaken."""
    activity = activity_held(Passage.objects.filter(member=member, end=None).first())
    current = in_case(member)
    said = (MemberState.COMPLETED, day, hired_on, hired_by and hired_by.pk)
    if (current.state, current.finished_on, current.hired_on, current.hired_by_id) == said:
        return current
    check_seen(current, seen)
    check_may_become(current, MemberState.COMPLETED)
    leaving = _leaving(current, day)
    last = current.round.version.steps.order_by("-position").first()
    if leaving.step_id != last.pk and hired_on is None:
        words = _("“%(step)s” is not the last step. Say when they are hired, or that they leave the track.")
        raise Refused(words % {"step": leaving.step.title}, "hired_on")
    began = current.passages.order_by("start").values_list("start", flat=True).first()
    if hired_on and hired_on < began:
        words = _("The participant came to the track on %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": date_format(began)}, "hired_on")
    if hired_on and hired_on > day + YEAR:
        raise Refused(_("That is more than a year after the track. Look at the day once more."), "hired_on")
    if hired_by and hired_on is None:
        raise Refused(_("Give the day on which they are hired."), "hired_on")
    current.hired_on, current.hired_by = hired_on, hired_by
    return _finish(current, MemberState.COMPLETED, leaving, activity, day, result, actor)


@transaction.atomic
def member_leave(
    *, member: Member, actor: User, day: dt.date, result: Result, why: str, note: str, seen: int
) -> Member:
    """The participant leaves the track before its end, `day` being the last: why (a LeftWhy), and more in words. The
    same once more is once. Raises Refused, and Overtaken."""
    activity = activity_held(Passage.objects.filter(member=member, end=None).first())
    current = in_case(member)
    if (current.state, current.finished_on, current.left_why) == (MemberState.LEFT, day, why):
        return current
    check_seen(current, seen)
    check_may_become(current, MemberState.LEFT)
    leaving = _leaving(current, day)
    current.left_why, current.left_note = why, note
    return _finish(current, MemberState.LEFT, leaving, activity, day, result, actor)


@transaction.atomic
def member_end(*, member: Member, actor: User, day: dt.date, state: MemberState, result: Result, why: str) -> Member:
    """End somebody's place in a round because the enrolment is closed: who waits waits no longer, who is on the track
    has completed it or leaves it. The activities and the case are ended by whoever closes it, and are not touched."""
    case_held(member.enrolment_id)  # before the member, as whoever moves them does
    current = member_held(member)
    if current.state in (MemberState.WAITING, MemberState.OFFERED):
        current.state, current.answered_on = MemberState.DECLINED, None
        return saved(current, "state", "answered_on")
    if current.state != MemberState.ON_TRACK:
        return current
    leaving = current.passages.select_for_update(of=("self",)).select_related("step").get(end=None)
    current.left_why = why if state == MemberState.LEFT else ""
    return _finish(current, state, leaving, None, max(day, leaving.start), result, actor)


def _leaving(member: Member, day: dt.date) -> Passage:
    leaving = member.passages.select_for_update(of=("self",)).select_related("step").get(end=None)
    if day > timezone.localdate():
        raise Refused(_("The day has not come yet."), "day")
    if day < leaving.start:
        words = _("The participant came to the step on %(day)s. The last day cannot be before that.")
        raise Refused(words % {"day": date_format(leaving.start)}, "day")
    return leaving


def _finish(
    member: Member, state: MemberState, leaving: Passage, activity, day: dt.date, result: Result, actor: User
) -> Member:
    end_passage(leaving, day, result)
    end_activity(activity if activity and activity.pk == leaving.activity_id else None, leaving, actor)
    member.state, member.finished_on = state, day
    saved(member, *FINISHED)
    enrolment_note_activity(enrolment=member.enrolment, day=day)
    ready_note(member)
    return member
