"""HTML to PDF, in a worker.

WeasyPrint is imported when the first document is made (it takes a second, and needs Pango), and its font
configuration and style sheets are made once per process: a new configuration for each document costs 30–650 ms.
"""

import datetime as dt
import functools
import io
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from delivery.documents.libraries import PANGO, missing
from delivery.kinds import JobRefused

FOLDER = Path(__file__).parent
BASE = FOLDER / "base.css"
#: Archived for good (ISO 19005-2, level a: tagged, so that it can also be read aloud).
VARIANT = "pdf/a-2a"
#: The same with files inside it (ISO 19005-3).
WITH_FILES = "pdf/a-3a"
#: Pango's font map is shared by the process and not made for threads: two documents at once corrupt the memory of a
#: web process, where a preview is drawn in whichever thread answers.
_ONE_AT_A_TIME = threading.Lock()


class PdfLibrariesMissing(JobRefused):
    """The machine lacks the libraries that draw text; the message says what to install. A job ends with it."""


@dataclass(frozen=True)
class Attached:
    """A file inside a document: the same as data, for machines. `made` is the day that stands as its date."""

    name: str
    content: str
    description: str
    made: dt.date


def render_pdf(
    *,
    html: str,
    style: Path | None = None,
    colour: str = "",
    pictures: Mapping[str, bytes] | None = None,
    files: Sequence[Attached] = (),
) -> bytes:
    """The PDF of a whole HTML page: PDF/A-2a, or with `files` PDF/A-3a, and PDF/UA-1.

    `html` holds everything but style and fonts: `lang`, `<title>`, and pictures as inline SVG with a `<title>`; an
    address in it is an error (ValueError), because a document that fetches things could be made to fetch others.
    `pictures` are PNG by the address that `html` gives them (`picture:mark`). `style` is a file beside the app that
    owns the document; `base.css` (paper, fonts, headings) comes before it. `colour` ("#14505c") is what the style
    sheet calls `var(--colour)`.
    The same page gives the same bytes, with its `dcterms.created` as the time it was made. One document at a time in
    a process. Raises PdfLibrariesMissing.
    """
    with _ONE_AT_A_TIME:
        weasyprint, fonts = _weasyprint()
        sheets = [_sheet(path, fonts) for path in (BASE, style) if path]
        if colour:
            sheets.append(weasyprint.CSS(string=f"html {{ --colour: {colour} }}"))
        document = weasyprint.HTML(string=html, url_fetcher=functools.partial(_fetch, pictures or {}))
        attached = [_attachment(weasyprint, each) for each in files]
        variant = WITH_FILES if files else VARIANT
        try:
            made = document.write_pdf(
                stylesheets=sheets, font_config=fonts, pdf_variant=variant, pdf_tags=True, attachments=attached
            )
        except weasyprint.urls.FatalURLFetchingError as error:  # a BaseException: it would end the worker
            raise ValueError(str(error)) from None
    return _with_ua(made)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


@functools.cache
def _weasyprint():
    """The library and the process's one font configuration."""
    if packages := missing(PANGO):
        raise PdfLibrariesMissing(
            _("PDF files cannot be made on this server. Ask your administrator to install %(packages)s.")
            % {"packages": ", ".join(packages)}
        )
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    return weasyprint, FontConfiguration()


@functools.cache
def _sheet(path: Path, fonts):
    """The style sheet as read with this font configuration: it knows no other's fonts."""
    import weasyprint

    return weasyprint.CSS(filename=str(path), font_config=fonts)


def _attachment(weasyprint, file: Attached):
    made = dt.datetime.combine(file.made, dt.time())
    return weasyprint.Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        created=made,
        modified=made,
        relationship="Data",
    )


def _fetch(pictures: Mapping[str, bytes], url, *_args, **_kwargs):
    from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

    if url in pictures:
        return URLFetcherResponse(url, body=pictures[url], headers={"Content-Type": "image/png"})
    raise FatalURLFetchingError(f"a document fetches nothing, not even {url[:40]}")


#: PDF/UA-1 says so in the metadata; PDF/A wants the property described there. The library writes one of the two.
_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def _with_ua(made: bytes) -> bytes:
    """The same PDF, declared as PDF/UA-1 beside PDF/A: the claim is merged into the one description of the file."""
    import pikepdf

    with pikepdf.open(io.BytesIO(made)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        pdf.Root.Metadata.write(metadata.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>", 1))
        if "/AF" in pdf.Root:  # the library names each file twice
            pdf.Root.AF = pikepdf.Array({each.objgen: each for each in pdf.Root.AF}.values())
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()
