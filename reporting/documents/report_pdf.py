"""A frozen report on paper: cover, summary on one page, sections with comments, tables and charts, definitions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from delivery.documents.pdf import render_pdf
from reporting.documents.bars import chart_style
from reporting.documents.report_facts import frozen_moment, section_label
from reporting.frozen import SUMMARY, Frozen, Gap
from reporting.telling.by_unit import blocks_by_unit
from reporting.telling.charts import Chart
from reporting.telling.comments import Part, paragraphs
from reporting.telling.presentation import Definition, KeyFigure, PageBlock, present

FOLDER = Path(__file__).parent
STYLE = FOLDER / "report.css"
#: The most rows of a table that is kept on one page.
WHOLE = 24
#: The most rows of two tables that stand beside each other.
LOW = 14
#: The tallest chart that stands beside a table, in the units of its view box.
TALLEST = 1200


@dataclass(frozen=True)
class Laid:
    """A table and how it stands: what its rows are called, and the chart that fits beside or below it."""

    block: PageBlock
    rows_are: str
    chart: Chart | None
    is_of_units: bool = False

    @property
    def may_break(self) -> bool:
        return len(self.block.lines) > WHOLE

    @property
    def is_wide(self) -> bool:
        """Whether it needs the whole width, with the chart below it."""
        return len(self.block.headings) > 4


@dataclass(frozen=True)
class Strip:
    """What stands beside each other: one table, with its chart, or two narrow ones."""

    tables: list[Laid]


@dataclass(frozen=True)
class Chapter:
    """A section on paper: its comment, then its tables."""

    key: str
    title: str
    comment: list[Part]
    strips: list[Strip]


@dataclass(frozen=True)
class Shown:
    """All that the template says of a report, beside the report itself."""

    summary: list[Part]
    key_figures: list[KeyFigure]
    chapters: list[Chapter]
    units: list[Strip]
    gaps: list[Gap]
    definitions: list[Definition]
    contents: list[tuple[str, str]]
    is_empty: bool
    has_hidden: bool


def report_pdf(frozen: Frozen, number: str) -> bytes:
    """The report as PDF/A and PDF/UA under its number. The same report always gives the same bytes."""
    return render_pdf(html=report_html(frozen, number), style=STYLE)


def report_html(frozen: Frozen, number: str) -> str:
    """The document before it becomes a PDF."""
    return render_to_string(
        "reporting/documents/report.html",
        {
            "report": frozen,
            "number": number,
            "now": frozen.now,
            "moment": frozen_moment(frozen),
            "shown": shown(frozen),
            "chart_style": chart_style(),
        },
    )


def shown(frozen: Frozen) -> Shown:
    """What the pages show, in their order."""
    presented = present(frozen.told)
    blocks = {section.key: section.blocks for section in presented.sections}
    chapters = []
    for section in frozen.sections:
        title = section_label(frozen, section)
        strips = list(_strips(frozen, blocks.get(section, [])))
        comment = paragraphs(frozen.comment(section))
        if strips or comment:
            chapters.append(Chapter(section, title, comment, strips))
    units = list(_strips(frozen, blocks_by_unit(frozen)))
    summary = paragraphs(frozen.comment(SUMMARY))
    contents = [(SUMMARY, section_label(frozen, SUMMARY))] if summary or presented.key_figures else []
    contents += [(each.key, each.title) for each in chapters]
    if units:
        contents.append(("units", _("Unit by unit")))
    if not frozen.published:
        contents.append(("gaps", _("What was missing")))
    contents.append(("definitions", _("How every figure is counted")))
    return Shown(
        summary,
        presented.key_figures,
        chapters,
        units,
        [gap for gap in frozen.gaps if gap.count],
        presented.definitions,
        contents,
        presented.is_empty,
        any(table.hidden for each in (*frozen.told, *frozen.told_units) for table in each.tables.values()),
    )


def _strips(frozen: Frozen, blocks: Sequence[PageBlock]) -> Iterator[Strip]:
    """The tables in their order; low and narrow ones that follow each other stand in pairs."""
    for low, group in groupby(blocks, key=lambda block: block.is_narrow and len(block.lines) <= LOW):
        laid = [_laid(frozen, block) for block in group]
        size = 2 if low else 1
        for first in range(0, len(laid), size):
            yield Strip(laid[first : first + size])


def _laid(frozen: Frozen, block: PageBlock) -> Laid:
    table = frozen.now.tables.get(block.key)
    if table is None:
        return Laid(block, _("Unit"), None, is_of_units=True)
    rows_are = table.row_side.label if table.row_side else _("Figure")
    chart = block.chart if block.chart and block.chart.height <= TALLEST else None
    return Laid(block, rows_are, chart)
