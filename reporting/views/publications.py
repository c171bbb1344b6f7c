"""What is published for everybody who may open reports, and the way there: prepared, looked at, published once."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from delivery.downloads import file_download
from delivery.models import DocumentFile
from reporting import permissions
from reporting.frozen import Frozen
from reporting.lists import PAGE_SIZE
from reporting.models import Publication
from reporting.periods import Period
from reporting.report_files import MEDIA_TYPES, files_of
from reporting.services import publishing as services
from reporting.telling import presentation
from reporting.telling.by_unit import blocks_by_unit
from reporting.telling.chapters import chapters, summary_of
from reporting.telling.comments import paragraphs
from reporting.telling.side_by_side import side_by_side
from reporting.views.opening import number_of, opened_publication, opened_report


@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    """What is published, the latest period first; and what is made ready, for those who publish."""
    if not permissions.can_open_reports(request.user):
        raise PermissionDenied
    found = Publication.objects.visible_to(request.user)
    published = found.published().select_related("report", "document__job").defer("content", "reasons")
    page = Paginator(published, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    files = files_of(each.document for each in rows)
    for publication in rows:
        publication.words = Period.parse(publication.report.period).short_label
        publication.files = files[publication.document_id]
    context = {
        "page": page,
        "rows": rows,
        "prepared": found.filter(published_at=None).select_related("report__document").defer("content", "reasons"),
        "under_way": any(each.under_way for each in files.values()),
        "can_publish": permissions.can_publish(request.user),
    }
    return render(request, "reporting/publications/list.html", context)


@require_safe
def publication(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is published, for everybody; before that, what would be, beside the internal figures."""
    found = opened_publication(request, public_id)
    return _published(request, found) if found.is_published else _prepared(request, found)


@require_POST
def publication_prepare(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Have a worker find out what of a frozen report may be shown; the job's page tells how far it has come."""
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    report = opened_report(request, public_id)
    try:
        prepared = services.publication_prepare(report=report, actor=request.user)
    except services.CannotPublish as reason:
        messages.error(request, str(reason))
        return redirect(report)
    return redirect(prepared.job or prepared)


@require_http_methods(["GET", "HEAD", "POST"])
def publication_publish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The question before publishing, which cannot be undone; a press on the button publishes."""
    found = opened_publication(request, public_id, to_publish=True)
    if found.is_published or not found.is_prepared:
        return redirect(found)
    if request.method != "POST":
        return render(request, "reporting/publications/publish.html", {"publication": found})
    try:
        services.publication_publish(
            publication=found, actor=request.user, seen=number_of(request.POST.get("seen", "")) or None
        )
    except services.CannotPublish as reason:
        messages.error(request, str(reason))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def publication_withdraw(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The question before what was prepared is taken back; a press on the button does it."""
    found = opened_publication(request, public_id, to_publish=True)
    if found.is_published:
        return redirect(found)
    if request.method != "POST":
        return render(request, "reporting/publications/withdraw.html", {"publication": found})
    try:
        services.publication_withdraw(publication=found)
    except services.CannotPublish as reason:
        messages.error(request, str(reason))
        return redirect(found)
    messages.success(request, _("The publication is taken back. Nothing was published."))
    return redirect(found.report)


@require_POST
def publication_files_make(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Have public files that could not be made made after all."""
    found = opened_publication(request, public_id, to_publish=True)
    if not found.is_published:
        raise Http404
    return redirect(services.publication_files_make(publication=found, actor=request.user) or found)


@require_safe
def publication_file(request: HttpRequest, public_id: uuid.UUID, extension: str) -> HttpResponse:
    """The bytes of a published file, as they were made; written to the access log."""
    found = opened_publication(request, public_id)
    file = get_object_or_404(DocumentFile, document=found.document_id or 0, media_type=MEDIA_TYPES.get(extension, ""))
    access_log_write(
        actor=request.user,
        act=AccessLogEntry.Act.DOWNLOADED,
        subject=found.public_id,
        subject_kind="publication",
        request_id=request.id,
        number=found.document.number,
        format=extension,
    )
    return file_download(file)


def _published(request: HttpRequest, found: Publication) -> HttpResponse:
    frozen = Frozen.from_stored(found.content)
    shown = presentation.present(frozen.told)
    parts = chapters(frozen, shown)
    context = {
        "publication": found,
        "frozen": frozen,
        "shown": shown,
        "summary": summary_of(frozen),
        "chapters": parts,
        "units": blocks_by_unit(frozen),
        "files": files_of([found.document])[found.document_id],
        "sees_report": permissions.can_see_figures_of(request.user, None),
        "can_publish": permissions.can_publish(request.user),
    }
    return render(request, "reporting/publications/published.html", context)


def _prepared(request: HttpRequest, found: Publication) -> HttpResponse:
    """Internal and published beside each other: the whole municipality, or the unit that the address names."""
    context = {"publication": found, "why_not": services.why_not(found.report)}
    if found.is_prepared:
        inside, public = Frozen.from_stored(found.report.frozen.content), Frozen.from_stored(found.content)
        published = {each.unit_code or "": each for each in (public.now, *public.units)}
        internal = {each.unit_code or "": inside.of_sections(each) for each in (inside.now, *inside.units)}
        unit = request.GET.get("enhet", "")
        if unit not in published:
            raise Http404
        reasons = {tuple(place): reason for *place, reason in found.reasons.get(unit, [])}
        context |= {
            "frozen": public,
            "scopes": [(code, each.scope_label) for code, each in published.items()],
            "unit": unit,
            "comments": [
                (each.title, paragraphs(each.comment))
                for each in (summary_of(public), *chapters(public, presentation.present(public.told)))
                if each.comment
            ],
            "beside": side_by_side(internal[unit], published[unit], reasons, found.threshold),
        }
    return render(request, "reporting/publications/prepared.html", context)
