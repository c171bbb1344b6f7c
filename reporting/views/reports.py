"""Reports to the committee: the list, what a report is about, its draft, and what is frozen."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Unit
from reporting import permissions
from reporting.frozen import Frozen
from reporting.lists import PAGE_SIZE
from reporting.models import Report
from reporting.periods import Period
from reporting.report_files import files_of
from reporting.report_forms import ReportForm, without_proposals
from reporting.services import publishing
from reporting.services import reports as services
from reporting.telling import presentation
from reporting.telling.by_unit import blocks_by_unit
from reporting.telling.chapters import chapters, summary_of
from reporting.views.drafts import draft_page
from reporting.views.opening import PUBLISHED_CONTENT, number_of, opened_report


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Drafts and frozen reports, the newest first."""
    if not permissions.can_see_internal_figures(request.user):
        raise PermissionDenied
    related = ("document__job", "replaces__document", "replaced_by", "publication")
    found = Report.objects.visible_to(request.user).select_related(*related).defer(*PUBLISHED_CONTENT)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    names = {unit.pk: unit.name for unit in Unit.objects.named().filter(pk__in={each.unit_id for each in rows})}
    files = files_of(each.document for each in rows if each.document)
    for report in rows:
        report.scope = names.get(report.unit_id, _("The whole municipality"))
        report.words = Period.parse(report.period).short_label
        report.files = files.get(report.document_id)
    under_way = any(each.under_way for each in files.values())
    return render(request, "reporting/reports/list.html", {"page": page, "rows": rows, "under_way": under_way})


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """What a new report is about: the question of the address, if it has one. A chosen kind proposes period and title
    (`chosen`); the button begins the draft."""
    if not permissions.can_see_internal_figures(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _form_page(request, ReportForm(request.GET, user=request.user))
    if chosen := request.POST.get("chosen"):
        return _proposals(request, ReportForm(without_proposals(request.POST, chosen=chosen), user=request.user))
    form = ReportForm(request.POST, user=request.user)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if not permissions.can_write_report(request.user, form.question.unit):
        raise PermissionDenied
    return redirect(services.report_start(actor=request.user, **form.written()))


@require_http_methods(["GET", "HEAD", "POST"])
def report_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a draft is about, changed. Somebody else's change meanwhile is shown before it is replaced."""
    report = opened_report(request, public_id)
    if report.is_frozen:
        return redirect(report)
    if request.method != "POST":
        return _form_page(request, ReportForm.of(report, user=request.user), report)
    if chosen := request.POST.get("chosen"):
        data = without_proposals(request.POST, chosen=chosen)
        return _proposals(request, ReportForm(data, user=request.user, report=report), report)
    form = ReportForm(request.POST, user=request.user, report=report)
    if not form.is_valid():
        return _form_page(request, form, report, status=422)
    if not permissions.can_write_report(request.user, form.question.unit):
        raise PermissionDenied
    try:
        services.report_change(report=report, seen=number_of(request.POST.get("seen", "")), **form.written())
    except services.ReportChanged as changed:
        return _form_page(request, form, changed.report, status=409, other=changed.report)
    except services.CannotChange as reason:
        messages.error(request, str(reason))
    return redirect(report)


@require_http_methods(["GET", "HEAD", "POST"])
def report_delete(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The question before a draft is thrown away; a press on the button does it."""
    report = opened_report(request, public_id)
    if report.is_frozen:
        return redirect(report)
    if request.method != "POST":
        written = report.comments.exclude(text="").count()
        return render(request, "reporting/reports/delete.html", {"report": report, "written": written})
    try:
        services.report_delete(report=report)
    except services.CannotChange as reason:
        messages.error(request, str(reason))
        return redirect(report)
    messages.success(request, _("The draft “%(title)s” is thrown away.") % {"title": report.title})
    return redirect("reporting:report_list")


@require_safe
def report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A report as it stands: the draft with its figures of today, or what was frozen."""
    found = opened_report(request, public_id)
    return frozen_page(request, found) if found.is_frozen else draft_page(request, found)


def frozen_page(request: HttpRequest, report: Report) -> HttpResponse:
    """What was frozen, told from what was stored and nothing else."""
    frozen = Frozen.from_stored(report.frozen.content)
    shown = presentation.present(frozen.told)
    context = {
        "report": report,
        "frozen": frozen,
        "shown": shown,
        "summary": summary_of(frozen),
        "chapters": chapters(frozen, shown),
        "units": blocks_by_unit(frozen),
        "gaps": [gap for gap in frozen.gaps if gap.count],
        "files": files_of([report.document])[report.document_id],
        "versions": _versions(report),
        "later": getattr(report, "replaced_by", None),
    }
    if permissions.can_publish(request.user):
        publication = getattr(report, "publication", None)
        context |= {
            "can_publish": True,
            "publication": publication,
            "why_not": "" if publication and publication.is_published else publishing.why_not(report),
        }
    return render(request, "reporting/reports/frozen.html", context)


def _versions(report: Report) -> list[Report]:
    """Every version of the report, the first first."""
    related = Report.objects.select_related("document")
    chain = [report]
    while chain[0].replaces_id:
        chain.insert(0, related.get(pk=chain[0].replaces_id))
    while later := related.filter(replaces=chain[-1].pk).first():
        chain.append(later)
    return chain


def _form_page(request: HttpRequest, form: ReportForm, report=None, *, other=None, status=200) -> HttpResponse:
    context = {"form": form, "report": report, "other": other}
    return render(request, "reporting/reports/form.html", context, status=status)


def _proposals(request: HttpRequest, form: ReportForm, report=None) -> HttpResponse:
    """The form with what the chosen kind or period proposes; nothing is wrong before it is sent."""
    form.errors.clear()
    if request.htmx:
        return render(request, "reporting/reports/_fields.html", {"form": form, "report": report})
    return _form_page(request, form, report)
