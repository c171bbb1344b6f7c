"""A frozen report as CSV for those who count on: a file for each table, and a description of what is in them, in one
zip archive."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from delivery.sheets.delimited import BYTE_ORDER_MARK, delimited, plain_text
from reporting.documents.archive import zipped
from reporting.documents.report_facts import all_statements, commented, facts, frozen_moment, measure_words
from reporting.frozen import Frozen
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.statement import StatedLine, StatedTable
from reporting.telling.formats import plain_number

#: The columns of every file of figures: codes first, then what they are called.
COLUMNS = (
    "period", "unit", "table", "row", "column", "value", "unit_label", "row_label", "column_label", "measured_in",
)  # fmt: skip


def report_csv(frozen: Frozen, number: str) -> bytes:
    """The archive under the report's number. The same report always gives the same bytes."""
    tables = _tables(frozen)
    members = [
        (_("description.txt"), _text(_description(frozen, number, tables))),
        *((f"{key}.csv", _csv(COLUMNS, _values(frozen, key))) for key in tables),
    ]
    if comments := commented(frozen):
        members.insert(1, (_("comments.txt"), _text(_comments(comments))))
    if not frozen.published:
        gaps = ((gap.key, plain_text(gap.label), str(gap.count)) for gap in frozen.gaps)
        members.append(("missing.csv", _csv(("gap", "gap_label", "count"), gaps)))
    return zipped(members, moment=frozen_moment(frozen))


def _tables(frozen: Frozen) -> dict[str, StatedTable]:
    """Every table that is told, of this period or of another, as it was first told."""
    found: dict[str, StatedTable] = {}
    for statement in all_statements(frozen):
        found |= {key: table for key, table in statement.tables.items() if key not in found}
    return found


def _values(frozen: Frozen, key: str) -> Iterator[tuple[str, ...]]:
    """A line for each value of a table: of the period, of earlier periods, of each unit."""
    for statement in all_statements(frozen):
        table = statement.tables.get(key)
        for row in table.rows if table else ():
            for column in table.columns:
                yield (
                    statement.period.name,
                    statement.unit_code or "",
                    key,
                    row.code,
                    column.code,
                    plain_number(table.value(row.code, column.code)),
                    plain_text(statement.scope_label),
                    plain_text(row.label),
                    plain_text(column.label),
                    measure_words(table, column.code),
                )


def _description(frozen: Frozen, number: str, tables: Mapping[str, StatedTable]) -> Iterator[str]:
    """What the archive is, its files, their columns and codes, and what every figure means."""
    yield frozen.title
    yield ""
    yield from (f"{words}: {value}" for words, value in facts(frozen, number))
    yield ""
    yield _("THE FILES")
    yield _(
        "One table each, with one line for each value. Text in UTF-8 with byte-order mark, fields separated by "
        "semicolons, decimals after a comma. A share or median of nothing is empty."
    )
    if frozen.published:
        yield _(
            "“..” stands for a value that is hidden: numbers of persons from 1 to %(most)s, and as many others as it "
            "takes so that nobody can work them out. Zero is always shown."
        ) % {"most": frozen.settings[DISCLOSURE_THRESHOLD.key] - 1}
    yield ""
    yield from (f"{key}.csv: {table.label}" for key, table in tables.items())
    if not frozen.published:
        yield "missing.csv: " + _("What was not registered when the report was frozen, and in how many cases")
    yield ""
    yield _("THE COLUMNS")
    yield from (f"{name}: {words}" for name, words in zip(COLUMNS, _columns(), strict=True))
    yield ""
    yield _("THE TABLES")
    for table in tables.values():
        yield ""
        yield from _described(table)


def _columns() -> tuple[str, ...]:
    return (
        _("the period: 2026Q1 a quarter, 2026T1 a tertial, 2026 a year, 2026-01..2026-08 months, or two dates"),
        _("the unit's code; empty for all that the report is about"),
        _("the table, as the file is called"),
        _("the code of the row; total for all of them"),
        _("the code of the column; total for all of them"),
        _("the value"),
        _("what the unit is called"),
        _("what the row is called"),
        _("what the column is called"),
        _("what the value is a number of"),
    )


def _described(table: StatedTable) -> Iterator[str]:
    figure = table.figure
    yield f"{table.key}: {table.label}"
    yield figure.definition
    if figure.kolada:
        yield f"Kolada {figure.kolada}"
    if table.row_side:
        yield _("Rows: %(side)s") % {"side": table.row_side.label}
        yield from _codes(table.rows)
    yield _("Columns: %(side)s") % {"side": table.column_side.label if table.column_side else _("Figure")}
    yield from _codes(table.columns)


def _codes(lines: Iterable[StatedLine]) -> Iterator[str]:
    for line in lines:
        meaning = f". {line.definition}" if line.definition else ""
        yield f"  {line.code} = {line.label}{meaning}"


def _comments(comments: list[tuple[str, str, str]]) -> Iterator[str]:
    for _section, words, text in comments:
        yield from (words.upper(), "", *text.splitlines(), "")


def _csv(columns: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> bytes:
    return delimited(columns, lines).encode()


def _text(lines: Iterable[str]) -> bytes:
    """Lines as a text file that any program opens right."""
    return (BYTE_ORDER_MARK + "\r\n".join(lines) + "\r\n").encode()
