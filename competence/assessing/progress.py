"""How much support is needed from stage to stage of a placement: drawn, and told in words."""

from dataclasses import dataclass

from competence.assessing.sheet import STAGES
from competence.models import Assessment, CatalogueModule, Competence, SupportLevel
from placements.models import Placement

#: The drawing's units: the width of all competences of a stage, the height of a bar and of the words above it, the
#: distance between two.
WIDTH, BAR, WORDS, ROW = 320, 26, 22, 58


@dataclass(frozen=True)
class Track:
    """One competence over the stages, in words: its level at each (None: it was not assessed there)."""

    competence: Competence
    stages: list[tuple[str, SupportLevel | None]]

    @property
    def levels(self) -> list[SupportLevel | None]:
        return [level for _stage, level in self.stages]

    @property
    def moved(self) -> int:
        """How many levels it has risen from the first stage that tried it to the last; 0 also if it has sunk or
        stayed."""
        tried = [level.value for level in self.levels if level and level.value]
        return max(0, tried[-1] - tried[0]) if tried else 0


@dataclass(frozen=True)
class Segment:
    """A part of a stage's bar: so many competences at a level."""

    level: SupportLevel
    count: int
    x: int
    width: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def is_wide(self) -> bool:
        """Whether the number fits."""
        return self.width >= 18


@dataclass(frozen=True)
class Bar:
    """A stage in the drawing: where it stands, and its parts."""

    assessment: Assessment
    y: int
    segments: list[Segment]

    @property
    def middle(self) -> int:
        return self.y + BAR // 2

    @property
    def words(self) -> int:
        """Where the line of the words stands."""
        return self.y - 7


@dataclass(frozen=True)
class Progress:
    """The signed assessments of a placement, the earliest stage first, and every competence that one of them tried;
    the drawing."""

    assessments: list[Assessment]
    levels: list[SupportLevel]
    modules: list[tuple[CatalogueModule, list[Track]]]
    bars: list[Bar]

    @property
    def height(self) -> int:
        return ROW * len(self.bars)

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def bar_height(self) -> int:
        return BAR

    @property
    def risen(self) -> int:
        """How many competences need less support now."""
        return sum(track.moved > 0 for _module, tracks in self.modules for track in tracks)


def progress_of(placement: Placement) -> Progress:
    """How the holding versions of the stages follow each other. The wording is that of the last one: a competence
    that two catalogues have under one code is the same."""
    rows = Assessment.objects.holding().filter(placement=placement)
    rows = rows.prefetch_related("competences__competence__module").select_related("catalogue", "area")
    assessments = sorted(rows, key=lambda each: STAGES.index(each.stage))
    scales = {
        each.pk: {
            level.value: level for level in SupportLevel.objects.filter(version=each.catalogue_id).order_by("value")
        }
        for each in assessments
    }
    said: dict[str, dict[int, SupportLevel]] = {}
    competences: dict[str, Competence] = {}
    for each in assessments:
        for row in each.competences.all():
            competences[row.competence.code] = row.competence
            said.setdefault(row.competence.code, {})[each.pk] = scales[each.pk][row.level]
    tried = {code for code, levels in said.items() if any(level.value for level in levels.values())}
    modules: dict[str, tuple[CatalogueModule, list[Track]]] = {}
    for competence in sorted(competences.values(), key=lambda each: (each.module.position, each.position)):
        if competence.code in tried:
            levels = said[competence.code]
            track = Track(competence, [(each.get_stage_display(), levels.get(each.pk)) for each in assessments])
            modules.setdefault(competence.module.code, (competence.module, []))[1].append(track)
    levels = [level for level in scales[assessments[-1].pk].values() if level.value] if assessments else []
    bars = [_bar(each, number, said, len(tried), levels) for number, each in enumerate(assessments)]
    return Progress(assessments, levels, list(modules.values()), bars)


def _bar(assessment: Assessment, number: int, said, total: int, levels: list[SupportLevel]) -> Bar:
    values = [by_stage[assessment.pk].value for by_stage in said.values() if assessment.pk in by_stage]
    segments, x = [], 0
    for level in reversed(levels):  # the most independent first, so that growth is seen from the left
        count = values.count(level.value)
        width = round(WIDTH * count / total) if total else 0
        if count:
            segments.append(Segment(level, count, x, width))
        x += width
    return Bar(assessment, ROW * number + WORDS, segments)
