"""What people can do: one file per concept."""

from competence.models.catalogue import (
    CatalogueArea,
    CatalogueModule,
    CatalogueVersion,
    Competence,
    EvidenceType,
    LanguageSkill,
    SupportLevel,
)
from competence.models.certificate import Certificate, CertificateDraft, CertificateVersion

__all__ = [
    "CatalogueArea",
    "CatalogueModule",
    "CatalogueVersion",
    "Certificate",
    "CertificateDraft",
    "CertificateVersion",
    "Competence",
    "EvidenceType",
    "LanguageSkill",
    "SupportLevel",
]
