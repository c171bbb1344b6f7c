"""Small charts as our own SVG templates, the same on the page and in a document.

Only geometry is worked out here, in the units of the SVG's view box; colours are classes of the style sheet. A
chart always stands beside the table it draws, and says its values as text.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.engine import Table
from reporting.figures.definition import TOTAL

WIDTH = 400
BAR_WIDTH = 352
LABEL_HEIGHT = 24
GAP = 12
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
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Bar:
    """One bar: how far down it lies, its segments, its value and where that is written."""

    y: int
    height: int
    segments: list[Segment]
    text: str
    end: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Group:
    """Bars under the same words."""

    label: str
    y: int
    bars: list[Bar]


@dataclass(frozen=True)
class Chart:
    """Groups of bars under each other. `series` are (class, words) pairs of the legend."""

    key: str
    title: str
    description: str
    series: list[tuple[str, str]]
    groups: list[Group]
    height: int
    width: int = WIDTH


def stacked_bars(table: Table) -> Chart | None:
    """A bar for each row of a table of counts, divided by its columns; None when nothing is."""
    if None in table.breakdown.sides:
        return None
    rows = [row for row in table.rows if row is not TOTAL]
    columns = [column for column in table.columns if column is not TOTAL]
    largest = max((table.value(row.code) for row in rows), default=0)
    bars = [
        (
            str(row.label),
            [([(column.code, table.value(row.code, column.code)) for column in columns], table.value(row.code))],
        )
        for row in rows
    ]
    return _chart(
        table.key,
        _("%(table)s, by gender") % {"table": table.breakdown.label},
        [(column.code, str(column.label)) for column in columns],
        bars,
        largest,
        bar_height=20,
    )


def compared_bars(tables: dict[str, list[Table]], title: str) -> Chart | None:
    """The totals of several figures, each for the same periods: `tables` are the answers' by the period's words,
    the oldest first."""
    names = ("before", "between", "now")[-len(tables) :]
    figures = zip(*tables.values(), strict=True)
    bars = [
        (
            str(of_periods[0].breakdown.label),
            [([(name, table.value())], table.value()) for name, table in zip(names, of_periods, strict=True)],
        )
        for of_periods in figures
    ]
    largest = max((value for _label, lines in bars for _segments, value in lines), default=0)
    return _chart("compared", title, list(zip(names, tables, strict=True)), bars, largest, bar_height=16)


def _chart(key, title, series, groups, largest: int, *, bar_height: int) -> Chart | None:
    """Lay out `groups`: (words, bars), where a bar is (its parts as (series, value), its value)."""
    if not largest:
        return None
    laid_out, y = [], 0
    for label, bars in groups:
        group = Group(label, y, [])
        y += LABEL_HEIGHT
        for parts, value in bars:
            segments, x = [], 0.0
            for name, part in parts:
                width = round(part / largest * BAR_WIDTH, 1)
                if part:
                    shown = len(parts) > 1 and width >= NARROWEST_WITH_NUMBER
                    segments.append(Segment(name, round(x, 1), width, str(part) if shown else ""))
                x += width
            group.bars.append(Bar(y, bar_height, segments, str(value), round(x, 1) + (8 if value else 0)))
            y += bar_height + 2
        laid_out.append(group)
        y += GAP
    description = "; ".join(f"{group.label}: {', '.join(bar.text for bar in group.bars)}" for group in laid_out)
    return Chart(key, title, description, series, laid_out, height=y - GAP)
