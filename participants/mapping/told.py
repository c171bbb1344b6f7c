"""A mapping as it is read: sections, questions and answers; what others ask of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts import municipal
from participants.calendar import months_after
from participants.mapping.municipal import MAPPING_MONTHS
from participants.mapping.questions import Question, in_section, questions_on
from participants.models import Enrolment, GoalOccupation, MappedLanguage, Mapping, MappingSection
from participants.models.mapping import MappingSectionKey, MappingState


@dataclass(frozen=True)
class ToldSection:
    """One section of a mapping as its reader sees it. A closed section (health) shows that it is there, and why."""

    key: str
    label: str
    rows: list[tuple[str, str]]
    section: MappingSection | None
    is_closed: bool = False

    @property
    def status(self) -> str:
        """`filled`, `nothing` (talked about, nothing to write) or `not_asked`."""
        if self.section is None:
            return "not_asked"
        if self.section.answers:
            return "filled"
        return "nothing" if self.section.talked else "not_asked"

    @property
    def is_health(self) -> bool:
        return self.key == MappingSectionKey.HEALTH


def questions_of(mapping: Mapping) -> list[Question]:
    """The questions of a mapping: as they were asked, or, of a draft, as they are asked today."""
    if mapping.is_completed:
        return [Question.of_asked(each) for each in mapping.asked]
    return questions_on(timezone.localdate())


def told(mapping: Mapping, *, health: bool = False) -> list[ToldSection]:
    """The sections in their order, with what was answered. Health only if it is asked for."""
    questions = questions_of(mapping)
    sections = {section.key: section for section in mapping.sections.all()}
    found = []
    for key, label in MappingSectionKey.choices:
        section = sections.get(key)
        closed = key == MappingSectionKey.HEALTH and not health
        rows = []
        if section and not closed:
            rows = [
                (str(question.label), answer)
                for question in in_section(questions, key)
                if (answer := question.told(section.answers.get(question.key)))
            ]
        found.append(ToldSection(key=key, label=str(label), rows=rows, section=section, is_closed=closed))
    return found


def completed(enrolments: Iterable[Enrolment]) -> list[Mapping]:
    """The completed mappings of the enrolments, the latest first."""
    rows = Mapping.objects.filter(enrolment__in=enrolments, state=MappingState.COMPLETED)
    return list(rows.order_by("-completed_on", "-number").select_related("enrolment"))


def draft_of(enrolments: Iterable[Enrolment]) -> Mapping | None:
    """The mapping that is being written, if there is one. What was left lying in an enrolment that a register has
    closed since is written no more."""
    rows = Mapping.objects.filter(enrolment__in=enrolments, enrolment__end=None, state=MappingState.DRAFT)
    return rows.order_by("-enrolment__start").first()


def latest_mapping(enrolment: Enrolment) -> Mapping | None:
    """The latest completed mapping of an enrolment."""
    return next(iter(completed([enrolment])), None)


def cefr_of(enrolment: Enrolment) -> dict[str, str]:
    """The latest known level of each language skill: what gates of job tracks and matching ask for."""
    mapping = latest_mapping(enrolment)
    return dict(MappedLanguage.objects.filter(mapping=mapping).values_list("skill", "level")) if mapping else {}


def goals_of(enrolment: Enrolment) -> list[GoalOccupation]:
    """The occupations that the participant aims for, by the latest completed mapping."""
    mapping = latest_mapping(enrolment)
    return list(mapping.goal_occupations.select_related("occupation")) if mapping else []


def is_old(mapping: Mapping, today: dt.date) -> bool:
    """Whether it was completed so long ago that it should be gone through again (a setting)."""
    return months_after(mapping.completed_on, municipal.value_of(MAPPING_MONTHS.key)) < today
