"""From the engine's answer to a publication, and back to the answer that may be shown.

With `joint`, the rooms of the package that know the figures; the others know numbers and lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from reporting.disclosure.control import control
from reporting.disclosure.links import Span
from reporting.disclosure.model import HIDDEN, Before, CellId, Measure, Median, Reason, Result, Share
from reporting.disclosure.tables import Crossing, Draft, lines_of
from reporting.engine import Answer, Table
from reporting.figures import definition
from reporting.figures.definition import TOTAL, CellRef, Measured, Subject
from reporting.figures.dimensions import UNIT
from reporting.figures.placements import STOCK_FIGURE

#: Why a value is hidden, by table, row and column.
Reasons = dict[tuple[str, str, str], Reason]

#: What these count is there on the period's last day, whenever the period began.
ON_THE_LAST_DAY = frozenset(each.table for each in STOCK_FIGURE.breakdowns)


class Place(NamedTuple):
    """Where a number stands, by what it counts: a number that stands in two tables has one place."""

    span: Span
    unit: str
    table: str
    row: str
    column: str


@dataclass(frozen=True)
class Told:
    """The tables of a period and a unit (empty for the whole municipality), published now or before.

    `public` are those told, `all` also those that their values follow from. `was_hidden`, of what was published
    before: the table, row and column of what was hidden.
    """

    span: Span
    unit: str
    public: Sequence[Table]
    all: Mapping[str, Table]
    was_hidden: frozenset[tuple[str, str, str]] | None = None

    @classmethod
    def by(cls, answer: Answer, tables: Sequence[str] | None = None) -> "Told":
        """What an answer tells the public; of these tables, if they are named."""
        public = [
            table
            for table in answer.tables.values()
            if table.figure.published and (tables is None or table.key in tables)
        ]
        question = answer.question
        unit = question.unit.code if question.unit else ""
        return cls((question.period.start, question.period.end), unit, public, answer.tables)


def published(answer: Answer, threshold: int) -> Answer:
    """The answer's public tables with HIDDEN in place of what must not be published."""
    return controlled(answer, threshold)[0]


def controlled(answer: Answer, threshold: int) -> tuple[Answer, Reasons]:
    """The answer as `published` gives it, and why each hidden value is hidden; the reasons are not for the public."""
    told, draft = Told.by(answer), Draft()
    add(draft, told)
    return shown(answer, told, control(draft.publication(), threshold))


def shown(answer: Answer, told: Told, result: Result) -> tuple[Answer, Reasons]:
    """The answer's public tables without what is hidden, and why each hidden value is."""
    tables, reasons = {}, {}
    for table in told.public:
        because = {
            crossing: result.hidden[name]
            for crossing in table.values
            if (name := name_of(told, table, *crossing)) in result.hidden
        }
        reasons |= {(table.key, *crossing): reason for crossing, reason in because.items()}
        tables[table.key] = replace(table, values=table.values | dict.fromkeys(because, HIDDEN))
    return replace(answer, tables=tables), reasons


def place_of(told: Told, table: Table, row: str, column: str) -> Place:
    """Where a crossing of a table stands.

    The measures of one row are one amount in different units, and are shown or hidden together. A unit's row in the
    table by unit is the total of that unit's own figures.
    """
    breakdown, span = table.breakdown, told.span
    if breakdown.counts:
        return _place_of_counted(told, table, row, column)
    if table.figure.subject == Subject.EMPLOYED_TIME:
        column = table.columns[0].code
    if table.key in ON_THE_LAST_DAY:
        span = (span[1], span[1])
    if breakdown.rows is UNIT and row != TOTAL.code:
        return Place(span, row, breakdown.margin, TOTAL.code, column)
    key = breakdown.margin if row == TOTAL.code and breakdown.margin else table.key
    return Place(span, told.unit, key, row, column)


def _place_of_counted(told: Told, table: Table, row: str, column: str) -> Place:
    """Where a crossing of a table of a family stands: by what is counted and what it is told apart by, whichever side
    of the table says it."""
    sides = zip(table.breakdown.sides, (row, column), strict=True)
    told_apart = sorted(f"{side.key}={code}" for side, code in sides if side and code != TOTAL.code)
    return Place(told.span, told.unit, table.breakdown.counts, "&".join(told_apart), "")


