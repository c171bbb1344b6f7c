"""What the list of participants is made of beyond its own columns: filters, flags and columns that every app and
concept joins in `AppConfig.ready`.

    join_flag(Flag(key="no_plan", label=_("No plan"), order=20, holds=without_plan))

Conditions are expressions on an enrolment (a Q, or Exists of a sub-query with OuterRef), so that a filter, a flag
and its count cost no query of their own. Keys stand in addresses and in saved filters: never changed.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.models import Enrolment

if TYPE_CHECKING:
    from participants.listing.question import ListQuestion

Condition = Q | Exists
Choices = Iterable[tuple[str, Any]]


@dataclass(frozen=True)
class Moment:
    """When a condition is asked, and what the municipality's settings say then (`accounts.municipal`), by key."""

    today: dt.date
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Flag:
    """Something that a coach should look into, with somebody who is enrolled: said in a few words, and counted.

    `holds` gives the condition. It is asked only of enrolments that have not ended.
    """

    key: str
    label: str
    order: int
    holds: Callable[[Moment], Condition]


@dataclass(frozen=True)
class Narrowing:
    """A filter with choices: `condition` gives what holds of the enrolments of one choice."""

    key: str
    label: str
    order: int
    choices: Callable[[], Choices]
    condition: Callable[[str, Moment], Condition]


@dataclass(frozen=True)
class Tag:
    """Words that the list shows as a tag in one of the house's colours (docs/interface.md)."""

    words: str
    css: str = ""

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Column:
    """A column of the list and of its files.

    `cells` gives the values of many enrolments (with participant, coach and unit) at once, by their keys: days,
    numbers, words or a `Tag`; the number of queries it makes does not depend on how many there are. Sorted is by
    `sort`: an expression, or an order of `participants.listing.orders` under the column's own key. `listed` says for
    which lists the page itself has the column; a file has it unless somebody takes it out.
    """

    key: str
    label: str
    order: int
    cells: Callable[[list[Enrolment]], Mapping[int, Any]]
    sort: Callable[[], Any] | bool = False
    listed: Callable[["ListQuestion"], bool] = lambda _question: False
    width: int = 16


_flags: dict[str, Flag] = {}
_narrowings: dict[str, Narrowing] = {}
_columns: dict[str, Column] = {}


def join_flag(flag: Flag) -> None:
    """Add a flag. The same key twice is a programming error."""
    _join(_flags, flag)


def join_narrowing(narrowing: Narrowing) -> None:
    """Add a filter. The same key twice is a programming error."""
    _join(_narrowings, narrowing)


def join_column(column: Column) -> None:
    """Add a column. The same key twice is a programming error."""
    _join(_columns, column)


def flags() -> list[Flag]:
    return _in_order(_flags)


def narrowings() -> list[Narrowing]:
    return _in_order(_narrowings)


def columns() -> list[Column]:
    return _in_order(_columns)


def always(_question: "ListQuestion") -> bool:
    return True


def every_way_to_narrow() -> list[tuple[str, Any]]:
    """Every filter but the search and the unit, which says only where somebody works."""
    return [
        ("status", pgettext_lazy("of an enrolment", "Status")),
        ("coach", _("Job coach")),
        ("target_group", _("Target group")),
        *((each.key, each.label) for each in narrowings()),
        *((flag.key, flag.label) for flag in flags()),
    ]


def _join(joined: dict, each) -> None:
    if each.key in joined:
        raise ValueError(f"{each.key} is joined twice.")
    joined[each.key] = each


def _in_order(joined: dict) -> list:
    return sorted(joined.values(), key=lambda each: each.order)
