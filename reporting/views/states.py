"""What becomes of a report: frozen, its files made and handed out, corrected by a new version."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from delivery.downloads import file_download
from delivery.models import DocumentFile
from reporting.frozen import SUMMARY
from reporting.missing import missing_in
from reporting.models import Report
from reporting.report_files import MEDIA_TYPES
from reporting.report_forms import ReasonForm
from reporting.services import reports as services
from reporting.views.opening import number_of, opened_report


@require_http_methods(["GET", "HEAD", "POST"])
def report_freeze(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The question before a report is frozen: what is stored, what is missing. A press on the button freezes."""
    report = opened_report(request, public_id)
    if report.is_frozen:
        return redirect(report)
    status = 200
    if request.method == "POST":
        try:
            services.report_freeze(report=report, actor=request.user, seen=number_of(request.POST.get("seen", "")))
        except services.ReportChanged as changed:
            report, status = changed.report, 409
        else:
            return redirect(report)
    written = set(report.comments.exclude(text="").values_list("section", flat=True))
    context = {
        "report": report,
        "query": urlencode(report.question.address),
        "changed": status == 409,
        "gaps": [found for found in missing_in(report.question) if found.count],
        "goes_on": report.as_of < report.period_end,
        "empty": len([section for section in report.sections if section not in written]),
        "has_summary": SUMMARY in written,
    }
    return render(request, "reporting/reports/freeze.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def report_correct(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Why a frozen report is corrected; with the reason, the draft of its next version begins."""
    report = opened_report(request, public_id)
    if not report.is_frozen:
        return redirect(report)
    if later := Report.objects.filter(replaces=report).first():
        return redirect(later)
    form = ReasonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "reporting/reports/correct.html", {"report": report, "form": form}, status=status)
    try:
        draft = services.report_correct(report=report, actor=request.user, reason=form.cleaned_data["reason"])
    except services.CannotChange as reason:
        messages.error(request, str(reason))
        return redirect(report)
    return redirect(draft)


@require_POST
def report_files_make(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Have files that could not be made made after all."""
    report = _frozen(request, public_id)
    return redirect(services.report_files_make(report=report, actor=request.user) or report)


@require_safe
def report_file(request: HttpRequest, public_id: uuid.UUID, extension: str) -> HttpResponse:
    """The bytes of a file of a frozen report, as they were made; written to the access log."""
    report = _frozen(request, public_id)
    file = get_object_or_404(DocumentFile, document=report.document, media_type=MEDIA_TYPES.get(extension, ""))
    access_log_write(
        actor=request.user,
        act=AccessLogEntry.Act.DOWNLOADED,
        subject=report.public_id,
        subject_kind="report",
        request_id=request.id,
        number=report.document.number,
        format=extension,
    )
    return file_download(file)


def _frozen(request: HttpRequest, public_id: uuid.UUID) -> Report:
    report = opened_report(request, public_id)
    if not report.is_frozen:
        raise Http404(_("The report is not frozen yet."))
    return report
