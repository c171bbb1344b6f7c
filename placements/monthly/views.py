"""The pages of a month's attendance: a participant's basis, a unit's files, and to whom they were handed over."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.log import access_log_write, access_log_write_each
from accounts.models import AccessLogEntry, Unit
from delivery.documents.pdf import PdfLibrariesMissing
from delivery.downloads import made_download
from participants.file import ParticipantFile
from participants.opening import KIND, opened_file, touched_file
from participants.permissions import export_scope
from placements.models import AttendanceHandover, AttendanceReport
from placements.models.attendance import ReportKind
from placements.monthly import services
from placements.monthly.content import sessions_by_day
from placements.monthly.deadline import due_on, month_before
from placements.monthly.document import basis_pdf, benefit_csv
from placements.monthly.forms import HandoverForm, MonthForm, WithdrawForm
from placements.monthly.permissions import can_make_basis, can_make_file, can_make_files

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


# --- A participant's basis ----------------------------------------------------------------------------------------


def _file(request: HttpRequest, public_id: uuid.UUID, **detail) -> ParticipantFile:
    if request.method == "POST":
        return touched_file(request, public_id)
    return opened_file(request, public_id, part="attendance", **detail)


def _basis(file: ParticipantFile, report_id: uuid.UUID) -> AttendanceReport:
    rows = AttendanceReport.objects.filter(kind=ReportKind.BASIS, enrolment__in=file.enrolments)
    report = get_object_or_404(rows, public_id=report_id)
    report.enrolment = next(each for each in file.enrolments if each.pk == report.enrolment_id)
    return report


@read_or_write
def basis_list(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The versions of each month, the latest month first; and a form that makes one."""
    file, today, posted = _file(request, public_id), timezone.localdate(), request.method == "POST"
    may_make = can_make_basis(request.user, file.latest)
    if posted and not may_make:
        raise PermissionDenied
    form = MonthForm(request.POST if posted else None, today=today)
    if posted and form.is_valid():
        report = services.basis_make(enrolment=file.latest, month=form.cleaned_data["month"], actor=request.user)
        return redirect("monthly:basis", public_id, report.public_id)
    rows = AttendanceReport.objects.filter(kind=ReportKind.BASIS, enrolment__in=file.enrolments)
    context = {
        "file": file,
        "form": form,
        "may_make": may_make,
        "reports": rows.prefetch_related("handovers").defer("content").order_by("-month", "-version"),
    }
    return render(request, "placements/monthly/basis_list.html", context, status=422 if posted else 200)


@read_or_write
def basis(request: HttpRequest, public_id: uuid.UUID, report_id: uuid.UUID) -> HttpResponse:
    """One version: what it says, and to whom it was handed over."""
    file = _file(request, public_id, report=str(report_id))
    report = _basis(file, report_id)
    may_write, posted = can_make_basis(request.user, report.enrolment), request.method == "POST"
    if posted and not may_write:
        raise PermissionDenied
    form = HandoverForm(request.POST if posted else None)
    if posted and form.is_valid():
        return _handed_over(request, report, form, redirect("monthly:basis", public_id, report_id))
    context = {
        "file": file,
        "report": report,
        "sessions": sessions_by_day(report.content),
        "later": _later(report),
        "handovers": report.handovers.all(),
        "form": form,
        "may_write": may_write,
    }
    return render(request, "placements/monthly/basis.html", context, status=422 if posted else 200)


@require_safe
def basis_print(request: HttpRequest, public_id: uuid.UUID, report_id: uuid.UUID) -> HttpResponse:
    """The version as a PDF."""
    file = opened_file(
        request, public_id, act=AccessLogEntry.Act.DOWNLOADED, part="attendance", report=str(report_id)
    )
    report = _basis(file, report_id)
    try:
        pdf = basis_pdf(report)
    except PdfLibrariesMissing as error:
        messages.error(request, str(error))
        return redirect("monthly:basis", public_id, report_id)
    name = f"narvaro-{report.month:%Y-%m}-version-{report.version}.pdf"  # it says nothing about whose it is
    return made_download(pdf, name=name, media_type="application/pdf")


@read_or_write
def basis_withdraw(
    request: HttpRequest, public_id: uuid.UUID, report_id: uuid.UUID, handover_id: int
) -> HttpResponse:
    """Asks why, and withdraws what was handed over."""
    report = _basis(_file(request, public_id), report_id)
    if not can_make_basis(request.user, report.enrolment):
        raise PermissionDenied
    return _withdraw(request, report, handover_id, redirect("monthly:basis", public_id, report_id))


# --- The unit's files ---------------------------------------------------------------------------------------------


def _units(request: HttpRequest) -> list[Unit]:
    return Unit.objects.in_scope(export_scope(request.user)).by_name()


