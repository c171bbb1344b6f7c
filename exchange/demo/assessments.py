"""Assessments of the invented municipality in every state: grown over the stages and reviewed, signed and not
reviewed, waiting for the supervisor, begun; what participants say of them, and levels of language."""

import datetime as dt
import random

from django.db import transaction
from django.utils import timezone

from accounts import demo
from accounts.models import User
from competence.assessing.grades import language_grade_record
from competence.assessing.links import assessment_link_send
from competence.assessing.own_view import own_view_save
from competence.assessing.said import Said, offered
from competence.assessing.services import (
    assessment_begin,
    assessment_complete,
    assessment_review,
    assessment_save,
    assessment_sign,
)
from competence.models import Assessment, AssessmentLink, GradedBy, SignedBy
from delivery.models import Mail
from exchange.demo import names
from placements.models import Placement
from vocabulary.codes import LanguageSkill, Protection

#: So many of the first job coach's ended placements are assessed, the latest first; so many of the unit's others at
#: the end alone. Of the first ones the last is signed and not reviewed yet.
OWN, OTHERS = 4, 8
DAY = dt.timedelta(days=1)
#: How long ago the supervisor of the placement that goes on was sent the link.
WAITED = 9
NOTES = ("Varje dag.", "Visar nya kollegor.", "Behöver se det en gång till.")
SAID = "Det mesta stämmer. Jag tycker att jag klarar kassan själv nu."


@transaction.atomic
def demo_assessments_create() -> None:
    """Assess placements as a unit does over half a year. Twice is once."""
    if Assessment.objects.exclude(signed_on=None).exists():
        return
    coach = User.objects.get(email=demo.LOGINS[0].email)
    today, chance = timezone.localdate(), random.Random(7)
    ended = list(_of(coach, end__lt=today).order_by("-end", "-pk")[:OWN])
    for number, placement in enumerate(ended):
        supervisor = f"{names.WOMEN[number]} {names.FAMILY[number]}"
        levels: dict[str, int] = {}
        for stage, day in _days(placement):
            levels = _grown(levels, placement, stage, chance)
            last = number == OWN - 1 and stage == "final"
            assessment = _signed(placement, stage, levels, day, supervisor, coach, chance, reviewed=not last)
        _told(assessment, levels, coach, agrees=number != 1)
        _graded(assessment, coach, number)
    for number, placement in enumerate(_others(coach, today)):
        supervisor = f"{names.MEN[number]} {names.FAMILY[-number - 1]}"
        levels = _grown({}, placement, "final", chance)
        actor = placement.enrolment.coach or coach
        _signed(placement, "final", levels, placement.end - 3 * DAY, supervisor, actor, chance, reviewed=True)
    _waiting(coach, today, chance)


def _of(coach: User, **days):
    rows = Placement.objects.filter(
        enrolment__coach=coach,
        enrolment__participant__protection=Protection.NONE,
        workplace__occupational_area__isnull=False,
        **days,
    )
    return rows.select_related("place", "workplace", "supervisor", "enrolment__coach", "enrolment__participant")


def _others(coach: User, today: dt.date) -> list[Placement]:
    unit = _of(coach).order_by("pk").values_list("enrolment__unit", flat=True).first()
    coaches = User.objects.filter(memberships__unit=unit).exclude(pk=coach.pk).values("pk")
    rows = Placement.objects.filter(
        enrolment__unit=unit,
        enrolment__coach__in=coaches,
        enrolment__participant__protection=Protection.NONE,
        workplace__occupational_area__isnull=False,
        end__lt=today,
    )
    rows = rows.select_related("place", "workplace", "supervisor", "enrolment__coach", "enrolment__participant")
    return list(rows.order_by("-end", "-pk")[:OTHERS])


