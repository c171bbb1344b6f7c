"""What the invented municipality has to sort out about who is who: two people with two files, and a number on two."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from accounts import demo
from accounts.models import Role, Unit, User
from participants.merging.services import merge_propose
from participants.models import Enrolment, NumberQuestion, Participant, Referral, UnitAssignment
from participants.person.numbers import number_question_ask
from vocabulary.codes import ClosureReason, Protection, ReferralDecision, ReferralSource

#: Where the two files of a person are, and the other unit that a number is known in.
UNITS = ("JC-CENTRUM", "JC-NORR")
#: Letters without their dots and rings, as somebody in a hurry writes them.
MISSPELT = str.maketrans({"å": "a", "ä": "a", "ö": "o", "Å": "A", "Ä": "A", "Ö": "O"})


@transaction.atomic
def demo_identity_create() -> None:
    """In one unit somebody is referred who has a file there already, and a coach has found that somebody has two
    files. Between that unit and another one a number stands on two people. Twice is once."""
    if NumberQuestion.objects.exists():
        return
    here, there = (Unit.objects.get(code=code) for code in UNITS)
    coach = _coach(here)
    open_cases = (
        Enrolment.objects.filter(end=None, participant__protection=Protection.NONE)
        .filter(start__lte=timezone.localdate() - dt.timedelta(days=90))
        .exclude(participant__birth_date=None)
        .select_related("participant")
        .order_by("pk")
    )
    # Nobody with an earlier enrolment, so that the second file's enrolment meets none of the first one's.
    mine = [case for case in open_cases.filter(unit=here)[:40] if case.participant.enrolments.count() == 1]
    theirs = open_cases.filter(unit=there).exclude(participant__identity_number=None).first()
    if len(mine) < 3 or theirs is None:
        return
    _referred_again(mine[0])
    _two_files(mine[1], coach)
    number_question_ask(participant=mine[2].participant, holders=[theirs.participant], actor=coach)


def _coach(unit: Unit) -> User:
    login = next(each for each in demo.LOGINS if each.role == Role.JOB_COACH and each.unit == unit.code)
    return User.objects.get(email=login.email)


def _same(person: Participant, **facts) -> Participant:
    """The same person registered once more, by somebody who spelt otherwise and had no number."""
    return Participant.objects.create(
        given_name=person.given_name.translate(MISSPELT),
        family_name=person.family_name.translate(MISSPELT),
        birth_date=person.birth_date,
        birth_year=person.birth_year,
        gender=person.gender,
        **facts,
    )


def _referred_again(case: Enrolment) -> None:
    person = case.participant
    again = _same(person, temporary_number=f"{person.birth_date:%y%m%d}T220", phone=person.phone)
    Referral.objects.create(
        participant=again,
        unit=case.unit,
        source=ReferralSource.SOCIAL_SERVICES,
        received=timezone.localdate() - dt.timedelta(days=3),
        decision=ReferralDecision.PENDING,
    )


def _two_files(case: Enrolment, coach: User) -> None:
    other = _same(case.participant, email=case.participant.email)
    end = case.start - dt.timedelta(days=60)
    start = end - dt.timedelta(days=150)
    earlier = Enrolment.objects.create(
        participant=other,
        unit=case.unit,
        start=start,
        end=end,
        closure_reason=ClosureReason.INTERRUPTED,
        target_group=case.target_group,
        case_number=f"AMF {start.year}/9001",
        last_activity_on=end,
    )
    basis = case.unit.term_on(start).legal_basis
    UnitAssignment.objects.create(enrolment=earlier, unit=case.unit, legal_basis=basis, start=start)
    merge_propose(
        winner=case.participant,
        loser=other,
        choices={},
        why="Samma födelsedatum och samma e-postadress.",
        actor=coach,
        token=uuid.uuid5(uuid.NAMESPACE_URL, "demo-merge"),
    )
