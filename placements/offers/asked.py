"""The offer that becomes a place: it goes with its reviewer from page to page."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from placements.models import PlaceOffer
from placements.offers.permissions import can_review_offers


def offer_asked(request: HttpRequest) -> PlaceOffer | None:
    """The offer that becomes a place, as the address names it (`erbjudande`); None without one. Http404 for one that
    is not there, PermissionDenied for who does not review offers."""
    asked = request.GET.get("erbjudande", "")
    if not asked:
        return None
    try:
        key = uuid.UUID(asked)
    except ValueError:
        raise Http404 from None
    if not can_review_offers(request.user):
        raise PermissionDenied
    return get_object_or_404(PlaceOffer, public_id=key)
