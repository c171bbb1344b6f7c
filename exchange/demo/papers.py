"""Small files as people attach them: a letter as PDF, a filled-in form as a Word document, a photographed paper."""

import functools
import io
import struct
import zipfile
import zlib

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_BODY = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def letter(*lines: str) -> bytes:
    """A page of A4 with the lines, the first as a heading."""
    shown = [f"/F1 {18 if number == 0 else 11} Tf ({_escaped(line)}) Tj T*" for number, line in enumerate(lines)]
    drawing = ("BT 22 TL 70 760 Td " + " ".join(shown) + " ET").encode("cp1252")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = io.BytesIO(b"%PDF-1.7\n"), []
    made.seek(0, io.SEEK_END)
    for number, part in enumerate(parts, 1):
        places.append(made.tell())
        made.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    table = made.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    made.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, rows))
    made.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table))
    return made.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def form(*lines: str) -> bytes:
    """A Word document with a paragraph for each line."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_BODY}"><w:body>{paragraphs}</w:body></w:document>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            package.writestr(zipfile.ZipInfo(name), text)
    return made.getvalue()


@functools.cache
def photograph(seed: int) -> bytes:
    """A paper on a table: a light sheet with grey lines of writing, as PNG."""
    width, height = 240, 320
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            on_sheet = 20 < x < 220 and 16 < y < 304
            written = on_sheet and 40 < x < 60 + (y * 7 + seed * 31) % 140 and y > 40 and y % 16 < 4
            rows += bytes((70, 74, 90)) if written else bytes((246, 244, 238)) if on_sheet else bytes((150, 118, 92))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )
