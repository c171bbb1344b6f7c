"""The PDFs that were made of live figures."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry, Unit
from delivery.downloads import file_download
from delivery.models import DocumentFile
from delivery.services.documents import PDF
from reporting import permissions
from reporting.lists import PAGE_SIZE
from reporting.models import FiguresReport
from reporting.services.figures import figures_report_make


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
