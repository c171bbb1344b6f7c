"""From tables, as they are read, to a publication."""

from collections.abc import Mapping, Sequence

from reporting.disclosure.model import Before, Bound, Cell, CellId, Kind, Line, Measure, Median, Publication, Share

TOTAL = "total"

#: Row and column of a value; a one-way table has one column (or row), `TOTAL`.
Crossing = tuple[str, str]


class Draft:
    """A publication in the making: tables are added in the order in which they are read.

    `before` says what earlier publications did with cells and measures that stand in this one too.
    """

    def __init__(self, before: Mapping[CellId, Before] | None = None):
        self.before = before or {}
        self.cells: dict[CellId, Cell] = {}
        self.lines: list[Line] = []
        self.bounds: list[Bound] = []
        self.shares: list[Share] = []
        self.medians: list[Median] = []
        self.measures: dict[CellId, Measure] = {}
        self.measure_lines: list[Line] = []

    def table(
        self,
        name: str,
        values: Mapping[Crossing, int],
        *,
        same: Mapping[Crossing, CellId] | None = None,
        kind: Kind = Kind.PERSONS,
        exact_rows: bool = True,
    ) -> dict[Crossing, CellId]:
        """Add a table, its totals under `TOTAL`; the names of its cells come back.

        `same` names the crossings that are cells of a table added before. `exact_rows=False`: the rows (units) do not
        add up, because a person may stand in several.
        """
        same = same or {}
        names = {crossing: same.get(crossing, f"{name}/{'/'.join(crossing)}") for crossing in values}
        for crossing, value in values.items():
            self.cell(names[crossing], value, kind)
        self.lines += lines_of(name, names, exact_rows=exact_rows)
        return names

    def cell(self, name: CellId, value: int, kind: Kind = Kind.PERSONS) -> None:
        """Add a cell, unless it stands in the publication already."""
        self.cells.setdefault(name, Cell(name, value, kind, self.before.get(name)))

    def line(self, total: CellId, parts: Sequence[CellId], *, table: str, exact: bool = True) -> None:
        """Tie cells of several tables: the whole and its units, a year and its quarters."""
        self.lines.append(Line(total, tuple(parts), table, exact))

    def bound(self, less: Sequence[CellId], more: Sequence[CellId]) -> None:
        """Say that the cells of `less` are together at most those of `more`."""
        self.bounds.append(Bound(tuple(less), tuple(more)))

    def value(self, cells: Sequence[CellId]) -> int:
        """How much the cells are together."""
        return sum(self.cells[each].value for each in cells)

    def revision(self, first: CellId, second: CellId) -> CellId:
        """Tie two versions of one count: their difference is a count of persons too, which nobody may read off; its
        name comes back."""
        small, great = sorted((first, second), key=lambda each: self.cells[each].value)
        difference = self.cells[great].value - self.cells[small].value
        changed = f"{first}→{second}"
        self.cell(changed, difference)
        self.line(great, [small, changed], table=changed)
        return changed

    def publication(self) -> Publication:
        return Publication(
            tuple(self.cells.values()),
            tuple(self.lines),
            tuple(self.shares),
            tuple(self.medians),
            tuple(self.measures.values()),
            tuple(self.measure_lines),
            tuple(self.bounds),
        )


def lines_of(name: str, names: Mapping[Crossing, CellId], *, exact_rows: bool = True) -> list[Line]:
    """The lines of a table: each row with its total, then each column with its total."""
    rows = [row for row in dict.fromkeys(row for row, _column in names) if row != TOTAL]
    columns = [column for column in dict.fromkeys(column for _row, column in names) if column != TOTAL]
    along = [((row, TOTAL), [(row, column) for column in columns], True) for row in (*rows, TOTAL)]
    down = [((TOTAL, column), [(row, column) for row in rows], exact_rows) for column in (*columns, TOTAL)]
    lines = []
    for total, crossings, exact in (*along, *down):
        parts = tuple(names[each] for each in crossings if each in names)
        # The only unit of a unit's own table is its total.
        if parts and total in names and names[total] not in parts:
            lines.append(Line(names[total], parts, name, exact))
    return lines
