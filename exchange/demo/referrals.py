"""What the register of the invented municipality cannot say of how people come: a queue in every state in each unit,
pauses, what the employment service does, agreements, and somebody who goes round."""

import datetime as dt
import random
from itertools import islice

from django.db import transaction
from django.utils import timezone

from accounts import demo
from accounts.models import Role, Unit, User
from exchange.demo import names
from participants.agreements.services import agreement_record
from participants.enrolling.services import enrolment_create
from participants.joint_reviews.services import joint_review_plan
from participants.models import Enrolment, Participant, Referral, ReferralStep
from participants.models.pause import PauseReason
from participants.pausing.services import pause_begin
from participants.referrals.services import OutOfOrder, referral_move
from participants.revolving import going_round
from vocabulary.codes import (
    Protection,
    ReferralDecision,
    ReferralSource,
    Registration,
    SupportObstacle,
    TargetGroup,
    TimeWithoutWork,
)
from vocabulary.codes import ReferralState as State

ORDERS = (
    ("Bedöm arbetsförmågan och föreslå fortsatt planering.", "Närmare arbete"),
    ("Stöd att söka arbete.", "Egen försörjning"),
    ("Arbetsträning på halvtid i tre månader.", "Komma i gång efter lång frånvaro"),
    ("Språkpraktik i vård och omsorg.", "Bättre svenska och referenser"),
)
REFERRERS = ("Siv Sand", "Omar Haddad", "Karin Lund", "Petter Ask")
#: Where each referral of a unit's queue stands, how long ago it came, and for whom.
QUEUE = (
    (State.RECEIVED, 21, TargetGroup.INCOME_SUPPORT), (State.RECEIVED, 12, TargetGroup.INCOME_SUPPORT),
    (State.RECEIVED, 5, TargetGroup.ACTIVITY_RESPONSIBILITY), (State.RECEIVED, 30, TargetGroup.PREVENTIVE),
    (State.RECEIVED, 2, TargetGroup.OTHER), (State.ASSESSING, 18, TargetGroup.INCOME_SUPPORT),
    (State.ASSESSING, 9, TargetGroup.PREVENTIVE), (State.ACCEPTED, 16, TargetGroup.INCOME_SUPPORT),
    (State.ACCEPTED, 25, TargetGroup.PREVENTIVE), (State.RETURNED, 40, TargetGroup.INCOME_SUPPORT),
    (State.DECLINED, 50, TargetGroup.OTHER), (State.WITHDRAWN, 35, TargetGroup.PREVENTIVE),
)  # fmt: skip
REASONS = {
    State.RETURNED: "Beställningen saknar syfte. Återkom gärna med ett.",
    State.DECLINED: "Behöver annat stöd först, enligt samtal med den som anvisat.",
    State.WITHDRAWN: "Har fått arbete på egen hand.",
}
OUT_OF_ORDER = "Har en praktikplats som väntar och börjar på måndag."


@transaction.atomic
def demo_referrals_create() -> None:
    """Give each unit a living queue, and the first enrolments what the register does not know. Twice is once."""
    if ReferralStep.objects.exists():
        return
    chance, today = random.Random("referrals"), timezone.localdate()
    coaches = _coaches()
    for number, unit in enumerate(Unit.objects.named()):
        coach = coaches.get(unit.code)
        if coach:
            _queue(unit, coach, number, chance, today)
            _facts(unit, chance)
            _cases(unit, coach, today)


def _coaches() -> dict[str, User]:
    """A job coach of each unit."""
    found: dict[str, User] = {}
    for login in demo.LOGINS:
        if login.role == Role.JOB_COACH and login.unit:
            found.setdefault(login.unit, User.objects.get(email=login.email))
    return found


def _queue(unit: Unit, coach: User, unit_number: int, chance: random.Random, today: dt.date) -> None:
    for number, (state, days, group) in enumerate(QUEUE):
        order, purpose = chance.choice(ORDERS)
        known = chance.choice([*Registration.values, ""])
        referral = Referral.objects.create(
            unit=unit,
            participant=None if number == 4 else _somebody(unit_number * len(QUEUE) + number, group, chance, today),
            source=chance.choice(ReferralSource.values),
            received=today - dt.timedelta(days=days),
            decision=ReferralDecision.PENDING,
            order=order,
            purpose=purpose,
            target_group=group,
            support_obstacle=chance.choice(SupportObstacle.values),
            reference=f"SN {today.year}-{100 + unit_number * len(QUEUE) + number}",
            referrer_name=chance.choice(REFERRERS),
            referrer_phone=f"040-174 06 {10 + number}",
            service_registration=known,
            service_form_id="rusta_matcha" if known == Registration.REGISTERED and number % 2 else None,
        )
        _move(referral, coach, state, today)


