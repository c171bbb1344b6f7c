"""What is known of a participant that a place can be matched with."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from participants.models import Enrolment, Mapping, MappingSection, PlanVersion
from participants.models.mapping import MappingSectionKey, MappingState
from participants.models.plan import PlanState
from vocabulary.codes import LanguageLevel, LanguageSkill
from vocabulary.models import OccupationalArea

#: The levels from the lowest to the highest.
ORDER = list(LanguageLevel.values)


def reaches(level: str, required: str) -> bool:
    """Whether who has `level` has what is required."""
    return ORDER.index(level) >= ORDER.index(required)


@dataclass(frozen=True)
class Wishes:
    """What the latest completed mapping and the plan say. `licences` is None if nobody has asked; a skill that is not
    in `levels` was not assessed; `areas` are those of the occupations that are aimed for."""

    levels: dict[str, str]
    licences: frozenset[str] | None
    areas: frozenset[str]
    city: str
    is_mapped: bool

    def above(self) -> dict[str, list[str]]:
        """For each skill that was assessed, the levels that are too high."""
        return {
            skill: ORDER[ORDER.index(level) + 1 :]
            for skill, level in self.levels.items()
            if skill in LanguageSkill.values and level in ORDER
        }


def wishes_of(enrolment: Enrolment) -> Wishes:
    """What is known of the participant of one enrolment."""
    return wishes_of_each([enrolment])[enrolment.pk]


def wishes_of_each(enrolments: Iterable[Enrolment]) -> dict[int, Wishes]:
    """The same for many, by the enrolment's key, with a few questions in all."""
    enrolments = list(enrolments)
    mappings = _latest_mappings(enrolments)
    licences = dict(
        MappingSection.objects.filter(mapping__in=mappings.values(), key=MappingSectionKey.DRIVING).values_list(
            "mapping", "answers"
        )
    )
    plans = PlanVersion.objects.filter(enrolment__in=enrolments, state=PlanState.DECIDED)
    aims: dict[int, set[str]] = {enrolment.pk: set() for enrolment in enrolments}
    for key, occupation in plans.exclude(goal_occupation=None).values_list("enrolment", "goal_occupation"):
        aims[key].add(occupation)
    areas = _areas_by_occupation()
    found = {}
    for enrolment in enrolments:
        mapping = mappings.get(enrolment.pk)
        goals = aims[enrolment.pk] | (
            {goal.occupation_id for goal in mapping.goal_occupations.all()} if mapping else set()
        )
        answered = (licences.get(mapping.pk) or {}).get("licences") if mapping else None
        found[enrolment.pk] = Wishes(
            levels={each.skill: each.level for each in mapping.languages.all()} if mapping else {},
            licences=None if answered is None else frozenset(answered),
            areas=frozenset(area for goal in goals for area in areas.get(goal, ())),
            city=enrolment.participant.city.strip(),
            is_mapped=mapping is not None,
        )
    return found


def _latest_mappings(enrolments: list[Enrolment]) -> dict[int, Mapping]:
    rows = Mapping.objects.filter(enrolment__in=enrolments, state=MappingState.COMPLETED)
    rows = rows.order_by("completed_on", "number").prefetch_related("languages", "goal_occupations")
    return {mapping.enrolment_id: mapping for mapping in rows}


def _areas_by_occupation() -> dict[str, list[str]]:
    areas: dict[str, list[str]] = {}
    for code, occupations in OccupationalArea.objects.values_list("code", "occupations"):
        for occupation in occupations:
            areas.setdefault(occupation, []).append(code)
    return areas


def first_day(planned: dt.date | None, today: dt.date) -> dt.date:
    """The day from which a place is looked for: the planned start of the activity, or today if that has been."""
    return max(planned, today) if planned else today
