"""Follow-ups: the coach's side, and the supervisor's by a secret address."""

import uuid

from placements.models import FollowUp, FollowUpAnswer, FollowUpLink
from placements.period import period_of
from placements.services.answers import answer_file_by_link, answer_mark_read
from placements.services.links import link_send
from tests.cast import Cast
from tests.factories import FollowUpFactory, PlacementFactory, SupervisorFactory, days_ago
from tests.permissions.rows import WRITERS, Row, everybody, in_unit, person


def a_followup(cast: Cast, _user) -> list:
    """A follow-up of Åsa that the coach has sent a link about."""
    placement = PlacementFactory(enrolment=cast.asa)
    placement.supervisor = SupervisorFactory(workplace=placement.workplace)
    placement.save()
    followup = FollowUpFactory(placement=placement)
    link_send(followup=followup, actor=cast.coach, seen=None)
    return [cast.person.public_id, followup.public_id]


def a_followup_to_come(cast: Cast, user) -> list:
    """The same, due in some days: a late one is not moved."""
    ids = a_followup(cast, user)
    FollowUp.objects.filter(public_id=ids[1]).update(due=days_ago(-2))
    return ids


def an_answer(cast: Cast, _user) -> list:
    """A follow-up of Åsa that the supervisor has answered."""
    ids = a_followup(cast, None)
    link = FollowUpLink.objects.whole().get(followup__public_id=ids[1])
    said = {"no_show": True, "going": "", "hours": None, "works_well": "", "needs": "", "wishes": ""}
    answer_file_by_link(link=link, said=said, period=period_of(link.followup, link.followup.due), version=0)
    return ids


def a_read_answer(cast: Cast, _user) -> list:
    """One that the coach has marked as read."""
    ids = an_answer(cast, None)
    answer = FollowUpAnswer.objects.get(followup__public_id=ids[1])
    answer_mark_read(answer=answer, version=1, actor=cast.coach)
    return ids


def a_link(cast: Cast, _user) -> list:
    """The token by which the supervisor answers."""
    ids = a_followup(cast, None)
    return [FollowUpLink.objects.get(followup__public_id=ids[1]).token]


FOLLOW_UPS = (
    Row(
        "placements:followup_plan",
        "Plan a follow-up of a placement",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(422, WRITERS),
    ),
    Row("placements:followup", "A follow-up, its link and its answer", a_followup, get=in_unit()),
    Row(
        "placements:followup_withdraw",
        "Withdraw a follow-up",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row(
        "placements:supervisor_choose",
        "Choose or enter the placement's supervisor",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"name": "Kim Ek", "email": "kim@example.org"},
    ),
    Row(
        "placements:supervisor_correct",
        "Correct the supervisor's address",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"name": "Kim Ek", "email": "kim@example.org"},
    ),
    Row("placements:link_send", "Mail the supervisor the link", a_followup, post=in_unit(302, WRITERS)),
    Row(
        "placements:link_withdraw",
        "Withdraw the link",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row(
        "placements:answer_file",
        "Write down the answer after a call",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"came": "yes", "going": "well"},
    ),
    Row("placements:answer_read", "Mark the answer as read", an_answer, post=in_unit(302, WRITERS)),
    Row(
        "placements:supervisor",
        "The supervisor's page, by the link of a mail",
        a_link,
        get=everybody(anonymous=200),
        post=everybody(302, anonymous=302),
        data=lambda cast, user: {"came": "no"},
    ),
    Row(
        "placements:supervisor_renew",
        "Ask for a new link in place of an expired one",
        a_link,
        get=everybody(302, anonymous=302),
        post=everybody(302, anonymous=302),
    ),
    Row(
        "placements:supervisor_reminders",
        "Say that one wants no reminders",
        a_link,
        get=everybody(anonymous=200),
        post=everybody(302, anonymous=302),
        data=lambda cast, user: {"wanted": "0"},
    ),
    Row(
        "placements:followup_move",
        "Move a follow-up to another day",
        a_followup_to_come,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"due": days_ago(-5).isoformat(), "seen": days_ago(-2).isoformat()},
    ),
    Row(
        "placements:answer_reply",
        "Reply to a supervisor's answer",
        an_answer,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"text": "Tack!", "version": "1", "token": uuid.uuid4()},
    ),
    Row(
        "placements:opinion_write",
        "Write down the participant's opinion of an answer",
        a_read_answer,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"agrees": "yes", "said_on": days_ago(0).isoformat()},
    ),
)
