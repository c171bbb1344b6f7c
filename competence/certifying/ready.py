"""Which of many placements have a certificate that can be issued now, and what the others lack: the rules of one
(`services.shortcomings`), with a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import QuerySet

from competence.certifying.composing import holding_assessments, recomposed
from competence.certifying.readiness import lacks_in_words, with_lacks
from competence.certifying.services import shortcomings
from competence.documents.sources import Sources
from competence.models import CertificateDraft
from placements.models import Placement


@dataclass(frozen=True)
class Checked:
    """A placement and what its certificate lacks, in words; nothing: it can be issued. `revision` is the draft's."""

    placement: Placement
    missing: list[str]
    revision: int

    @property
    def is_ready(self) -> bool:
        return not self.missing


def checked(placements: QuerySet[Placement]) -> list[Checked]:
    """The placements in their order. Enrolment and participant are to be selected with them."""
    rows = list(with_lacks(placements))
    held = holding_assessments([each for each in rows if not each.lacks])
    drafts = {
        each.placement_id: each
        for each in CertificateDraft.objects.filter(placement__in=held).select_related(
            "catalogue", "area", "assessment__catalogue"
        )
    }
    for each in rows:
        if draft := drafts.get(each.pk):
            draft.placement, assessment = each, held[each.pk]
            draft.is_behind = draft.assessment_id != assessment.pk
            drafts[each.pk] = recomposed(draft, assessment)
    sources = Sources(list(drafts.values()))
    return [_checked(each, drafts.get(each.pk), sources) for each in rows]


def _checked(placement: Placement, draft: CertificateDraft | None, sources: Sources) -> Checked:
    if draft is None:
        return Checked(placement, lacks_in_words(placement.lacks), 0)
    return Checked(placement, list(shortcomings(draft, sources).values()), draft.revision)
