"""From files to rows of text: a folder of CSV files or an XLSX workbook, whatever somebody may send.

Memory is bounded: no line, row, cell or unpacked workbook is read further than a limit. What cannot be read raises
`RegisterUnreadable` (the register as a whole) or `Unreadable` (one file, from a row on), with a message for people.
"""

import csv
import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from exchange.register.columns import BY_NAME, FILES, File
from exchange.register.report import RegisterUnreadable

#: Characters of one row, with all its line breaks. (A cell is bounded by the csv module, at 131,072.)
ROW_LIMIT = 1_000_000
#: What a workbook may unpack to, and how many times its packed size (ordinary sheets reach some 30).
WORKBOOK_BYTES = 250_000_000
WORKBOOK_RATIO = 150
WORKBOOK_RATIO_FROM = 20_000_000
WORKBOOK_PARTS = 2_000
#: A spreadsheet has no more rows.
SHEET_ROWS = 1_048_576

#: Stand in a row for a cell whose value cannot be trusted; no text from a file is the same object.
FORMULA = "\ufdd0formula"
CELL_ERROR = "\ufdd0error"


class Unreadable(Exception):
    """A file cannot be read from `row` on."""

    def __init__(self, row: int, code: str, message: str):
        super().__init__(message)
        self.row, self.code, self.message = row, code, message


@dataclass(frozen=True)
class Unknown:
    """A file or sheet whose name is not one of the register's."""

    file_name: str
    message: str


class CsvSource:
    """One CSV file."""

    def __init__(self, file: File, path: Path):
        self.file = file
        self._path = path
        self.size = path.stat().st_size
        self.read = 0  # bytes, for the progress

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows from the header on, with their numbers; a line break inside quotation marks makes no new row."""
        # Bytes that are not UTF-8 come through as lone surrogates, so that the fault can be told by its row.
        with self._path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            lines = _Lines(text)
            number = 0
            try:
                lines.first = next(lines, None)
                if lines.first is None:
                    raise Unreadable(1, "missing", _("The file is empty: it has not even a row with column names."))
                delimiter = ";" if ";" in lines.first else ","
                for cells in csv.reader(lines, delimiter=delimiter, strict=True):
                    number += 1
                    lines.used = 0
                    yield number, cells
                    if not number % 4096:
                        self.read = text.buffer.tell()
            except _TooLong:
                raise Unreadable(number + 1, "too_long", _("The row is too long to be read.")) from None
            except _NotUtf8:
                message = _("The file is not UTF-8. Save it as CSV UTF-8 and try again.")
                raise Unreadable(number + 1, "control_character", message) from None
            except csv.Error as error:
                if "field limit" in str(error):
                    raise Unreadable(number + 1, "too_long", _("A cell is too long to be read.")) from None
                message = _("The quotation marks do not agree, so it is not certain where the cell ends.")
                raise Unreadable(number + 1, "control_character", message) from None


class _TooLong(Exception):
    """A line is longer than any row of a register."""


class _NotUtf8(Exception):
    """The bytes of a line are no UTF-8."""


class _Lines:
    """The lines of a text, none longer than a row may be. `used` counts the characters since it was last set to 0."""

    def __init__(self, text):
        self._text = text
        self.first = None
        self.used = 0

    def __iter__(self):
        return self

    def __next__(self) -> str:
        if self.first is not None:
            line, self.first = self.first, None
            return line
        line = self._text.readline(ROW_LIMIT)
        if not line:
            raise StopIteration
        self.used += len(line)
        if self.used >= ROW_LIMIT:
            raise _TooLong
        if not line.isascii():
            try:
                line.encode()
            except UnicodeEncodeError:
                raise _NotUtf8 from None
        return line


class SheetSource:
    """One sheet of a workbook."""

    size = 0
    read = 0

    def __init__(self, file: File, sheet):
        self.file = file
        self._sheet = sheet

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows from the header on, with their numbers, as a CSV file would have them."""
        self._sheet.reset_dimensions()  # what the sheet says of its own size may be wrong
        width, number = None, 0
        # The workbook's parts are read as they come: damage shows anywhere in here, as anything.
        try:
            for number, cells in enumerate(self._sheet.iter_rows(), 1):
                if number > SHEET_ROWS:
                    raise Unreadable(number, "too_long", _("The sheet has more rows than a spreadsheet can have."))
                row = [_written(cell) for cell in cells]
                while row and not row[-1]:
                    row.pop()
                if width is None:
                    width = len(row)
                elif row and len(row) < width:
                    row += [""] * (width - len(row))
                yield number, row
        except Unreadable:
            raise
        except Exception:
            raise Unreadable(number + 1, "control_character", _("The workbook is damaged.")) from None
        if number == 0:
            raise Unreadable(1, "missing", _("The sheet is empty: it has not even a row with column names."))


