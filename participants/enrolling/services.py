"""Enrolling somebody, and what an administrator does when another unit has them already."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.history import noted
from accounts.models import Unit, User
from participants.coaching.candidates import coaches_in
from participants.coaching.services import CannotBeCoach
from participants.enrolling.numbers import case_number_take
from participants.models import (
    Enrolment,
    EnrolmentQuestion,
    JointReview,
    Participant,
    Referral,
    UnitAssignment,
)
from participants.plan.content import ACTIVITY_FIELDS, blank_row
from participants.plan.services.versions import draft_of, plan_draft_save
from participants.registering.forms import PersonSection
from participants.registering.services import Registered
from vocabulary.codes import ReferralDecision

__all__ = ["CannotBeCoach"]
#: The form of activity that is proposed, in the draft of the plan, for who goes round.
MOTIVATION = "motivation"


class EnrolledAlready(Exception):
    """The person is enrolled on some of these days in a unit whose files the actor may open."""

    def __init__(self, enrolment: Enrolment):
        super().__init__()
        self.enrolment = enrolment


class NotFree(Exception):
    """The person is enrolled on some of these days where the actor may not know of it: nothing may be told but that
    it cannot be saved. A question is left to the administrator."""

    def __init__(self, participant: Participant):
        super().__init__()
        self.participant = participant


class NotAccepted(Exception):
    """The referral is not accepted (any more), or is about nobody known."""


@dataclass(frozen=True)
class Enrolled:
    """What became of a form by which somebody was enrolled. `repeated`: it had been sent before."""

    enrolment: Enrolment
    registered: Registered | None = None
    repeated: bool = False


@dataclass(frozen=True)
class Plans:
    """What is planned at once for somebody who goes round: the day of a joint review, a motivating activity."""

    review_on: dt.date | None = None
    motivation: str = ""


def enrolment_create(
    *,
    actor: User,
    unit: Unit,
    coach: User,
    start: dt.date,
    facts: Mapping[str, Any],
    education: str,
    case_number: str = "",
    legal_basis: str = "",
    section: PersonSection | None = None,
    referral: Referral | None = None,
    plans: Plans | None = None,
) -> Enrolled:
    """Enrol the person of a valid `section`, or of an accepted referral, from `start`.

    `facts` are those of the enrolment by name (target group …); `education` is the person's, left as it is when
    empty. Without a `case_number` the next one of the municipality's pattern is taken, and without a `legal_basis`
    the case is handled under the unit's law of its first day. Who comes with an accepted referral to the unit that
    nobody is enrolled by yet comes by that one. The same once more is the same enrolment.

    Raises EnrolledAlready, NotFree, NotAccepted, CannotBeCoach, and NumberTaken (participants.registering).
    """
    known = {
        "actor": actor, "unit": unit, "coach": coach, "start": start, "facts": facts, "education": education,
        "case_number": case_number, "legal_basis": legal_basis, "section": section, "referral": referral,
        "plans": plans or Plans(),
    }  # fmt: skip
    try:
        try:
            return _enrol(**known)
        except IntegrityError:
            # Somebody else enrolled the person at the same moment; now it is known where.
            return _enrol(**known)
    except NotFree as refused:
        enrolment_question_ask(participant=refused.participant, unit=unit, start=start, actor=actor)
        raise


@transaction.atomic
def _enrol(
    *, actor, unit, coach, start, facts, education, case_number, legal_basis, section, referral, plans
) -> Enrolled:
    registered = section.register(actor=actor, units=[unit.code]) if section else None
    referral, person = _person_of(referral, registered, actor)
    if before := Enrolment.objects.visible_to(actor).filter(participant=person, unit=unit, start=start).first():
        return Enrolled(before, registered, repeated=True)
    check_free(person, start, actor)
    _check_coach(coach, unit)
    enrolment = Enrolment.objects.create(
        participant=person,
        unit=unit,
        coach=coach,
        start=start,
        referral=referral or _accepted(person, unit),
        case_number=case_number or case_number_take(start),
        **facts,
    )
    UnitAssignment.objects.create(
        enrolment=enrolment, unit=unit, legal_basis=legal_basis or unit.term_on(start).legal_basis, start=start
    )
    if education and education != person.education:
        with noted(units=[unit.code]):
            person.education = education
            person.revision += 1
            person.save(update_fields=["education", "revision"])
    _plan(enrolment, actor, plans)
    return Enrolled(enrolment, registered)


def _person_of(
    referral: Referral | None, registered: Registered | None, actor: User
) -> tuple[Referral | None, Participant]:
    """The referral, held, and the person, held: nobody else decides the one or enrols the other meanwhile."""
    if referral:
        referral = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
        if referral.decision != ReferralDecision.ACCEPTED or referral.participant_id is None:
            raise NotAccepted
        if before := Enrolment.objects.filter(referral=referral).first():
            # Once it is another unit's, it is no longer told where.
            seen = Enrolment.objects.visible_to(actor).filter(pk=before.pk).exists()
            raise EnrolledAlready(before) if seen else NotAccepted
    key = referral.participant_id if referral else registered.participant.pk
    return referral, Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=key)


def check_free(
    person: Participant, start: dt.date, actor: User, *, until: dt.date | None = None, but: Enrolment | None = None
) -> None:
    """Nobody answers for the person on any day from `start` to `until` (None: for good), but by the enrolment `but`.

    Raises EnrolledAlready for an enrolment that the actor may see, else NotFree.
    """
    taken = Enrolment.objects.filter(Q(end=None) | Q(end__gte=start), participant=person)
    if until:
        taken = taken.filter(start__lte=until)
    if but:
        taken = taken.exclude(pk=but.pk)
    seen = taken.visible_to(actor).order_by("-start").first()
    hidden = taken.exclude(pk__in=taken.visible_to(actor).values("pk")).exists()
    if seen:
        raise EnrolledAlready(seen)
    if hidden:
        raise NotFree(person)


def _check_coach(coach: User, unit: Unit) -> None:
    """Who writes in the unit's files. Who may see a protected person is another matter (ProtectedAccess)."""
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk=coach.pk))
    if not coaches_in(unit.pk).filter(pk=coach.pk).exists():
        raise CannotBeCoach(coach)


