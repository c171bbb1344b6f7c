"""Correcting the first day of an enrolment that was registered wrongly.

What an app keeps that cannot stand before the enrolment begins is told by `join_standing`.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from participants.models import Enrolment

#: Given an enrolment and a day: what of it stands on an earlier day than that, in words with the day.
StandingProvider = Callable[[Enrolment, dt.date], Iterable[str]]
_standing: list[StandingProvider] = []


def join_standing(provider: StandingProvider) -> None:
    """Tell what would stand before the enrolment's first day if that were moved to a later one."""
    _standing.append(provider)


def standing_before(enrolment: Enrolment, day: dt.date) -> list[str]:
    """What of the enrolment stands before `day`: as long as it does, the enrolment cannot begin then."""
    return [words for provider in _standing for words in provider(enrolment, day)]
