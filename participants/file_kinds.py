"""The kinds of file that may be attached to the journal."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FileKind:
    """A kind of file: how it is called, its media type, the endings its name may have (the first is given to a name
    without one), and whether a browser may show it in place of saving it."""

    label: str
    media_type: str
    endings: tuple[str, ...]
    can_be_shown: bool = False
    is_picture: bool = False


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

PDF = FileKind(_("PDF"), "application/pdf", (".pdf",), can_be_shown=True)
JPEG = FileKind(_("picture (JPEG)"), "image/jpeg", (".jpg", ".jpeg", ".jfif"), can_be_shown=True, is_picture=True)
PNG = FileKind(_("picture (PNG)"), "image/png", (".png",), can_be_shown=True, is_picture=True)
WEBP = FileKind(_("picture (WebP)"), "image/webp", (".webp",), can_be_shown=True, is_picture=True)
HEIC = FileKind(_("picture (HEIC)"), "image/heic", (".heic", ".heif"), is_picture=True)
WORD = FileKind(_("Word document"), f"{_OOXML}wordprocessingml.document", (".docx",))
EXCEL = FileKind(_("Excel workbook"), f"{_OOXML}spreadsheetml.sheet", (".xlsx",))
POWERPOINT = FileKind(_("PowerPoint presentation"), f"{_OOXML}presentationml.presentation", (".pptx",))
TEXT = FileKind(_("text (OpenDocument)"), f"{_ODF}text", (".odt",))
SPREADSHEET = FileKind(_("spreadsheet (OpenDocument)"), f"{_ODF}spreadsheet", (".ods",))

KINDS = (PDF, JPEG, PNG, WEBP, HEIC, WORD, EXCEL, POWERPOINT, TEXT, SPREADSHEET)
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}
ENDINGS = tuple(ending for kind in KINDS for ending in kind.endings)
