"""The queue of referrals and what is done with one; enrolling, pausing, agreements and joint reviews."""

import uuid

from django.utils import timezone

from participants.models import EnrolmentQuestion, Pause, Referral, ServiceAgreement
from tests.cast import Cast
from tests.factories import ParticipantFactory, days_ago
from tests.permissions.rows import ADMINISTRATORS, CASE_WORK, WRITERS, Row, in_unit, only, person


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


def accepted(cast: Cast, user) -> list:
    person = ParticipantFactory()
    return referral(cast, user, participant=person, decision="accepted", decided_on=days_ago(2))


def enrolment(cast: Cast, user) -> dict:
    """An enrolment in the user's own unit, with a job coach there."""
    there = user and user in (cast.outsider, cast.other_manager)
    unit, coach = (cast.norr, cast.outsider) if there else (cast.centrum, cast.coach)
    return {
        "unit": unit.code,
        "start": today(),
        "coach": str(coach.public_id),
        "target_group": "other",
    }


def somebody_enrolled(cast: Cast, user) -> dict:
    return enrolment(cast, user) | {"person-given_name": "Nora", "person-birth_date": "2001-02-03"}


def paused(cast: Cast, _user) -> list:
    Pause.objects.create(
        enrolment=cast.asa, start=days_ago(9), reason="away", by=cast.coach, by_name=cast.coach.full_name
    )
    return person(cast, None)


def agreement(cast: Cast, _user) -> list:
    made = ServiceAgreement.objects.create(
        enrolment=cast.asa, agreed_on=days_ago(9), contact="Ann Ask", activity="Praktik", by=cast.coach,
        by_name=cast.coach.full_name,
    )  # fmt: skip
    return [*person(cast, None), made.public_id]


def enrolment_question(cast: Cast, _user) -> list:
    made = EnrolmentQuestion.objects.create(
        participant=cast.person, unit=cast.norr, start=days_ago(1), asked_by=cast.outsider,
        asked_by_name=cast.outsider.full_name,
    )  # fmt: skip
    return [made.public_id]


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
        "referrals:enrol",
        "Enrol from an accepted referral",
        accepted,
        get=in_unit(),
        post=in_unit(302),
        data=enrolment,
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
    Row(
        "participants:new",
        "Enrol somebody who comes without a referral",
        get=only(CASE_WORK),
        post=only(CASE_WORK, 302),
        data=somebody_enrolled,
    ),
    Row(
        "participants:pause",
        "Pause an enrolment",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"start": today(), "reason": "away"},
    ),
    Row(
        "participants:resume",
        "Resume a paused enrolment",
        paused,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"resumes": today()},
    ),
    Row(
        "participants:agreement_new",
        "Write down an agreement with the employment service",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"agreed_on": today(), "contact": "Ann Ask", "activity": "Praktik"},
    ),
    Row(
        "participants:agreement_edit",
        "Correct an agreement with the employment service",
        agreement,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {
            "agreed_on": days_ago(9).isoformat(),
            "contact": "Ann Ask",
            "activity": "Praktik",
        },
    ),
    Row(
        "participants:joint_review",
        "Plan a joint review, and tell what came of it",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"step": "plan", "due": today()},
    ),
    Row("enrolment_questions:list", "Enrolments in two units", get=only(ADMINISTRATORS)),
    Row(
        "enrolment_questions:question",
        "Who is to answer for a person",
        enrolment_question,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"outcome": "Enheterna har kommit överens."},
    ),
)
