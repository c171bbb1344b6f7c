"""The answer as JSON, CSV and text, in the forms of docs/statistics.md."""

import csv
import io
import json
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.disclosure.model import HIDDEN
from reporting.engine import Answer, Table
from reporting.figures.definition import TOTAL, MeasuredIn, Section, Value

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
CSV_COLUMNS = ("table", "row", "column", "value")


def as_json(answer: Answer, *, published: bool = False) -> str:
    """The whole answer as one JSON object; a share of nothing is null."""
    question = answer.question
    return json.dumps(
        {
            "period": {
                "name": question.period.name,
                "from": question.period.start.isoformat(),
                "to": question.period.end.isoformat(),
            },
            "as_of": question.as_of.isoformat(),
            "unit": question.unit.code if question.unit else None,
            "published": published,
            "tables": {key: table.as_dict() for key, table in answer.tables.items()},
        },
        default=_json_number,
        ensure_ascii=False,
        indent=2,
    )


def _json_number(value):
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} has no place in an answer.")


def as_csv(answer: Answer) -> str:
    """One line for each value, with byte-order mark, semicolons and decimal comma; a share of nothing is empty.

    A table without rows or without columns of its own has `total` there.
    """
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";")
    writer.writerow(CSV_COLUMNS)
    for key, table in answer.tables.items():
        for row in table.rows:
            for column in table.columns:
                writer.writerow((key, row.code, column.code, plain_number(table.value(row.code, column.code))))
    return out.getvalue()


def plain_number(value: Value) -> str:
    """A value with decimal comma and nothing else; nothing for a share of nothing."""
    if value == HIDDEN:
        return HIDDEN
    return "" if value is None else str(value).replace(".", ",")


def written(value: Value, measured_in: str) -> str:
    """A value as people read it in a table: "64,3 %", "151,0", "28", and a dash for a share of nothing."""
    if value is None:
        return "–"
    if value == HIDDEN:
        return HIDDEN
    number = plain_number(value)
    match measured_in:
        case MeasuredIn.PERCENT:
            return f"{number}{NO_BREAK}%"
        case MeasuredIn.WORK_DAYS:
            return number.rstrip("0").rstrip(",")
    return number


def told(value: Value, measured_in: str) -> str:
    """A value as people read it by itself: "151,0 days"."""
    if value in (None, HIDDEN) or measured_in != MeasuredIn.DAYS:
        return written(value, measured_in)
    return f"{plain_number(value)}{NO_BREAK}{MeasuredIn.DAYS.label}"


@dataclass(frozen=True)
class Place:
    """Where a value stands: its table, row and column."""

    table: Table
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
    section: Section
    tables: list[Table]
    headings: list[str]
    lines: list[Line]


def blocks(answer: Answer) -> list[Block]:
    """The tables as they are read. Those of one line each and the same columns stand under each other, part by part;
    a single line whose columns have measures of their own is read downwards."""
    found: list[list[Table]] = []
    for table in answer.tables.values():
        for tables in found:
            if _fits_under(table, tables[0]):
                tables.append(table)
                break
        else:
            found.append([table])
    return [_block(tables) for tables in found]


def _fits_under(table: Table, other: Table) -> bool:
    return (
        _is_line(table)
        and _is_line(other)
        and table.figure.section == other.figure.section
        and table.breakdown.sides == other.breakdown.sides
    )


def _is_line(table: Table) -> bool:
    """Whether it has one row, told apart by a dimension."""
    row_side, column_side = table.breakdown.sides
    return row_side is None and column_side is not None


def _block(tables: list[Table]) -> Block:
    first = tables[0]
    section, title = first.figure.section, str(first.breakdown.label)
    columns = max((table.columns for table in tables), key=len)
    headings = [str(column.label) for column in columns]
    if first.breakdown.rows:
        lines = [
            Line(str(row.label), [Place(first, row.code, column.code) for column in columns], row is TOTAL)
            for row in first.rows
        ]
        return Block(first.key, title, section, tables, headings, lines)
    if not _is_line(first):
        lines = [
            Line(title if column is TOTAL else str(column.label), [Place(first, TOTAL.code, column.code)])
            for column in columns
        ]
        return Block(first.key, title, section, tables, [str(TOTAL.label)], lines)
    lines = [
        Line(str(table.breakdown.label), [Place(table, TOTAL.code, column.code) for column in columns])
        for table in tables
    ]
    if len(tables) > 1:
        by = str(first.breakdown.sides[1].label).lower()
        title = _("%(section)s by %(dimension)s") % {"section": section.label, "dimension": by}
    return Block(first.key, title, section, tables, headings, lines)


def as_text(answer: Answer) -> str:
    """The answer for a terminal: what was asked, then each table in columns."""
    question = answer.question
    lines = [
        f"{question.period.label} ({question.period.start}..{question.period.end})",
        _("%(scope)s, as known on %(day)s") % {"scope": question.scope_label, "day": question.as_of},
    ]
    for block in blocks(answer):
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
