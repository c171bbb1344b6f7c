"""The public page on which anybody can check a certificate by its code. It shows no name."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from competence.models import CertificateVersion
from delivery.services.documents import verification_code_read

ACTION = "verification"


@login_not_required
@require_safe
def verification_form(request: HttpRequest) -> HttpResponse:
    """Where a code is typed; it leads to the address of that code, as the QR code does."""
    typed = request.GET.get("kod", "").strip()
    if typed:
        code = verification_code_read(typed)
        if code:
            return redirect("competence:verification", code)
    return _answer(request, "competence/verification_form.html", {"typed": typed[:40], "unreadable": bool(typed)})


@login_not_required
@require_safe
def verification(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the certificate with this code is valid, replaced or not known; issuer, day, version and number."""
    limits = {ACTION: settings.VERIFICATION_RATE}
    if not ratelimit.consume(request, app="competence", action=ACTION, config=limits, limit_get=True):
        return _answer(request, "429.html", {}, status=429)
    read = verification_code_read(code)
    version = (
        CertificateVersion.objects.select_related("document").filter(document__verification_code=read).first()
        if read
        else None
    )
    context = {
        "version": version,
        "typed": code[:40],
        "replaced_by": version and _later(version),
        "issuer": version.content["municipality"] if version else "",
    }
    return _answer(request, "competence/verification.html", context, status=200 if version else 404)


def _later(version: CertificateVersion) -> CertificateVersion | None:
    later = CertificateVersion.objects.filter(certificate=version.certificate_id, version__gt=version.version)
    return later.order_by("-version").first()


def _answer(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """Kept by no browser, and found by no search engine."""
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
