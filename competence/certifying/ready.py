"""Which of many placements have a certificate that can be issued now, and what the others lack: the rules of one
(`services.shortcomings`), with a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from competence.certifying.composing import holding_assessments, recomposed
from competence.certifying.readiness import lacks_in_words, with_lacks
from competence.certifying.services import shortcomings
from competence.models import AssessedCompetence, CertificateDraft, SupportLevel
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
    counts = _counted(drafts.values())
    return [_checked(each, drafts.get(each.pk), counts) for each in rows]


def _checked(placement: Placement, draft: CertificateDraft | None, counts) -> Checked:
    if draft is None:
        return Checked(placement, lacks_in_words(placement.lacks), 0)
    ticked = (counts[draft.placement_id, True], counts[draft.placement_id, False])
    return Checked(placement, list(shortcomings(draft, ticked).values()), draft.revision)


def _counted(drafts: Iterable[CertificateDraft]) -> Counter:
    """How many statements would stand on each certificate, by placement and whether they are of the occupation."""
    drafts = list(drafts)
    printed = set(SupportLevel.objects.exclude(phrase="").values_list("version_id", "value"))
    chosen: dict[int, list[tuple[str, int, bool]]] = {}
    rows = AssessedCompetence.objects.filter(assessment__in={each.assessment_id for each in drafts}, level__gte=1)
    for assessment, *said in rows.order_by().values_list(
        "assessment_id", "competence__code", "level", "competence__area_id"
    ):
        chosen.setdefault(assessment, []).append(said)
    counts: Counter = Counter()
    for draft in drafts:
        ticked = set(draft.statements)
        for code, level, area in chosen.get(draft.assessment_id, ()):
            if code in ticked and (draft.catalogue_id, level) in printed:
                counts[draft.placement_id, area is not None] += 1
    return counts
