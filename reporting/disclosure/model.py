"""What is to be published, as plain data: cells, the lines that tie them together, and what is computed from them.

One-way and two-way tables, tables that share cells, units against the whole, quarters and their year, and two
versions of one period are all cells and lines. A cell that stands in two tables is one cell.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

#: What stands in place of a hidden value.
HIDDEN = ".."

#: The name of a cell (share, median, measure): the same wherever it stands, another for each period and unit.
CellId = str


class PublicationError(ValueError):
    """The figures contradict themselves, so that nothing can be said about what they reveal."""


class Kind(StrEnum):
    """What a cell counts: persons are protected; the unit's own work and organisations are not."""

    PERSONS = "persons"
    WORK = "work"


class Before(StrEnum):
    """What an earlier publication did with the cell: what was shown is known, what was hidden stays hidden."""

    SHOWN = "shown"
    HIDDEN = "hidden"


class Reason(StrEnum):
    """Why something is hidden. For those who may see the figures: a published table hides all cells alike."""

    SMALL = "small"
    PROTECTS = "protects"
    DERIVED = "derived"
    BEFORE = "before"


@dataclass(frozen=True)
class Cell:
    """A count. `before` says what an already published report did with this very cell."""

    id: CellId
    value: int
    kind: Kind = Kind.PERSONS
    before: Before | None = None

    @property
    def may_be_hidden(self) -> bool:
        """Zero is always shown, and so are counts of the work; what was shown is known."""
        return self.value > 0 and self.kind == Kind.PERSONS and self.before != Before.SHOWN


@dataclass(frozen=True)
class Line:
    """A total and its parts in one table.

    `exact`: the total is the sum of its parts. Otherwise the same person may count in several parts (active in two
    units, in two quarters): each part is at most the total, and the total at most their sum.
    """

    total: CellId
    parts: tuple[CellId, ...]
    table: str = ""
    exact: bool = True

    @property
    def cells(self) -> tuple[CellId, ...]:
        return (*self.parts, self.total)


@dataclass(frozen=True)
class Bound:
    """What is known of counts that stand in no line together: those of `less` are at most those of `more`.

    One quarter of a year is no more than the year, however many of its quarters are published.
    """

    less: tuple[CellId, ...]
    more: tuple[CellId, ...]

    @property
    def cells(self) -> tuple[CellId, ...]:
        return (*self.less, *self.more)


@dataclass(frozen=True)
class Share:
    """`part` persons of a group of `group`; `counts` are the cells that both are computed from."""

    id: CellId
    counts: tuple[CellId, ...]
    part: int
    group: int


@dataclass(frozen=True)
class Median:
    """A median over the persons that the cell `group` counts."""

    id: CellId
    group: CellId


@dataclass(frozen=True)
class Measure:
    """An amount of work, not a count of persons (full-time equivalents); `behind`: how many employments are in it."""

    id: CellId
    value: Decimal | float
    behind: int
    before: Before | None = None


