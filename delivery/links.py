"""Pages that are reached by a secret link, without an account.

The token in the address is the whole authority: no cookie takes part, so another site has nothing to borrow and a
form needs no CSRF token; and as the page sends no referrer, browsers send "Origin: null", which Django's check would
refuse. GET and HEAD change nothing, because mail scanners follow links. The answers stay out of caches, search
engines and other sites' logs. They are compressed: a phone in a school kitchen is to fetch little, and no cookie and
no CSRF token is there to be guessed from how well a page is compressed (BREACH).
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page

from delivery.models import SecretLink
from delivery.models.link import LinkState, hash_of


def by_link(found: Callable[[str], SecretLink | None]):
    """Decorator: a page that is reached by a token. `found` gives the link with this hash, or None if it leads
    nowhere any more; the view is given one that holds or has expired.

    Unknown and withdrawn tokens, closed accounts, other recipients: the same answer, so that nobody learns more.
    """

    def decorate(view: Callable[[HttpRequest, SecretLink], HttpResponse]):
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            link = found(hash_of(token))
            if link and link.state in (LinkState.HOLDS, LinkState.EXPIRED):
                response = view(request, link)
            else:
                response = render(request, "delivery/link_closed.html", status=404)
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return login_not_required(csrf_exempt(gzip_page(never_cache(opened))))

    return decorate
