"""A frozen report as a workbook: what it is and what is in it, comments, key figures, a sheet for each table with its
notes, units, gaps and definitions. Numbers are numbers, a hidden value is a text."""

import datetime as dt
import io
import zipfile

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from delivery.sheets.workbook import write_line
from reporting.documents.archive import zipped_again
from reporting.documents.report_facts import commented, facts, frozen_moment, kind_of_figures, measure_words
from reporting.figures.definition import Value
from reporting.frozen import Frozen
from reporting.statement import StatedTable
from reporting.telling.by_unit import heading, highlighted, place
from reporting.telling.formats import Place
from reporting.telling.workbook import DECIMALS, sheet_title, write_definitions, write_table

TITLE = Font(bold=True, size=16)
LINK = Font(color="FF0F5C6E", underline="single")
TEXT = Alignment(wrap_text=True, vertical="top", horizontal="left")


def report_xlsx(frozen: Frozen, number: str) -> bytes:
    """The workbook under the report's number. The same report always gives the same bytes."""
    workbook = Workbook()
    front = workbook.active
    front.title = _("Report")
    _write_comments(workbook.create_sheet(_("Comments")), frozen)
    _write_key_figures(workbook.create_sheet(_("Key figures")), frozen)
    for table in frozen.told[0].tables.values():
        sheet = workbook.create_sheet(sheet_title(table.label))
        write_table(sheet, table)
        _write_notes(sheet, table, frozen)
    if frozen.units:
        _write_units(workbook.create_sheet(sheet_title(_("Unit by unit"))), frozen)
    if not frozen.published:
        _write_gaps(workbook.create_sheet(sheet_title(_("What was missing"))), frozen)
    write_definitions(workbook.create_sheet(sheet_title(_("How every figure is counted"))), frozen.told[0])
    _write_front(front, frozen, number, workbook.worksheets[1:])
    return _saved(workbook, frozen)


def _write_front(sheet: Worksheet, frozen: Frozen, number: str, others: list[Worksheet]) -> None:
    """What the report is, and the way to each sheet."""
    write_line(sheet, [frozen.title])
    sheet["A1"].font = TITLE
    sheet.append([])
    for words, value in facts(frozen, number):
        write_line(sheet, [words, value])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True)
        sheet.cell(sheet.max_row, 2).alignment = TEXT
    sheet.append([])
    write_line(sheet, [_("Contents")], bold=True)
    for other in others:
        write_line(sheet, [other.title])
        cell = sheet.cell(sheet.max_row, 1)
        cell.hyperlink = Hyperlink(cell.coordinate, location=f"{quote_sheetname(other.title)}!A1")
        cell.font = LINK
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 80


def _write_comments(sheet: Worksheet, frozen: Frozen) -> None:
    write_line(sheet, [_("Section"), _("Comment")], bold=True)
    for _section, words, text in commented(frozen):
        write_line(sheet, [words, text])
        sheet.cell(sheet.max_row, 1).alignment = TEXT
        sheet.cell(sheet.max_row, 2).alignment = TEXT
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 110


def _write_key_figures(sheet: Worksheet, frozen: Frozen) -> None:
    """A line for each figure, a column for each period, this one first."""
    write_line(
        sheet, [_("Figure"), *(each.period.short_label for each in frozen.told), _("Unit of measure")], bold=True
    )
    for table in highlighted(frozen.told[0]):
        places = [place(each, table) for each in frozen.told]
        write_line(sheet, [heading(table), *map(_value, places), measure_words(table, table.figure.highlight)])
        _decimals(sheet, places)
    _widths(sheet, len(frozen.told) + 1)


def _write_notes(sheet: Worksheet, table: StatedTable, frozen: Frozen) -> None:
    """Under the table: what it counts, and how small numbers are told."""
    now = frozen.now
    notes = [
        (_("Period"), now.period.label),
        (_("Scope"), now.scope_label),
        (_("As known on"), now.as_of),
        (_("Unit of measure"), table.figure.measured_in_label),
        (_("Definition"), table.figure.definition),
        *((meant.label, meant.definition) for meant in table.meanings),
        (_("Kolada"), table.figure.kolada),
        (_("Kind of figures"), kind_of_figures(frozen)),
    ]
    sheet.append([])
    for words, note in notes:
        if note:
            write_line(sheet, [words, note])
            sheet.cell(sheet.max_row, 2).alignment = Alignment(horizontal="left")


def _write_units(sheet: Worksheet, frozen: Frozen) -> None:
    """A line for each unit and the whole below, a column for each key figure."""
    tables = highlighted(frozen.told[0])
    write_line(sheet, [_("Unit"), *map(heading, tables)], bold=True)
    for statement in (*frozen.told_units, frozen.told[0]):
        places = [place(statement, table) for table in tables]
        write_line(sheet, [statement.scope_label, *map(_value, places)])
        _decimals(sheet, places)
    sheet.append([])
    write_line(sheet, [_("A person who was in two units counts in both, and once in the whole municipality.")])
    _widths(sheet, len(tables))
    sheet.freeze_panes = "B2"


def _write_gaps(sheet: Worksheet, frozen: Frozen) -> None:
    write_line(sheet, [_("What is missing"), pgettext("how many", "Number")], bold=True)
    for gap in frozen.gaps:
        write_line(sheet, [gap.label, gap.count])
    _widths(sheet, 1)


def _value(found: Place | None) -> Value:
    return found.value if found else None


def _decimals(sheet: Worksheet, places: list[Place | None]) -> None:
    """The sheet's last line, after its first cell, with as many decimals as its values have."""
    for column, found in enumerate(places, start=2):
        if found and (decimals := DECIMALS.get(found.table.measured_in(found.column))):
            cell: Cell = sheet.cell(sheet.max_row, column)
            cell.number_format = decimals


def _widths(sheet: Worksheet, numbers: int) -> None:
    """A wide column of words, and so many of numbers under headings that are broken over lines."""
    sheet.column_dimensions["A"].width = 52
    for column in range(2, numbers + 2):
        cell = sheet.cell(1, column)
        sheet.column_dimensions[cell.column_letter].width = 20
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _saved(workbook: Workbook, frozen: Frozen) -> bytes:
    """The workbook's bytes, dated when the report was frozen."""
    moment = frozen_moment(frozen)
    # The format knows no zones: it is the time of the clock in Greenwich.
    written = moment.astimezone(dt.UTC).replace(tzinfo=None)
    workbook.properties.creator, workbook.properties.title = frozen.municipality, frozen.title
    workbook.properties.created = workbook.properties.modified = written
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:  # the workbook's own way of saving would date it today
        ExcelWriter(workbook, archive).write_data()
    return zipped_again(out.getvalue(), moment=moment)
