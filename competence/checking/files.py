"""Whether a file that somebody has is the document as it was issued: compared in memory, kept nowhere."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from delivery.documents.sealing import Seal, seal_of
from delivery.models import Document, DocumentFile, SealCertificate


class Likeness(StrEnum):
    """What a file is, beside the document whose code was asked for."""

    ORIGINAL = "original"
    OTHER = "other"
    """The original of another document here; of which is not told."""
    DIFFERENT = "different"


@dataclass(frozen=True)
class Checked:
    likeness: Likeness
    seal: Seal

    @property
    def is_original(self) -> bool:
        return self.likeness == Likeness.ORIGINAL


def file_check(*, content: bytes, document: Document) -> Checked:
    """What the file is, and what its seal says."""
    seal = seal_of(content, known=known_certificates())
    same = DocumentFile.objects.filter(
        sha256=hashlib.sha256(content).hexdigest(), document__verification_code__isnull=False
    )
    documents = set(same.values_list("document", flat=True))
    if document.pk in documents:
        return Checked(Likeness.ORIGINAL, seal)
    return Checked(Likeness.OTHER if documents else Likeness.DIFFERENT, seal)


def known_certificates() -> dict[str, bytes]:
    """Those of the keys that have sealed here, by their SHA-256."""
    return {each.sha256: bytes(each.content) for each in SealCertificate.objects.all()}
