"""The answer as the page shows it: key figures with their change, tables whose numbers open lists, charts."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from reporting.charts import Chart, compared_bars, stacked_bars
from reporting.engine import Answer, Table
from reporting.figures.definition import TOTAL, MeasuredIn, Section, Value
from reporting.formats import Block, Place, blocks, plain_number, told

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Cell:
    """A number as it is written, and the address of the list behind it (none behind zero)."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Change:
    """How much a key figure differs from an earlier period's."""

    text: str
    period: str
    earlier: str


@dataclass(frozen=True)
class KeyFigure:
    """A figure's total, what it means, and its change."""

    label: str
    definition: str
    cell: Cell
    note: str
    changes: list[Change]


@dataclass(frozen=True)
class PageLine:
    """One row of a table on the page."""

    label: str
    cells: list[Cell]
    is_total: bool


@dataclass(frozen=True)
class PageBlock:
    """One table on the page, perhaps of several figures, with its chart and the meaning of its rows and columns."""

    key: str
    title: str
    headings: list[str]
    lines: list[PageLine]
    meanings: list[tuple[str, str]]
    chart: Chart | None

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for another beside it: numbers in one column, nothing drawn."""
        return len(self.headings) == 1 and self.chart is None


@dataclass(frozen=True)
class PageSection:
    """A part of the page, such as everything about placements."""

    key: str
    title: str
    blocks: list[PageBlock]


def is_empty(answer: Answer) -> bool:
    """Whether there is nothing to count."""
    return not any(value for table in answer.tables.values() for value in table.values.values())


def key_figures(answer: Answer, earlier: list[Answer]) -> list[KeyFigure]:
    """The figures that are told first, each set against the `earlier` answers."""
    return [
        KeyFigure(
            str(table.figure.label),
            str(table.figure.definition),
            replace(_cell(answer, place), text=told(place.value, table.measured_in(place.column))),
            _note(table),
            [_change(table, before) for before in earlier],
        )
        for table in answer.tables.values()
        for place in [Place(table, TOTAL.code, table.figure.highlight)]
        if table.figure.highlight and table.key == table.figure.key
    ]


def sections(answer: Answer, earlier: list[Answer]) -> list[PageSection]:
    """The tables of the page, part by part, and beside them what they look like.

    The comparison with earlier periods stands by the first table.
    """
    compared = _comparison([*reversed(earlier), answer])
    shown = {section: PageSection(section.value, str(section.label), []) for section in Section}
    for number, block in enumerate(blocks(answer)):
        chart = compared if number == 0 else stacked_bars(block.tables[0])
        shown[block.section].blocks.append(_page_block(answer, block, chart))
    return [section for section in shown.values() if section.blocks]


def _page_block(answer: Answer, block: Block, chart: Chart | None) -> PageBlock:
    lines = [
        PageLine(line.label, [_cell(answer, place) for place in line.places], line.is_total) for line in block.lines
    ]
    meanings = [(str(each.label), str(each.definition)) for each in block.tables[0].breakdown.meanings]
    return PageBlock(block.key, block.title, block.headings, lines, meanings, chart)


def _comparison(answers: list[Answer]) -> Chart | None:
    """The figures that are compared, drawn for the period of each answer."""
    of_period = {
        each.question.period.short_label: [
            table for table in each.tables.values() if table.figure.compared and table.key == table.figure.key
        ]
        for each in answers
    }
    return compared_bars(of_period, _("Compared with earlier periods"))


def _cell(answer: Answer, place: Place) -> Cell:
    address = list_address(answer, place.table.key, place.row, place.column) if place.value else ""
    return Cell(place.text, address)


def list_address(answer: Answer, table: str, row: str, column: str) -> str:
    """Where the list behind a value is: the same question, and the value's place in its table."""
    query = answer.question.address | {"row": row, "column": column}
    return f"{reverse('reporting:list', args=[table])}?{urlencode(query)}"


def _note(table: Table) -> str:
    """Of what a share is one."""
    parts = table.parts[TOTAL.code, table.figure.highlight]
    if len(parts) != len(("numerator", "denominator")):
        return ""
    return _("%(part)s of %(whole)s") % {
        "part": parts[0],
        "whole": table.figure.source.listing.counted % {"count": parts[1]},
    }


def _change(table: Table, before: Answer) -> Change:
    column = table.figure.highlight
    value, earlier = table.value(column=column), before.value(table.key, column=column)
    measured_in = table.measured_in(column)
    return Change(
        _difference(value, earlier, measured_in),
        before.question.period.short_label,
        told(earlier, measured_in),
    )


def _difference(value: Value, earlier: Value, measured_in: str) -> str:
    if value is None or earlier is None:
        return _("Nothing to compare with")
    difference = value - earlier
    if not difference:
        return _("Unchanged")
    sign = "+" if difference > 0 else MINUS
    if measured_in == MeasuredIn.PERCENT:
        return _("%(number)s percentage points") % {"number": f"{sign}{plain_number(abs(difference))}"}
    return f"{sign}{told(abs(difference), measured_in)}"
