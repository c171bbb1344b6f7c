"""An issued certificate: what it says, how far its document has come, and the document itself."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseStopPolling

from accounts.models import AccessLogEntry
from competence.certifying.services import certificate_render_enqueue
from competence.models import CertificateDraft, CertificateState, CertificateVersion
from competence.opening import PART, opened_placement
from competence.permissions import can_revoke_certificate, can_write_certificate
from delivery.downloads import file_download
from delivery.services.documents import PDF
from placements.models import Placement


def _versions(placement: Placement):
    return CertificateVersion.objects.filter(certificate__placement=placement).select_related(
        "document__job", "assessment"
    )


@require_safe
def certificate(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """The certificate of a placement: its number, who issued it when, what it says, and the document."""
    file, placement = opened_placement(request, public_id, placement_id)
    versions = list(_versions(placement).order_by("-version"))
    if not versions:
        return redirect("participants:part", public_id, PART)
    return render(request, "competence/certificate_page.html", _context(request, file, placement, versions))


@require_safe
def certificate_state(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """The part of the page that changes, asked for until the document is made."""
    file, placement = opened_placement(request, public_id, placement_id, quiet=True)
    if not request.htmx:
        return redirect("competence:certificate", public_id, placement_id)
    versions = list(_versions(placement).order_by("-version"))
    if not versions:
        raise Http404
    context = _context(request, file, placement, versions) | {"answer": True}
    response = render(request, "competence/_document.html", context)
    return HttpResponseStopPolling(response.content) if context["finished"] else response


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_render(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """Ask for the document anew, after it could not be made. The number stays."""
    _file, placement = opened_placement(request, public_id, placement_id, quiet=True)
    if not can_write_certificate(request.user, placement.enrolment):
        raise PermissionDenied
    version = _versions(placement).filter(issued_elsewhere=False).order_by("-version").first()
    if request.method == "POST" and version:
        certificate_render_enqueue(version=version)
    return redirect("competence:certificate", public_id, placement_id)


@require_safe
def certificate_pdf(request: HttpRequest, public_id: uuid.UUID, placement_id: int, version: int) -> HttpResponse:
    """The document's bytes as they were made, as a download; its name tells nothing about the person."""
    _file, placement = opened_placement(request, public_id, placement_id, act=AccessLogEntry.Act.DOWNLOADED)
    found = get_object_or_404(_versions(placement).filter(document__made_at__isnull=False), version=version)
    return file_download(found.document.files.get(media_type=PDF))


def _context(request: HttpRequest, file, placement: Placement, versions: list[CertificateVersion]) -> dict:
    latest = versions[0]
    here = latest.document is not None
    made = here and latest.document.made_at is not None
    failed = here and latest.document.has_failed
    for each in versions:
        each.state = each.state_among(versions)
    draft = CertificateDraft.objects.filter(placement=placement).first()
    holds = latest.state == CertificateState.ISSUED
    return {
        "file": file,
        "placement": placement,
        "version": latest,
        "versions": versions,
        "holds": holds,
        "draft": draft,
        "content": latest.content,
        "document": latest.document,
        "made": made,
        "failed": failed,
        "job": latest.document.job if here else None,
        "finished": made or failed or not here,
        "may_write": can_write_certificate(request.user, placement.enrolment),
        "may_revoke": here and holds and can_revoke_certificate(request.user, placement.enrolment),
        "answer": False,
    }
