"""What the figures say to one question, as plain data in words: everything that tells figures reads this.

Page, charts, files and documents are made of statements and know neither figures nor database. So a report that was
frozen is told years later in its own words, by the code that tells the figures of today.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.disclosure.model import HIDDEN
from reporting.engine import Answer, Table, answer_all
from reporting.engine import Line as EngineLine
from reporting.figures.definition import TOTAL, Figure, MeasuredIn, Value
from reporting.figures.definition import Section as FigureSection
from reporting.periods import Period
from reporting.question import Question

#: The form that statements are stored in. Another form is another number, and reading still knows the old ones.
FORMAT = 1


#: The codes of a row and a column.
Crossing = tuple[str, str]


class StatementError(ValueError):
    """What was stored is no statement in a form that is known."""


@dataclass(frozen=True)
class StatedFigure:
    """The words of a figure.

    `section` is the part of the report it stands in. `measured_in` (a code of MeasuredIn, with its words) is what its
    values are a number of; `highlight` the column whose total stands among the key figures, empty for none;
    `compared` whether it is drawn beside earlier periods.
    """

    key: str
    label: str
    definition: str
    section: str
    section_label: str
    measured_in: str
    measured_in_label: str
    kolada: str = ""
    highlight: str = ""
    compared: bool = False


@dataclass(frozen=True)
class Side:
    """What the rows (or columns) of a table are told apart by."""

    key: str
    label: str


@dataclass(frozen=True)
class StatedLine:
    """A row or a column; `measured_in` where it has another measure than its figure."""

    code: str
    label: str
    definition: str = ""
    is_total: bool = False
    measured_in: str = ""


@dataclass(frozen=True)
class StatedTable:
    """One table: its words, its rows and columns (a side that is not there has the total alone), and a value for each
    crossing of their codes.

    `parts` has numerator and denominator of the shares that are shown; `note` says in words what the share among the
    key figures is one of; `nothing` is the value where there is nothing to count.
    """

    key: str
    label: str
    figure: StatedFigure
    row_side: Side | None
    column_side: Side | None
    rows: tuple[StatedLine, ...]
    columns: tuple[StatedLine, ...]
    values: Mapping[Crossing, Value]
    parts: Mapping[Crossing, tuple[int, int]]
    note: str = ""
    nothing: Value = 0

    def value(self, row: str = TOTAL.code, column: str = TOTAL.code) -> Value:
        """The value at a crossing; in a column that nobody stands in, that of nothing."""
        return self.values.get((row, column), self.nothing)

    def measured_in(self, column: str) -> str:
        """What the values of a column are a number of (a code of MeasuredIn)."""
        own = next((each.measured_in for each in self.columns if each.code == column), "")
        return own or self.figure.measured_in

    @property
    def hidden(self) -> list[Crossing]:
        """The crossings whose values are hidden."""
        return [crossing for crossing, value in self.values.items() if value == HIDDEN]

    @property
    def meanings(self) -> list[StatedLine]:
        """The rows and columns that need more words than their own."""
        return [each for each in (*self.rows, *self.columns) if each.definition]

    def as_dict(self) -> dict:
        """Codes to values, nested where the table has both rows and columns (the contract's JSON)."""
        if self.row_side is None:
            return {column.code: self.value(column=column.code) for column in self.columns}
        if all(column.is_total for column in self.columns):
            return {row.code: self.value(row.code) for row in self.rows}
        return {
            row.code: {column.code: self.value(row.code, column.code) for column in self.columns} for row in self.rows
        }


@dataclass(frozen=True)
class Statement:
    """What is told for one question: its tables by their keys, in the order in which they are read.

    The tables need not be those of the figures of today.
    """

    period: Period
    as_of: dt.date
    unit_code: str | None
    scope_label: str
    published: bool
    tables: Mapping[str, StatedTable]
    #: The job track that is asked about, on the live page; empty for all of them.
    track: str = ""

    @property
    def figures(self) -> list[StatedFigure]:
        """The figures told, each once."""
        return list({table.figure.key: table.figure for table in self.tables.values()}.values())

    @property
    def goes_on(self) -> bool:
        """Whether the period had not ended when the figures were known, so that they would still change."""
        return self.as_of < self.period.end

    @property
    def address(self) -> dict[str, str]:
        """The question as the parameters of an address."""
        unit = {"unit": self.unit_code} if self.unit_code else {}
        track = {"track": self.track} if self.track else {}
        return {"period": self.period.name, "as_of": self.as_of.isoformat(), **unit, **track}

    def with_table(self, table: StatedTable) -> "Statement":
        """The same with one more table."""
        return replace(self, tables={**self.tables, table.key: table})

    def as_stored(self) -> dict:
        """As JSON: what has an order is a list (a database does not keep the order of keys), decimals are texts."""
        return {
            "format": FORMAT,
            "period": {
                "name": self.period.name,
                "from": self.period.start.isoformat(),
                "to": self.period.end.isoformat(),
            },
            "as_of": self.as_of.isoformat(),
            "unit": self.unit_code,
            "scope": self.scope_label,
            "published": self.published,
            "figures": [asdict(figure) for figure in self.figures],
            "tables": [_table_as_stored(table) for table in self.tables.values()],
        }

    @classmethod
    def from_stored(cls, stored: dict) -> "Statement":
        """The statement that was stored. StatementError when its form is not known."""
        if stored.get("format") != FORMAT:
            raise StatementError(f"A statement of format {stored.get('format')!r} cannot be read.")
        period = stored["period"]
        figures = {each["key"]: StatedFigure(**each) for each in stored["figures"]}
        tables = [_table_from_stored(each, figures) for each in stored["tables"]]
        return cls(
            Period(period["name"], dt.date.fromisoformat(period["from"]), dt.date.fromisoformat(period["to"])),
            dt.date.fromisoformat(stored["as_of"]),
            stored["unit"],
            stored["scope"],
            stored["published"],
            {table.key: table for table in tables},
        )


def state(answer: Answer, *, published: bool = False) -> Statement:
    """The answer in words of the active language. `published`: it has been through disclosure control."""
    question = answer.question
    return Statement(
        question.period,
        question.as_of,
        question.unit.code if question.unit else None,
        question.scope_label,
        published,
        {key: _state_table(table) for key, table in answer.tables.items()},
        str(question.track.public_id) if question.track else "",
    )


def state_published(inside: Statement, shown: Answer) -> Statement:
    """What may be shown of a statement, in its own words: the tables and values of `shown`, its answer after
    disclosure control."""
    tables = {key: _with_values(inside.tables[key], table.values) for key, table in shown.tables.items()}
    return replace(inside, published=True, tables=tables)


def _with_values(table: StatedTable, values: Mapping[Crossing, Value]) -> StatedTable:
    parts = {crossing: of for crossing, of in table.parts.items() if values[crossing] != HIDDEN}
    note = table.note if (TOTAL.code, table.figure.highlight) in parts else ""
    return replace(table, values=dict(values), parts=parts, note=note)


def state_with_earlier(question: Question) -> list[Statement]:
    """The figures of a question, then those it is compared with: the period before and the same one last year."""
    return [state(each) for each in answer_all(question.compared)]


def _state_table(table: Table) -> StatedTable:
    row_side, column_side = (side and Side(side.key, str(side.label)) for side in table.breakdown.sides)
    # What a hidden share is computed from must not be told beside it.
    shares = {
        crossing: parts
        for crossing, parts in table.parts.items()
        if len(parts) == len(("numerator", "denominator")) and table.values[crossing] != HIDDEN
    }
    return StatedTable(
        table.key,
        str(table.breakdown.label),
        _state_figure(table.figure),
        row_side,
        column_side,
        tuple(map(_state_line, table.rows)),
        tuple(map(_state_line, table.columns)),
        dict(table.values),
        shares,
        _note(table, shares),
        table.nothing,
    )


def _state_figure(figure: Figure) -> StatedFigure:
    return StatedFigure(
        figure.key,
        str(figure.label),
        str(figure.definition),
        str(figure.section.value),
        str(FigureSection(figure.section).label),
        str(figure.measured_in.value),
        str(MeasuredIn(figure.measured_in).label),
        figure.kolada,
        figure.highlight,
        figure.compared,
    )


def _state_line(line: EngineLine) -> StatedLine:
    measured_in = getattr(line, "measured_in", None)
    return StatedLine(
        line.code, str(line.label), str(line.definition), line is TOTAL, measured_in.value if measured_in else ""
    )


def _note(table: Table, shares: Mapping[Crossing, tuple[int, int]]) -> str:
    parts = shares.get((TOTAL.code, table.figure.highlight))
    if parts is None:
        return ""
    return _("%(part)s of %(whole)s") % {
        "part": parts[0],
        "whole": table.figure.source.listing.counted % {"count": parts[1]},
    }


def _table_as_stored(table: StatedTable) -> dict:
    return {
        "key": table.key,
        "label": table.label,
        "figure": table.figure.key,
        "row_side": table.row_side and asdict(table.row_side),
        "column_side": table.column_side and asdict(table.column_side),
        "rows": [asdict(row) for row in table.rows],
        "columns": [asdict(column) for column in table.columns],
        "values": [
            [value_as_stored(table.value(row.code, column.code)) for column in table.columns] for row in table.rows
        ],
        "parts": [[*crossing, *parts] for crossing, parts in table.parts.items()],
        "note": table.note,
        "nothing": value_as_stored(table.nothing),
    }


def _table_from_stored(stored: dict, figures: Mapping[str, StatedFigure]) -> StatedTable:
    row_side, column_side = (stored[name] and Side(**stored[name]) for name in ("row_side", "column_side"))
    rows, columns = (tuple(StatedLine(**each) for each in stored[name]) for name in ("rows", "columns"))
    values: dict[Crossing, Value] = {
        (row.code, column.code): value_from_stored(value)
        for row, of_row in zip(rows, stored["values"], strict=True)
        for column, value in zip(columns, of_row, strict=True)
    }
    parts = {(row, column): (part, whole) for row, column, part, whole in stored["parts"]}
    return StatedTable(
        stored["key"],
        stored["label"],
        figures[stored["figure"]],
        row_side,
        column_side,
        rows,
        columns,
        values,
        parts,
        stored["note"],
        value_from_stored(stored["nothing"]),
    )


def value_as_stored(value: Value) -> int | str | None:
    """A value as JSON keeps it exactly: a decimal is a text."""
    return str(value) if isinstance(value, Decimal) else value


def value_from_stored(stored: int | str | None) -> Value:
    """The value that was stored."""
    return Decimal(stored) if isinstance(stored, str) and stored != HIDDEN else stored
