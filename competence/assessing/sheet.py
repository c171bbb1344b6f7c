"""An assessment as it is read and filled in: the competences by module, with what is said of each, and before."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from competence.assessing.said import NOTHING, Said, offered
from competence.models import (
    AssessedCompetence,
    Assessment,
    AssessmentStage,
    CatalogueModule,
    Competence,
    EvidenceType,
    ParticipantView,
    SupportLevel,
)

#: The stages in the order in which they come.
STAGES = AssessmentStage.values


@dataclass
class Line:
    """One competence of an assessment: what is said of it, the levels of earlier stages (`before`: stage in words and
    level), and the participant's own."""

    competence: Competence
    said: Said
    level: SupportLevel | None
    evidence: list[EvidenceType]
    before: list[tuple[str, SupportLevel]] = field(default_factory=list)
    own: SupportLevel | None = None

    @property
    def code(self) -> str:
        return self.competence.code

    @property
    def told(self) -> str:
        """What shows it, what was noted, and what was said at other stages and by the participant, on one line."""
        return " · ".join(
            filter(None, [", ".join(kind.label for kind in self.evidence), self.said.note, self.beside])
        )

    @property
    def beside(self) -> str:
        """The levels of earlier stages, and the participant's own."""
        others = [*self.before, *([(_("The participant"), self.own)] if self.own else [])]
        return " · ".join(f"{who}: {level.label}" for who, level in others)

    @property
    def is_filled(self) -> bool:
        return self.level is not None

    @property
    def lacks_evidence(self) -> bool:
        return self.level is not None and self.level.needs_evidence and not self.said.evidence


@dataclass
class ModuleLines:
    """One module of an assessment, with its competences."""

    module: CatalogueModule
    lines: list[Line]

    @property
    def filled_lines(self) -> list[Line]:
        return [line for line in self.lines if line.is_filled]

    @property
    def empty_lines(self) -> list[Line]:
        return [line for line in self.lines if not line.is_filled]

    @property
    def left(self) -> int:
        """How many nobody has thought of."""
        return len(self.empty_lines)


class Sheet:
    """An assessment with everything that it can say. Read with a fixed number of queries."""

    def __init__(self, assessment: Assessment, *, with_before: bool = False):
        self.assessment = assessment
        self.levels = list(SupportLevel.objects.filter(version=assessment.catalogue_id).order_by("value"))
        self.types = list(EvidenceType.objects.filter(version=assessment.catalogue_id).order_by("position"))
        by_value = {level.value: level for level in self.levels}
        # One that is not stored says nothing: a preview of a catalogue.
        said_of = assessment.competences.all() if assessment.pk else ()
        rows = {row.competence_id: Said.of(row) for row in said_of}
        before = _before(assessment) if with_before else {}
        view = ParticipantView.objects.filter(assessment=assessment).first() if with_before else None
        own = view.levels if view else {}
        self.view = view
        groups: dict[int, ModuleLines] = {}
        for competence in offered(assessment):
            said = rows.get(competence.pk, NOTHING)
            line = Line(
                competence,
                said,
                by_value.get(said.level),
                [kind for kind in self.types if kind.code in said.evidence],
                # An earlier stage may have another catalogue, and that a level which this one does not have.
                before=[
                    (who, by_value[value]) for who, value in before.get(competence.code, ()) if value in by_value
                ],
                own=by_value.get(own.get(competence.code)),
            )
            groups.setdefault(competence.module_id, ModuleLines(competence.module, [])).lines.append(line)
        self.modules = list(groups.values())

    @cached_property
    def lines(self) -> list[Line]:
        return [line for module in self.modules for line in module.lines]

    @property
    def left(self) -> int:
        return sum(module.left for module in self.modules)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def filled(self) -> int:
        return self.total - self.left

    @property
    def needing(self) -> set[int]:
        """The levels that need something that shows them."""
        return {level.value for level in self.levels if level.needs_evidence}

    def position(self, code: str) -> int | None:
        """Where the competence with that code stands; None if it is not part of this assessment."""
        return next((number for number, line in enumerate(self.lines) if line.code == code), None)

    def module(self, code: str) -> ModuleLines | None:
        return next((each for each in self.modules if each.module.code == code), None)


def _before(assessment: Assessment) -> dict[str, list[tuple[str, int]]]:
    """What the signed assessments of earlier stages say, by the competences' codes."""
    earlier = STAGES[: STAGES.index(assessment.stage)]
    rows = (
        AssessedCompetence.objects.filter(
            assessment__in=Assessment.objects.holding().filter(placement=assessment.placement_id, stage__in=earlier)
        )
        .select_related("assessment", "competence")
        .order_by("pk")
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for row in sorted(rows, key=lambda row: STAGES.index(row.assessment.stage)):
        found.setdefault(row.competence.code, []).append((row.assessment.get_stage_display(), row.level))
    return found
