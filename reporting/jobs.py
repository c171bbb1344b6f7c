"""What workers make of figures: the PDF of live figures, the files of frozen and of published reports."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import municipal
from delivery.documents.pdf import render_pdf
from delivery.kinds import JobKind, JobRefused
from delivery.models import Document, Job
from delivery.services.documents import PDF, document_file_store, document_pdf_store
from reporting.documents.bars import chart_style
from reporting.frozen import Frozen
from reporting.models import FiguresReport, Publication, Report
from reporting.permissions import can_publish, can_see_figures_of, can_see_internal_figures, can_write_report
from reporting.report_files import JSON, XLSX, ZIP
from reporting.services.figures import FIGURES_PDF
from reporting.services.publishing import PREPARE, PUBLICATION, run_prepare
from reporting.services.reports import REPORT
from reporting.statement import Statement
from reporting.telling import presentation

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
            "chart_style": chart_style(),
        },
    )


def run_report(job: Job, progress) -> dict:
    """Make the files of a frozen report from what was frozen. Returns the report's id and number."""
    found = Report.objects.select_related("document", "frozen", "unit")
    report = found.get(document__public_id=job.params["document"])
    if not can_write_report(job.owner, report.unit):
        raise JobRefused(_("You no longer have the right to do this."))
    _make_files(Frozen.from_stored(report.frozen.content), report.document, progress)
    return {"report": str(report.public_id), "number": report.document.number}


def run_publication(job: Job, progress) -> dict:
    """Make the files of a published report from what was published. Returns the publication's id and number."""
    found = Publication.objects.published().select_related("document")
    publication = found.get(document__public_id=job.params["document"])
    if not can_publish(job.owner):
        raise JobRefused(_("You no longer have the right to do this."))
    _make_files(Frozen.from_stored(publication.content), publication.document, progress)
    return {"publication": str(publication.public_id), "number": publication.document.number}


def _make_files(frozen: Frozen, document: Document, progress) -> None:
    """Every format of the report, each kept under the document's number."""
    # Their libraries are a part of the time it takes to start, and only workers make files.
    from reporting.documents.report_csv import report_csv
    from reporting.documents.report_json import report_json
    from reporting.documents.report_pdf import report_pdf
    from reporting.documents.report_xlsx import report_xlsx

    steps = (
        (5, _("Laying out the pages"), report_pdf, PDF, "pdf"),
        (80, _("Writing the Excel file"), report_xlsx, XLSX, "xlsx"),
        (90, _("Writing the CSV files"), report_csv, ZIP, "zip"),
        (95, _("Writing the JSON file"), report_json, JSON, "json"),
    )
    for percent, doing, make, media_type, ending in steps:
        progress(percent, doing)
        content = make(frozen, document.number)
        name = f"{document.number}.{ending}"
        document_file_store(document=document, name=name, media_type=media_type, content=content)


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

REPORT_KIND = JobKind(
    code=REPORT,
    label=gettext_lazy("Make the files of a report to the committee"),
    run=run_report,
    time_limit=10 * 60,
    can_start=can_see_internal_figures,
    result_template="reporting/documents/report_made.html",
)

PUBLICATION_KIND = JobKind(
    code=PUBLICATION,
    label=gettext_lazy("Make the files of a published report"),
    run=run_publication,
    time_limit=10 * 60,
    can_start=can_publish,
    result_template="reporting/documents/report_made.html",
)

KINDS = (FIGURES_PDF_KIND, PUBLICATION_PREPARE_KIND, REPORT_KIND, PUBLICATION_KIND)
