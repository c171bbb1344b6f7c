"""Why a file is not taken, in sentences that say what to do; each begins after the file's name."""

from django.utils.translation import gettext_lazy as _

EMPTY = _("is empty.")
BROKEN = _("cannot be read: it is damaged or was cut short. Choose it again, or save it anew.")
UNKNOWN = _(
    "is of no kind that can be attached. Attach a PDF, a picture (JPEG, PNG, WebP, HEIC) or a document from Word, "
    "Excel, PowerPoint or OpenDocument (odt, ods)."
)
OLD_OFFICE = _(
    "is in an old Office format, or is locked with a password. Save it as a PDF or in today's format (docx, xlsx, "
    "pptx), without a password."
)
LOCKED = _("is locked with a password. Save it without one, so that others can read it too.")
MACROS = _("holds macros or embedded programs. Save it as a PDF, or without them.")
BOMB = _("unpacks to far more than it seems to be. Save it as a PDF.")
MIXED = _("holds something of another kind as well. Save it anew, or as a PDF.")
TOO_LARGE = _("is larger than %(limit)s.")


class Refused(Exception):
    """A file is not taken. `words` says why, with `details` to fill in."""

    def __init__(self, words: str, **details):
        super().__init__()
        self.words = words
        self.details = details

    def __str__(self) -> str:
        return str(self.words) % self.details if self.details else str(self.words)
