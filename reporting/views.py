"""The reports page, its files, and the lists behind its numbers. The address is the question."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import municipal
from accounts.log import access_log_write
from accounts.models import AccessLogEntry, Unit
from delivery.downloads import file_download
from delivery.models import DocumentFile
from delivery.services.documents import PDF
from reporting import permissions, presentation
from reporting.engine import answer, rows_behind
from reporting.figures import FIGURES, find_table
from reporting.figures.definition import TOTAL, Breakdown
from reporting.formats import as_csv
from reporting.forms import QuestionForm
from reporting.lists import PAGE_SIZE, listed, look_log, question_asked
from reporting.models import FiguresReport
from reporting.question import Question
from reporting.services.figures import figures_report_make, figures_report_order
from reporting.statement import state, state_with_earlier

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The key figures and tables of a period, set against the period before and the same period last year."""
    if not permissions.can_open_reports(request.user):
        raise PermissionDenied
    if not permissions.can_see_internal_figures(request.user):
        return render(request, "reporting/published.html")
    form = QuestionForm(request.GET, user=request.user)
    context = {"form": form}
    if form.is_valid():
        question = form.question
        context |= {
            "question": question,
            "query": urlencode(question.address),
            "shown": presentation.present(state_with_earlier(question), linked=True),
        }
    return render(request, "reporting/figures.html", context)


@require_safe
def csv_file(request: HttpRequest) -> HttpResponse:
    """The same tables as CSV, in the form of docs/statistics.md."""
    return _file(request, "csv", "text/csv; charset=utf-8", as_csv)


@require_safe
def xlsx_file(request: HttpRequest) -> HttpResponse:
    """The same tables as a workbook."""
    from reporting.workbook import as_xlsx  # its library is a tenth of the time it takes to start

    municipality = municipal.value_of(municipal.MUNICIPALITY_NAME.key)
    return _file(request, "xlsx", XLSX, lambda figures: as_xlsx(figures, municipality=municipality))


def _file(request: HttpRequest, extension: str, media_type: str, write) -> HttpResponse:
    form, denied = question_asked(request)
    if denied:
        return denied
    question = form.question
    content = write(state(answer(question)))
    look_log(request, question, AccessLogEntry.Act.EXPORTED, "figures", format=extension)
    name = "-".join(
        filter(None, ("jobbspar", question.period.name, slugify(question.unit.code if question.unit else "")))
    )
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{extension}"'},
    )


@require_POST
def pdf_order(request: HttpRequest) -> HttpResponse:
    """Ask for the figures of the page as a PDF; the job's page tells how far it has come."""
    form, denied = question_asked(request)
    if denied:
        return denied
    return redirect(figures_report_order(question=form.question, actor=request.user).document.job)


@require_safe
def pdf_list(request: HttpRequest) -> HttpResponse:
    """The PDFs that were made of the figures the user may see: what of, by whom, when."""
    if not permissions.can_see_internal_figures(request.user):
        raise PermissionDenied
    reports = (
        FiguresReport.objects.visible_to(request.user).select_related("document__job", "unit").defer("statements")
    )
    page = Paginator(reports, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    names = {unit.pk: unit.name for unit in Unit.objects.named().filter(pk__in={each.unit_id for each in rows})}
    sizes = dict(DocumentFile.objects.filter(document__in=[each.document_id for each in rows]).sizes())
    for report in rows:
        report.unit_name = names.get(report.unit_id, _("The whole municipality"))
        report.size = sizes.get(report.document_id)
    under_way = any(report.size is None and not report.document.has_failed for report in rows)
    return render(request, "reporting/pdf_list.html", {"page": page, "rows": rows, "under_way": under_way})


@require_safe
def pdf_file(request: HttpRequest, public_id) -> HttpResponse:
    """The bytes of a report, as they were made; written to the access log."""
    report = _report(request, public_id)
    file = get_object_or_404(DocumentFile, document=report.document, media_type=PDF)
    access_log_write(
        actor=request.user,
        act=AccessLogEntry.Act.DOWNLOADED,
        subject=report.public_id,
        subject_kind="figures_report",
        request_id=request.id,
        number=report.document.number,
    )
    return file_download(file)


@require_POST
def pdf_retry(request: HttpRequest, public_id) -> HttpResponse:
    """Have a report made that could not be made before."""
    job = figures_report_make(report=_report(request, public_id), actor=request.user)
    return redirect(job or "reporting:pdf_list")


def _report(request: HttpRequest, public_id) -> FiguresReport:
    if not permissions.can_see_internal_figures(request.user):
        raise PermissionDenied
    reports = FiguresReport.objects.visible_to(request.user).select_related("document__job")
    return get_object_or_404(reports, public_id=public_id)


@require_safe
def people(request: HttpRequest, table: str) -> HttpResponse:
    """The list behind a number: those the user may see by name, the others by how many they are."""
    form, denied = question_asked(request)
    if denied:
        return denied
    question = form.question
    row, column = request.GET.get("row", TOTAL.code), request.GET.get("column", TOTAL.code)
    figure, breakdown = find_table(table) or (None, None)
    if figure is None:
        raise Http404
    try:
        source, counted = rows_behind(figure, breakdown, question, row, column)
    except KeyError as error:
        raise Http404 from error
    found = listed(counted, source.listing, request.user, request.GET)
    place = {"table": table, "row": row, "column": column}
    opened = AccessLogEntry.Act.OPENED
    look_log(request, question, opened, "figure_list", **place, rows=found.shown, hidden=found.hidden)
    context = {
        "question": question,
        "query": urlencode(question.address),
        "figure": figure,
        "place": _labels(breakdown, question, row, column),
        **found.context,
        "counted": source.listing.counted % {"count": found.total},
        "template": source.listing.template,
    }
    return render(request, "reporting/list.html", context)


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """What every figure means."""
    if not permissions.can_open_reports(request.user):
        raise PermissionDenied
    return render(request, "reporting/definitions.html", {"figures": FIGURES})


def _labels(breakdown: Breakdown, question: Question, row: str, column: str) -> list[str]:
    """The words of the row and the column; nothing for a total."""
    sides = zip(breakdown.sides, (row, column), strict=True)
    found = [
        *(each for side, code in sides if side for each in side.categories_for([question])[0] if each.code == code),
        *(each for each in breakdown.measured if each.code == column),
    ]
    return [str(each.label) for each in found]