def _days(placement: Placement) -> list[tuple[str, dt.date]]:
    """When each stage is signed."""
    length = placement.end - placement.start
    return [
        ("start", placement.start + min(7 * DAY, length)),
        ("mid", placement.start + length // 2),
        ("final", placement.end - min(3 * DAY, length)),
    ]


def _grown(before: dict[str, int], placement: Placement, stage: str, chance: random.Random) -> dict[str, int]:
    """The levels of a stage: at the start some things are tried, later more, and less support is needed."""
    if not before:
        shown = assessment_begin(placement=placement, stage=stage, actor=placement.enrolment.coach)
        highest = 4 if stage == "final" else 2
        return {each.code: chance.randint(0, highest) for each in offered(shown)}
    return {code: min(4, level + chance.choice((0, 1, 1))) for code, level in before.items()}


def _signed(placement, stage, levels, day, supervisor, coach, chance, *, reviewed: bool) -> Assessment:
    assessment = _written(placement, stage, levels, day, coach, chance)
    assessment_complete(assessment=assessment, actor=coach, day=day)
    by = placement.supervisor if placement.supervisor and placement.supervisor.name == supervisor else None
    signed = assessment_sign(assessment=assessment, how=SignedBy.PAPER, name=supervisor, day=day, supervisor=by)
    if not reviewed:
        return signed
    return assessment_review(assessment=signed, actor=coach, day=min(day + 2 * DAY, timezone.localdate()))


def _written(placement, stage, levels, day, coach, chance) -> Assessment:
    assessment = assessment_begin(placement=placement, stage=stage, actor=coach)
    said = {}
    for code, level in levels.items():
        evidence = ("OBSERVED", *chance.choice(((), ("CONVERSATION",), ("WORK_SAMPLE",)))) if level > 1 else ()
        note = chance.choice(NOTES) if level and chance.random() < 0.1 else ""
        said[code] = Said(level, tuple(sorted(evidence)), note)
    assessment_save(assessment=assessment, said=said, actor=coach)
    moment = timezone.make_aware(dt.datetime.combine(day - min(2 * DAY, day - placement.start), dt.time(9, 30)))
    Assessment.objects.filter(pk=assessment.pk).update(begun_at=moment, edited_at=moment)
    return assessment


def _told(assessment: Assessment, levels: dict[str, int], coach: User, *, agrees: bool) -> None:
    own = {code: min(4, level + 1) for code, level in list(levels.items())[::9] if level}
    facts = {
        "levels": own,
        "agrees": agrees,
        "comment": "Det stämmer bra." if agrees else SAID,
        "said_on": assessment.signed_on,
    }
    own_view_save(assessment=assessment, facts=facts, seen=0, actor=coach)


def _graded(assessment: Assessment, coach: User, number: int) -> None:
    """Two skills, as the workplace and the teacher have found them."""
    for skill, level, how, who in (
        (LanguageSkill.INTERACTION, ("A2", "B1", "B2", "B1")[number % 4], GradedBy.WORK, coach.full_name),
        (LanguageSkill.READING, ("A2", "B1", "B1", "A2")[number % 4], GradedBy.EDUCATION, "Lärare på sfi"),
    ):
        language_grade_record(
            enrolment=assessment.placement.enrolment,
            skill=skill,
            level=level,
            graded_on=assessment.signed_on,
            assessor=who,
            how=how,
            actor=coach,
            assessment=assessment if how == GradedBy.WORK else None,
        )


def _waiting(coach: User, today: dt.date, chance: random.Random) -> None:
    """Two placements that go on: the supervisor of one was sent the link, and has begun; of the other nobody has gone
    through what was signed at the start."""
    going_on = _of(coach, start__lt=today - 30 * DAY, supervisor__isnull=False).exclude(end__lt=today)
    for number, placement in enumerate(going_on.exclude(assessments__stage="mid").order_by("pk")[:2]):
        first = _grown({}, placement, "start", chance)
        begun = placement.start + 7 * DAY
        name = placement.supervisor.name
        _signed(placement, "start", first, begun, name, coach, chance, reviewed=number == 0)
        mid = assessment_begin(placement=placement, stage="mid", actor=coach)
        half = {each.code: first[each.code] for each in offered(mid)[: 12 if number else 5]}
        said = {code: Said(level, ("OBSERVED",) if level > 1 else ()) for code, level in half.items()}
        assessment_save(assessment=mid, said=said, by_name=name)
        if number == 0:
            mail = assessment_link_send(assessment=mid, actor=coach, seen=None)
            moment = timezone.now() - WAITED * DAY
            Assessment.objects.filter(pk=mid.pk).update(begun_at=moment)
            AssessmentLink.objects.filter(public_id=mail.reference).update(created_at=moment)
            Mail.objects.filter(pk=mail.pk).update(created_at=moment)
