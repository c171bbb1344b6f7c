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
    return _held(found for _case, found in _judged(cases, day))


def language_levels_of_each(cases: Iterable[Enrolment], day: dt.date) -> dict[int, dict[str, HeldLevel]]:
    """The same of each of these enrolments by itself, by their keys, with the queries of one."""
    found: dict[int, list[HeldLevel]] = {case.pk: [] for case in cases}
    for case, level in _judged(list(found), day):
        found[case].append(level)
    return {case: _held(levels) for case, levels in found.items()}


def reaches(level: str, required: str) -> bool:
    """Whether a level is the required one or above it. Nothing known (empty, none) reaches nothing but none."""
    return level in _ORDER and _ORDER.index(level) >= _ORDER.index(required)


def _cases(of):
    if isinstance(of, Enrolment):
        return [of]
    return Enrolment.objects.filter(participant=of) if isinstance(of, Participant) else list(of)


def _held(levels: Iterable[HeldLevel]) -> dict[str, HeldLevel]:
    held = {found.skill: found for found in levels}
    return {skill: held[skill] for skill in LanguageSkill.values if skill in held}


def _judged(cases, day: dt.date) -> list[tuple[int, HeldLevel]]:
    """What was judged until then, the earliest first, each with the enrolment it was judged in."""
    return sorted([*_mapped(cases, day), *_graded(cases, day)], key=lambda each: each[1].day)


def _graded(cases, day: dt.date) -> Iterable[tuple[int, HeldLevel]]:
    rows = LanguageGrade.objects.holding().filter(enrolment__in=cases, graded_on__lte=day)
    for row in rows.order_by("graded_on", "pk"):
        yield row.enrolment_id, HeldLevel(row.skill, row.level, row.graded_on, row.assessor, row)


def _mapped(cases, day: dt.date) -> Iterable[tuple[int, HeldLevel]]:
    rows = MappedLanguage.objects.filter(
        mapping__enrolment__in=cases, mapping__state=MappingState.COMPLETED, mapping__completed_on__lte=day
    )
    for row in rows.select_related("mapping").order_by("mapping__completed_on", "mapping__number"):
        judged = row.assessed_on or row.mapping.completed_on
        if judged <= day:
            who = row.assessor or row.mapping.completed_by_name
            yield row.mapping.enrolment_id, HeldLevel(row.skill, row.level, judged, who)
