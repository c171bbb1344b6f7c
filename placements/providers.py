"""What rooms and floors above add to the course of a placement: typed lists that they join in `AppConfig.ready`."""

from collections.abc import Callable, Iterable

from placements.models import Placement

# --- What follows the days of a placement -------------------------------------------------------------------------

#: What it returns is nobody's concern.
PlacementKeeper = Callable[[Placement], object]
_keepers: list[PlacementKeeper] = []


def join_placements(keeper: PlacementKeeper) -> None:
    """Be told of a placement that was booked, or whose days, supervisor or schedule have changed, that was extended,
    ended, interrupted, cancelled, or whose end was annulled: in the transaction in which that happens, with the row
    locked. The row says how it stands now."""
    _keepers.append(keeper)


def placement_changed(placement: Placement) -> None:
    """Tell everybody who keeps something by a placement."""
    for keeper in _keepers:
        keeper(placement)


# --- What keeps an end from being annulled ------------------------------------------------------------------------

#: Given the placement, the sentences that say what must be done first.
EndHindrance = Callable[[Placement], Iterable[str]]
_hindrances: list[EndHindrance] = []


def join_end_hindrances(provider: EndHindrance) -> None:
    """Add what keeps the end of a placement from being annulled: something that was issued because it had ended."""
    _hindrances.append(provider)


def end_hindrances(placement: Placement) -> list[str]:
    """Why its end cannot be annulled; none if it can."""
    return [each for provider in _hindrances for each in provider(placement)]
