"""Office documents by their bytes: zip archives that say what they are (Office Open XML, OpenDocument).

Every part is read through once, within limits, so that a damaged one and one that lies about its size are found.
Nothing of it is written anywhere, and no part is interpreted but the list of what the document consists of.
"""

import io
import struct
import zipfile
import zlib
from xml.parsers import expat

from participants import file_kinds as kinds
from participants.attachments.faults import BOMB, BROKEN, LOCKED, MACROS, MIXED, UNKNOWN, Refused
from participants.file_kinds import FileKind

MOST_PARTS = 10_000
#: A large workbook unpacks to some tens of megabytes.
LARGEST_UNPACKED = 256 * 1024 * 1024
_LONGEST_LIST = 4 * 1024 * 1024
_PIECE = 1024 * 1024
_TYPES = "[content_types].xml"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OOXML = {
    f"{_OFFICE}wordprocessingml.document.main+xml": kinds.WORD,
    f"{_OFFICE}spreadsheetml.sheet.main+xml": kinds.EXCEL,
    f"{_OFFICE}presentationml.presentation.main+xml": kinds.POWERPOINT,
}
_ODF = {kind.media_type.encode(): kind for kind in (kinds.TEXT, kinds.SPREADSHEET)}
#: In the content types of what can do something by itself: macros, also those of old workbooks, controls, objects.
_ACTIVE_TYPES = ("macroenabled", "vbaproject", "vbadata", "macrosheet", "activex", "oleobject")
_ACTIVE_PARTS = ("vbaproject.bin", "vbadata.xml")
#: What both formats allow. Other ways cost more memory to unpack than they say, and no Office program reads them.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    LookupError,  # a list of parts that says it is written in an encoding that does not exist
    expat.ExpatError,
)


def kind_of(content: bytes) -> FileKind:
    """The kind of Office document that the archive is. Refused for any other archive, and for what is not safe."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_parts(package, len(content))
            kind = _odf(package) or _ooxml(package)
            _read_through(package)
            return kind
    except _UNREADABLE as error:
        raise Refused(BROKEN) from error


def _check_parts(package: zipfile.ZipFile, size: int) -> None:
    """What the table of contents says, before anything is unpacked."""
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(LOCKED)
    if any(part.compress_type not in _PACKED for part in parts):
        raise Refused(BROKEN)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Refused(BOMB)
    if sum(part.compress_size for part in parts) > size:  # parts that lie on top of each other
        raise Refused(BOMB)
    if not parts or min(part.header_offset for part in parts) != 0 or package.comment:
        raise Refused(MIXED)  # something before the archive, or after it
    if len(set(names)) != len(names):  # programs disagree on which of two counts
        raise Refused(MIXED)
    if any(".." in name.split("/") or name.startswith(("/", "\\")) for name in names):
        raise Refused(MIXED)
    if any(name.rpartition("/")[2] in _ACTIVE_PARTS for name in names):
        raise Refused(MACROS)


def _read_through(package: zipfile.ZipFile) -> None:
    """Every part to its end: the archive's own check sums are checked by that."""
    for part in package.infolist():
        with package.open(part) as stream:
            while stream.read(_PIECE):
                continue


def _ooxml(package: zipfile.ZipFile) -> FileKind:
    listed = next((part for part in package.infolist() if part.filename.lower() == _TYPES), None)
    if listed is None:
        raise Refused(UNKNOWN)
    types = _content_types(_start_of(package, listed, _LONGEST_LIST))
    if any(word in each for each in types for word in _ACTIVE_TYPES):
        raise Refused(MACROS)
    found = [_OOXML[each] for each in types if each in _OOXML]
    if len(found) != 1:
        raise Refused(UNKNOWN)
    return found[0]


def _content_types(listed: bytes) -> list[str]:
    """The content types that the parts have, in small letters. A list with a document type of its own is refused:
    none has one, and entities grow without end."""
    types: list[str] = []

    def begins(name, attributes):
        if "ContentType" in attributes:
            types.append(attributes["ContentType"].strip().lower())

    def refuse(*_args):
        raise Refused(MIXED)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begins
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(listed, True)
    return types


def _odf(package: zipfile.ZipFile) -> FileKind | None:
    """An OpenDocument begins with a part, not packed, that says what it is; None for what does not begin so."""
    first = package.infolist()[0]
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        return None
    kind = _ODF.get(_start_of(package, first, 200).strip())
    if kind is None:
        raise Refused(UNKNOWN)
    names = {part.filename: part for part in package.infolist()}
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise Refused(MACROS)
    manifest = names.get("META-INF/manifest.xml")
    if manifest is None:
        raise Refused(BROKEN)
    if b"encryption-data" in _start_of(package, manifest, _LONGEST_LIST):
        raise Refused(LOCKED)
    return kind


def _start_of(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    if part.file_size > most:
        raise Refused(BOMB)
    with package.open(part) as stream:
        return stream.read(most)
