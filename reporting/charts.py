"""Small charts as our own SVG templates, the same on the page and in a document.

Only geometry is worked out here, in the units of the SVG's view box; colours are classes of the style sheet. A
chart always stands beside the table it draws, and says its values as text.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.engine import Table
from reporting.figures.definition import TOTAL, Category

WIDTH = 400
BAR_WIDTH = 356
BAR_HEIGHT = 20
ROW_HEIGHT = 52
NARROWEST_WITH_NUMBER = 22


@dataclass(frozen=True)
class Segment:
    """A part of a bar: which series, where, how wide, and its value (empty where it would not fit)."""

    series: str
    x: float
    width: float
    text: str

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its segments, its total and where that is written."""

    label: str
    y: int
    segments: list[Segment]
    total: int
    end: float

    @property
    def top(self) -> int:
        return self.y + 24

    @property
    def middle(self) -> int:
        return self.top + BAR_HEIGHT // 2


@dataclass(frozen=True)
class Chart:
    """Bars under each other, each divided into the same series."""

    key: str
    title: str
    description: str
    series: list[Category]
    bars: list[Bar]
    width: int = WIDTH
    bar_height: int = BAR_HEIGHT

    @property
    def height(self) -> int:
        return len(self.bars) * ROW_HEIGHT


def stacked_bars(table: Table) -> Chart | None:
    """A bar for each row of the table, divided by its columns; None when there is nothing to draw."""
    rows = [row for row in table.rows if row is not TOTAL]
    series = [column for column in table.columns if column is not TOTAL]
    largest = max((table.value(row.code) for row in rows), default=0)
    if not largest:
        return None
    bars = []
    for number, row in enumerate(rows):
        segments, x = [], 0.0
        for column in series:
            value = table.value(row.code, column.code)
            width = round(value / largest * BAR_WIDTH, 1)
            if value:
                text = str(value) if width >= NARROWEST_WITH_NUMBER else ""
                segments.append(Segment(column.code, round(x, 1), width, text))
            x += width
        bars.append(Bar(str(row.label), number * ROW_HEIGHT, segments, table.value(row.code), round(x, 1) + 8))
    description = "; ".join(f"{bar.label}: {bar.total}" for bar in bars)
    return Chart(
        table.key,
        _("%(table)s, by gender") % {"table": table.breakdown.label},
        description,
        series,
        bars,
    )
