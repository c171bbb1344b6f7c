"""What is read for the content of certificates, of as many drafts as there are with a fixed number of queries."""

import datetime as dt
from collections.abc import Collection
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts import municipal
from competence.language import HeldLevel, language_levels_of_each
from competence.models import (
    AssessedCompetence,
    Assessment,
    CertificateDraft,
    CertificateVersion,
    Credential,
    EvidenceType,
    SupportLevel,
)
from delivery.marks.services import mark_in_force
from delivery.municipal import DOCUMENT_COLOUR


class Sources:
    """What the rows say of these drafts now. Placement and assessment are to be known of each."""

    def __init__(self, drafts: Collection[CertificateDraft]):
        self._placements = [draft.placement for draft in drafts]
        self._assessments = [draft.assessment for draft in drafts if draft.assessment]
        prefetch_related_objects(self._placements, "grades", "workplace__employer", "enrolment__unit__terms")
        self._stored = [draft.pk for draft in drafts if draft.pk]
        self._languages: dict[dt.date, dict[int, dict[str, HeldLevel]]] = {}

    @cached_property
    def mark(self):
        return mark_in_force()

    @cached_property
    def municipality(self) -> str:
        return municipal.value_of(municipal.MUNICIPALITY_NAME.key)

    @cached_property
    def colour(self) -> str:
        return municipal.value_of(DOCUMENT_COLOUR.key)

    @cached_property
    def _catalogues(self) -> set[int]:
        return {each.catalogue_id for each in self._assessments}

    @cached_property
    def _levels(self) -> dict[tuple[int, int], SupportLevel]:
        rows = SupportLevel.objects.filter(version__in=self._catalogues).exclude(phrase="")
        return {(each.version_id, each.value): each for each in rows}

    @cached_property
    def _rows(self) -> dict[int, list[AssessedCompetence]]:
        rows = AssessedCompetence.objects.filter(assessment__in=self._assessments, level__gte=1)
        found: dict[int, list[AssessedCompetence]] = {}
        for row in rows.select_related("competence__module").order_by():
            found.setdefault(row.assessment_id, []).append(row)
        return found

    @cached_property
    def _types(self) -> dict[int, list[EvidenceType]]:
        found: dict[int, list[EvidenceType]] = {}
        for each in EvidenceType.objects.filter(version__in=self._catalogues).order_by("position"):
            found.setdefault(each.version_id, []).append(each)
        return found

    @cached_property
    def _held(self) -> dict[int, dict[str, Assessment]]:
        found: dict[int, dict[str, Assessment]] = {}
        for each in Assessment.objects.filter(placement__in=self._placements).holding():
            found.setdefault(each.placement_id, {})[each.stage] = each
        return found

    @cached_property
    def _credentials(self) -> dict[int, list[Credential]]:
        chosen = CertificateDraft.credentials.through.objects.filter(
            certificatedraft__in=self._stored, credential__removed_on=None
        )
        found: dict[int, list[Credential]] = {}
        for each in chosen.select_related("credential").order_by("-credential__issued_on", "-credential"):
            found.setdefault(each.certificatedraft_id, []).append(each.credential)
        return found

    @cached_property
    def _in_force(self) -> dict[int, list[CertificateVersion]]:
        rows = CertificateVersion.objects.in_force().filter(certificate__placement__in=self._placements)
        found: dict[int, list[CertificateVersion]] = {}
        for each in rows.select_related("certificate").defer("content").order_by("version"):
            found.setdefault(each.certificate.placement_id, []).append(each)
        return found

    def level(self, draft: CertificateDraft, value: int) -> SupportLevel | None:
        """The level of the draft's catalogue, if it ever stands on a certificate."""
        return self._levels.get((draft.assessment.catalogue_id, value))

    def assessed(self, draft: CertificateDraft) -> list[AssessedCompetence]:
        """What was assessed of the ticked competences and tried, those of the occupational area first."""
        if not draft.assessment:
            return []
        ticked = set(draft.statements)
        rows = (row for row in self._rows.get(draft.assessment_id, ()) if row.competence.code in ticked)
        return sorted(
            rows,
            key=lambda row: (row.competence.area_id is None, row.competence.module.position, row.competence.position),
        )

    def ticked(self, draft: CertificateDraft) -> tuple[int, int]:
        """How many occupational and general statements would stand on the certificate."""
        rows = [row for row in self.assessed(draft) if self.level(draft, row.level)]
        occupational = sum(row.competence.area_id is not None for row in rows)
        return occupational, len(rows) - occupational

    def types(self, draft: CertificateDraft) -> list[EvidenceType]:
        """The types of evidence of the draft's catalogue."""
        return self._types.get(draft.assessment.catalogue_id, [])

    def held(self, draft: CertificateDraft) -> dict[str, Assessment]:
        """The signed version of each stage that holds."""
        return dict(self._held.get(draft.placement_id, {}))

    def credentials(self, draft: CertificateDraft) -> list[Credential]:
        """The chosen credentials of others that nobody has taken away."""
        return self._credentials.get(draft.pk, [])

    def languages(self, draft: CertificateDraft, day: dt.date) -> dict[str, HeldLevel]:
        """The levels of language that hold on that day, by skill."""
        if day not in self._languages:
            self._languages[day] = language_levels_of_each([each.enrolment for each in self._placements], day)
        return self._languages[day][draft.placement.enrolment_id]

    def told_by_others(self, draft: CertificateDraft) -> str:
        """What would be printed and was written elsewhere: where the work was, who assessed, papers of others."""
        workplace, case = draft.placement.workplace, draft.placement.enrolment
        told = [workplace.name, workplace.employer.name, case.unit.name]
        if draft.assessment:
            told.append(draft.assessment.signed_by_name)
        if draft.with_language:
            told += [each.assessor for each in self.languages(draft, timezone.localdate()).values()]
        for each in self.credentials(draft):
            told += [each.title, each.level, each.issuer]
        return " ".join(told)

    def replaced(self, draft: CertificateDraft) -> CertificateVersion | None:
        """The version that what is issued from the draft takes the place of."""
        earlier = self._in_force.get(draft.placement_id, ())
        return earlier[-1] if earlier else None
