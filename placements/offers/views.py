"""The public form, and the pages on which offers are reviewed."""

import uuid

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from placements.employers.services import NumberTaken
from placements.models import Employer, PlaceOffer, Workplace
from placements.offers import services
from placements.offers.forms import DeclineForm, OfferedByForm, OfferForm
from placements.offers.permissions import can_review_offers
from placements.offers.services import OfferReviewed, offer_decline, offer_receive

ACTION = "offer"
PAGE_SIZE = 50
#: So many employers are shown whom an offer may have come from: departments share one number.
MOST = 8
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@read_or_write
def offer_new(request: HttpRequest) -> HttpResponse:
    """Where an employer offers a place. Nobody needs an account; so many a day from one address and no more."""
    posted = request.method == "POST"
    form = OfferForm(request.POST if posted else None)
    if posted and form.is_valid():
        limits = {ACTION: settings.OFFER_RATE}
        if ratelimit.consume(request, app="placements", action=ACTION, config=limits):
            offer_receive(token=form.cleaned_data["token"], facts=form.facts)
            return redirect("offers:thanks")
        form.add_error(None, _("Many offers have come from here within an hour. Wait a while and send it once more."))
        return _public(request, "placements/offers/new.html", {"form": form}, status=429)
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
    context = {"offer": row, "form": form, "known": _known(row) if row.is_waiting else ()}
    return render(request, "placements/offers/offer.html", context, status=422 if posted else 200)


def _known(row: PlaceOffer) -> list[Employer]:
    """Employers whom the offer may have come from, by number or else by name, with their workplaces that are open."""
    rows = Employer.objects.filter(name__iexact=row.employer_name)
    if row.organisation_number:
        rows = Employer.objects.with_number(row.organisation_number)
    there = Workplace.objects.open_on(timezone.localdate()).in_swedish_order()
    found = list(rows.in_swedish_order().prefetch_related(Prefetch("workplaces", there, to_attr="open_ones"))[:MOST])
    for employer in found:
        employer.has_it = any(each.name.casefold() == row.workplace_name.casefold() for each in employer.open_ones)
    return found


@read_or_write
def offer_enter(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter the employer and the workplace that the offer came from, and go on to the place. `arbetsgivare` in the
    address is an employer that is entered already."""
    if not can_review_offers(request.user):
        raise PermissionDenied
    row = get_object_or_404(PlaceOffer.objects.select_related("occupational_area"), public_id=public_id)
    if not row.is_waiting:
        messages.warning(request, _("Somebody has reviewed the offer meanwhile. Here is what became of it."))
        return redirect("offers:offer", public_id)
    employer, posted = _employer(request), request.method == "POST"
    form = OfferedByForm(request.POST if posted else None, offer=row, employer=employer)
    if posted and form.is_valid():
        entering = {} if employer else form.employer_facts
        try:
            workplace = services.offer_enter(
                offer=row, employer=employer, employer_facts=entering, facts=form.workplace_facts
            )
        except NumberTaken as taken:
            form.taken = taken.employer
            error = _("%(name)s has this number already. Go on with that one, or look at the number again.")
            form.add_error("organisation_number", error % {"name": taken.employer.name})
        except OfferReviewed:
            messages.warning(request, _("Somebody has reviewed the offer meanwhile. Here is what became of it."))
            return redirect("offers:offer", public_id)
        else:
            messages.success(request, _("The workplace and its contact are entered. Now describe the place."))
            return redirect(reverse("places:new", args=[workplace.public_id]) + f"?erbjudande={public_id}")
    context = {"offer": row, "form": form, "employer": employer}
    return render(request, "placements/offers/enter.html", context, status=422 if posted else 200)


def _employer(request: HttpRequest) -> Employer | None:
    """The employer that the address names; None without one, Http404 for a wrong one."""
    asked = request.GET.get("arbetsgivare", "")
    if not asked:
        return None
    try:
        key = uuid.UUID(asked)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Employer.objects.visible_to(request.user), public_id=key)