def _move(referral: Referral, coach: User, state: State, today: dt.date) -> None:
    """Bring a referral to its state: through the assessment, and out of order where others come first."""
    way = [state] if state in (State.RECEIVED, State.ASSESSING) else [State.ASSESSING, state]
    for number, step in enumerate(way):
        if step == State.RECEIVED:
            return
        day = min(today, referral.received + dt.timedelta(days=3 + 4 * number))
        known = {"referral": referral, "actor": coach, "state": step, "day": day, "seen": referral.state}
        try:
            referral = referral_move(**known, reason=REASONS.get(step, ""))
        except OutOfOrder:
            referral = referral_move(**known, reason=REASONS.get(step, ""), out_of_order=OUT_OF_ORDER)


def _somebody(number: int, group: str, chance: random.Random, today: dt.date) -> Participant:
    young = group == TargetGroup.ACTIVITY_RESPONSIBILITY
    years = 19 if young else chance.randint(22, 58)
    given = names.WOMEN if number % 2 else names.MEN
    born = today - dt.timedelta(days=int(365.25 * years) + (300 if young else chance.randint(1, 364)))
    return Participant.objects.create(
        given_name=given[number % len(given)],
        family_name=names.FAMILY[-1 - number % len(names.FAMILY)],
        birth_date=born,
        birth_year=born.year,
        gender="woman" if number % 2 else "man",
        phone=f"070-174 06 {10 + number % 80}",
    )


def _facts(unit: Unit, chance: random.Random) -> None:
    """What an enrolment knows beyond the register: obstacle, time without work, the employment service."""
    forms = ("rusta_matcha", "jog", "etableringsprogram", None, None, None)
    cases = list(Enrolment.objects.filter(unit=unit, end=None).order_by("pk"))
    for case in cases:
        case.support_obstacle = chance.choice(SupportObstacle.values)
        case.time_without_work = chance.choice(TimeWithoutWork.values)
        case.service_registration = chance.choices([*Registration.values, ""], [70, 20, 10])[0]
        if case.service_registration == Registration.REGISTERED:
            case.service_since = case.start - dt.timedelta(days=chance.randint(10, 400))
            case.service_form_id = chance.choice(forms)
    fields = ["support_obstacle", "time_without_work", "service_registration", "service_since", "service_form"]
    Enrolment.objects.bulk_update(cases, fields, batch_size=500)


def _cases(unit: Unit, coach: User, today: dt.date) -> None:
    """Who rests, what is agreed, who is enrolled by a referral, and a joint review with who goes round."""
    open_cases = Enrolment.objects.filter(unit=unit, end=None, participant__protection=Protection.NONE).order_by("pk")
    for number, case in enumerate(islice(open_cases.filter(start__lt=today - dt.timedelta(days=40)), 3)):
        start = today - dt.timedelta(days=12 + number)
        pause_begin(
            enrolment=case,
            start=start,
            end=None if number else today + dt.timedelta(days=20),
            reason=(PauseReason.PARENTAL_LEAVE, PauseReason.WAITING, PauseReason.AWAY)[number],
            note="",
            actor=coach,
        )
    for case in list(open_cases.filter(target_group=TargetGroup.PREVENTIVE))[::2]:
        facts = {
            "agreed_on": min(today, case.start + dt.timedelta(days=4)), "until": None, "contact": "Ann Ask, AF",
            "activity": "Arbetsträning", "extent": "halvtid",
        }  # fmt: skip
        agreement_record(enrolment=case, facts=facts, actor=coach)
    for case in going_round(open_cases, today).order_by("-start", "pk")[:1]:
        joint_review_plan(enrolment=case, due=today + dt.timedelta(days=5), actor=coach)
    waiting = Referral.objects.filter(unit=unit, decided_on__isnull=False, decision=ReferralDecision.ACCEPTED)
    for referral in waiting.order_by("received")[:1]:
        enrolment_create(
            actor=coach,
            unit=unit,
            coach=coach,
            start=min(today, referral.decided_on + dt.timedelta(days=6)),
            facts={
                "target_group": referral.target_group,
                "support_obstacle": referral.support_obstacle,
                "service_registration": referral.service_registration,
            },
            education="upper_secondary",
            referral=referral,
        )
