"""What a file is, is told by its bytes; and what is not wholly of one kind is refused with a sentence that helps."""

import io
import struct
import zipfile

import pytest

from participants import file_kinds as kinds
from participants.attachments.content import recognise
from participants.attachments.faults import Refused
from participants.attachments.names import LONGEST, with_ending
from participants.attachments.packages import MOST_PARTS
from tests.participants.attachments.files import (
    HTML,
    JPEG_END,
    OLE,
    PDF,
    SVG,
    archive,
    heic,
    jpeg,
    locked_pdf,
    office,
    open_document,
    png,
    webp,
)

ENCRYPTED = b'<manifest:file-entry><manifest:encryption-data manifest:checksum-type="SHA1"/></manifest:file-entry>'


def override(part: str, media_type: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{media_type}"/>'


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "cv.pdf", kinds.PDF),
        (PDF, "CV.PDF", kinds.PDF),
        (PDF, "utan ändelse", kinds.PDF),
        (PDF + b"\r\n\r\n", "rader efter.pdf", kinds.PDF),
        (png(), "bild.png", kinds.PNG),
        (jpeg(), "bild.jpg", kinds.JPEG),
        (jpeg(), "bild.jfif", kinds.JPEG),
        (jpeg() + b"\x00\x00\x00\x18ftypmp42 a film that a telephone adds", "levande.jpeg", kinds.JPEG),
        (webp(), "bild.webp", kinds.WEBP),
        (heic(), "IMG_0001.HEIC", kinds.HEIC),
        (heic(b"mif1", b"heic"), "IMG_0002.heif", kinds.HEIC),
        (office(kinds.WORD), "brev.docx", kinds.WORD),
        (office(kinds.EXCEL), "lista.xlsx", kinds.EXCEL),
        (office(kinds.POWERPOINT), "visning.pptx", kinds.POWERPOINT),
        (office(more={"word/media/image1.svg": SVG}), "med bild.docx", kinds.WORD),
        (open_document("text"), "brev.odt", kinds.TEXT),
        (open_document("spreadsheet"), "lista.ods", kinds.SPREADSHEET),
    ],
)
def test_each_kind_is_known_by_its_bytes(content, name, kind):
    assert recognise(content, name) is kind


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "tom.pdf", "är tom"),
        (b"hej", "brev.txt", "typ som inte kan bifogas"),
        (SVG, "bild.svg", "typ som inte kan bifogas"),
        (SVG, "bild.png", "typ som inte kan bifogas"),
        (HTML, "sida.html", "typ som inte kan bifogas"),
        (HTML, "cv.pdf", "typ som inte kan bifogas"),
        (b"MZ\x90\x00" + bytes(200), "cv.pdf", "typ som inte kan bifogas"),
        (b"GIF89a" + bytes(50), "bild.gif", "typ som inte kan bifogas"),
        (heic(b"avif", b"mif1"), "bild.heic", "typ som inte kan bifogas"),
        (archive({"cv.pdf": PDF}), "allt.zip", "typ som inte kan bifogas"),
        (archive({"mimetype": b"application/epub+zip"}, stored=("mimetype",)), "bok.odt", "typ som inte kan bifogas"),
        (open_document("text-template"), "mall.odt", "typ som inte kan bifogas"),
        # The name says another thing than the bytes.
        (png(), "cv.pdf", "heter .pdf men är av en annan typ: bild (PNG)"),
        (PDF, "bild.png", "heter .png men är av en annan typ: PDF"),
        (office(kinds.EXCEL), "brev.docx", "heter .docx men är av en annan typ: Excel-arbetsbok"),
        (office(kinds.WORD), "brev.docm", "heter .docm men är av en annan typ"),
        (PDF, "cv.pdf.exe", "heter .exe men är av en annan typ"),
        # Cut short, or damaged.
        (PDF[:40], "cv.pdf", "skadad eller ofullständig"),
        (png()[:-8], "bild.png", "skadad eller ofullständig"),
        (png(width=0), "bild.png", "skadad eller ofullständig"),
        (png()[:20], "bild.png", "skadad eller ofullständig"),
        (jpeg().removesuffix(JPEG_END), "bild.jpg", "skadad eller ofullständig"),
        (b"\xff\xd8\xff\xda\x00\x02" + JPEG_END, "bild.jpg", "skadad eller ofullständig"),
        (webp()[:-1], "bild.webp", "skadad eller ofullständig"),
        (heic()[:-2], "bild.heic", "skadad eller ofullständig"),
        (office()[:-10], "brev.docx", "skadad eller ofullständig"),
        (office().replace(b"<document", b"<documenu"), "brev.docx", None),
        (open_document().replace(b"META-INF/manifest.xml", b"META-INF/manifesx.xml"), "brev.odt", "skadad"),
        (
            archive({"[Content_Types].xml": b'<?xml version="1.0" encoding="runor"?><Types/>', "a": b"b"}),
            "brev.docx",
            "skadad eller ofullständig",
        ),
        (archive({"[Content_Types].xml": b"<Types><", "a": b"b"}), "brev.docx", "skadad eller ofullständig"),
        # Old Office, or a document behind a password, which Office keeps in the same container.
        (OLE, "brev.doc", "gammalt Office-format eller låst"),
        (OLE, "brev.docx", "gammalt Office-format eller låst"),
        (open_document(manifest=ENCRYPTED), "brev.odt", "låst med lösenord"),
        # Macros and programs.
        (office(more={"word/vbaProject.bin": OLE}), "brev.docx", "makron"),
        (office(more={"word/VBAPROJECT.BIN": OLE}), "brev.docx", "makron"),
        (office(types=override("x/y.bin", "application/vnd.ms-office.vbaProject")), "brev.docx", "makron"),
        (
            office(
                kinds.EXCEL, types=override("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml")
            ),
            "lista.xlsx",
            "makron",
        ),
        (office(types=override("x.bin", "application/vnd.ms-office.activeX")), "brev.docx", "makron"),
        (
            office(types=override("o.bin", "application/vnd.openxmlformats-officedocument.oleObject")),
            "brev.docx",
            "makron",
        ),
        (open_document(more={"Basic/Standard/Module1.xml": b"x"}), "brev.odt", "makron"),
        (open_document(more={"Scripts/python/x.py": b"x"}), "brev.odt", "makron"),
        # Two in one.
        (PDF + archive({"x": b"y"}), "cv.pdf", "något av en annan typ"),
        (jpeg() + archive({"x": b"y"}), "bild.jpg", "något av en annan typ"),
        (png(b"a\x00%PDF-1.4"), "bild.png", "något av en annan typ"),
        (jpeg(b"<script>alert(1)</script>"), "bild.jpg", "något av en annan typ"),
        (PDF[:9] + b"%" + HTML + PDF[9:], "cv.pdf", "något av en annan typ"),
        (office(more={"../x": b"y"}), "brev.docx", "något av en annan typ"),
        (office(more={"%PDF-1.4": b""}), "brev.docx", "något av en annan typ"),
        (
            archive({"[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "b">]><Types/>', "a": b"b"}),
            "brev.docx",
            "något av en annan typ",
        ),
        (archive({"%PDF-1.4": b"x", "[Content_Types].xml": b"<Types/>"}), "brev.docx", "typ som inte kan bifogas"),
        # Two documents in one archive.
        (
            office(
                types=override(
                    "xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
                )
            ),
            "brev.docx",
            "typ som inte kan bifogas",
        ),
    ],
)
def test_what_is_refused_says_why(db, content, name, words):
    if words is None:  # harmless: taken as it is
        assert recognise(content, name)
        return
    with pytest.raises(Refused) as refused:
        recognise(content, name)
    assert words in str(refused.value)


