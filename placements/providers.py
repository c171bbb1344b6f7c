"""What rooms and floors above add to the course of a placement: typed lists that they join in `AppConfig.ready`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from placements.models import FollowUpLink, Placement

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


# --- What else a supervisor is asked for --------------------------------------------------------------------------

FollowUpKeeper = Callable[[FollowUpLink], None]
_asked: list[FollowUpKeeper] = []


def join_followup_asked(keeper: FollowUpKeeper) -> None:
    """Be told that a supervisor is asked to answer a follow-up by a new link: in the transaction in which it is made,
    with the follow-up held. The placement must not be held: who holds that may wait for the follow-up."""
    _asked.append(keeper)


def followup_asked(link: FollowUpLink) -> None:
    """Tell everybody who asks the supervisor for something else at the same time."""
    for keeper in _asked:
        keeper(link)


@dataclass
class AskedBesides:
    """Something that a supervisor is asked for beside a follow-up: what it is, in a heading and a sentence; what the
    button says, and the address that it posts to, which leads on to a page of its own."""

    title: str
    text: str
    action: str
    address: str


#: Given the link to a follow-up and its token, what is asked for besides, in the language of the page.
BesidesProvider = Callable[[FollowUpLink, str], Iterable[AskedBesides]]
_besides: list[BesidesProvider] = []


def join_asked_besides(provider: BesidesProvider) -> None:
    """Add what the supervisor's page of a follow-up offers besides."""
    _besides.append(provider)


def asked_besides(link: FollowUpLink, token: str) -> list[AskedBesides]:
    """What the supervisor is asked for beside the follow-up."""
    return [each for provider in _besides for each in provider(link, token)]


# --- What else a supervisor was sent ------------------------------------------------------------------------------

#: Sends something anew, in the name of the user.
SentAnew = Callable[[User], object]
LinksProvider = Callable[[Placement], Iterable[SentAnew]]
_links: list[LinksProvider] = []


def join_supervisor_links(provider: LinksProvider) -> None:
    """Withdraw the links that a placement's supervisor has, when the placement is about to get another one, or the
    supervisor another address; and give an act for each that is then to be sent anew."""
    _links.append(provider)


def supervisor_links_withdraw(placement: Placement) -> list[SentAnew]:
    """Withdraw what others have sent the placement's supervisor; what is to be sent anew."""
    return [each for provider in _links for each in provider(placement)]
