"""The public form, and the pages on which offers are reviewed."""

import uuid

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from placements.models import Employer, PlaceOffer
from placements.offers.forms import DeclineForm, OfferForm
from placements.offers.permissions import can_review_offers
from placements.offers.services import OfferReviewed, offer_decline, offer_receive

ACTION = "offer"
PAGE_SIZE = 50
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@read_or_write
def offer_new(request: HttpRequest) -> HttpResponse:
    """Where an employer offers a place. Nobody needs an account; so many a day from one address and no more."""
    posted = request.method == "POST"
    form = OfferForm(request.POST if posted else None)
    if posted and form.is_valid():
        limits = {ACTION: settings.OFFER_RATE}
        if not ratelimit.consume(request, app="placements", action=ACTION, config=limits):
            return _public(request, "429.html", {}, status=429)
        offer_receive(token=form.cleaned_data["token"], facts=form.facts)
        return redirect("offers:thanks")
    return _public(request, "placements/offers/new.html", {"form": form}, status=422 if posted else 200)


@login_not_required
@require_safe
def offer_thanks(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return _public(request, "placements/offers/thanks.html", {})


def _public(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """Kept by no browser: what was written about somebody is not there for the next who uses the computer."""
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    return response


@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """The offers: those that wait first, then what became of the others."""
    if not can_review_offers(request.user):
        raise PermissionDenied
    rows = PlaceOffer.objects.waiting_first().select_related("occupational_area", "place")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "placements/offers/list.html", {"page": page, "waiting": PlaceOffer.objects.waiting()})


@read_or_write
def offer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One offer, to make a place of or to decline."""
    if not can_review_offers(request.user):
        raise PermissionDenied
    row = get_object_or_404(PlaceOffer.objects.select_related("occupational_area", "place"), public_id=public_id)
    posted = request.method == "POST"
    form = DeclineForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            offer_decline(offer=row, why=form.cleaned_data["why"], actor=request.user)
        except OfferReviewed:
            messages.warning(request, _("Somebody has reviewed the offer meanwhile. Here is what became of it."))
        else:
            messages.success(request, _("The offer is declined. Answer the employer yourself."))
        return redirect("offers:offer", public_id)
    known = Employer.objects.with_number(row.organisation_number).order_by("pk")[:5]
    context = {"offer": row, "form": form, "known": known}
    return render(request, "placements/offers/offer.html", context, status=422 if posted else 200)
