"""The seats of a place: who has one when, and which is free. Whoever takes one locks the row of the place first."""

import datetime as dt

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from placements.models import Place, Placement
from placements.models.place import PlaceState


def place_locked(place: Place) -> Place:
    """The row as it is now, held until the transaction ends."""
    return Place.objects.select_for_update(of=("self",), no_key=True).select_related("workplace").get(pk=place.pk)


def taken_between(place: Place, first: dt.date, last: dt.date | None) -> QuerySet[Placement]:
    """The placements that hold a seat of the place on some of these days (None: on)."""
    rows = Placement.objects.filter(Q(end=None) | Q(end__gte=first), place=place)
    return rows.filter(start__lte=last) if last else rows


def free_seat(
    place: Place, first: dt.date, last: dt.date | None, *, besides: Placement | None = None, first_choice: int = 0
) -> int | None:
    """The first seat that is free on all of these days, `first_choice` before others; None if there is none. What
    `besides` holds counts as free."""
    rows = taken_between(place, first, last).exclude(pk=besides.pk if besides else None)
    taken = set(rows.values_list("seat", flat=True))
    wanted = [first_choice] if 0 < first_choice <= place.capacity else []
    return next((seat for seat in [*wanted, *range(1, place.capacity + 1)] if seat not in taken), None)


def keeps_seat(placement: Placement, first: dt.date, last: dt.date | None) -> bool:
    """Whether the seat that the placement holds is nobody else's on any of these days; true of one without."""
    if placement.place_id is None:
        return True
    others = taken_between(placement.place, first, last).exclude(pk=placement.pk)
    return not others.filter(seat=placement.seat).exists()


def on_day(day: dt.date) -> Q:
    """Placements that go on that day."""
    return Q(start__lte=day) & (Q(end=None) | Q(end__gte=day))


def offered_on(places: QuerySet[Place], day: dt.date) -> QuerySet[Place]:
    """The places where somebody can begin on that day, if a seat is free."""
    return places.filter(Q(end=None) | Q(end__gte=day), state=PlaceState.OPEN, start__lte=day)


def taken_on(day: dt.date) -> Subquery:
    """For each place, how many of its seats somebody has on that day; NULL for none."""
    taken = Placement.objects.filter(on_day(day), place=OuterRef("pk")).order_by()
    return Subquery(taken.values("place").annotate(seats=Count("pk")).values("seats"))


def full_on(day: dt.date) -> QuerySet:
    """The keys of the places of which every seat is taken on that day, asked once for all of them."""
    taken = Placement.objects.filter(on_day(day), place__isnull=False).values("place")
    return taken.annotate(seats=Count("pk")).filter(seats__gte=F("place__capacity")).values("place")


def with_free_seats(places: QuerySet[Place], day: dt.date) -> QuerySet[Place]:
    """Of the places those that are offered on the day and have a seat free then, with `free`: how many."""
    return offered_on(places, day).annotate(free=F("capacity") - Coalesce(taken_on(day), 0)).filter(free__gt=0)
