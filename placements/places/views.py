"""The pages of the place bank: the list, where it is free, one place, writing one down."""

import uuid
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from placements.models import Place, Placement, PlaceOffer, Schedule, Workplace
from placements.models.employer import WorkplaceClosed
from placements.models.place import PlaceState
from placements.offers.asked import offer_asked
from placements.offers.permissions import can_review_offers
from placements.offers.services import OfferReviewed
from placements.places import permissions, services
from placements.places.filters import PlaceFilter
from placements.places.forms import PlaceForm
from placements.places.overview import Overview
from placements.places.vacancy import vacancy_of
from placements.schedule_forms import HoursRows, more_rows, rows_of, rows_typed
from placements.schedules import hours_a_week
from placements.services.schedules import Hours, hours_of
from placements.training import is_trained

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
PAGE_SIZE, CHOICES = 50, 50


def _seen_by(request: HttpRequest):
    if not permissions.can_see_places(request.user):
        raise PermissionDenied
    return Place.objects.visible_to(request.user)


def _place(request: HttpRequest, public_id: uuid.UUID) -> Place:
    today = timezone.localdate()
    rows = _seen_by(request).annotate(is_led=is_trained(today, "supervisor"))
    rows = rows.select_related("workplace__employer", "occupational_area", "supervisor").prefetch_related("languages")
    return get_object_or_404(rows, public_id=public_id)


# --- The bank -----------------------------------------------------------------------------------------------------


@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """The places that are asked for, each with its free seats and whether somebody trained leads."""
    found, today = PlaceFilter(request.GET, queryset=_seen_by(request)), timezone.localdate()
    rows = found.shown.annotate(is_led=is_trained(today, "supervisor"))
    rows = rows.select_related("workplace__employer", "occupational_area").prefetch_related("languages")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    day = (found.form.cleaned_data.get("ledig") if found.form.is_valid() else None) or today
    vacancies = vacancy_of(page.object_list, day)
    context = {
        "filter": found,
        "page": page,
        "rows": [(place, vacancies[place.pk]) for place in page.object_list],
        "order": request.GET.get("ordna", ""),
        "narrowed": any(value for name, value in request.GET.items() if name not in ("page", "ordna")),
        "offers": _offers_waiting(request),
    }
    return render(request, "placements/places/list.html", context)


def _offers_waiting(request: HttpRequest) -> int | None:
    """How many offers wait to be reviewed; None for who does not review them."""
    if not can_review_offers(request.user):
        return None
    return PlaceOffer.objects.waiting().count()


@require_safe
def vacancy(request: HttpRequest) -> HttpResponse:
    """Where there are free seats today, by area and by who receives."""
    overview = Overview(_seen_by(request), timezone.localdate())
    context = {"overview": overview, "offers": _offers_waiting(request)}
    return render(request, "placements/places/vacancy.html", context)


# --- One place ----------------------------------------------------------------------------------------------------


