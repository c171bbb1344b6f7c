"""The figures of a period as a PDF, made by a worker."""

import functools
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import municipal
from delivery.documents.pdf import render_pdf
from delivery.kinds import JobKind, JobRefused
from delivery.models import Job
from delivery.services.documents import document_pdf_store
from reporting import presentation
from reporting.models import FiguresReport
from reporting.permissions import can_publish, can_see_figures_of, can_see_internal_figures
from reporting.services.figures import FIGURES_PDF
from reporting.services.publishing import PREPARE, run_prepare
from reporting.statement import Statement

FOLDER = Path(__file__).parent / "documents"
STYLE = FOLDER / "figures.css"


def run(job: Job, progress) -> dict:
    """Lay out, keep. Returns the report's id and number."""
    report = FiguresReport.objects.select_related("document", "unit").get(document__public_id=job.params["document"])
    if not can_see_figures_of(job.owner, report.unit):
        raise JobRefused(_("You no longer have the right to do this."))
    progress(10, _("Laying out the pages"))
    html = report_html(report)
    content = render_pdf(html=html, style=STYLE)
    progress(90, _("Storing"))
    document_pdf_store(document=report.document, content=content)
    return {"report": str(report.public_id), "number": report.document.number}


def report_html(report: FiguresReport) -> str:
    """The document before it becomes a PDF: the figures as they were known when it was asked for."""
    return render_to_string(
        "reporting/documents/figures.html",
        {
            "municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key),
            "document": report.document,
            "shown": presentation.present([Statement.from_stored(each) for each in report.statements]),
            "chart_style": _chart_style(),
        },
    )


@functools.cache
def _chart_style() -> SafeString:
    """The style element that goes into each chart of a document: an SVG there does not see the page's style sheet.
    On a page, whose style sheet it does see, there is none: the content policy forbids it."""
    return format_html("<style>{}</style>", mark_safe((FOLDER / "bars.css").read_text()))  # our own file


FIGURES_PDF_KIND = JobKind(
    code=FIGURES_PDF,
    label=gettext_lazy("Make a report of figures as PDF"),
    run=run,
    time_limit=5 * 60,
    can_start=can_see_internal_figures,
    result_template="reporting/pdf_made.html",
)

PUBLICATION_PREPARE_KIND = JobKind(
    code=PREPARE,
    label=gettext_lazy("Work out what of a report may be published"),
    run=run_prepare,
    time_limit=10 * 60,
    can_start=can_publish,
    result_template="reporting/publication_prepared.html",
)
