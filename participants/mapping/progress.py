"""What has changed from one mapping to the next: drawn, and told in words. Health is left out."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from participants.mapping.services import answers_of
from participants.mapping.told import questions_of
from participants.models import Mapping
from participants.models.mapping import MappingSectionKey
from vocabulary.codes import LanguageLevel, LanguageSkill


@dataclass(frozen=True)
class SkillLine:
    """One language skill over the mappings: its level at each (None: not said), for the drawing and the table."""

    label: str
    levels: list[str | None]

    @property
    def steps(self) -> list[int | None]:
        order = LanguageLevel.values
        return [order.index(level) if level in order else None for level in self.levels]

    @property
    def words(self) -> list[str]:
        return [str(LanguageLevel(level).label) if level else "–" for level in self.levels]


@dataclass(frozen=True)
class Changed:
    """What is new in a list of choices between two mappings, and what is gone."""

    label: str
    new: list[str]
    gone: list[str]


@dataclass(frozen=True)
class Difference:
    """An answer in words that is another than before."""

    label: str
    before: str
    after: str


#: Lists of choices of which a change says something; more obstacles are no progress, so each is told as what it is.
LISTS = ("obstacles", "digital_skills", "digital_access", "licences")


@dataclass(frozen=True)
class Progress:
    """How things have moved over the completed mappings, the oldest first."""

    mappings: list[Mapping]
    skills: list[SkillLine]
    lists: list[Changed]
    differences: list[Difference]

    @property
    def days(self) -> list[dt.date]:
        return [mapping.completed_on for mapping in self.mappings]

    @property
    def has_levels(self) -> bool:
        return any(any(line.levels) for line in self.skills)


def progress_of(mappings: list[Mapping]) -> Progress:
    """What has changed, from the first of the completed mappings to the last; without health. `mappings` the latest
    first, as `completed` gives them."""
    rounds = mappings[::-1]
    kept = [_answers(mapping) for mapping in rounds]
    skills = [
        SkillLine(label=str(skill.label), levels=[answers.get(f"cefr_{skill.value}") for answers in kept])
        for skill in LanguageSkill
    ]
    first, last = kept[0], kept[-1]
    lists, differences = [], []
    for question in questions_of(rounds[-1]):
        if question.section == MappingSectionKey.HEALTH or question.key.startswith("cefr_"):
            continue
        before, after = first.get(question.key), last.get(question.key)
        if before == after:
            continue
        if question.key in LISTS:
            labels = {value: str(label) for value, label in question.choices}
            lists.append(
                Changed(
                    label=str(question.label),
                    new=[labels.get(each, each) for each in after or () if each not in (before or ())],
                    gone=[labels.get(each, each) for each in before or () if each not in (after or ())],
                )
            )
        else:
            words = (question.told(before) or "–", question.told(after) or "–")
            differences.append(Difference(str(question.label), *words))
    return Progress(mappings=rounds, skills=skills, lists=lists, differences=differences)


def _answers(mapping: Mapping) -> dict[str, Any]:
    sections = [section for section in mapping.sections.all() if section.key != MappingSectionKey.HEALTH]
    return answers_of(sections)


# --- The drawing --------------------------------------------------------------------------------------------------

LEFT, STEP, ROW, TOP = 190, 62, 44, 34


@dataclass(frozen=True)
class Dot:
    """One level in the drawing: where it stands, which mapping it belongs to, and whether it is the latest."""

    x: int
    day: dt.date
    level: str
    is_latest: bool


@dataclass(frozen=True)
class Row:
    """One skill in the drawing: a line from its first to its latest level, and a dot for each."""

    label: str
    y: int
    dots: list[Dot]

    @property
    def first(self) -> Dot:
        return self.dots[0]

    @property
    def last(self) -> Dot:
        return self.dots[-1]


@dataclass(frozen=True)
class Drawing:
    """The levels of language over the mappings: a column for each level, a row for each skill that was assessed."""

    columns: list[tuple[int, str]]
    rows: list[Row]

    @property
    def width(self) -> int:
        return LEFT + STEP * len(self.columns)

    @property
    def height(self) -> int:
        return TOP + ROW * len(self.rows) + 8

    @property
    def bottom(self) -> int:
        return self.height - 8


def drawing_of(progress: Progress) -> Drawing:
    """Where everything stands, in the units of the drawing."""
    columns = [(LEFT + STEP * number + STEP // 2, label) for number, label in enumerate(LanguageLevel.labels)]
    rows = []
    for line in progress.skills:
        known = [(step, day) for step, day in zip(line.steps, progress.days, strict=True) if step is not None]
        if not known:
            continue
        dots = [
            Dot(columns[step][0], day, str(columns[step][1]), is_latest=number == len(known) - 1)
            for number, (step, day) in enumerate(known)
        ]
        rows.append(Row(label=line.label, y=TOP + ROW * len(rows) + ROW // 2, dots=dots))
    return Drawing(columns=columns, rows=rows)
