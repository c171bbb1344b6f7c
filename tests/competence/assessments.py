"""What the tests of assessments share: one that is being written, one that is signed."""

from collections.abc import Mapping

from accounts.models import User
from competence.assessing.said import Said
from competence.assessing.services import (
    area_choose,
    assessment_begin,
    assessment_complete,
    assessment_review,
    assessment_save,
    assessment_sign,
)
from competence.models import Assessment, CatalogueArea, SignedBy
from placements.models import Placement
from tests.factories import UserFactory

#: Two competences of use everywhere, and "not tried".
LEVELS = {"SPRAK-01": 2, "SOCIALA-02": 3, "ALLMANNA-01": 0}


def begun_assessment(
    placement: Placement,
    stage: str = "final",
    levels: Mapping[str, int] = LEVELS,
    *,
    area: str = "KOK",
    evidence: tuple[str, ...] = ("OBSERVED",),
    actor: User | None = None,
) -> Assessment:
    """A draft that says these levels, by the competences' codes, and lacks nothing; `evidence` from level 2. The area
    is the placement's own, or `area` where that has none."""
    actor = actor or UserFactory()
    assessment = assessment_begin(placement=placement, stage=stage, actor=actor)
    if assessment.area_id is None:
        chosen = CatalogueArea.objects.get(version=assessment.catalogue_id, code=area)
        assessment = area_choose(assessment=assessment, area=chosen, actor=actor)
    said = {code: Said(level, evidence if level > 1 else ()) for code, level in levels.items()}
    return assessment_save(assessment=assessment, said=said, actor=actor).assessment


def signed_assessment(
    placement: Placement,
    stage: str = "final",
    levels: Mapping[str, int] = LEVELS,
    *,
    name: str = "Lena Holm",
    how: str = SignedBy.PAPER,
    day=None,
    reviewed: bool = False,
    actor: User | None = None,
    **begun,
) -> Assessment:
    """A signed assessment; or a reviewed one. See `begun_assessment`."""
    actor = actor or UserFactory()
    assessment = begun_assessment(placement, stage, levels, actor=actor, **begun)
    assessment = assessment_complete(assessment=assessment, actor=actor)
    assessment = assessment_sign(assessment=assessment, how=how, name=name, day=day, supervisor=placement.supervisor)
    return assessment_review(assessment=assessment, actor=actor) if reviewed else assessment