@dataclass(frozen=True)
class Publication:
    """All that is published together, in the order in which it is read; PublicationError if it contradicts itself.

    `measure_lines` tie measures as `lines` tie cells; they are always exact.
    """

    cells: tuple[Cell, ...]
    lines: tuple[Line, ...] = ()
    shares: tuple[Share, ...] = ()
    medians: tuple[Median, ...] = ()
    measures: tuple[Measure, ...] = ()
    measure_lines: tuple[Line, ...] = ()
    bounds: tuple[Bound, ...] = ()

    def __post_init__(self):
        if len(self.by_id) != len(self.cells):
            raise PublicationError("Two cells have the same name.")
        for cell in self.cells:
            if cell.value < 0:
                raise PublicationError(f"{cell.id} is less than zero.")
            if cell.before == Before.HIDDEN and not cell.may_be_hidden:
                raise PublicationError(f"{cell.id} can not have been hidden before.")
        for line in self.lines:
            self._check(line)
        for bound in self.bounds:
            self._check_cells(bound)
            if sum(map(self.value, bound.less)) > sum(map(self.value, bound.more)):
                raise PublicationError(f"{bound.less[0]} is more than it can be.")

    def _check_cells(self, tie: Line | Bound) -> None:
        missing = [each for each in tie.cells if each not in self.by_id]
        if missing:
            raise PublicationError(f"{missing[0]} stands in a line but is no cell.")

    def _check(self, line: Line) -> None:
        self._check_cells(line)
        total, parts = self.value(line.total), [self.value(each) for each in line.parts]
        fits = sum(parts) == total if line.exact else max(parts, default=0) <= total <= sum(parts)
        if not fits:
            raise PublicationError(f"The parts of {line.total} do not make it up.")

    @cached_property
    def by_id(self) -> dict[CellId, Cell]:
        return {each.id: each for each in self.cells}

    @cached_property
    def order(self) -> dict[CellId, int]:
        """Where each cell stands: ties are settled in this order."""
        return {each.id: number for number, each in enumerate(self.cells)}

    @cached_property
    def totals(self) -> frozenset[CellId]:
        return frozenset(line.total for line in self.lines)

    @cached_property
    def key_figures(self) -> frozenset[CellId]:
        """The totals that are no part of another total: what the report is read for."""
        return self.totals.difference(*(line.parts for line in self.lines if line.exact))

    @cached_property
    def lines_with(self) -> dict[CellId, list[Line]]:
        found = defaultdict(list)
        for line in self.lines:
            for each in line.cells:
                found[each].append(line)
        return found

    def value(self, cell: CellId) -> int:
        return self.by_id[cell].value

    def components(self) -> Iterator["Publication"]:
        """The cells that may be hidden, in groups that say nothing of each other, with what is known beside them.

        Zeros, which are always shown and add nothing, are left out, and so are shares, medians and measures.
        """
        leader = {each.id: each.id for each in self.cells if each.may_be_hidden}

        def find(cell: CellId) -> CellId:
            while leader[cell] != cell:
                leader[cell] = cell = leader[leader[cell]]
            return cell

        lines, bounds = list(self._lines_without_zeros()), list(self._bounds_without_zeros())
        for tie in (*lines, *bounds):
            first, *others = [find(each) for each in tie.cells if each in leader]
            for each in others:
                leader[find(each)] = find(first)
        cells, lines_of, bounds_of = defaultdict(set), defaultdict(list), defaultdict(list)
        for each in leader:
            cells[find(each)].add(each)
        for ties, of_group in ((lines, lines_of), (bounds, bounds_of)):
            for tie in ties:
                group = find(next(each for each in tie.cells if each in leader))
                cells[group].update(tie.cells)
                of_group[group].append(tie)
        for group, members in cells.items():
            yield Publication(
                tuple(self.by_id[each] for each in sorted(members, key=self.order.get)),
                tuple(lines_of[group]),
                bounds=tuple(bounds_of[group]),
            )

    def _lines_without_zeros(self) -> Iterable[Line]:
        """The lines that something may be hidden in, each once."""
        seen = set()
        for line in self.lines:
            parts = tuple(each for each in line.parts if self.value(each))
            key = (line.total, frozenset(parts), line.exact)
            if key not in seen and any(self.by_id[each].may_be_hidden for each in (*parts, line.total)):
                seen.add(key)
                yield Line(line.total, parts, line.table, line.exact)

    def _bounds_without_zeros(self) -> Iterable[Bound]:
        """The bounds that something may be hidden in, each once."""
        found = dict.fromkeys(
            Bound(*(tuple(each for each in side if self.value(each)) for side in (bound.less, bound.more)))
            for bound in self.bounds
        )
        for bound in found:
            if bound.less and any(self.by_id[each].may_be_hidden for each in bound.cells):
                yield bound


@dataclass(frozen=True)
class Result:
    """What is hidden of a publication, and why; all else is shown.

    `exposed`: hidden cells that what was published earlier gives away, whatever is hidden now.
    """

    hidden: dict[CellId, Reason] = field(default_factory=dict)
    exposed: frozenset[CellId] = frozenset()

    def shows(self, cell: CellId) -> bool:
        return cell not in self.hidden
