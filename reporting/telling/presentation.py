"""Statements as pages and documents show them: key figures with their change, tables, charts, definitions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from reporting.disclosure.model import HIDDEN
from reporting.figures.definition import TOTAL, MeasuredIn, Value
from reporting.statement import StatedFigure, StatedLine, StatedTable, Statement
from reporting.telling.charts import Chart, compared_bars, stacked_bars, target_bars
from reporting.telling.formats import Block, Place, blocks, plain_number, told

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Cell:
    """A number as it is written, and the address of the list behind it (none behind zero, nor outside the page)."""

    text: str
    url: str = ""

    @property
    def is_hidden(self) -> bool:
        return self.text == HIDDEN


@dataclass(frozen=True)
class Change:
    """How much a key figure differs from an earlier period's."""

    text: str
    period: str
    earlier: str


@dataclass(frozen=True)
class KeyFigure:
    """A figure's total, what it means, and its change."""

    label: str
    definition: str
    cell: Cell
    note: str
    changes: list[Change]


@dataclass(frozen=True)
class PageLine:
    """One row of a table on the page."""

    label: str
    cells: list[Cell]
    is_total: bool


@dataclass(frozen=True)
class PageBlock:
    """One table on the page, perhaps of several figures, with its chart and the meaning of its rows and columns."""

    key: str
    title: str
    headings: list[str]
    lines: list[PageLine]
    meanings: list[tuple[str, str]]
    chart: Chart | None

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for another beside it: numbers in one column, nothing drawn."""
        return len(self.headings) == 1 and self.chart is None

    @property
    def has_hidden(self) -> bool:
        """Whether a value of it is hidden, so that a note says why."""
        return any(cell.is_hidden for line in self.lines for cell in line.cells)


@dataclass(frozen=True)
class PageSection:
    """A part of the page, such as everything about placements."""

    key: str
    title: str
    blocks: list[PageBlock]


@dataclass(frozen=True)
class Definition:
    """What a figure means, and its rows and columns that need more words than their own."""

    figure: StatedFigure
    meanings: list[StatedLine]


@dataclass(frozen=True)
class Presentation:
    """All that a page or a document shows of one statement beside earlier ones."""

    statement: Statement
    key_figures: list[KeyFigure]
    sections: list[PageSection]
    definitions: list[Definition]
    is_empty: bool


def present(statements: Sequence[Statement], *, linked: bool = False) -> Presentation:
    """The first statement, set against the others, which are earlier periods, the latest first.

    `linked`: numbers open the lists behind them. Only on the live page of internal figures: the list is of today, and
    only those who may see it are shown the way.
    """
    now, *earlier = statements
    return Presentation(
        now,
        _key_figures(now, earlier, linked=linked),
        _sections(now, earlier, linked=linked),
        _definitions(now),
        is_empty=not any(value for table in now.tables.values() for value in table.values.values()),
    )


def _key_figures(now: Statement, earlier: Sequence[Statement], *, linked: bool) -> list[KeyFigure]:
    """The figures that are told first, each set against the earlier statements that tell it."""
    return [
        KeyFigure(
            table.figure.label,
            table.figure.definition,
            replace(_cell(now, place, linked=linked), text=told(place.value, table.measured_in(place.column))),
            table.note,
            [_change(table, before) for before in earlier],
        )
        for table in _own_tables(now)
        for place in [Place(table, TOTAL.code, table.figure.highlight)]
        if table.figure.highlight
    ]


def _own_tables(statement: Statement) -> list[StatedTable]:
    """The table of each figure that is the figure itself, not a breakdown of it."""
    return [table for table in statement.tables.values() if table.key == table.figure.key]


def _sections(now: Statement, earlier: Sequence[Statement], *, linked: bool) -> list[PageSection]:
    """The tables, part by part, and beside them what they look like.

    The comparison with earlier periods stands by the first table.
    """
    compared = _comparison([*reversed(earlier), now]) if earlier else None
    shown: dict[str, PageSection] = {}
    for number, block in enumerate(blocks(now)):
        drawn = stacked_bars(block.tables[0]) or target_bars(block.tables[0])
        chart = compared if number == 0 else drawn
        section = shown.setdefault(block.section, PageSection(block.section, block.section_label, []))
        section.blocks.append(_page_block(now, block, chart, linked=linked))
    return list(shown.values())


def _page_block(statement: Statement, block: Block, chart: Chart | None, *, linked: bool) -> PageBlock:
    lines = [
        PageLine(line.label, [_cell(statement, place, linked=linked) for place in line.places], line.is_total)
        for line in block.lines
    ]
    meanings = [(each.label, each.definition) for each in block.tables[0].meanings]
    return PageBlock(block.key, block.title, block.headings, lines, meanings, chart)


def _comparison(statements: Sequence[Statement]) -> Chart | None:
    """The figures that are compared, drawn for the period of each statement; those that all of them tell."""
    told_by = [{table.key: table for table in _own_tables(each) if table.figure.compared} for each in statements]
    keys = [key for key in told_by[-1] if all(key in tables for tables in told_by)]
    of_period = {
        each.period.short_label: [tables[key] for key in keys]
        for each, tables in zip(statements, told_by, strict=True)
    }
    return compared_bars(of_period, _("Compared with earlier periods"))


def _definitions(statement: Statement) -> list[Definition]:
    return [
        Definition(
            figure,
            [
                meant
                for table in statement.tables.values()
                if table.figure.key == figure.key
                for meant in table.meanings
            ],
        )
        for figure in statement.figures
    ]


def _cell(statement: Statement, place: Place, *, linked: bool) -> Cell:
    has_list = linked and place.value and place.value != HIDDEN
    return Cell(place.text, list_address(statement, place.table.key, place.row, place.column) if has_list else "")


def list_address(statement: Statement, table: str, row: str, column: str) -> str:
    """Where the list behind a value is: the same question, and the value's place in its table."""
    query = statement.address | {"row": row, "column": column}
    return f"{reverse('reporting:list', args=[table])}?{urlencode(query)}"


def _change(table: StatedTable, before: Statement) -> Change:
    column = table.figure.highlight
    other = before.tables.get(table.key)
    value, earlier = table.value(column=column), other.value(column=column) if other else None
    measured_in = table.measured_in(column)
    return Change(difference(value, earlier, measured_in), before.period.short_label, told(earlier, measured_in))


def difference(value: Value, earlier: Value, measured_in: str) -> str:
    """How much a value differs from an earlier one, in words."""
    if HIDDEN in (value, earlier):
        return _("Cannot be compared")
    if value is None or earlier is None:
        return _("Nothing to compare with")
    difference = value - earlier
    if not difference:
        return _("Unchanged")
    sign = "+" if difference > 0 else MINUS
    if measured_in == MeasuredIn.PERCENT:
        return _("%(number)s percentage points") % {"number": f"{sign}{plain_number(abs(difference))}"}
    return f"{sign}{told(abs(difference), measured_in)}"
