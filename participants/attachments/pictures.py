"""Pictures by their bytes: PNG, JPEG, WebP and HEIC, each looked through from the beginning to the end."""

import struct
from collections.abc import Iterator

from participants import file_kinds as kinds
from participants.attachments.faults import BROKEN, Refused
from participants.file_kinds import FileKind

_PNG = b"\x89PNG\r\n\x1a\n"
#: JPEG's markers that begin a picture (SOF0–SOF15, without DHT, JPG and DAC, which share their numbers).
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})


def kind_of(content: bytes) -> FileKind | None:
    """The kind of picture, or None for what is none of them. Refused for one that begins as a picture and is not."""
    if content.startswith(_PNG):
        return _checked(_png(content), kinds.PNG)
    if content.startswith(b"\xff\xd8\xff"):
        return _checked(_jpeg(content), kinds.JPEG)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _checked(_webp(content), kinds.WEBP)
    if content[4:8] == b"ftyp" and _is_heic(content):
        return _checked(_heic(content), kinds.HEIC)
    return None


def _checked(whole: bool, kind: FileKind) -> FileKind:
    if not whole:
        raise Refused(BROKEN)
    return kind


def _png(content: bytes) -> bool:
    """Chunks from IHDR, with a size, to IEND."""
    at, seen = len(_PNG), []
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        name = content[at + 4 : at + 8]
        begin, at = at + 8, at + 12 + length
        if at > len(content):
            return False
        if not seen and (name != b"IHDR" or length != 13 or not all(struct.unpack_from(">II", content, begin))):
            return False
        seen.append(name)
        if name == b"IEND":
            return b"IDAT" in seen
    return False


def _jpeg(content: bytes) -> bool:
    """Segments from the start to the picture's own data, with a size, and an end after it."""
    at, sized = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if length < 2:
            return False
        if marker in _JPEG_FRAMES:
            # A picture whose height is told after its data (DNL) has none here; its width it always has.
            sized = length >= 8 and content[at + 7 : at + 9] != b"\x00\x00"
        if marker == 0xDA:
            return sized and content.find(b"\xff\xd9", at + 2 + length) > 0
        at += 2 + length
    return False


def _webp(content: bytes) -> bool:
    """The size that the header gives, and a first chunk that WebP knows."""
    (length,) = struct.unpack_from("<I", content, 4)
    return length + 8 <= len(content) <= length + 9 and content[12:16] in (b"VP8 ", b"VP8L", b"VP8X")


def _brands(content: bytes) -> set[bytes]:
    (length,) = struct.unpack_from(">I", content, 0)
    listed = content[16 : min(length, 512)]
    return {content[8:12]} | {listed[at : at + 4] for at in range(0, len(listed), 4)}


def _is_heic(content: bytes) -> bool:
    brands = _brands(content)
    return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS


def _heic(content: bytes) -> bool:
    """Boxes that follow each other to the end of the file, one of which tells of the picture."""
    boxes = list(_boxes(content))
    return bool(boxes) and boxes[-1][1] == len(content) and b"meta" in {name for name, _end in boxes}


def _boxes(content: bytes) -> Iterator[tuple[bytes, int]]:
    at = 0
    while at + 8 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        name, head = content[at + 4 : at + 8], 8
        if length == 1 and at + 16 <= len(content):
            (length,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        elif length == 0:  # the last one, to the end
            length = len(content) - at
        if length < head:
            return
        at += length
        yield name, at
