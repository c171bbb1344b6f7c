"""Before the track: proposed, withdrawn, offered a seat, and the answer."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Enrolment
from participants.services.activity import enrolment_note_activity
from placements.booking.rules import Refused
from placements.services.holding import case_held
from tracks.members.services.holding import check_may_become, check_open, check_seen, in_case, member_held, saved
from tracks.models import Member, MemberState, Round, RoundState, Step
from tracks.rounds.seats import check_seat, first_step, round_held


@transaction.atomic
def member_propose(
    *, round: Round, enrolment: Enrolment, actor: User, why: str, enters_at: Step | None = None
) -> Member:
    """Propose a participant for a round: they wait for a seat. Who was withdrawn, or declined, can be proposed again.
    The same once more is once. Raises Refused."""
    current = round_held(round.pk)
    case = case_held(enrolment.pk)
    member = current.members.select_for_update(of=("self",), no_key=True).filter(enrolment=case).first()
    if member and member.state in (MemberState.WAITING, MemberState.OFFERED):
        return member
    check_open(case)
    today = timezone.localdate()
    if why_not := closed_for_applications(current, today):
        raise Refused(why_not)
    facts = {
        "state": MemberState.WAITING, "applied_on": today, "applied_by": actor, "applied_by_name": actor.full_name,
        "why": why, "enters_at": _entry(current, enters_at),
    }  # fmt: skip
    if member is None:
        member = Member.objects.create(round=current, enrolment=case, **facts)
    else:
        if not member.may_become(MemberState.WAITING):
            raise Refused(_("The participant has been in this round. Choose another one."))
        cleared = {
            "offered_on": None, "offered_by_name": "", "answered_on": None, "deviation": "", "finished_on": None,
        }  # fmt: skip
        for name, value in (facts | cleared).items():
            setattr(member, name, value)
        saved(member, *facts, *cleared)
    enrolment_note_activity(enrolment=case, day=today)
    return member


def _entry(round: Round, step: Step | None) -> Step | None:
    """The step at which somebody enters; None for the first."""
    if step is None or step.version_id != round.version_id or step == first_step(round):
        return None
    return step


def closed_for_applications(round: Round, day: dt.date) -> str:
    """Why nobody can be proposed: the sentence. Empty: they can."""
    if round.takes_applications_on(day):
        return ""
    if round.state == RoundState.PLANNED:
        return _("The round is not open for applications yet.")
    if round.state in (RoundState.CLOSED, RoundState.CANCELLED):
        words = _("The round is “%(state)s”. Nobody can be proposed for it.")
        return words % {"state": round.get_state_display()}
    words = _("Applications were taken until %(day)s.")
    return words % {"day": date_format(round.apply_by)}


@transaction.atomic
def member_withdraw(*, member: Member, seen: int) -> Member:
    """The participant is not to have a seat after all, before they have begun; of who got none, that nothing more
    follows from it. Twice is once. Raises Refused, and Overtaken."""
    current = in_case(member)
    if current.state == MemberState.DECLINED:
        return current
    check_seen(current, seen)
    check_may_become(current, MemberState.DECLINED)
    # A yes to an offer is no answer any more: the day would be read as that of a no.
    current.state, current.finished_on, current.answered_on = MemberState.DECLINED, None, None
    return saved(current, "state", "finished_on", "answered_on")


@transaction.atomic
def member_offer(*, member: Member, actor: User, deviation: str, seen: int) -> Member:
    """Offer a seat on the step at which the participant is to enter. Who is not first in the order of priority needs
    a reason (`deviation`). Twice is once. Raises Refused, also when the last seat is taken, and Overtaken.

    The case is not held: the round's unit offers the seat, whoever answers for the case. A closure waits for the
    member, or was quicker.
    """
    round = round_held(member.round_id)
    current = member_held(member)
    if current.state == MemberState.OFFERED:
        return current
    check_seen(current, seen)
    check_may_become(current, MemberState.OFFERED)
    check_open(current.enrolment)
    if round.state not in (RoundState.OPEN, RoundState.RUNNING):
        words = _("The round is “%(state)s”. No seat is offered in it.")
        raise Refused(words % {"state": round.get_state_display()})
    check_seat(round, current.enters_at or first_step(round), member=current)
    deviation = "" if is_next(round, current) else deviation
    if not deviation and not is_next(round, current):
        raise Refused(_("Others come before. Write why this participant is offered a seat first."), "deviation")
    current.state, current.deviation = MemberState.OFFERED, deviation
    current.offered_on, current.offered_by_name = timezone.localdate(), actor.full_name
    current.answered_on = None
    return saved(current, "state", "deviation", "offered_on", "offered_by_name", "answered_on")


def is_next(round: Round, member: Member) -> bool:
    """Whether nobody who waits comes before them in the order of priority."""
    first = round.members.waiting().in_queue_order().first()
    return first is None or first.pk == member.pk


@transaction.atomic
def member_offer_back(*, member: Member, seen: int) -> Member:
    """Take an offer back that nobody has begun on: the participant waits again, at the place they had. Twice is once.
    Raises Refused, and Overtaken."""
    current = member_held(member)
    if current.state == MemberState.WAITING:
        return current
    check_seen(current, seen)
    check_may_become(current, MemberState.WAITING)
    if current.state != MemberState.OFFERED:
        raise Refused(_("No seat is offered, so there is nothing to take back."))
    current.state, current.deviation = MemberState.WAITING, ""
    current.offered_on, current.offered_by_name, current.answered_on = None, "", None
    return saved(current, "state", "deviation", "offered_on", "offered_by_name", "answered_on")


@transaction.atomic
def member_answer(*, member: Member, accepts: bool, day: dt.date, seen: int) -> Member:
    """Note what the participant answers to the offer, and when. Who declines waits no longer. Raises Refused, and
    Overtaken."""
    current = in_case(member)
    state = MemberState.OFFERED if accepts else MemberState.DECLINED
    if (current.state, current.answered_on) == (state, day):
        return current
    check_seen(current, seen)
    if current.state != MemberState.OFFERED:
        raise Refused(_("No seat is offered, so there is nothing to answer."))
    if day > timezone.localdate():
        raise Refused(_("The day has not come yet."), "day")
    if current.offered_on and day < current.offered_on:
        words = _("The seat was offered on %(day)s. The answer cannot be earlier.")
        raise Refused(words % {"day": date_format(current.offered_on)}, "day")
    current.state, current.answered_on = state, day
    saved(current, "state", "answered_on")
    enrolment_note_activity(enrolment=current.enrolment, day=day)
    return current
