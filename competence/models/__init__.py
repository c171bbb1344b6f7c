"""What people can do: one file per concept."""

from competence.models.assessment import (
    AssessedCompetence,
    Assessment,
    AssessmentLink,
    AssessmentStage,
    AssessmentState,
    ParticipantView,
    SignedBy,
)
from competence.models.batch import IssueBatch, IssueBatchItem, ItemState
from competence.models.catalogue import (
    CatalogueArea,
    CatalogueModule,
    CatalogueVersion,
    Competence,
    EvidenceType,
    LanguageSkill,
    SupportLevel,
)
from competence.models.certificate import Certificate, CertificateDraft, CertificateState, CertificateVersion
from competence.models.credential import Credential, CredentialKind
from competence.models.language import GradedBy, LanguageGrade

__all__ = [
    "AssessedCompetence",
    "Assessment",
    "AssessmentLink",
    "AssessmentStage",
    "AssessmentState",
    "CatalogueArea",
    "CatalogueModule",
    "CatalogueVersion",
    "Certificate",
    "CertificateDraft",
    "CertificateState",
    "CertificateVersion",
    "Competence",
    "Credential",
    "CredentialKind",
    "EvidenceType",
    "GradedBy",
    "IssueBatch",
    "IssueBatchItem",
    "ItemState",
    "LanguageGrade",
    "LanguageSkill",
    "ParticipantView",
    "SignedBy",
    "SupportLevel",
]
