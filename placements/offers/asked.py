"""The offer that becomes a place: it goes with its reviewer from page to page, from the employer to the place."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from placements.models import Employer, PlaceOffer
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


def with_offer(address: str, offer: PlaceOffer | None) -> str:
    """The address, with the offer if there is one."""
    return f"{address}?erbjudande={offer.public_id}" if offer else address


def known_employers(offer: PlaceOffer) -> list[Employer]:
    """The employers that have the organisation number of the offer, however it was written."""
    if not offer.organisation_number:
        return []
    return list(Employer.objects.with_number(offer.organisation_number).in_swedish_order()[:5])
