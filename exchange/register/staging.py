"""Each cell judged on its own, and what is right copied to a temporary table of the file.

A wrong cell is reported and staged as nothing, its column noted in `bad`, so that the row's other faults, and those
of the rows that refer to it, are still found.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from exchange.register.columns import Column, File, Kind
from exchange.register.reading import CELL_ERROR, FORMULA, Unreadable
from exchange.register.report import LoadReport
from participants.identity import IdentityNumberError, identity_number_parse

NULL = "\\N"
BATCH = 2000
#: Characters that steer how a text is shown rather than being part of it: what follows could be read as another.
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0\ud800-\udfff]")
STEERING_IN_LONG_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0\ud800-\udfff]")
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
#: Stands for a cell that was reported already; no text from a file can be this.
TOLD = "\ufdd0told"
NUMBER = re.compile(r"\d+([.,]\d+)?|[.,]\d+", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}")


class Wrong(Exception):
    """A cell that cannot be right, with one of the contract's codes."""

    def __init__(self, code: str, message):
        super().__init__(code)
        self.code, self.message = code, message


def stage(source, *, cursor, report: LoadReport, today: dt.date, said: Callable[[], None]) -> set[str] | None:
    """Copy one file to its staging table `stage_<name>`.

    Returns the columns the file has; None if the file could not be read to its end, so that nothing can be said
    about rows that refer to it. `said` is called now and then.
    """
    file = source.file
    rows = source.rows()
    _create(file, cursor)
    _create(file, cursor)
    try:
        columns = _header(file, rows, report)
    except Unreadable as fault:
        _report_unreadable(file, fault, report)
        return None
    if columns is None or not _copy(file, columns, rows, cursor, report, today, said):
        return None
    _drop_duplicates(file, cursor, report)
    cursor.execute(f"ANALYZE stage_{file.name}")
    return {column.name for column in columns}


def stage_nothing(file: File, cursor) -> None:
    """An empty staging table for a file that is not there."""
    _create(file, cursor)


def _create(file: File, cursor) -> None:
    columns = ", ".join(f'"{column.name}" {column.staged_type}' for column in file.columns)
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.stage_{file.name}")
    cursor.execute(f"CREATE TEMP TABLE stage_{file.name} (nr integer, bad text[], {columns}) ON COMMIT DROP")


def _header(file: File, rows: Iterator, report: LoadReport) -> list[Column] | None:
    """The columns in the order of the header row; None when it is wrong."""
    first = next(rows, None)
    names = [name.strip() for name in first[1]] if first else []
    known = {column.name: column for column in file.columns}
    before = report.error_count
    # Only a row with the key's name is surely a row of names; otherwise it may be a person's data.
    is_header = set(file.key) <= set(names)
    for place, name in enumerate(names, 1):
        if name not in known:
            told = name[:64] if is_header and name.isprintable() else ""
            message = _("Column %(place)s is none of this file's columns.") % {"place": place}
            report.wrong(file.file_name, 1, told, "unknown_column", message)
        elif name in names[: place - 1]:
            report.wrong(file.file_name, 1, name, "duplicate_column", _("The column is there twice."))
    for name in file.key:
        if name not in names:
            report.wrong(file.file_name, 1, name, "missing", _("The file cannot be read without this column."))
    return None if report.error_count > before else [known[name] for name in names]


def _copy(file: File, columns: list[Column], rows, cursor, report: LoadReport, today, said) -> bool:
    """Check and copy the rows; False if they could not be read to the end."""
    names = ", ".join(f'"{column.name}"' for column in columns)
    with cursor.copy(f"COPY stage_{file.name} (nr, bad, {names}) FROM STDIN") as copy:
        # Told inside the block: an exception through it would end the transaction.
        try:
            for batch in _batches(file, columns, rows, report, today):
                copy.write("".join(batch))
                said()
        except Unreadable as fault:
            _report_unreadable(file, fault, report)
            return False
    return True


def _batches(file: File, columns: list[Column], rows, report: LoadReport, today) -> Iterator[list[str]]:
    """The rows in COPY's spelling, some thousand at a time."""
    checks = [_check(column, today) for column in columns]
    key_places = [place for place, column in enumerate(columns) if column.name in file.key]
    told = report.file(file.name)
    batch = []
    for number, cells in rows:
        if not any(cells):
            continue  # an empty row is no row
        told.rows += 1
        if len(cells) != len(columns):
            _report_ragged(file, number, len(cells), len(columns), report)
            continue
        if not "".join(cells).isprintable():
            cells = _cleaned(file, columns, number, cells, report)
        staged, bad = [], []
        for place, cell in enumerate(cells):
            try:
                staged.append(checks[place](cell))
            except Wrong as fault:
                if fault.code:  # else it has been told
                    report.wrong(file.file_name, number, columns[place].name, fault.code, fault.message)
                bad.append(columns[place].name)
                staged.append(NULL)
        if bad and any(staged[place] == NULL for place in key_places):
            continue
        batch.append(f"{number}\t{'{' + ','.join(bad) + '}' if bad else NULL}\t" + "\t".join(staged) + "\n")
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


def _report_unreadable(file: File, fault: Unreadable, report: LoadReport) -> None:
    report.wrong(file.file_name, fault.row, "", fault.code, fault.message)


