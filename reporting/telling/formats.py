"""A statement as JSON, CSV and text, in the forms of docs/statistics.md."""

import json
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from delivery.sheets.delimited import delimited
from reporting.disclosure.model import HIDDEN
from reporting.figures.definition import TOTAL, MeasuredIn, Value
from reporting.statement import StatedTable, Statement

NO_BREAK = "\N{NO-BREAK SPACE}"
CSV_COLUMNS = ("table", "row", "column", "value")


def as_json(statement: Statement) -> str:
    """All of it as one JSON object; a share of nothing is null."""
    return json_text(as_plain(statement))


def as_plain(statement: Statement) -> dict:
    """The object that the JSON is."""
    return {
        "period": {
            "name": statement.period.name,
            "from": statement.period.start.isoformat(),
            "to": statement.period.end.isoformat(),
        },
        "as_of": statement.as_of.isoformat(),
        "unit": statement.unit_code,
        "published": statement.published,
        "tables": {key: table.as_dict() for key, table in statement.tables.items()},
    }


def json_text(plain: dict) -> str:
    """An object with values of statements as JSON that people can read."""
    return json.dumps(plain, default=_json_number, ensure_ascii=False, indent=2)


def _json_number(value):
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} has no place in a statement.")


def as_csv(statement: Statement) -> str:
    """One line for each value, with byte-order mark, semicolons and decimal comma; a share of nothing is empty.

    A table without rows or without columns of its own has `total` there.
    """
    lines = (
        (key, row.code, column.code, plain_number(table.value(row.code, column.code)))
        for key, table in statement.tables.items()
        for row in table.rows
        for column in table.columns
    )
    return delimited(CSV_COLUMNS, lines)


def plain_number(value: Value) -> str:
    """A value with decimal comma and nothing else; nothing for a share of nothing."""
    if value == HIDDEN:
        return HIDDEN
    return "" if value is None else str(value).replace(".", ",")


def grouped_number(value: Value) -> str:
    """A value as people read it: decimal comma, and thousands apart, "12 345,5"."""
    if value is None or value == HIDDEN:
        return plain_number(value)
    return f"{value:,}".replace(",", NO_BREAK).replace(".", ",")


def written(value: Value, measured_in: str) -> str:
    """A value as people read it in a table: "64,3 %", "151,0", "1 228", and a dash for a share of nothing."""
    if value is None:
        return "–"
    if value == HIDDEN:
        return HIDDEN
    number = grouped_number(value)
    match measured_in:
        case MeasuredIn.PERCENT:
            return f"{number}{NO_BREAK}%"
        case MeasuredIn.WORK_DAYS:
            return number.rstrip("0").rstrip(",")
        case MeasuredIn.KRONOR:
            return f"{number}{NO_BREAK}kr"
    return number


def told(value: Value, measured_in: str) -> str:
    """A value as people read it by itself: "151,0 days"."""
    if value in (None, HIDDEN) or measured_in != MeasuredIn.DAYS:
        return written(value, measured_in)
    return f"{grouped_number(value)}{NO_BREAK}{MeasuredIn.DAYS.label}"


@dataclass(frozen=True)
class Place:
    """Where a value stands: its table, row and column."""

    table: StatedTable
    row: str
    column: str

    @property
    def value(self) -> Value:
        return self.table.value(self.row, self.column)

    @property
    def text(self) -> str:
        return written(self.value, self.table.measured_in(self.column))


@dataclass(frozen=True)
class Line:
    """One line of a block: its words, and where its values stand."""

    label: str
    places: list[Place]
    is_total: bool = False


@dataclass(frozen=True)
class Block:
    """Values that are read together: one table, or several of one line each."""

    key: str
    title: str
    section: str
    section_label: str
    tables: list[StatedTable]
    headings: list[str]
    lines: list[Line]


def blocks(statement: Statement) -> list[Block]:
    """The tables as they are read. Those of one line each and the same columns stand under each other, part by part;
    a single line whose columns have measures of their own is read downwards."""
    found: list[list[StatedTable]] = []
    for table in statement.tables.values():
        for tables in found:
            if _fits_under(table, tables[0]):
                tables.append(table)
                break
        else:
            found.append([table])
    return [_block(tables) for tables in found]


def _fits_under(table: StatedTable, other: StatedTable) -> bool:
    return (
        _is_line(table)
        and _is_line(other)
        and table.figure.section == other.figure.section
        and table.column_side == other.column_side
    )


def _is_line(table: StatedTable) -> bool:
    """Whether it has one row, told apart by something."""
    return table.row_side is None and table.column_side is not None


def _block(tables: list[StatedTable]) -> Block:
    first = tables[0]
    key, title, section = first.key, first.label, first.figure.section_label
    columns = max((table.columns for table in tables), key=len)
    headings = [column.label for column in columns]
    if first.row_side:
        lines = [
            Line(row.label, [Place(first, row.code, column.code) for column in columns], row.is_total)
            for row in first.rows
        ]
    elif first.column_side is None:
        headings = [first.rows[-1].label]
        lines = [
            Line(title if column.is_total else column.label, [Place(first, TOTAL.code, column.code)])
            for column in columns
        ]
    else:
        lines = [Line(table.label, [Place(table, TOTAL.code, column.code) for column in columns]) for table in tables]
        if len(tables) > 1:
            by = first.column_side.label.lower()
            title = _("%(section)s by %(dimension)s") % {"section": section, "dimension": by}
    return Block(key, title, first.figure.section, section, tables, headings, lines)


def as_text(statement: Statement) -> str:
    """The statement for a terminal: what was asked, then each table in columns."""
    period = statement.period
    lines = [
        f"{period.label} ({period.start}..{period.end})",
        _("%(scope)s, as known on %(day)s") % {"scope": statement.scope_label, "day": statement.as_of},
    ]
    for block in blocks(statement):
        lines += ["", *_text_block(block)]
    return "\n".join(lines)


def _text_block(block: Block) -> list[str]:
    cells = [
        [block.title, *block.headings],
        *([line.label, *(place.text for place in line.places)] for line in block.lines),
    ]
    widths = [max(len(line[number]) for line in cells) for number in range(len(cells[0]))]
    lines = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in cells
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
