"""The page on which a member of staff gets a feed, and the feed itself."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delivery.links import by_link
from delivery.models.link import LinkState
from participants.permissions import can_have_digest
from placements.feeds.events import events_of
from placements.feeds.ical import MEDIA_TYPE, calendar_of
from placements.feeds.services import feed_make, feed_of, feed_withdraw
from placements.models import CalendarFeed


@require_http_methods(["GET", "HEAD", "POST"])
def feed_page(request: HttpRequest) -> HttpResponse:
    """What the feed says, its address, and how to get rid of it."""
    if not can_have_digest(request.user):
        raise PermissionDenied
    if request.method == "POST":
        if "withdraw" in request.POST:
            feed_withdraw(user=request.user)
            messages.success(request, _("The address leads nowhere any more."))
        else:
            feed_make(user=request.user, first_names="first_names" in request.POST)
            messages.success(request, _("Here is your address. Those you had before lead nowhere any more."))
        return redirect("feeds:page")
    return render(request, "placements/feeds/page.html", {"feed": feed_of(request.user)})


def _found(token_hash: str) -> CalendarFeed | None:
    feed = CalendarFeed.objects.filter(token_hash=token_hash).select_related("made_by", "user").first()
    return feed if feed and can_have_digest(feed.user) else None


@by_link(_found)
@require_safe
def feed(request: HttpRequest, link: CalendarFeed) -> HttpResponse:
    """The calendar, as a calendar programme asks for it every now and then."""
    if link.state == LinkState.EXPIRED:
        return render(request, "delivery/link_closed.html", status=404)
    events = events_of(link.user, timezone.localdate(), first_names=link.first_names)
    domain = urlsplit(settings.PUBLIC_ADDRESS).hostname or "jobbspar"
    return HttpResponse(calendar_of(events, name="Jobbspår", domain=domain), content_type=MEDIA_TYPE)
