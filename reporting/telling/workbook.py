"""A statement as an XLSX workbook: a sheet for each table, numbers as numbers, and a sheet of notes."""

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from delivery.sheets.workbook import BOLD, write_line
from reporting.figures.definition import MeasuredIn
from reporting.statement import StatedTable, Statement

LONGEST_TITLE = 31
DECIMALS = {
    MeasuredIn.PERCENT: "0.0",
    MeasuredIn.DAYS: "0.0",
    MeasuredIn.WORK_DAYS: "0.###",
    MeasuredIn.FULL_TIME: "0.000",
}
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def as_xlsx(statement: Statement, *, municipality: str) -> bytes:
    """The workbook as bytes; `municipality` names whose figures they are."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for table in statement.tables.values():
        write_table(workbook.create_sheet(sheet_title(table.label)), table)
    _write_notes(workbook.create_sheet(_("Notes")), statement, municipality)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def sheet_title(text: str) -> str:
    """A text as a sheet can be called."""
    return text.translate(NOT_IN_TITLES)[:LONGEST_TITLE]


def write_table(sheet: Worksheet, table: StatedTable) -> None:
    """The table from the sheet's first cell on: headings, then rows."""
    side = table.row_side
    write_line(sheet, [side.label if side else table.label, *(column.label for column in table.columns)])
    for row in table.rows:
        label = row.label if side else table.label
        write_line(sheet, [label, *(table.value(row.code, column.code) for column in table.columns)])
    for cell in sheet[1]:
        cell.font = BOLD
    for number, column in enumerate(table.columns, start=2):
        decimals = DECIMALS.get(table.measured_in(column.code))
        for row in range(2, sheet.max_row + 1) if decimals else ():
            sheet.cell(row, number).number_format = decimals
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 38


def _write_notes(sheet: Worksheet, statement: Statement, municipality: str) -> None:
    kind = (
        _("Published: “..” stands for a value that is hidden, so that small numbers cannot be read off.")
        if statement.published
        else _("Internal: small numbers are shown and may point at a person. Not for publication.")
    )
    facts = [
        (_("Municipality"), municipality),
        (_("Period"), statement.period.label),
        (_("From"), statement.period.start),
        (_("To"), statement.period.end),
        (_("As known on"), statement.as_of),
        (_("Scope"), statement.scope_label),
        (_("Kind of figures"), kind),
    ]
    for fact in facts:
        write_line(sheet, fact)
        sheet.cell(sheet.max_row, 1).font = BOLD
    sheet.append([])
    write_definitions(sheet, statement)


def write_definitions(sheet: Worksheet, statement: Statement) -> None:
    """What every figure means, and its rows and columns that need more words than their own."""
    write_line(sheet, [_("Figure"), _("Definition"), _("Kolada"), _("Unit of measure")], bold=True)
    for figure in statement.figures:
        write_line(sheet, [figure.label, figure.definition, figure.kolada, figure.measured_in_label])
    for table in statement.tables.values():
        for meant in table.meanings:
            write_line(sheet, [f"{table.label}: {meant.label}", meant.definition])
    for column, width in zip("ABCD", (44, 90, 18, 16), strict=True):
        sheet.column_dimensions[column].width = width
    for cell in sheet["B"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
