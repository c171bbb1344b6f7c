"""What somebody is known to manage in Swedish: what the gates of job tracks ask for, and the file shows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from competence.models import LanguageGrade
from participants.models import Enrolment, MappedLanguage, Participant
from participants.models.mapping import MappingState
from vocabulary.codes import LanguageLevel, LanguageSkill

_ORDER = LanguageLevel.values


@dataclass(frozen=True)
class HeldLevel:
    """The level of one skill that holds: since which day, and who has judged it. `grade` is the row that says so;
    None: a mapping does."""

    skill: str
    level: str
    day: dt.date
    assessor: str
    grade: LanguageGrade | None = None

    @property
    def skill_label(self) -> str:
        return str(LanguageSkill(self.skill).label)

    @property
    def level_label(self) -> str:
        return str(LanguageLevel(self.level).label)


def language_levels(of: Enrolment | Participant | Iterable[Enrolment], day: dt.date) -> dict[str, HeldLevel]:
    """By skill the latest level that was judged on `day` or before, in what was graded and in completed mappings; on
    the same day what was graded holds. Skills that nobody has judged are left out.

    Of a participant all enrolments count, other units' too: for a reader give the enrolments that they may see.
    """
    cases = _cases(of)
    held: dict[str, HeldLevel] = {}
    for found in sorted([*_mapped(cases, day), *_graded(cases, day)], key=lambda each: each.day):
        held[found.skill] = found
    return {skill: held[skill] for skill in LanguageSkill.values if skill in held}


def reaches(level: str, required: str) -> bool:
    """Whether a level is the required one or above it. Nothing known (empty, none) reaches nothing but none."""
    return level in _ORDER and _ORDER.index(level) >= _ORDER.index(required)


def _cases(of):
    if isinstance(of, Enrolment):
        return [of]
    return Enrolment.objects.filter(participant=of) if isinstance(of, Participant) else list(of)


def _graded(cases, day: dt.date) -> Iterable[HeldLevel]:
    rows = LanguageGrade.objects.holding().filter(enrolment__in=cases, graded_on__lte=day)
    for row in rows.order_by("graded_on", "pk"):
        yield HeldLevel(row.skill, row.level, row.graded_on, row.assessor, row)


def _mapped(cases, day: dt.date) -> Iterable[HeldLevel]:
    rows = MappedLanguage.objects.filter(
        mapping__enrolment__in=cases, mapping__state=MappingState.COMPLETED, mapping__completed_on__lte=day
    )
    for row in rows.select_related("mapping").order_by("mapping__completed_on", "mapping__number"):
        judged = row.assessed_on or row.mapping.completed_on
        if judged <= day:
            yield HeldLevel(row.skill, row.level, judged, row.assessor or row.mapping.completed_by_name)