def _unit_file(request: HttpRequest, report_id: uuid.UUID) -> AttendanceReport:
    if not can_make_files(request.user):
        raise PermissionDenied
    rows = AttendanceReport.objects.filter(kind=ReportKind.BENEFIT_FILE).select_related("unit")
    report = get_object_or_404(rows.prefetch_related("unit__terms"), public_id=report_id)
    if not can_make_file(request.user, report.unit):
        access_log_write(
            actor=request.user,
            act=AccessLogEntry.Act.DENIED,
            subject=report_id,
            subject_kind="benefit_file",
            request_id=request.id,
        )
        raise Http404
    return report


@read_or_write
def file_list(request: HttpRequest) -> HttpResponse:
    """The files of the user's units, the latest month first; and a form that makes one."""
    if not can_make_files(request.user):
        raise PermissionDenied
    today, posted, units = timezone.localdate(), request.method == "POST", _units(request)
    form = MonthForm(request.POST if posted else None, today=today)
    unit = next((each for each in units if each.code == request.POST.get("unit", "")), units[0])
    if posted and form.is_valid():
        report = services.benefit_file_make(unit=unit, month=form.cleaned_data["month"], actor=request.user)
        return redirect("monthly:file", report.public_id)
    by_key = {each.pk: each for each in units}
    rows = AttendanceReport.objects.filter(kind=ReportKind.BENEFIT_FILE, unit__in=units).defer("content")
    reports = list(rows.prefetch_related("handovers").order_by("-month", "unit", "-version")[:200])
    for report in reports:
        report.unit = by_key[report.unit_id]
    context = {"form": form, "units": units, "chosen": unit, "reports": reports, "due": due_on(month_before(today))}
    context["month"] = month_before(today)
    return render(request, "placements/monthly/file_list.html", context, status=422 if posted else 200)


@read_or_write
def unit_file(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """One version: how much stands in it, to whom it was handed over."""
    report, posted = _unit_file(request, report_id), request.method == "POST"
    form = HandoverForm(request.POST if posted else None)
    if posted and form.is_valid():
        return _handed_over(request, report, form, redirect("monthly:file", report_id))
    rows = report.content["rows"]
    context = {
        "report": report,
        "rows": len(rows),
        "people": len({row["person"] for row in rows}),
        "without_number": len({row["person"] for row in rows if not row["identity_number"]}),
        "protected": report.content["protected"],
        "later": _later(report),
        "handovers": report.handovers.all(),
        "form": form,
        "due": due_on(report.month),
    }
    return render(request, "placements/monthly/file.html", context, status=422 if posted else 200)


@require_safe
def file_download(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The file itself. Each person in it is written down as taken out."""
    report = _unit_file(request, report_id)
    people = {row["person"]: {"part": "benefit_file", "report": str(report_id)} for row in report.content["rows"]}
    access_log_write_each(
        actor=request.user,
        act=AccessLogEntry.Act.EXPORTED,
        subjects=((uuid.UUID(person), detail) for person, detail in people.items()),
        subject_kind=KIND,
    )
    name = f"insatser-{report.unit.code.lower()}-{report.month:%Y-%m}-version-{report.version}.csv"
    return made_download(benefit_csv(report), name=name, media_type="text/csv; charset=utf-8")


@read_or_write
def file_withdraw(request: HttpRequest, report_id: uuid.UUID, handover_id: int) -> HttpResponse:
    """Asks why, and withdraws what was handed over."""
    return _withdraw(request, _unit_file(request, report_id), handover_id, redirect("monthly:file", report_id))


# --- Both ---------------------------------------------------------------------------------------------------------


def _later(report: AttendanceReport) -> AttendanceReport | None:
    rows = AttendanceReport.objects.filter(kind=report.kind, enrolment=report.enrolment_id, month=report.month)
    if report.kind == ReportKind.BENEFIT_FILE:
        rows = rows.filter(unit=report.unit_id)
    return rows.filter(version__gt=report.version).order_by("-version").first()


def _handed_over(request: HttpRequest, report: AttendanceReport, form: HandoverForm, then) -> HttpResponse:
    services.handover_write(report=report, actor=request.user, **form.cleaned_data)
    messages.success(request, _("It is written down to whom it was handed over."))
    return then


def _withdraw(request: HttpRequest, report: AttendanceReport, handover_id: int, then) -> HttpResponse:
    handover = get_object_or_404(AttendanceHandover, report=report, pk=handover_id)
    posted = request.method == "POST"
    form = WithdrawForm(request.POST if posted else None)
    if posted and form.is_valid():
        services.handover_withdraw(handover=handover, why=form.cleaned_data["why"])
        messages.success(request, _("It is withdrawn. Tell the recipient as well."))
        return then
    context = {"report": report, "handover": handover, "form": form, "back": then.url}
    return render(request, "placements/monthly/withdraw.html", context, status=422 if posted else 200)
