"""What is told about a load: per file what was done, and every wrong row, up to a limit, with the total count."""

from dataclasses import dataclass, field

from exchange.register.columns import BY_NAME, FILES

#: How many errors are told; all of them are counted.
TOLD = 1000


class RegisterUnreadable(Exception):
    """The register could not be read at all; the message is one for people and holds no value from it."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = str(message)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `row` is the row's number as a spreadsheet shows it; the header is row 1."""

    file: str
    row: int
    column: str
    code: str
    message: str


@dataclass
class FileReport:
    """What was (or would be) done with one file. Where anything in the register is wrong, nothing is done."""

    rows: int = 0
    created: int = 0
    updated: int = 0

    def as_dict(self) -> dict:
        unchanged = self.rows - self.created - self.updated
        return {"rows": self.rows, "created": self.created, "updated": self.updated, "unchanged": unchanged}


@dataclass
class LoadReport:
    """The outcome of a load. `stored` is whether its rows are in the database now."""

    dry_run: bool
    stored: bool = False
    files: dict[str, FileReport] = field(default_factory=dict)
    error_count: int = 0
    _faults: dict[str, list[Fault]] = field(default_factory=dict)

    def wrong(self, file_name: str, row: int, column: str, code: str, message) -> None:
        """Report one fault."""
        self.error_count += 1
        told = self._faults.setdefault(file_name, [])
        if len(told) < TOLD:
            told.append(Fault(file_name, row, column, code, str(message)))

    def untold(self, number: int) -> None:
        """Count faults beyond those told."""
        self.error_count += number

    @property
    def errors(self) -> list[Fault]:
        """The first faults, in the order of the files and rows."""
        order = {file.file_name: place for place, file in enumerate(FILES)}
        faults = [fault for told in self._faults.values() for fault in told]
        faults.sort(key=lambda fault: (order.get(fault.file, -1), fault.file, fault.row, fault.column, fault.code))
        return faults[:TOLD]

    @property
    def written(self) -> int:
        """How many rows are new or changed."""
        return sum(file.created + file.updated for file in self.files.values())

    def as_dict(self) -> dict:
        """The report as docs/register-format.md writes it in JSON."""
        return {
            "dry_run": self.dry_run,
            "stored": self.stored,
            "files": {name: report.as_dict() for name, report in self.files.items()},
            "error_count": self.error_count,
            "errors": [vars(fault) for fault in self.errors],
        }

    def file(self, name: str) -> FileReport:
        """The report of one file, begun if it is not there."""
        return self.files.setdefault(BY_NAME[name].file_name, FileReport())
