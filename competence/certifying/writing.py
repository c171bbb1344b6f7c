"""Writing a certificate: the draft, what it will look like, and the question before it is issued."""

import contextlib
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from competence.certifying import services
from competence.certifying.forms import CertificateForm
from competence.documents.certificate import certificate_content, certificate_pdf, scope_in_words
from competence.models import Certificate
from competence.models.certificate import FEWEST, MOST
from competence.opening import PART, opened_placement
from competence.permissions import can_write_certificate
from competence.querysets import chosen_statements
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
        form = CertificateForm(request.POST, draft=services.draft_of(placement))
        if form.is_valid():
            # Saved elsewhere meanwhile, or issued: what is stored stays, and the page says so after signing in.
            with contextlib.suppress(services.DraftChanged, services.CannotIssue):
                services.certificate_draft_save(
                    placement=placement, author=writer, seen=_seen(request), **form.written()
                )
    return _address("certificate_write", public_id, placement_id)


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_write(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """The page where a certificate is written. What is sent is kept as the draft, and then what was asked for is
    done: `act` is empty (only save), area, preview or issue."""
    file, placement = _opened(request, public_id, placement_id, quiet=request.method == "POST")
    if answer := _too_late_or_early(request, file, placement):
        return answer
    draft = services.draft_of(placement)
    if request.method != "POST":
        return _page(request, file, draft, CertificateForm(draft=draft))
    form = CertificateForm(request.POST, draft=draft)
    if not form.is_valid():
        return _page(request, file, draft, form, status=422)
    try:
        draft = services.certificate_draft_save(
            placement=placement, author=request.user, seen=_seen(request), **form.written()
        )
    except services.DraftChanged as changed:
        return _changed(request, file, changed.draft, form)
    except services.CannotIssue as reason:
        messages.error(request, str(reason))
        return _to_part(file)
    form.show(draft.area, ticked=draft.statements)
    return _act(request, file, draft, form)


certificate_write.when_signed_out = keep_draft


def _act(request: HttpRequest, file: ParticipantFile, draft, form: CertificateForm) -> HttpResponse:
    """What the pressed button asks for, now that the draft is saved."""
    act, here = request.POST.get("act", ""), (file.public_id, draft.placement_id)
    if request.htmx:
        template = "_choices" if act == "area" else "_draft_saved"
        return render(request, f"competence/{template}.html", _context(file, draft, form) | {"answer": True})
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
def certificate_preview(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """The draft as the PDF it would become, with "draft" across it. Nothing is kept."""
    file, placement = _opened(request, public_id, placement_id)
    if answer := _too_late_or_early(request, file, placement):
        return answer
    draft = services.draft_of(placement)
    content = certificate_content(draft=draft, issuer=request.user, version=1, issued=timezone.localdate())
    try:
        pdf = certificate_pdf(content=content, document=None)
    except PdfLibrariesMissing as error:
        messages.error(request, str(error))
        return redirect("competence:certificate_write", public_id, placement_id)
    name = _("draft") + ".pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_issue(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """The question before issuing, in words of the thing; a press on the button issues."""
    file, placement = _opened(request, public_id, placement_id, quiet=request.method == "POST")
    if answer := _too_late_or_early(request, file, placement):
        return answer
    status, changed = 200, False
    if request.method == "POST":
        try:
            services.certificate_issue(placement=placement, actor=request.user, seen=_seen(request))
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
    content = certificate_content(draft=draft, issuer=request.user, version=1, issued=timezone.localdate())
    context = {"file": file, "placement": placement, "draft": draft, "content": content, "changed": changed}
    return render(request, "competence/issue.html", context, status=status)


# --- Shared -------------------------------------------------------------------------------------------------------


def _opened(request: HttpRequest, public_id, placement_id, *, quiet: bool = False):
    file, placement = opened_placement(request, public_id, placement_id, quiet=quiet)
    if not can_write_certificate(request.user, placement.enrolment):
        raise PermissionDenied
    return file, placement


def _too_late_or_early(request: HttpRequest, file: ParticipantFile, placement: Placement) -> HttpResponse | None:
    """Where to go when no certificate can be written: to the one there is, or back to the file with the reason."""
    reason = services.why_not(placement)
    if not reason:
        return None
    if Certificate.objects.filter(placement=placement).exists():
        return redirect("competence:certificate", file.public_id, placement.pk)
    messages.error(request, reason)
    return _to_part(file)


def _to_part(file: ParticipantFile) -> HttpResponse:
    return redirect("participants:part", file.public_id, PART)


def _address(name: str, public_id: uuid.UUID, placement_id: int) -> str:
    return reverse(f"competence:{name}", args=[public_id, placement_id])


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1


def _changed(request: HttpRequest, file: ParticipantFile, stored, form: CertificateForm) -> HttpResponse:
    """Somebody else saved meanwhile, or the same person in another window: both stay, and whoever saves again has
    seen the other's. What is counted is what is ticked here."""
    ticked = form.cleaned_data["statements"]
    theirs = {"other": stored, "count": len(ticked)}
    if request.htmx:
        limits = {"fewest": FEWEST, "most": MOST}
        return render(request, "competence/_draft_saved.html", theirs | limits | {"answer": True})
    form.show(form.cleaned_data["area"], ticked=ticked)
    theirs["other_statements"] = chosen_statements(stored)
    return _page(request, file, stored, form, status=409, **theirs)


def _context(file: ParticipantFile, draft, form: CertificateForm) -> dict:
    chosen = chosen_statements(draft)
    return {
        "file": file,
        "placement": draft.placement,
        "draft": draft,
        "form": form,
        "groups": form.groups(),
        "count": len(chosen),
        "missing": services.shortcomings(draft),
        "fewest": FEWEST,
        "most": MOST,
    }


def _page(request: HttpRequest, file: ParticipantFile, draft, form, *, status: int = 200, **extra) -> HttpResponse:
    context = _context(file, draft, form) | {
        "scope": scope_in_words(draft.placement),
        "writer": journal.writer_ticket(file),
        "saved": request.GET.get("sparat") == "ja",
        "other": None,
    }
    return render(request, "competence/write.html", context | extra, status=status)
