"""Lines of a workbook (XLSX): numbers as numbers, days as days, and texts that stay texts."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

BOLD = Font(bold=True)


def write_line(sheet: Worksheet, values: Iterable, *, bold: bool = False) -> None:
    """One more row of the sheet, also of a workbook that is only written."""
    cells = [as_cell(sheet, value) for value in values]
    for cell in cells if bold else ():
        cell.font = BOLD
    sheet.append(cells)


def as_cell(sheet: Worksheet, value) -> WriteOnlyCell:
    """Numbers and days as such; a text stays a text, whatever it begins with: nothing in the file is a formula."""
    if value is None or isinstance(value, int | Decimal | dt.date):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    cell.data_type = "s"
    return cell
