"""Which seats of a place are free, and from when. Asked of the placements themselves; nothing is kept beside them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from placements.models import Place, Placement
from placements.services.seats import full_on, offered_on

DAY = dt.timedelta(days=1)


def vacant_on(places: QuerySet[Place], day: dt.date) -> QuerySet[Place]:
    """The places where somebody can begin on that day, and a seat is free."""
    return offered_on(places, day).exclude(pk__in=full_on(day))


@dataclass
class Seat:
    """One seat of a place, and the placements that hold it from `day` on, in order."""

    number: int
    held: list[Placement] = field(default_factory=list)

    def free_from(self, day: dt.date) -> dt.date | None:
        """The first day from `day` on on which nobody has the seat; None if whoever has it has no last day."""
        for placement in self.held:
            if placement.start > day:
                break
            if placement.end is None:
                return None
            day = max(day, placement.end + DAY)
        return day

    def held_on(self, day: dt.date) -> Placement | None:
        """The placement that has the seat on that day."""
        goes_on = (each for each in self.held if each.start <= day and (each.end is None or day <= each.end))
        return next(goes_on, None)


@dataclass
class Vacancy:
    """The seats of one place on a day: how many are free, and when the next one is when none is."""

    day: dt.date
    seats: list[Seat]

    @property
    def free(self) -> int:
        return sum(seat.held_on(self.day) is None for seat in self.seats)

    @property
    def next_free(self) -> dt.date | None:
        """The first day on which a seat is free; None if nobody knows."""
        return min((day for seat in self.seats if (day := seat.free_from(self.day))), default=None)


def vacancy_of(places: Iterable[Place], day: dt.date) -> dict[int, Vacancy]:
    """The vacancy of each place by its key, read with one query."""
    places = list(places)
    held: dict[int, dict[int, list[Placement]]] = defaultdict(lambda: defaultdict(list))
    rows = Placement.objects.filter(Q(end=None) | Q(end__gte=day), place__in=places)
    for placement in rows.only("place", "seat", "start", "end").order_by("start"):
        held[placement.place_id][placement.seat].append(placement)
    return {
        place.pk: Vacancy(day, [Seat(number, held[place.pk][number]) for number in range(1, place.capacity + 1)])
        for place in places
    }
