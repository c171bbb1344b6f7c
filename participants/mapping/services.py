"""Beginning a mapping, saving it by section, opening the one about health, completing it, throwing it away."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.mapping.questions import questions_on
from participants.models import (
    Enrolment,
    GoalOccupation,
    MappedLanguage,
    MappedObstacle,
    Mapping,
    MappingQuestion,
    MappingSection,
)
from participants.models.mapping import MappingSectionKey, MappingState
from participants.services.activity import enrolment_note_activity
from vocabulary.codes import LanguageSkill


class NoDraft(Exception):
    """The mapping is no longer a draft: completed, or thrown away."""


class SectionChanged(Exception):
    """Somebody else has saved the section since it was read; `section` is as it is now."""

    def __init__(self, section: MappingSection):
        super().__init__()
        self.section = section


class HealthClosed(Exception):
    """Nobody has said why health must be asked about, so nothing is written down there."""


class CaseClosed(Exception):
    """The enrolment has ended: a new mapping belongs to a new enrolment."""


@transaction.atomic
def mapping_begin(*, enrolment: Enrolment, actor: User, former: Mapping | None = None) -> Mapping:
    """Begin a mapping, with the answers of `former` to go on from; the one that is being written, if there is one.

    What was said about health is not taken over: that it is needed is judged anew each time. Raises CaseClosed.
    """
    current = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if current.is_closed:
        raise CaseClosed
    if draft := Mapping.objects.filter(enrolment=current, state=MappingState.DRAFT).first():
        return draft
    latest = Mapping.objects.filter(enrolment=current).order_by("-number").first()
    mapping = Mapping.objects.create(
        enrolment=current,
        number=latest.number + 1 if latest else 1,
        begun_by=actor,
        begun_by_name=actor.full_name,
    )
    before = {section.key: section for section in former.sections.all()} if former else {}
    MappingSection.objects.bulk_create(
        MappingSection(
            mapping=mapping,
            key=key,
            answers=before[key].answers if key in before and key != MappingSectionKey.HEALTH else {},
        )
        for key in MappingSectionKey.values
    )
    return mapping


@transaction.atomic
def section_save(
    *,
    mapping: Mapping,
    key: str,
    answers: dict[str, Any],
    talked: bool,
    actor: User,
    seen: int,
    window: uuid.UUID | None,
) -> MappingSection:
    """Save what has been typed in a section so far.

    `seen` is the section's revision that the page showed, `window` the page: what another page has saved meanwhile
    is overwritten by nobody who has not seen it. Raises SectionChanged, NoDraft and HealthClosed.
    """
    section = _locked_section(mapping, key)
    if section.key == MappingSectionKey.HEALTH and not section.opened_why:
        raise HealthClosed
    if (section.answers, section.talked) == (answers, talked):
        return section
    if section.revision != seen and (window is None or section.window != window):
        raise SectionChanged(section)
    section.answers, section.talked, section.window = answers, talked, window
    section.revision += 1
    section.edited_at, section.edited_by, section.edited_by_name = timezone.now(), actor, actor.full_name
    section.save()
    return section


@transaction.atomic
def health_open(*, mapping: Mapping, why: str, actor: User) -> MappingSection:
    """Say why health must be asked about in this mapping; from then on the section can be written in. The reason that
    was given first stays. Raises NoDraft."""
    section = _locked_section(mapping, MappingSectionKey.HEALTH)
    if not section.opened_why:
        section.opened_why = why
        section.edited_at, section.edited_by, section.edited_by_name = timezone.now(), actor, actor.full_name
        section.save()
    return section


@transaction.atomic
def mapping_complete(*, mapping: Mapping, actor: User, day: dt.date) -> Mapping:
    """Complete a mapping: from now on it is never changed, and keeps the questions as they were asked.

    What others ask for is written down beside it: the levels of language, the obstacles, the goal occupations. Twice
    is once. Raises NoDraft when it has been thrown away.
    """
    current = Mapping.objects.select_for_update(of=("self",)).filter(pk=mapping.pk).first()
    if current is None:
        raise NoDraft
    if current.is_completed:
        return current
    questions = questions_on(day)
    answers = answers_of(list(current.sections.select_for_update(of=("self",))))
    _write_languages(current, answers)
    MappedObstacle.objects.bulk_create(
        MappedObstacle(mapping=current, obstacle=obstacle) for obstacle in answers.get("obstacles", ())
    )
    GoalOccupation.objects.bulk_create(
        GoalOccupation(mapping=current, occupation_id=code, order=order)
        for order, (code, _label) in enumerate(answers.get("goal_occupations", ()), start=1)
    )
    current.asked = [question.as_asked() for question in questions]
    current.state, current.completed_on = MappingState.COMPLETED, day
    current.completed_by, current.completed_by_name = actor, actor.full_name
    current.save(update_fields=["asked", "state", "completed_on", "completed_by", "completed_by_name"])
    enrolment_note_activity(enrolment=current.enrolment, day=day)
    return current


@transaction.atomic
def mapping_discard(*, mapping: Mapping) -> None:
    """Throw a draft away. Twice is once. Raises NoDraft when it has been completed."""
    current = Mapping.objects.select_for_update(of=("self",)).filter(pk=mapping.pk).first()
    if current is None:
        return
    if current.is_completed:
        raise NoDraft
    current.delete()


@transaction.atomic
def mapping_question_save(*, question: MappingQuestion) -> MappingQuestion:
    """Keep a question that the municipality has added or changed. Mappings that are being written ask it from now on;
    completed ones keep what they asked."""
    question.save()
    return question


def answers_of(sections: list[MappingSection]) -> dict[str, Any]:
    """Every answer of a mapping, by the questions' keys."""
    return {key: answer for section in sections for key, answer in section.answers.items()}


def _write_languages(mapping: Mapping, answers: dict[str, Any]) -> None:
    assessed, assessor = answers.get("cefr_on"), answers.get("cefr_assessor", "")
    MappedLanguage.objects.bulk_create(
        MappedLanguage(
            mapping=mapping,
            skill=skill,
            level=answers[f"cefr_{skill}"],
            assessed_on=dt.date.fromisoformat(assessed) if assessed else None,
            assessor=assessor,
        )
        for skill in LanguageSkill.values
        if answers.get(f"cefr_{skill}")
    )


def _locked_section(mapping: Mapping, key: str) -> MappingSection:
    """The section, locked; the mapping first, so that it is not completed while somebody saves."""
    current = Mapping.objects.select_for_update(of=("self",), no_key=True).filter(pk=mapping.pk).first()
    if current is None or current.is_completed:
        raise NoDraft
    return current.sections.select_for_update(of=("self",)).get(key=key)
