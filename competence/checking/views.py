"""The public pages on which anybody can check a certificate: by its code, and by the file. They show no name.

In Swedish, or in English (`?sprak=en`): employers abroad are shown certificates too. No cookie takes part and nothing
is changed, so a file is sent without a token of the site, and it is read before anything of it could touch a disk.
"""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from competence.checking.files import Checked, file_check
from competence.models import CertificateVersion
from delivery.codes import Mistyped, code_read

ACTION, FILE_ACTION = "verification", "verification_file"
LANGUAGE, ENGLISH = "sprak", "en"
#: What a form adds around the file it sends.
AROUND = 16 * 1024


class InMemory(MemoryFileUploadHandler):
    """Takes a file into memory whatever its size, which was looked at before."""

    def handle_raw_input(self, *args, **options):
        super().handle_raw_input(*args, **options)
        self.activated = True


def public_page(view: Callable[..., HttpResponse]):
    """Decorator: reached without signing in, in the language that its reader has chosen; kept by no browser, found by
    no search engine, told to no other site."""

    @wraps(view)
    def spoken(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with translation.override(ENGLISH if _in_english(request) else settings.LANGUAGE_CODE):
            response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return login_not_required(spoken)


def _in_english(request: HttpRequest) -> bool:
    return request.GET.get(LANGUAGE) == ENGLISH


@public_page
@require_safe
def verification_form(request: HttpRequest) -> HttpResponse:
    """Where a code is typed; it leads to the address of that code, as the QR code does. A mistyped one is told before
    anything is looked up."""
    typed = request.GET.get("kod", "").strip()
    error = ""
    if typed:
        try:
            return _to_code(request, code_read(typed))
        except Mistyped as why:
            error = str(why)
    return _form(request, typed, error)


@csrf_exempt
@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the certificate with this code is valid, replaced or revoked; issuer, day, version and number. Sent to
    it is a file, and told whether that is the original."""
    posted = request.method == "POST"
    action, rate = (FILE_ACTION, settings.VERIFICATION_FILE_RATE) if posted else (ACTION, settings.VERIFICATION_RATE)
    if not ratelimit.consume(request, app="competence", action=action, config={action: rate}, limit_get=True):
        return render(request, "429.html", status=429)
    try:
        read = code_read(code)
    except Mistyped as why:
        return _form(request, code, str(why), status=404)
    versions = CertificateVersion.objects.select_related("document")
    version = versions.filter(document__verification_code=read).first()
    if version is None:
        return _shown(request, "unknown", {"typed": read}, status=404)
    context = {"version": version, "issuer": version.content["municipality"], "code": read, "error": ""}
    if posted:
        context["checked"], context["error"] = _file(request, version)
    later = CertificateVersion.objects.filter(certificate=version.certificate_id, version__gt=version.version)
    context["replaced_by"] = None if version.revoked_on else later.in_force().order_by("-version").first()
    # An original that holds no more is first of all one that holds no more.
    context["holds"] = version.revoked_on is None and context["replaced_by"] is None
    return _shown(request, "verification", context, status=422 if context["error"] else 200)


def _file(request: HttpRequest, version: CertificateVersion) -> tuple[Checked | None, str]:
    """What the sent file is; or, in a sentence, why it was not looked at."""
    limit = settings.VERIFICATION_FILE_LIMIT
    told = {"limit": filesizeformat(limit)}
    too_large = _("The file is larger than %(limit)s. A certificate is much smaller.") % told
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > limit + AROUND:
        return None, too_large
    request.upload_handlers = [InMemory(request)]
    sent = request.FILES.get("fil")
    if not sent:
        return None, _("Choose the file first.")
    if sent.size > limit:
        return None, too_large
    return file_check(content=sent.read(), document=version.document), ""


def _form(request: HttpRequest, typed: str, error: str, *, status: int = 200) -> HttpResponse:
    return _shown(request, "verification_form", {"typed": typed[:40], "error": error}, status=status)


def _to_code(request: HttpRequest, code: str) -> HttpResponse:
    response = redirect("competence:verification", code)
    if _in_english(request):
        response["Location"] += f"?{LANGUAGE}={ENGLISH}"
    return response


def _shown(request: HttpRequest, page: str, context: dict, *, status: int = 200) -> HttpResponse:
    english = _in_english(request)
    context |= {
        "language": f"?{LANGUAGE}={ENGLISH}" if english else "",
        "english": english,
        "checked": context.get("checked"),
        # A form that was sent is not sent again by changing the language.
        "other_language": "" if request.method == "POST" else f"?{LANGUAGE}={'sv' if english else ENGLISH}",
    }
    return render(request, f"competence/checking/{page}.html", context, status=status)
