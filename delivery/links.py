"""Pages that are reached by a secret link, without an account.

The token in the address is the whole authority: no cookie takes part, so another site has nothing to borrow and a
form needs no CSRF token; and as the page sends no referrer, browsers send "Origin: null", which Django's check would
refuse. GET and HEAD change nothing, because mail scanners follow links. The answers stay out of caches, search
engines and other sites' logs. They are compressed: a phone in a school kitchen is to fetch little, and no cookie and
no CSRF token is there to be guessed from how well a page is compressed (BREACH).
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page

from delivery.models import SecretLink
from delivery.models.link import LinkState, hash_of

#: By which a page is read in English: `?sprak=en`.
LANGUAGE, ENGLISH = "sprak", "en"


def by_link(found: Callable[[str], SecretLink | None]):
    """Decorator: a page that is reached by a token. `found` gives the link with this hash, or None if it leads
    nowhere any more; the view is given one that holds or has expired, and what else its address says.

    Unknown and withdrawn tokens, closed accounts, other recipients: the same answer, so that nobody learns more.
    """

    def decorate(view: Callable[..., HttpResponse]):
        @wraps(view)
        def opened(request: HttpRequest, token: str, **more) -> HttpResponse:
            link = found(hash_of(token))
            if link and link.state in (LinkState.HOLDS, LinkState.EXPIRED):
                response = view(request, link, **more)
            else:
                response = render(request, "delivery/link_closed.html", status=404)
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return login_not_required(csrf_exempt(gzip_page(never_cache(opened))))

    return decorate


def spoken(view: Callable[..., HttpResponse]):
    """Decorator: the page in the language that its reader has chosen, Swedish or English."""

    @wraps(view)
    def in_their_language(request: HttpRequest, link: SecretLink, **more) -> HttpResponse:
        with translation.override(ENGLISH if in_english(request) else settings.LANGUAGE_CODE):
            return view(request, link, **more)

    return in_their_language


def in_english(request: HttpRequest) -> bool:
    return request.GET.get(LANGUAGE) == ENGLISH


def in_same_language(request: HttpRequest, path: str) -> str:
    """The path, to be read in the language of the request."""
    return f"{path}?{LANGUAGE}={ENGLISH}" if in_english(request) else path


def other_language(request: HttpRequest) -> str:
    """The page in the other language, as the end of its address. Nothing for a form that was sent in vain: what it
    says would be lost."""
    if request.method != "GET":
        return ""
    other = request.GET.copy()
    other.pop(LANGUAGE, None)
    if not in_english(request):
        other[LANGUAGE] = ENGLISH
    return f"?{other.urlencode()}"