def name_of(told: Told, table: Table, row: str, column: str) -> CellId:
    """What a crossing is called in publications: by its place and its number, since a number that has changed since
    it was published is another one."""
    place = place_of(told, table, row, column)
    (first, last), *where = place
    shown = place.column if table.figure.subject == Subject.EMPLOYED_TIME else column
    return f"{first}..{last}/{'/'.join(where)}={table.value(row, shown)}"


def add(draft: Draft, told: Told) -> dict[Place, CellId]:
    """Add the tables with their lines, and of what is published now the shares and medians; the counts and amounts
    that stand in the publication for it come back."""
    standing = {}
    for table in told.public:
        if table.figure.subject == Subject.EMPLOYED_TIME:
            standing |= _add_measures(draft, told, table)
        elif table.figure.subject == Subject.PERSONS:
            standing |= _add_counts(draft, told, table)
    for table in told.public:
        if table.breakdown.made_up_of:
            _tie_family(draft, told, table)
    return standing


def _tie_family(draft: Draft, told: Told, table: Table) -> None:
    """Tie a table's cells to those that they are made up of. Where one of the parts is not told, the others are at
    most the whole."""
    public = {each.key: each for each in told.public}
    keys = table.breakdown.made_up_of
    parts = [public[key] for key in keys if key in public]
    for row, column in table.values:
        total = name_of(told, table, row, column)
        # A table that lacks the crossing has nobody there.
        names = [name_of(told, each, row, column) for each in parts if (row, column) in each.values]
        if names and len(parts) == len(keys):
            draft.line(total, names, table=table.key)
        elif names:
            draft.bound(names, [total])


def done_before(told: Told) -> dict[CellId, Before]:
    """What an earlier publication did with each of its counts and amounts."""
    found = {}
    for table in told.public:
        for row, column in table.values:
            hidden = (table.key, row, column) in told.was_hidden and table.value(row, column)
            found[name_of(told, table, row, column)] = Before.HIDDEN if hidden else Before.SHOWN
    return found


def _add_counts(draft: Draft, told: Told, table: Table) -> dict[Place, CellId]:
    counts, names = {}, {}
    for row in table.rows:
        for column in table.columns:
            crossing = (row.code, column.code)
            own = column if isinstance(column, Measured) else table.figure
            name = name_of(told, table, *crossing)
            if isinstance(own.measure, definition.Number):
                counts[crossing], names[crossing] = table.value(*crossing), name
            elif told.was_hidden is None:
                cells = tuple(_referred(told, ref, crossing) for ref in own.computed_from)
                _add_derived(draft, own.measure, name, cells, table.parts.get(crossing) or (0, 0))
    tag = f"{told.span[0]}..{told.span[1]}/{told.unit}/{table.key}"
    draft.table(tag, counts, same=names, exact_rows=table.breakdown.in_rows is None)
    for column in table.breakdown.measured:
        if column.sum_of:
            for row in table.rows:
                parts = [names[row.code, each] for each in column.sum_of]
                draft.line(names[row.code, column.code], parts, table=tag)
    return {place_of(told, table, *crossing): name for crossing, name in names.items()}


def _add_derived(
    draft: Draft, measure: definition.Measure, name: CellId, cells: tuple[CellId, ...], parts: tuple[int, ...]
) -> None:
    if isinstance(measure, definition.Share | definition.PerPart):
        draft.shares.append(Share(name, cells, *parts))
    else:
        draft.medians.append(Median(name, *cells))


def _referred(told: Told, ref: CellRef, crossing: Crossing) -> CellId:
    """The name of a cell that a value follows from; where its table is not told either, of none that is shown."""
    table = told.all.get(ref.table)
    return name_of(told, table, ref.row or crossing[0], ref.column or crossing[1]) if table else ref.table


def _add_measures(draft: Draft, told: Told, table: Table) -> dict[Place, CellId]:
    """The amounts in the first column of a table; those in the others are the same in another unit."""
    column = table.columns[0].code
    names = {(row.code, TOTAL.code): name_of(told, table, row.code, column) for row in table.rows}
    for (row, _total), name in names.items():
        behind = table.parts.get((row, column)) or (0,)
        draft.measures[name] = Measure(name, table.value(row, column), *behind, draft.before.get(name))
    draft.measure_lines += lines_of(table.key, names)
    return {place_of(told, table, row, column): name for (row, _total), name in names.items()}