def test_a_file_that_unpacks_to_very_much_is_refused_before_it_is_unpacked():
    content = bytearray(office(more={"word/big.xml": b"x" * 1000}))
    at = content.rindex(b"word/big.xml") - 46  # its row in the table of contents
    assert content[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", content, at + 24, 3_000_000_000)
    with pytest.raises(Refused, match="packas upp"):
        recognise(bytes(content), "brev.docx")


def test_a_part_that_lies_about_its_size_is_found():
    content = bytearray(office(more={"word/big.xml": b"x" * 100_000}))
    at = content.rindex(b"word/big.xml") - 46
    struct.pack_into("<I", content, at + 24, 10)
    with pytest.raises(Refused, match="skadad"):
        recognise(bytes(content), "brev.docx")


def test_parts_that_lie_on_top_of_each_other_are_refused():
    content = bytearray(office(more={"word/big.xml": bytes(range(256)) * 40}))
    at = content.rindex(b"word/big.xml") - 46
    (size,) = struct.unpack_from("<I", content, at + 20)
    struct.pack_into("<I", content, at + 20, size + len(content))
    with pytest.raises(Refused, match="packas upp"):
        recognise(bytes(content), "brev.docx")


def test_an_archive_with_a_password_is_refused():
    content = bytearray(office())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(Refused, match="lösenord"):
        recognise(bytes(content), "brev.docx")


def test_a_pdf_with_a_password_is_refused_and_one_that_only_says_what_may_be_printed_is_not():
    with pytest.raises(Refused, match="lösenord"):
        recognise(locked_pdf(user="hemligt"), "cv.pdf")
    assert recognise(locked_pdf(user=""), "cv.pdf") is kinds.PDF
    torn = locked_pdf(user="hemligt").replace(b"/Standard", b"/Standarx")
    with pytest.raises(Refused, match="skadad"):
        recognise(torn, "cv.pdf")


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_parts_that_are_packed_as_no_office_program_does_are_refused(how):
    made = io.BytesIO(office())
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("word/more.xml", b"<more/>" * 50, compress_type=how)
    with pytest.raises(Refused, match="skadad"):
        recognise(made.getvalue(), "brev.docx")


def test_something_after_the_archive_is_refused():
    content = bytearray(office())
    struct.pack_into("<H", content, len(content) - 2, 7)
    with pytest.raises(Refused, match="annan typ"):
        recognise(bytes(content) + b"%PDF-1.", "brev.docx")


def test_an_archive_of_very_many_parts_is_refused():
    with pytest.raises(Refused, match="packas upp"):
        recognise(archive({f"{number}": b"" for number in range(MOST_PARTS + 1)}), "brev.docx")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("cv.pdf", "cv.pdf"),
        ("CV Åsa.PDF", "CV Åsa.pdf"),
        ("Cv A\u030asa.pdf", "Cv Åsa.pdf"),  # as a Mac writes it
        ("C:\\Users\\eva\\Mina dokument\\cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("cv\u202efdp.exe.pdf", "cvfdp.exe.pdf"),  # turns the direction of writing
        ("rad\r\nbrytning\x00.pdf", "rad brytning.pdf"),
        ('vad?<är>"det|här*.pdf', "vad__är__det_här_.pdf"),
        ("  .pdf", "Bilaga.pdf"),
        ("...", "Bilaga.pdf"),
        ("con.pdf", "Bilaga con.pdf"),
        ("utan", "utan.pdf"),
        ("protokoll 2026.03.12", "protokoll 2026.03.12.pdf"),
        ("履歴書.pdf", "履歴書.pdf"),
        ("x" * 300 + ".pdf", "x" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_the_name_is_kept_without_what_could_mislead(given, kept):
    assert with_ending(given, kinds.PDF, otherwise="Bilaga") == kept
