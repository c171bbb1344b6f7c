"""What the floors above add to a plan: typed lists that they join in `AppConfig.ready`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from participants.models import Activity, PlanReview

# --- Reviews ------------------------------------------------------------------------------------------------------

ReviewKeeper = Callable[[PlanReview], None]
_keepers: list[ReviewKeeper] = []


def join_reviews(keeper: ReviewKeeper) -> None:
    """Be told of a review that was planned, moved to another day, held or withdrawn, in the transaction in which that
    happened: the row says which. What a keeper stores of it goes by the review's public id."""
    _keepers.append(keeper)


def review_changed(review: PlanReview) -> None:
    """Tell everybody who keeps reviews."""
    for keeper in _keepers:
        keeper(review)


# --- What is booked for an activity -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Booking:
    """A placement or a place in a group that was booked for an activity: what, where it is shown, and whether it
    goes on (or is to come)."""

    title: str
    address: str
    goes_on: bool


BookingProvider = Callable[[list[Activity]], Mapping[int, Iterable[Booking]]]
_bookings: list[BookingProvider] = []


def join_bookings(provider: BookingProvider) -> None:
    """Say what is booked for activities, by their keys. The number of queries must not depend on how many there
    are."""
    _bookings.append(provider)


def bookings_of(activities: list[Activity]) -> dict[int, list[Booking]]:
    """What has been booked for each of the activities, by key."""
    found = defaultdict(list)
    for provider in _bookings:
        for key, bookings in provider(activities).items():
            found[key].extend(bookings)
    return found


# --- What an activity is part of ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartOf:
    """Something bigger that an activity is a part of, such as a step of a job track: in words, and where it is
    shown."""

    title: str
    address: str


PartOfProvider = Callable[[list[Activity]], Mapping[int, PartOf]]
_parts_of: list[PartOfProvider] = []


def join_part_of(provider: PartOfProvider) -> None:
    """Say what activities are part of, by their keys. The number of queries must not depend on how many there are."""
    _parts_of.append(provider)


def part_of(activities: list[Activity]) -> dict[int, PartOf]:
    """What each of the activities is part of, by key; those that stand by themselves are left out."""
    found: dict[int, PartOf] = {}
    for provider in _parts_of:
        found.update(provider(activities))
    return found
