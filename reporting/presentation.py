"""The answer as the page shows it: key figures with their change, tables whose numbers open lists, charts."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.charts import Chart, compared_bars, stacked_bars
from reporting.engine import Answer, Table
from reporting.figures.definition import TOTAL, MeasuredIn, Value
from reporting.formats import blocks, columns_of, plain_number, written

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Cell:
    """A number as it is written, and the address of the list behind it (none behind zero)."""

    text: str
    url: str = ""


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
class Line:
    """One row of a table on the page."""

    label: str
    cells: list[Cell]
    is_total: bool


@dataclass(frozen=True)
class Block:
    """One table on the page, perhaps of several figures, with its chart and the meaning of its rows."""

    key: str
    title: str
    headings: list[str]
    lines: list[Line]
    meanings: list[tuple[str, str]]
    chart: Chart | None


def key_figures(answer: Answer, earlier: list[Answer]) -> list[KeyFigure]:
    """The total of every figure that is one number, set against each of the `earlier` answers."""
    return [
        KeyFigure(
            str(table.figure.label),
            str(table.figure.definition),
            _cell(answer, table, TOTAL.code, TOTAL.code),
            _note(table),
            [_change(table.value(), before, table) for before in earlier],
        )
        for table in answer.tables.values()
        if table.breakdown.rows is None and table.key == table.figure.key
    ]


def page_blocks(answer: Answer, earlier: list[Answer]) -> list[Block]:
    """The tables of the page, and beside them what they look like."""
    return [_block(answer, tables, earlier) for tables in blocks(answer)]


def _block(answer: Answer, tables: list[Table], earlier: list[Answer]) -> Block:
    columns, first = columns_of(tables), tables[0]
    if first.breakdown.rows is None:
        key, title = "overview", _("Participants by gender")
        rows = [(str(table.breakdown.label), table, TOTAL.code) for table in tables]
        meanings, chart = [], _comparison(tables, [*reversed(earlier), answer])
    else:
        key, title = first.key, str(first.breakdown.label)
        rows = [(str(row.label), first, row.code) for row in first.rows]
        meanings = [(str(row.label), str(row.definition)) for row in first.rows if row.definition]
        chart = stacked_bars(first)
    lines = [
        Line(
            label,
            [_cell(answer, table, row, column.code) for column in columns],
            is_total=first.breakdown.rows is not None and row == TOTAL.code,
        )
        for label, table, row in rows
    ]
    return Block(key, title, [str(column.label) for column in columns], lines, meanings, chart)


def _comparison(tables: list[Table], answers: list[Answer]) -> Chart | None:
    """The counts among `tables`, drawn for the period of each answer."""
    counts = [table.key for table in tables if table.figure.measured_in == MeasuredIn.PERSONS]
    of_period = {each.question.period.short_label: [each.tables[key] for key in counts] for each in answers}
    return compared_bars(of_period, _("Compared with earlier periods"))


def _cell(answer: Answer, table: Table, row: str, column: str) -> Cell:
    value = table.value(row, column)
    text = written(value, table.figure.measured_in)
    return Cell(text, list_address(answer, table.key, row, column) if value else "")


def list_address(answer: Answer, table: str, row: str, column: str) -> str:
    """Where the list behind a value is: the same question, and the value's place in its table."""
    query = answer.question.address | {"row": row, "column": column}
    return f"{reverse('reporting:list', args=[table])}?{urlencode(query)}"


def _note(table: Table) -> str:
    parts = table.parts[TOTAL.code, TOTAL.code]
    if not parts:
        return ""
    return ngettext("%(part)s of %(whole)s closed", "%(part)s of %(whole)s closed", parts[1]) % {
        "part": parts[0],
        "whole": parts[1],
    }


def _change(value: Value, before: Answer, table: Table) -> Change:
    earlier = before.value(table.key)
    measured_in = table.figure.measured_in
    return Change(
        _difference(value, earlier, measured_in),
        before.question.period.short_label,
        written(earlier, measured_in),
    )


def _difference(value: Value, earlier: Value, measured_in: str) -> str:
    if value is None or earlier is None:
        return _("Nothing to compare with")
    difference = value - earlier
    if not difference:
        return _("Unchanged")
    sign = "+" if difference > 0 else MINUS
    number = f"{sign}{plain_number(abs(difference))}"
    if measured_in == MeasuredIn.PERCENT:
        return _("%(number)s percentage points") % {"number": number}
    return number
