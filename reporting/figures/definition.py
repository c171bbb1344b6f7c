"""What a figure is made of. A figure is one definition; page, files, command, lists and documentation follow from it.

A `Source` gives the rows that are counted, one row for each thing counted. The engine groups them once by the
dimensions its figures need; a `Measure` makes a value of each group, a `Breakdown` says which groups a table shows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Aggregate, Count, Expression, F, Q, QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.question import Question

#: A value of a table: a number of things, a share with one decimal, or None for a share of nothing.
Value = int | Decimal | None


class MeasuredIn(TextChoices):
    """What a figure's values are a number of."""

    PERSONS = "persons", _("persons")
    PERCENT = "percent", _("per cent")


@dataclass(frozen=True)
class Category:
    """One row or column of a table. `code` is a public contract; `value` is what the rows of the source hold."""

    code: str
    label: str | Promise
    value: Any = None
    definition: str | Promise = ""
    only_if_any: bool = False


TOTAL = Category("total", _("Total"))


@dataclass(frozen=True)
class Dimension:
    """What the rows of a table are told apart by; `key` is the name of the source's annotation."""

    key: str
    label: str | Promise
    categories: tuple[Category, ...]

    def shown(self, present: Iterable[Any]) -> tuple[Category, ...]:
        """The categories a table shows when its rows hold the values `present`: the total last."""
        found = set(present)
        return (*(each for each in self.categories if not each.only_if_any or each.value in found), TOTAL)


@dataclass(frozen=True)
class Source:
    """The rows that figures count, for a question: one row for each thing counted.

    `rows` gives a queryset with `visible_to`; `dimensions` the annotations its figures are broken down by;
    `aggregate` what is counted or added up; `list_template` shows the rows to those who may see them.
    """

    key: str
    rows: Callable[[Question], QuerySet]
    dimensions: Callable[[Question], Mapping[str, Expression | F]]
    list_template: str
    aggregate: Aggregate = field(default_factory=lambda: Count("pk"))


#: How many (or how much) the source has for each combination of its dimensions' values, by the dimensions' names.
Groups = list[tuple[Mapping[str, Any], int]]


@dataclass(frozen=True)
class Number:
    """The number of things itself."""

    dimensions: tuple[str, ...] = ()

    def of(self, groups: Groups) -> Value:
        return sum(count for _group, count in groups)

    def parts(self, groups: Groups) -> tuple[int, int] | None:
        """Numerator and denominator, for what is a share of something."""
        return None

    def behind(self) -> Q:
        """The condition that the rows behind a value fulfil."""
        return Q()


@dataclass(frozen=True)
class Share:
    """The part, in per cent, of the things that have one of `values` in `dimension`: one decimal, rounded half up."""

    dimension: str
    values: tuple[Any, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.dimension,)

    def parts(self, groups: Groups) -> tuple[int, int] | None:
        part = sum(count for group, count in groups if group[self.dimension] in self.values)
        return part, sum(count for _group, count in groups)

    def of(self, groups: Groups) -> Value:
        part, whole = self.parts(groups)
        if not whole:
            return None
        return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    def behind(self) -> Q:
        return Q(**{f"{self.dimension}__in": self.values})


@dataclass(frozen=True)
class Breakdown:
    """A table of a figure: its rows, its columns, or both. A side without dimension has the total alone."""

    table: str
    label: str | Promise
    rows: Dimension | None = None
    columns: Dimension | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(side.key for side in (self.rows, self.columns) if side)


@dataclass(frozen=True)
class Figure:
    """One figure of docs/statistics.md.

    `kolada` is the id of the national indicator whose definition it follows, empty for the product's own.
    `published` says whether it may stand in a public report, and `linked` which tables share cells with its tables,
    so that disclosure control treats such a cell as one.
    """

    key: str
    label: str | Promise
    definition: str | Promise
    source: Source
    breakdowns: tuple[Breakdown, ...]
    measured_in: MeasuredIn = MeasuredIn.PERSONS
    measure: Number | Share = field(default_factory=Number)
    kolada: str = ""
    published: bool = True
    linked: tuple[str, ...] = ()

    @property
    def dimensions(self) -> frozenset[str]:
        """The source's annotations that the engine has to group by for this figure."""
        return frozenset(self.measure.dimensions).union(*(each.dimensions for each in self.breakdowns))
