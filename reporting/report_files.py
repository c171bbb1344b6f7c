"""The files of frozen and published reports: which there are, and how far the making of them has come."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from delivery.models import Document, DocumentFile
from delivery.services.documents import PDF

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
JSON = "application/json"

#: Each format as it stands in addresses, what readers call it, and its media type; in the order they are offered in.
FORMATS = (("pdf", "PDF", PDF), ("xlsx", "Excel", XLSX), ("csv", "CSV", ZIP), ("json", "JSON", JSON))
MEDIA_TYPES = {code: media_type for code, _word, media_type in FORMATS}


@dataclass(frozen=True)
class ReportFile:
    """A file that is there: its format in addresses and in words, and its bytes' number."""

    format: str
    label: str
    size: int


@dataclass(frozen=True)
class ReportFiles:
    """The files of one document."""

    document: Document
    ready: list[ReportFile] = field(default_factory=list)

    @property
    def has_failed(self) -> bool:
        """Whether they are not there, and nobody is making them."""
        return not self.ready and self.document.has_failed

    @property
    def under_way(self) -> bool:
        return not self.ready and not self.document.has_failed


def files_of(documents: Iterable[Document]) -> dict[int, ReportFiles]:
    """The files of each document, by its key; one query for all. The documents are read with their jobs."""
    found = {document.pk: ReportFiles(document) for document in documents}
    stored = DocumentFile.objects.filter(document__in=found).values_list("document_id", "media_type", "size")
    sizes = {(document, media_type): size for document, media_type, size in stored}
    for key, files in found.items():
        files.ready.extend(
            ReportFile(code, word, sizes[key, media_type])
            for code, word, media_type in FORMATS
            if (key, media_type) in sizes
        )
    return found
