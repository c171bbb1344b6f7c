"""The sheet of answers as files, in the order of the ids."""

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment

from delivery.sheets.delimited import delimited
from delivery.sheets.workbook import BOLD, write_line
from reporting.kolada.indicators import ALL, MEN, WOMEN, Measured
from reporting.kolada.sheet import Row, Sheet
from reporting.telling.formats import plain_number

WRAPPED = Alignment(wrap_text=True, vertical="top")
WIDTHS = {"A": 10, "B": 74, "C": 12, "D": 12, "E": 12, "F": 22, "G": 44}
NUMBER_FORMATS = {Measured.PERCENT: "0.0", Measured.FULL_TIME: "0.000"}
NUMBERS = range(3, 6)


def internal_note() -> str:
    return _("Small numbers are shown as they are: the answer goes to the survey, not to the public.")


def as_csv(sheet: Sheet) -> str:
    """One line for each answer, with byte-order mark, semicolons and decimal comma; empty where nothing is asked for,
    or nothing is answered."""
    lines = (
        [plain_number(each) if at in (2, 3, 4) else each for at, each in enumerate(_line(row))] for row in sheet.by_id
    )
    return delimited(_headings(), lines)


def as_xlsx(sheet: Sheet, *, municipality: str) -> bytes:
    """A workbook: the answers with numbers as numbers, and what is to be known about them."""
    workbook = Workbook()
    page = workbook.active
    page.title = _("Answers")
    write_line(page, _headings(), bold=True)
    for row in sheet.by_id:
        write_line(page, _line(row))
        for column in NUMBERS:
            page.cell(page.max_row, column).number_format = NUMBER_FORMATS.get(row.indicator.measured_in, "0")
    for column in ("B", "G"):
        for cell in page[column]:
            cell.alignment = WRAPPED
    page.freeze_panes = "C2"
    notes = workbook.create_sheet(_("Notes"))
    for line in (
        (_("Municipality"), municipality),
        (_("Year"), sheet.year),
        (_("As known on"), sheet.question.as_of),
        (_("Missing answers"), sheet.missing),
        ("", internal_note()),
        *(("", note) for note in sheet.notes),
    ):
        write_line(notes, line)
        notes.cell(notes.max_row, 1).font = BOLD
        notes.cell(notes.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
    for name, width in WIDTHS.items():
        page.column_dimensions[name].width = width
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 24, 90
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _headings() -> list[str]:
    return [_("Id"), _("Indicator"), _("Women"), _("Men"), _("Total"), _("Unit of measure"), _("Source")]


def _line(row: Row) -> list:
    indicator = row.indicator
    numbers = (row.value(gender) for gender in (WOMEN, MEN, ALL))
    return [indicator.id, indicator.name, *numbers, str(indicator.measured_in.label), row.told_source]
