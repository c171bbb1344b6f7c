"""Pages that the floors above have about a track or a round: small lists that they join in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from tracks.models import Round, Track

Subject = Track | Round


@dataclass(frozen=True)
class SubjectPage:
    """A page about a track or a round: its word, its address, and who may open it."""

    label: str
    address: Callable[[Subject], str]
    may_see: Callable[[User], bool]


@dataclass(frozen=True)
class AreaPage:
    """A page about all job tracks, beside the list of them: its word, the name of its address, the part of the
    addresses that lies below it, and who may open it."""

    label: str
    name: str
    below: tuple[str, ...]
    may_see: Callable[[User], bool]


subject_pages: list[SubjectPage] = []
area_pages: list[AreaPage] = []
