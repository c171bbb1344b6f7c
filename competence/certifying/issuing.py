"""The questions before a certificate is issued, replaced or revoked, or its draft thrown away, in words of the thing;
a press on the button does it."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competence.certifying import services
from competence.certifying.forms import ReplaceForm, RevokeForm
from competence.certifying.opening import answer_if_none, not_signed, number_seen, opened_to_write, to_part
from competence.certifying.writing import content_of
from competence.models import CertificateDraft
from competence.opening import opened_placement
from competence.permissions import can_revoke_certificate

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def certificate_issue(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """Issues from the draft that was read."""
    file, placement = opened_to_write(request, public_id, placement_id, quiet=request.method == "POST")
    if answer := answer_if_none(request, file, placement):
        return answer
    status, changed = 200, False
    if request.method == "POST":
        try:
            services.certificate_issue(placement=placement, actor=request.user, seen=number_seen(request))
        except services.CannotIssue as reason:
            messages.error(request, str(reason))
            return redirect("competence:certificate_write", public_id, placement_id)
        except services.DraftChanged:
            status, changed = 409, True
        else:
            return redirect("competence:certificate", public_id, placement_id)
    draft = services.draft_of(placement)
    if services.shortcomings(draft):
        return redirect("competence:certificate_write", public_id, placement_id)
    context = {
        "file": file,
        "placement": placement,
        "draft": draft,
        "content": content_of(draft, request.user),
        "replaced": services.issued_version(placement),
        "changed": changed,
    }
    return render(request, "competence/issue.html", context, status=status)


@read_or_write
def certificate_replace(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """Asks why, and begins the draft of the version that replaces the issued one."""
    file, placement = opened_to_write(request, public_id, placement_id, quiet=request.method == "POST")
    version = services.issued_version(placement)
    if version is None:
        messages.error(request, _("There is no valid certificate to replace."))
        return redirect("competence:certificate", public_id, placement_id)
    if CertificateDraft.objects.filter(placement=placement).exclude(replaces_why="").exists():
        return redirect("competence:certificate_write", public_id, placement_id)
    posted = request.method == "POST"
    form = ReplaceForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            services.certificate_replace_begin(placement=placement, why=form.cleaned_data["why"], actor=request.user)
        except services.CannotReplace as reason:
            messages.error(request, str(reason))
            return redirect("competence:certificate", public_id, placement_id)
        except services.NotSigned:
            return not_signed(request, file, placement)
        return redirect("competence:certificate_write", public_id, placement_id)
    held = services.holding_assessment(placement)
    context = {
        "file": file,
        "placement": placement,
        "version": version,
        "form": form,
        "corrected": held if held and held.pk != version.assessment_id else None,
    }
    return render(request, "competence/replace.html", context, status=422 if posted else 200)


@read_or_write
def certificate_revoke(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """Asks why, and revokes the certificate with all its versions."""
    quiet = request.method == "POST"
    file, placement = opened_placement(request, public_id, placement_id, quiet=quiet)
    if not can_revoke_certificate(request.user, placement.enrolment):
        raise PermissionDenied
    posted = request.method == "POST"
    form = RevokeForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            services.certificate_revoke(placement=placement, why=form.cleaned_data["why"], actor=request.user)
        except services.CannotRevoke as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("The certificate is revoked."))
        return redirect("competence:certificate", public_id, placement_id)
    version = services.issued_version(placement)
    if version is None:
        return redirect("competence:certificate", public_id, placement_id)
    context = {"file": file, "placement": placement, "version": version, "form": form}
    return render(request, "competence/revoke.html", context, status=422 if posted else 200)


@read_or_write
def certificate_discard(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """Throws the draft away; what is issued stays."""
    file, placement = opened_to_write(request, public_id, placement_id, quiet=request.method == "POST")
    version = services.issued_version(placement)
    if request.method == "POST":
        services.certificate_draft_discard(placement=placement)
        messages.success(request, _("The draft is thrown away."))
        return redirect("competence:certificate", public_id, placement_id) if version else to_part(file)
    if not CertificateDraft.objects.filter(placement=placement).exists():
        return redirect("competence:certificate_write", public_id, placement_id)
    return render(request, "competence/discard.html", {"file": file, "placement": placement, "version": version})
