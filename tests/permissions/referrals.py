"""The queue of referrals, registering one, and what is done with it."""

import uuid

from django.utils import timezone

from participants.models import Referral
from tests.cast import Cast
from tests.factories import days_ago
from tests.permissions.rows import CASE_WORK, Row, in_unit, only


def today() -> str:
    return timezone.localdate().isoformat()


def somebody_new(cast: Cast, user) -> dict:
    """A new person, referred to the user's own unit."""
    unit = cast.norr if user and user in (cast.outsider, cast.other_manager) else cast.centrum
    return {
        "person-given_name": "Nadja",
        "person-birth_date": "2001-02-03",
        "unit": unit.code,
        "source": "self",
        "received": today(),
        "token": str(uuid.uuid4()),
    }


def referral(cast: Cast, _user, **facts) -> list:
    """Åsa's referral to the coach's unit."""
    facts = {"source": "self", "decision": "pending", "participant": cast.person} | facts
    return [Referral.objects.create(unit=cast.centrum, received=days_ago(12), **facts).public_id]


def of_nobody_known(cast: Cast, user) -> list:
    return referral(cast, user, participant=None)


def declined(cast: Cast, user) -> list:
    return referral(cast, user, decision="declined", decided_on=days_ago(2))


REFERRALS = (
    Row("referrals:queue", "The queue of referrals", get=only(CASE_WORK)),
    Row(
        "referrals:new",
        "Register a referral",
        get=only(CASE_WORK),
        post=only(CASE_WORK, 302),
        data=somebody_new,
    ),
    Row("referrals:referral", "A referral", referral, get=in_unit()),
    Row(
        "referrals:edit",
        "Change what is registered of a referral",
        referral,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"source": "other", "received": today(), "seen": "0"},
    ),
    Row(
        "referrals:person",
        "Write who a referral is about",
        of_nobody_known,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"person-given_name": "Nadja", "person-birth_date": "2001-02-03"},
    ),
    Row(
        "referrals:act",
        "Assess, accept, return or decline a referral",
        lambda cast, user: [*referral(cast, user), "ta-emot"],
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"day": today(), "seen": "received"},
    ),
    Row(
        "referrals:undo",
        "Undo a wrong decision",
        declined,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"reason": "Fel person.", "seen": "declined"},
    ),
)
