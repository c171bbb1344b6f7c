"""What a frozen report says, as plain data: written once, read by everything that tells the report.

Page, PDF, workbook, CSV and JSON of a frozen report are made of this and of nothing else, so what is registered,
renamed or defined anew later does not reach them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reporting.engine import Answer, Table
from reporting.figures import find_table
from reporting.figures.definition import TOTAL, Breakdown, Category, Figure, Measured
from reporting.question import Question
from reporting.statement import Crossing, StatedLine, StatedTable, Statement

#: The form that reports are stored in. Another form is another number, and reading still knows the old ones.
FORMAT = 1

#: The section that stands first in every report and has no tables of its own.
SUMMARY = "summary"

#: For each table, how many things lie behind each value. For disclosure control; no file and no page tells it.
Behind = Mapping[str, Mapping[Crossing, tuple[int, ...]]]


class FrozenError(ValueError):
    """What was stored is no report in a form that is known."""


@dataclass(frozen=True)
class Gap:
    """Something that was missing when the report was frozen, and in how many cases."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Frozen:
    """A report to the last word.

    `statements` are the figures of the period, then those it is compared with; `units` those of each unit for the
    same period, where the report has them. `sections` are the parts that are told, `comments` what is written under
    them (and under SUMMARY). `settings` are the municipality's values that the figures and their publication follow,
    by key. `replaces` is the number of the report that this version replaces, `reason` why.
    """

    municipality: str
    kind: str
    kind_label: str
    title: str
    case_number: str
    version: int
    replaces: str
    reason: str
    sections: tuple[str, ...]
    comments: Mapping[str, str]
    statements: tuple[Statement, ...]
    units: tuple[Statement, ...]
    gaps: tuple[Gap, ...]
    settings: Mapping[str, object]
    frozen_at: str
    frozen_by: str
    published: bool = False
    behind: Mapping[str, Behind] = field(default_factory=dict)

    @property
    def now(self) -> Statement:
        """The figures of the period."""
        return self.statements[0]

    @property
    def told(self) -> list[Statement]:
        """The figures of the sections that the report has: of the period, then of those it is compared with."""
        return [self.of_sections(each) for each in self.statements]

    @property
    def told_units(self) -> list[Statement]:
        """The figures of the sections that the report has, of each unit."""
        return [self.of_sections(each) for each in self.units]

    def of_sections(self, statement: Statement) -> Statement:
        """The statement's tables that stand in the report's sections."""
        tables = {key: table for key, table in statement.tables.items() if table.figure.section in self.sections}
        return replace(statement, tables=tables)

    def comment(self, section: str) -> str:
        """What is written under a section; empty where nothing is."""
        return self.comments.get(section, "")

    @property
    def sha256(self) -> str:
        """The fingerprint of all that is stored."""
        written = json.dumps(self.as_stored(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()

    def as_stored(self) -> dict:
        """As JSON."""
        plain = (
            "municipality",
            "kind",
            "kind_label",
            "title",
            "case_number",
            "version",
            "replaces",
            "reason",
            "frozen_at",
            "frozen_by",
            "published",
        )
        return {
            "format": FORMAT,
            **{name: getattr(self, name) for name in plain},
            "sections": list(self.sections),
            "comments": dict(self.comments),
            "statements": [each.as_stored() for each in self.statements],
            "units": [each.as_stored() for each in self.units],
            "gaps": [[each.key, each.label, each.count] for each in self.gaps],
            "settings": dict(self.settings),
            "behind": {
                unit: {
                    table: [[*crossing, *parts] for crossing, parts in crossings.items()]
                    for table, crossings in tables.items()
                }
                for unit, tables in self.behind.items()
            },
        }

    @classmethod
    def from_stored(cls, stored: dict) -> "Frozen":
        """The report that was stored. FrozenError when its form is not known."""
        if stored.get("format") != FORMAT:
            raise FrozenError(f"A report of format {stored.get('format')!r} cannot be read.")
        made = {name: value for name, value in stored.items() if name != "format"}
        made["sections"] = tuple(stored["sections"])
        made["statements"] = tuple(map(Statement.from_stored, stored["statements"]))
        made["units"] = tuple(map(Statement.from_stored, stored["units"]))
        made["gaps"] = tuple(Gap(*each) for each in stored["gaps"])
        made["behind"] = {
            unit: {
                table: {(row, column): tuple(parts) for row, column, *parts in crossings}
                for table, crossings in tables.items()
            }
            for unit, tables in stored["behind"].items()
        }
        return cls(**made)


def behind(answer: Answer) -> Behind:
    """How many things lie behind each value of an answer that is no count itself."""
    return {
        key: {crossing: parts for crossing, parts in table.parts.items() if parts}
        for key, table in answer.tables.items()
        if any(table.parts.values())
    }


def answer_of(frozen: Frozen, statement: Statement, question: Question) -> Answer:
    """The frozen figures as the engine's answer to `question`, for disclosure control: values and the numbers behind
    them as they were stored, under the definitions of today. Tables that are no figure's are left out."""
    parts = frozen.behind.get(statement.unit_code or "", {})
    found = {key: find_table(key) for key in statement.tables}
    return Answer(
        question,
        {
            key: _table(*found[key], statement.tables[key], parts.get(key, {}))
            for key in statement.tables
            if found[key] is not None
        },
    )


def _table(
    figure: Figure, breakdown: Breakdown, stated: StatedTable, parts: Mapping[Crossing, tuple[int, ...]]
) -> Table:
    measured = {each.code: each for each in breakdown.measured}

    def line(stated_line: StatedLine) -> Category | Measured:
        if stated_line.is_total:
            return TOTAL
        return measured.get(stated_line.code) or Category(
            stated_line.code, stated_line.label, definition=stated_line.definition
        )

    rows, columns = (tuple(map(line, side)) for side in (stated.rows, stated.columns))
    behind = {(row.code, column.code): parts.get((row.code, column.code), ()) for row in rows for column in columns}
    return Table(figure, breakdown, rows, columns, dict(stated.values), behind, stated.nothing)
