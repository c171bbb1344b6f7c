"""Where the figures of certificates say which are missing: a floor above this one knows, and joins it."""

import datetime as dt
from collections.abc import Callable

from accounts.models import User

#: Given the reader and the days between which the employments ended (None: as usual), the address of that list;
#: empty for those who see no figures.
CoverageAddress = Callable[[User, dt.date | None, dt.date | None], str]
_addresses: list[CoverageAddress] = []


def join_coverage(address: CoverageAddress) -> None:
    """Tell where the employments without a certificate are counted."""
    _addresses.append(address)


def coverage_address(user: User, start: dt.date | None, end: dt.date | None) -> str:
    """Where they are counted; empty if nobody does, or the user may not see it."""
    return next((found for address in _addresses if (found := address(user, start, end))), "")
