"""What every request passes: its id and log line, the content security policy, the history's context."""

import logging
import re
import time
import uuid
from urllib.parse import urlsplit

import pghistory.middleware
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers

from accounts.history import actor_context
from config import logs, metrics

logger = logging.getLogger("jobbspar.requests")
ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class MonitoringMiddleware:
    """Let monitoring ask each process by its address: what it may ask for does not depend on the host's name."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.paths = {f"/{path}" for path in settings.MONITORING_PATHS}
        self.host = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")

    def __call__(self, request):
        if request.path in self.paths:
            request.META["HTTP_HOST"] = self.host
        return self.get_response(request)


class RequestLogMiddleware:
    """Give each request an id, answer with it, and log one line: the route, never the address with its values."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.id = given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex
        token = logs.request_id.set(request.id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            self._log(request, response, time.perf_counter() - started)
            return response
        finally:
            logs.request_id.reset(token)

    def _log(self, request, response, seconds):
        match = request.resolver_match
        metrics.observe(request.method, match.view_name if match else "", response.status_code, seconds)
        user = getattr(request, "_cached_user", None)  # only if somebody asked: a log line costs no query
        fields = {
            "method": request.method,
            "route": match.route if match else None,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000),
            "user": str(user.pk) if user and user.pk else None,
        }
        logger.info("%(method)s /%(route)s %(status)s %(milliseconds)s ms", fields, extra={"fields": fields})


class ContentSecurityPolicyMiddleware:
    """Send the policy of settings.CONTENT_SECURITY_POLICY with every answer."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {sources}" for name, sources in settings.CONTENT_SECURITY_POLICY.items())

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class QueryMiddleware:
    """Leave the character with number zero out of what an address asks for: nobody types it, and PostgreSQL knows
    none, so that every search would have to guard against it. What a form sends is checked by its fields."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Write into each history row who did it: the key, and the name, which outlives the account."""

    def get_context(self, request):
        actor = request.user if request.user.is_authenticated else None
        return actor_context(actor=actor, source="web", request=request.id)


class SignInMiddleware(LoginRequiredMiddleware):
    """Whoever is not signed in signs in first, and loses nothing.

    htmx is answered 401, so that the page stays as it is in place of taking the sign-in page into itself. A view that
    has a `when_signed_out` keeps what was sent to it and says where to go after signing in. And as computers are
    shared, no browser keeps a page that needs a sign-in.
    """

    def process_response(self, request, response):
        match = request.resolver_match
        if match and getattr(match.func, "login_required", True):
            add_never_cache_headers(response)
        return response

    def handle_no_permission(self, request, view_func):
        after = request.get_full_path()
        if request.method == "POST":
            keep = getattr(view_func, "when_signed_out", None)
            after = keep(request, **request.resolver_match.kwargs) if keep else self._page_of_the_form(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return redirect_to_login(after, self.get_login_url(view_func))

    def _page_of_the_form(self, request) -> str:
        """The address a form was sent to may have no page of its own: back to where the form was."""
        page = urlsplit(request.headers.get("Referer", ""))
        return page._replace(scheme="", netloc="").geturl() if page.netloc == request.get_host() else "/"