def _accepted(person: Participant, unit: Unit) -> Referral | None:
    """The referral that the unit has accepted and nobody is enrolled by yet."""
    waiting = Referral.objects.filter(
        participant=person, unit=unit, decision=ReferralDecision.ACCEPTED, decided_on__isnull=False, enrolment=None
    )
    return waiting.order_by("received", "pk").first()


def _plan(enrolment: Enrolment, actor: User, plans: Plans) -> None:
    if plans.review_on:
        JointReview.objects.create(enrolment=enrolment, due=plans.review_on, by=actor, by_name=actor.full_name)
    if plans.motivation:
        proposed = blank_row(ACTIVITY_FIELDS) | {"form": MOTIVATION, "purpose": plans.motivation}
        typed = draft_of(enrolment).typed | {"activities": [proposed]}
        plan_draft_save(enrolment=enrolment, author=actor, typed=typed, seen=0, window=uuid.uuid4())


@transaction.atomic
def enrolment_question_ask(*, participant: Participant, unit: Unit, start: dt.date, actor: User) -> None:
    """Leave the administrator the question who is to answer for the person; one that waits is not asked again."""
    EnrolmentQuestion.objects.get_or_create(
        participant=participant,
        unit=unit,
        handled_at=None,
        defaults={"start": start, "asked_by": actor, "asked_by_name": actor.full_name},
    )


def enrolment_questions_waiting() -> int:
    """How many questions nobody has handled yet."""
    return EnrolmentQuestion.objects.filter(handled_at=None).count()
