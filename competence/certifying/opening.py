"""Opening a certificate that is to be written: by who may, and when one can be."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from competence.certifying import services
from competence.models import Assessment, AssessmentStage
from competence.opening import PART, opened_placement
from competence.permissions import can_write_certificate
from participants.file import ParticipantFile
from placements.models import Placement


def opened_to_write(
    request: HttpRequest, public_id: uuid.UUID, placement_id: int, *, quiet: bool = False
) -> tuple[ParticipantFile, Placement]:
    """The file and the placement, for those who write certificates in its unit; else PermissionDenied or 404."""
    file, placement = opened_placement(request, public_id, placement_id, quiet=quiet)
    if not can_write_certificate(request.user, placement.enrolment):
        raise PermissionDenied
    return file, placement


def answer_if_none(request: HttpRequest, file: ParticipantFile, placement: Placement) -> HttpResponse | None:
    """Where to go when no certificate can be written: to the one there is, or back to the file with the reason; or
    the page that says that the assessment is not signed, and leads to it. None when one can be written."""
    if reason := services.why_not(placement):
        if services.issued_version(placement):
            return redirect("competence:certificate", file.public_id, placement.pk)
        messages.error(request, reason)
        return to_part(file)
    if services.holding_assessment(placement) is None:
        return not_signed(request, file, placement)
    return None


def not_signed(request: HttpRequest, file: ParticipantFile, placement: Placement) -> HttpResponse:
    """That there is no signed assessment, and the way to it."""
    final = AssessmentStage.FINAL
    latest = Assessment.objects.filter(placement=placement, stage=final).order_by("-version").first()
    context = {"file": file, "placement": placement, "assessment": latest, "stage": final.value}
    return render(request, "competence/not_signed.html", context, status=409 if request.method == "POST" else 200)


def to_part(file: ParticipantFile) -> HttpResponse:
    return redirect("participants:part", file.public_id, PART)


def number_seen(request: HttpRequest) -> int:
    """The draft's revision that the page showed; -1 for anything else."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1


# --- The draft's PDF inside a page --------------------------------------------------------------------------------


def shows_paper(view: Callable[..., HttpResponse]):
    """Decorator: the page may show a document of this site inside it."""
    return _with_policy(view, {"object-src": "'self'", "frame-src": "'self'"})


def is_shown_inside(view: Callable[..., HttpResponse]):
    """Decorator: the answer is a document that a page of this site, and no other, may show inside it."""

    @wraps(view)
    def shown(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return _with_policy(shown, {"frame-ancestors": "'self'"})


def _with_policy(view, more: dict[str, str]):
    @wraps(view)
    def answered(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        policy = settings.CONTENT_SECURITY_POLICY | more
        response["Content-Security-Policy"] = "; ".join(f"{name} {sources}" for name, sources in policy.items())
        return response

    return answered
