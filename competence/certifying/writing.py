"""Writing a certificate: the draft beside the page that it becomes."""

import contextlib
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from competence.certifying import services
from competence.certifying.composing import statements_of
from competence.certifying.forms import CertificateForm
from competence.certifying.opening import (
    answer_if_none,
    is_shown_inside,
    number_seen,
    opened_to_write,
    shows_paper,
    to_part,
)
from competence.documents.certificate import certificate_content, certificate_pdf, scope_in_words
from competence.models import CertificateDraft, CertificateVersion
from competence.models.certificate import MOST
from competence.permissions import can_write_certificate
from delivery.documents.pdf import PdfLibrariesMissing
from participants import journal
from participants.file import ParticipantFile, file_for
from placements.models import Placement


def keep_draft(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> str:
    """A form that is sent after the session has ended is kept as a draft, for the user who opened it; where to go
    after signing in. A ticket that is false or old, a user who may not write there any more: nothing is kept."""
    key = journal.writer_of(request.POST.get("writer", ""), public_id)
    writer = User.objects.filter(pk=key, is_active=True).first() if key else None
    file = file_for(writer, public_id) if writer else None
    placement = file and Placement.objects.filter(enrolment__in=file.enrolments, pk=placement_id).first()
    if placement and can_write_certificate(writer, placement.enrolment):
        # Saved elsewhere meanwhile, or issued: what is stored stays, and the page says so after signing in.
        with contextlib.suppress(services.DraftChanged, services.CannotIssue):
            form = CertificateForm(request.POST, draft=services.draft_of(placement), user=writer)
            if form.is_valid():
                _save(request, placement, form, writer)
    return _address("certificate_write", public_id, placement_id)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_paper
def certificate_write(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """The page where a certificate is written. What is sent is kept as the draft, and then what was asked for is
    done: `act` is empty (only save), paper (show the page as it is now), preview or issue."""
    file, placement = opened_to_write(request, public_id, placement_id, quiet=request.method == "POST")
    if answer := answer_if_none(request, file, placement):
        return answer
    draft = services.draft_of(placement)
    if request.method != "POST":
        return _page(request, file, draft, CertificateForm(draft=draft, user=request.user))
    form = CertificateForm(request.POST, draft=draft, user=request.user)
    if not form.is_valid():
        if request.htmx:
            return _told(request, "_draft_refused", {"form": form})
        return _page(request, file, draft, form, status=422)
    try:
        draft = _save(request, placement, form, request.user)
    except services.DraftChanged as changed:
        return _changed(request, file, changed.draft, form)
    except services.CannotIssue as reason:
        messages.error(request, str(reason))
        return to_part(file)
    return _act(request, file, draft, form)


certificate_write.when_signed_out = keep_draft


def _save(request: HttpRequest, placement: Placement, form: CertificateForm, author: User) -> CertificateDraft:
    return services.certificate_draft_save(
        placement=placement,
        author=author,
        written=form.written(),
        seen=number_seen(request),
        window=form.cleaned_data["window"],
        shown=request.POST.get("shown", ""),
    )


def _act(request: HttpRequest, file: ParticipantFile, draft: CertificateDraft, form: CertificateForm) -> HttpResponse:
    """What the pressed button asks for, now that the draft is saved."""
    form.show_stored(draft)
    act, here = request.POST.get("act", ""), (file.public_id, draft.placement_id)
    if request.htmx:
        template = "_paper" if act == "paper" else "_draft_saved"
        context = _context(file, draft, form)
        if form.reading_refused:
            form.add_error("read_on", context["missing"]["read_on"])
        return render(request, f"competence/{template}.html", context | {"answer": True})
    if act == "preview":
        return redirect("competence:certificate_preview", *here)
    if act != "issue":
        return redirect(f"{_address('certificate_write', *here)}?sparat=ja")
    missing = services.shortcomings(draft)
    if not missing:
        return redirect("competence:certificate_issue", *here)
    for field, text in missing.items():
        form.add_error(field if field in form.fields else None, text)
    return _page(request, file, draft, form, status=422)


@require_safe
@is_shown_inside
def certificate_preview(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """The draft as the PDF it would become, with "draft" across it. Nothing is kept."""
    # Inside the page where it is written it is part of a look that is written down already.
    inside = "inuti" in request.GET and request.headers.get("Sec-Fetch-Dest") in ("object", "embed", "iframe")
    file, placement = opened_to_write(request, public_id, placement_id, quiet=inside)
    if answer := answer_if_none(request, file, placement):
        return answer
    draft = services.draft_of(placement)
    content = content_of(draft, request.user)
    try:
        pdf = certificate_pdf(content=content, document=None)
    except PdfLibrariesMissing as error:
        messages.error(request, str(error))
        return redirect("competence:certificate_write", public_id, placement_id)
    name = _("draft") + ".pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def content_of(draft: CertificateDraft, user: User) -> dict:
    """What would stand on the certificate if the user issued it today."""
    versions = CertificateVersion.objects.filter(certificate__placement=draft.placement)
    last = versions.order_by("-version").values_list("version", flat=True).first() or 0
    return certificate_content(draft=draft, issuer=user, version=last + 1, issued=timezone.localdate())


# --- Shared -------------------------------------------------------------------------------------------------------


def _address(name: str, public_id: uuid.UUID, placement_id: int) -> str:
    return reverse(f"competence:{name}", args=[public_id, placement_id])


def _changed(
    request: HttpRequest, file: ParticipantFile, stored: CertificateDraft, form: CertificateForm
) -> HttpResponse:
    """Somebody else saved meanwhile, or the same person in another window: both stay, and whoever saves again has
    seen the other's. What is counted is what is ticked here."""
    theirs = {"other": stored}
    if request.htmx:
        return _told(request, "_draft_saved", theirs | {"counts": form.counts, "most": MOST})
    ticked = set(stored.statements)
    theirs["other_statements"] = [each for each in statements_of(stored.assessment) if each.code in ticked]
    return _page(request, file, stored, form, status=409, **theirs)


def _told(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """The answer to a draft that was not saved while its writer goes on; the picture of the page stays as it was."""
    if request.POST.get("act") == "paper":
        return HttpResponse(status=204)
    return render(request, f"competence/{template}.html", context)


def _context(file: ParticipantFile, draft: CertificateDraft, form: CertificateForm) -> dict:
    return {
        "file": file,
        "placement": draft.placement,
        "draft": draft,
        "form": form,
        "groups": form.groups,
        "counts": form.counts,
        "missing": services.shortcomings(draft),
        "most": MOST,
    }


def _page(
    request: HttpRequest,
    file: ParticipantFile,
    draft: CertificateDraft,
    form: CertificateForm,
    *,
    status: int = 200,
    **extra,
) -> HttpResponse:
    replaced = services.issued_version(draft.placement) if draft.replaces_why else None
    context = _context(file, draft, form) | {
        "scope": scope_in_words(draft.placement),
        "writer": journal.writer_ticket(file),
        "saved": request.GET.get("sparat") == "ja",
        "replaced": replaced,
        "answer": False,
        "other": None,
    }
    return render(request, "competence/write.html", context | extra, status=status)
