"""What a file is, by its bytes: neither its name nor what the browser says of it is believed.

Only files that are wholly of one kind are taken. What is refused says in a sentence what to do about it.
"""

import io
import re
import zipfile

from django.utils.translation import gettext_lazy as _

from participants import file_kinds as kinds
from participants.attachments import packages, pictures
from participants.attachments.faults import BROKEN, EMPTY, LOCKED, MIXED, OLD_OFFICE, UNKNOWN, Refused
from participants.attachments.names import ending_of
from participants.file_kinds import FileKind

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Where readers look for a beginning that is not at the beginning.
_HEAD = 1024
#: In the clear also where everything else is encrypted. Most such files open without a password: they only say what
#: may be printed or changed.
_ENCRYPTED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")
_MARKUP = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php")
_OTHER_NAME = _("is called %(ending)s but is of another kind: %(kind)s. Give it its right name, or save it anew.")


def recognise(content: bytes, name: str) -> FileKind:
    """The kind of the file. Refused says why it is not taken: unknown, broken, locked, with macros, or two in one.

    The name's ending must be one of the kind's; a name without one is all right (`names.with_ending`).
    """
    if not content:
        raise Refused(EMPTY)
    kind = _by_content(content)
    ending = ending_of(name)
    if ending and ending not in kind.endings:
        raise Refused(_OTHER_NAME, ending=ending, kind=kind.label)
    return kind


def _by_content(content: bytes) -> FileKind:
    if content.startswith(b"PK\x03\x04"):
        kind = packages.kind_of(content)
    elif content.startswith(_OLE):
        raise Refused(OLD_OFFICE)
    elif content.startswith(b"%PDF-"):
        kind = _pdf(content)
    else:
        kind = pictures.kind_of(content)
        if kind is None:
            raise Refused(UNKNOWN)
    _only(kind, content)
    return kind


def _pdf(content: bytes) -> FileKind:
    """Its end is where readers begin; without it the upload, or the file, was cut short."""
    if b"%%EOF" not in content[-_HEAD:]:
        raise Refused(BROKEN)
    if _ENCRYPTED.search(content) and _asks_for_password(content):
        raise Refused(LOCKED)
    return kinds.PDF


def _asks_for_password(content: bytes) -> bool:
    import pikepdf  # 0.2 s to load, for the few that are encrypted

    try:
        with pikepdf.open(io.BytesIO(content)):
            return False
    except pikepdf.PasswordError:
        return True
    except pikepdf.PdfError as error:
        raise Refused(BROKEN) from error


def _only(kind: FileKind, content: bytes) -> None:
    """Refuse a file that another program would read as something else: a PDF that is an archive too, a picture with
    a page in it. What makes no difference to a reader, such as what a telephone writes after a picture, is let be."""
    head = content[:_HEAD].lower()
    if kind is not kinds.PDF and b"%pdf-" in head:
        raise Refused(MIXED)
    if any(each in head for each in _MARKUP) and (kind.is_picture or kind is kinds.PDF):
        raise Refused(MIXED)
    is_archive = zipfile.is_zipfile(io.BytesIO(content))
    if is_archive and (kind.is_picture or kind is kinds.PDF):
        raise Refused(MIXED)