def _written(cell) -> str:
    """The cell as a CSV file would write it."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return CELL_ERROR
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def register_open(path: Path) -> tuple[list, list[Unknown]]:
    """The register's files in the order in which they are loaded, and what is there but not known.

    `path` is a folder of CSV files or a workbook. Raises RegisterUnreadable when there is nothing to read.
    """
    try:
        if path.is_dir():
            sources, unknown = _folder(path)
        elif path.is_file():
            sources, unknown = _workbook(path)
        else:
            raise RegisterUnreadable(_("There is no folder or file with this name."))
    except OSError as error:
        raise RegisterUnreadable(
            _("The register could not be opened: %(reason)s.") % {"reason": error.strerror or type(error).__name__}
        ) from None
    if not sources:
        raise RegisterUnreadable(
            _("Nothing in it is a file of the register. The files are called %(names)s.")
            % {"names": ", ".join(file.file_name for file in FILES)}
        )
    order = [file.name for file in FILES]
    sources.sort(key=lambda source: order.index(source.file.name))
    return sources, unknown


def _folder(folder: Path) -> tuple[list, list[Unknown]]:
    sources, unknown = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or path.name.startswith("."):
            continue
        file = BY_NAME.get(path.stem) if path.suffix == ".csv" else None
        if file is None:
            unknown.append(Unknown(path.name, _("No file of the register has this name.")))
        elif not path.is_file():
            unknown.append(Unknown(path.name, _("This is no ordinary file.")))
        else:
            with path.open("rb"):  # whether it may be read is told before anything is begun
                sources.append(CsvSource(file, path))
    return sources, unknown


def _workbook(path: Path) -> tuple[list, list[Unknown]]:
    import openpyxl  # heavy, and only needed here

    _refuse_bomb(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations that a register does not use
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
            sheets = {name: book[name] for name in book.sheetnames}
    except Exception:
        # A damaged workbook can fail as anything; what it was would only tell about the library.
        raise RegisterUnreadable(_("The file is no XLSX workbook, or it is damaged.")) from None
    sources, unknown, taken = [], [], set()
    for name, sheet in sheets.items():
        file = BY_NAME.get(name.removesuffix(".csv"))
        if file is None or not hasattr(sheet, "reset_dimensions"):
            unknown.append(Unknown(name, _("No sheet of the register has this name.")))
        elif file.name in taken:
            unknown.append(Unknown(name, _("The workbook has two sheets for the same file.")))
        else:
            taken.add(file.name)
            sources.append(SheetSource(file, sheet))
    return sources, unknown


def _refuse_bomb(path: Path) -> None:
    """Refuse an archive that unpacks to more than any register: what it says of its sizes is never exceeded later,
    because Python's zipfile stops reading at the size that the directory tells."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError):
        raise RegisterUnreadable(_("The file is no XLSX workbook, or it is damaged.")) from None
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    if (
        len(parts) > WORKBOOK_PARTS
        or unpacked > WORKBOOK_BYTES
        or (unpacked > WORKBOOK_RATIO_FROM and unpacked / packed > WORKBOOK_RATIO)
    ):
        raise RegisterUnreadable(_("The workbook unpacks to more than a register can be. Use CSV files instead."))