@require_safe
def place_detail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the place is, and its seats. Who has one is shown only of cases that are visible to the reader."""
    place, today = _place(request, public_id), timezone.localdate()
    shown = Placement.objects.to_come_or_going_on().visible_to(request.user).filter(place=place)
    people = {row.pk: row for row in shown.select_related("enrolment__participant")}
    if people:
        log = partial(access_log_write, actor=request.user, subject=public_id, subject_kind="place")
        log(act=AccessLogEntry.Act.OPENED, request_id=request.id)
    vacancy = vacancy_of([place], today)[place.pk]
    schedule = Schedule.objects.filter(place=place).prefetch_related("hours").first()
    context = {
        "place": place,
        "vacancy": vacancy,
        "seats": [(seat, [people.get(held.pk, held) for held in seat.held]) for seat in vacancy.seats],
        "people": people,
        "schedule": schedule,
        "hours_a_week": hours_a_week(schedule.hours.all()) if schedule else None,
        "check": place.workplace.checks.first(),
        "may_write": permissions.can_write_places(request.user),
        "today": today,
        "states": [state for state in PlaceState if state != place.state],
    }
    return render(request, "placements/places/place.html", context)


@require_safe
def workplace_choose(request: HttpRequest) -> HttpResponse:
    """At which workplace the new place is."""
    if not permissions.can_write_places(request.user):
        raise PermissionDenied
    words, offer = request.GET.get("q", "").strip(), offer_asked(request)
    rows = Workplace.objects.visible_to(request.user).open_on(timezone.localdate()).select_related("employer")
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(employer__name__icontains=word))
    found = list(rows.order_by("employer__name", "name", "pk")[: CHOICES + 1])
    context = {"words": words, "workplaces": found[:CHOICES], "more": len(found) > CHOICES, "offer": offer}
    return render(request, "placements/places/choose.html", context)


@read_or_write
def place_new(request: HttpRequest, workplace_id: uuid.UUID) -> HttpResponse:
    """Write down a place at a workplace; with `erbjudande` one that its employer has offered."""
    if not permissions.can_write_places(request.user):
        raise PermissionDenied
    open_ones = Workplace.objects.visible_to(request.user).open_on(timezone.localdate()).select_related("employer")
    workplace, offer = get_object_or_404(open_ones, public_id=workplace_id), offer_asked(request)
    posted, initial = request.method == "POST", _told_in(offer) if offer else {}
    form = PlaceForm(request.POST if posted else None, workplace=workplace, initial=initial)
    hours, asked = _hours(request, []), "more" in request.POST
    if posted and not asked and form.is_valid() & hours.is_valid():
        try:
            place = services.place_create(
                workplace=workplace,
                token=form.cleaned_data["token"],
                facts=form.facts,
                languages=form.languages,
                hours=hours.hours,
                on_holidays=form.cleaned_data["on_holidays"],
                offer=offer,
                actor=request.user,
            )
        except OfferReviewed:
            messages.warning(request, _("Somebody has reviewed the offer meanwhile. Here is what became of it."))
            return redirect("offers:offer", offer.public_id)
        except WorkplaceClosed:
            messages.warning(request, _("The workplace has been closed meanwhile. Choose another one."))
            return redirect("places:choose")
        messages.success(request, _("The place is in the place bank."))
        return redirect("places:place", place.public_id)
    context = {"form": form, "rows": hours, "asked_for_more": asked, "workplace": workplace, "offer": offer}
    return render(request, "placements/places/form.html", context, status=422 if posted and not asked else 200)


def _hours(request: HttpRequest, said: list[Hours]) -> HoursRows:
    """The rows of hours: what is said already, what was typed, or that with some more empty rows."""
    if request.method != "POST":
        return rows_of(said)
    return rows_typed(more_rows(request.POST) if "more" in request.POST else request.POST)


def _told_in(offer: PlaceOffer) -> dict:
    told = {"tasks": offer.tasks, "capacity": offer.seats, "occupational_area": offer.occupational_area_id}
    return told | ({"start": offer.available_from} if offer.available_from else {})


@read_or_write
def place_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what a place is."""
    place, posted = _place(request, public_id), request.method == "POST"
    if not permissions.can_write_places(request.user):
        raise PermissionDenied
    form = PlaceForm(request.POST if posted else None, instance=place, workplace=place.workplace)
    hours, asked = _hours(request, hours_of(place.schedules.first())), "more" in request.POST
    context, status = {"form": form, "rows": hours, "asked_for_more": asked, "place": place}, 200
    context["workplace"] = place.workplace
    if posted and not asked:
        status = 422
        if form.is_valid() & hours.is_valid():
            try:
                services.place_change(
                    place=place,
                    facts=form.facts,
                    languages=form.languages,
                    hours=hours.hours,
                    on_holidays=form.cleaned_data["on_holidays"],
                    seen=form.cleaned_data["seen"],
                )
            except services.PlaceChanged as changed:
                data = request.POST.copy()
                data["seen"] = changed.place.revision
                context["form"] = PlaceForm(data, instance=changed.place, workplace=place.workplace)
                context["overtaken"], status = changed.place, 409
            except services.SeatsHeld as held:
                error = _("Somebody has seat number %(seat)s. There cannot be fewer seats until they leave it.")
                form.add_error("capacity", error % {"seat": held.seats})
            else:
                messages.success(request, _("The place is saved."))
                return redirect("places:place", public_id)
    return render(request, "placements/places/form.html", context, status=status)


@require_POST
def place_state(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open the place, pause it or close it; each can be taken back on the page it leads to."""
    place = _place(request, public_id)
    if not permissions.can_write_places(request.user):
        raise PermissionDenied
    state = request.POST.get("state", "")
    if state not in PlaceState.values:
        raise Http404
    services.place_set_state(place=place, state=PlaceState(state))
    said = {
        PlaceState.OPEN: _("The place is open."),
        PlaceState.PAUSED: _("The place is paused: nobody new comes to it."),
        PlaceState.CLOSED: _("The place is closed: nobody new comes to it."),
    }
    messages.success(request, said[PlaceState(state)])
    return redirect("places:place", public_id)
