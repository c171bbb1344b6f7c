"""Small files of every kind that may be attached, and of kinds that may not, made of bytes."""

import io
import struct
import zipfile
import zlib

from participants.file_kinds import EXCEL, POWERPOINT, WORD

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def locked_pdf(*, user: str, owner: str = "chefen") -> bytes:
    """A page that is encrypted: `user` is asked for to read it, `owner` to change it."""
    import pikepdf

    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made, encryption=pikepdf.Encryption(user=user, owner=owner))
    return made.getvalue()


JPEG_END = b"\xff\xd9"
MAIN = {
    WORD: ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    EXCEL: ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
    POWERPOINT: (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    ),
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><title>x</title><script>alert(1)</script>"


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*extra: bytes, width: int = 2) -> bytes:
    """A grey picture of two lines; `extra` stands in a text of its own before the picture's data."""
    header = struct.pack(">IIBBBBB", width, 2, 8, 0, 0, 0, 0)
    texts = b"".join(_chunk(b"tEXt", each) for each in extra)
    lines = zlib.compress((b"\x00" + b"\x80" * width) * 2)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + texts + _chunk(b"IDAT", lines) + _chunk(b"IEND", b"")


def jpeg(comment: bytes = b"") -> bytes:
    """The segments of a picture of 8 × 8, without a decoder's tables: what is looked at is there."""
    frame = struct.pack(">HBHHB", 11, 8, 8, 8, 1) + b"\x01\x11\x00"
    scan = struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00"
    told = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    return b"\xff\xd8" + told + b"\xff\xc0" + frame + b"\xff\xda" + scan + b"\x12\x34" + JPEG_END


def webp() -> bytes:
    content = b"WEBPVP8L" + struct.pack("<I", 6) + b"\x2f\x00\x00\x00\x00\x00"
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def heic(*brands: bytes) -> bytes:
    listed = b"".join(brands or (b"heic", b"mif1"))
    return _box(b"ftyp", listed[:4] + bytes(4) + listed) + _box(b"meta", bytes(12)) + _box(b"mdat", b"picture")


def archive(parts: dict[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """A zip archive of the parts, in their order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            package.writestr(name, content, compress_type=how)
    return made.getvalue()


def office(kind=WORD, *, types: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """An Office Open XML document; `types` are further rows of its list of content types, `more` further parts."""
    part, media_type = MAIN[kind]
    listed = (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{media_type}"/>{types}</Types>'
    )
    parts = {"[Content_Types].xml": listed.encode(), "_rels/.rels": b"<Relationships/>", part: b"<document/>"}
    return archive(parts | (more or {}))


def open_document(
    kind: str = "text", manifest: bytes = b"<manifest/>", more: dict[str, bytes] | None = None
) -> bytes:
    """An OpenDocument: its first part, not packed, says what it is."""
    media_type = f"application/vnd.oasis.opendocument.{kind}".encode()
    parts = {"mimetype": media_type, "content.xml": b"<content/>", "META-INF/manifest.xml": manifest}
    return archive(parts | (more or {}), stored=("mimetype",))