def _report_ragged(file: File, number: int, cells: int, columns: int, report: LoadReport) -> None:
    message = _("The row has %(cells)s cells, but there are %(columns)s columns.")
    code = "unknown_column" if cells > columns else "missing"
    report.wrong(file.file_name, number, "", code, message % {"cells": cells, "columns": columns})


def _cleaned(file: File, columns: list[Column], number: int, cells: list[str], report: LoadReport) -> list[str]:
    """The row with its bad characters reported; line breaks of long texts in one spelling."""
    cleaned = []
    for column, cell in zip(columns, cells, strict=True):
        if cell is FORMULA:
            report.wrong(file.file_name, number, column.name, "condition", _("A formula: the register takes values."))
            cell = TOLD
        elif cell is CELL_ERROR:
            report.wrong(file.file_name, number, column.name, "condition", _("The spreadsheet shows an error here."))
            cell = TOLD
        elif column.kind is Kind.LONG_TEXT:
            cell = cell.replace("\r\n", "\n").replace("\r", "\n")
            if STEERING_IN_LONG_TEXT.search(cell):
                cell = _report_character(file, number, column, report)
        elif STEERING.search(cell):
            cell = _report_character(file, number, column, report)
        cleaned.append(cell)
    return cleaned


def _report_character(file: File, number: int, column: Column, report: LoadReport) -> str:
    message = _("There is a control character that does not belong in the text.")
    report.wrong(file.file_name, number, column.name, "control_character", message)
    return TOLD


def _check(column: Column, today: dt.date) -> Callable[[str], str]:
    """A function from the cell's text to its staged text in COPY's spelling; it raises Wrong."""
    read = _reader(column, today)
    empty = NULL if column.staged_type != "text" else column.empty
    required = column.required

    def check(cell: str) -> str:
        cell = cell.strip()
        if not cell:
            if required:
                raise Wrong("missing", _("A value is needed here."))
            return empty
        if cell == TOLD:
            raise Wrong("", "")
        return read(cell)

    return check


def _reader(column: Column, today: dt.date) -> Callable[[str], str]:
    match column.kind:
        case Kind.CODE:
            return _code_reader(column)
        case Kind.LANGUAGE:
            return _language
        case Kind.DATE:
            return _date_reader()
        case Kind.GRADE:
            return _grade
        case Kind.VERSION:
            return _version
        case Kind.IDENTITY_NUMBER:
            return _identity_number_reader(today)
        case _:
            return _text_reader(column)


def _text_reader(column: Column) -> Callable[[str], str]:
    longest = column.longest

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise Wrong("too_long", _("At most %(longest)s characters.") % {"longest": longest})
        return cell.translate(ESCAPED) if "\\" in cell or "\n" in cell or "\t" in cell else cell

    return read


def _code_reader(column: Column) -> Callable[[str], str]:
    codes = {code: code for code in column.codes}

    def read(cell: str) -> str:
        try:
            return codes[cell]
        except KeyError:
            raise Wrong("bad_code", _("Not one of %(codes)s.") % {"codes": ", ".join(codes)}) from None

    return read


def _language(cell: str) -> str:
    if not LANGUAGE.fullmatch(cell):
        raise Wrong("bad_code", _("A language is written with its code in ISO 639: two or three small letters."))
    return cell


def _date_reader() -> Callable[[str], str]:
    seen: dict[str, str] = {}  # a register has few different days; there are at most as many as days in the calendar

    def read(cell: str) -> str:
        if cell in seen:
            return seen[cell]
        try:
            if len(cell) != 10 or cell[4] != "-" or cell[7] != "-":
                raise ValueError
            seen[cell] = dt.date.fromisoformat(cell).isoformat()
        except ValueError:
            raise Wrong("bad_date", _("A date is written YYYY-MM-DD and must be in the calendar.")) from None
        return seen[cell]

    return read


def _grade(cell: str) -> str:
    message = _("A part of full time is a number from 0.01 to 1.")
    if len(cell) > 30 or not NUMBER.fullmatch(cell):
        raise Wrong("bad_number", message)
    # As many decimals as the database keeps; a spreadsheet may write 0.7500000000000001.
    grade = Decimal(cell.replace(",", ".")).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    if not Decimal("0.01") <= grade <= 1:
        raise Wrong("bad_number", message)
    return str(grade)


def _version(cell: str) -> str:
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 6 and 1 <= int(cell) <= 32767):
        raise Wrong("bad_number", _("A version is a whole number from 1."))
    return str(int(cell))


def _identity_number_reader(today: dt.date) -> Callable[[str], str]:
    def read(cell: str) -> str:
        try:
            return identity_number_parse(cell, today=today).number
        except IdentityNumberError as error:
            raise Wrong(error.code, error.message) from None

    return read


def _drop_duplicates(file: File, cursor, report: LoadReport) -> None:
    """Report rows whose key an earlier row has, and take them away, so that a key means one row from here on."""
    key = ", ".join(f'"{name}"' for name in file.key)
    cursor.execute(
        f"""
        DELETE FROM stage_{file.name} s USING (
            SELECT ctid, row_number() OVER (PARTITION BY {key} ORDER BY nr) AS place FROM stage_{file.name}
        ) d WHERE s.ctid = d.ctid AND d.place > 1 RETURNING s.nr
        """
    )
    for (number,) in cursor.fetchall():
        message = _("The same key stands in an earlier row.")
        report.wrong(file.file_name, number, file.key[0], "duplicate_key", message)
