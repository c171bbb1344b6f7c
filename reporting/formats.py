"""The answer as JSON, CSV and text, in the forms of docs/statistics.md."""

import csv
import io
import json
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.engine import Answer, Table
from reporting.figures.definition import MeasuredIn, Value

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
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
    return "" if value is None else str(value).replace(".", ",")


def written(value: Value, measured_in: str) -> str:
    """A value as people read it: "64,3 %", "28", and a dash for a share of nothing."""
    if value is None:
        return "–"
    return f"{plain_number(value)}\N{NO-BREAK SPACE}%" if measured_in == MeasuredIn.PERCENT else plain_number(value)


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


def blocks(answer: Answer) -> list[list[Table]]:
    """The tables as they are read: neighbours that have one row each stand together, others by themselves."""
    found: list[list[Table]] = []
    singles: list[Table] = []
    for table in answer.tables.values():
        if table.breakdown.rows is None:
            if not singles:
                found.append(singles)
            singles.append(table)
        else:
            found.append([table])
    return found


def columns_of(tables: list[Table]) -> list:
    """The columns of a block, the same for all its rows, in the order of the table that has most of them."""
    return list(max((table.columns for table in tables), key=len))


def _text_block(tables: list[Table]) -> list[str]:
    columns = columns_of(tables)
    if len(tables) == 1 and tables[0].breakdown.rows:
        title, labels = str(tables[0].breakdown.label), [(tables[0], row.label, row.code) for row in tables[0].rows]
    else:
        title, labels = _("Participants"), [(table, table.breakdown.label, "total") for table in tables]
    cells = [[title, *(str(column.label) for column in columns)]] + [
        [
            str(label),
            *(written(table.value(row, column.code), table.figure.measured_in) for column in columns),
        ]
        for table, label, row in labels
    ]
    widths = [max(len(line[number]) for line in cells) for number in range(len(columns) + 1)]
    lines = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in cells
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
