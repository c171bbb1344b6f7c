"""Small charts as our own SVG templates, the same on the page and in a document.

Only geometry is worked out here, in the units of the SVG's view box; colours are classes of the style sheet. A
chart always stands beside the table it draws, and says its values as text. Of a bar whose value is hidden only the
parts that are shown are drawn, and what is hidden of a bar is one part without number.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.disclosure.model import HIDDEN
from reporting.figures.definition import Value
from reporting.figures.dimensions import GENDER
from reporting.statement import StatedTable
from reporting.telling.formats import grouped_number

WIDTH = 400
BAR_WIDTH = 352
LABEL_HEIGHT = 24
GAP = 12
NARROWEST_WITH_NUMBER = 22
#: The series of what is hidden of a bar.
REST = "rest"


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


#: The parts of a bar as (series, value), and the value of the whole.
Parts = list[tuple[str, Value]]
Drawn = tuple[Parts, Value]


def stacked_bars(table: StatedTable) -> Chart | None:
    """A bar for each row of a table of counts, divided by gender; None when nothing is, or all is hidden."""
    if table.row_side is None or table.column_side is None or table.column_side.key != GENDER.key:
        return None
    columns = [column for column in table.columns if not column.is_total]
    bars: list[tuple[str, list[Drawn]]] = [
        (
            row.label,
            [([(column.code, table.value(row.code, column.code)) for column in columns], table.value(row.code))],
        )
        for row in table.rows
        if not row.is_total
    ]
    title = _("%(table)s, by %(side)s") % {"table": table.label, "side": table.column_side.label.lower()}
    return _chart(table.key, title, [(column.code, column.label) for column in columns], bars, bar_height=20)


def target_bars(table: StatedTable) -> Chart | None:
    """For each row that has a target, the target and what was delivered of it; None for other tables."""
    columns = [column for column in table.columns if column.code in ("target", "delivered")]
    if len(columns) < 2:
        return None
    bars: list[tuple[str, list[Drawn]]] = [
        (
            row.label,
            [([(column.code, value)], value) for column in columns for value in [table.value(row.code, column.code)]],
        )
        for row in table.rows
        if not row.is_total and table.value(row.code, "target") is not None
    ]
    return _chart(table.key, table.label, [(column.code, column.label) for column in columns], bars, bar_height=16)


def compared_bars(tables: dict[str, list[StatedTable]], title: str) -> Chart | None:
    """The totals of several figures, each for the same periods: `tables` are the statements' by the period's words,
    the oldest first."""
    names = ("before", "between", "now")[-len(tables) :]
    bars: list[tuple[str, list[Drawn]]] = [
        (
            of_periods[-1].label,
            [([(name, table.value())], table.value()) for name, table in zip(names, of_periods, strict=True)],
        )
        for of_periods in zip(*tables.values(), strict=True)
    ]
    return _chart("compared", title, list(zip(names, tables, strict=True)), bars, bar_height=16)


def _chart(
    key: str, title: str, series: list[tuple[str, str]], groups: list[tuple[str, list[Drawn]]], *, bar_height: int
) -> Chart | None:
    """Lay out `groups`: the words of each, and its bars."""
    drawn = [(label, [(_with_rest(parts, value), value) for parts, value in bars]) for label, bars in groups]
    largest = max((_length(parts) for _label, bars in drawn for parts, _value in bars), default=0)
    if not largest:
        return None
    laid_out, y = [], 0
    for label, bars in drawn:
        group = Group(label, y, [])
        y += LABEL_HEIGHT
        for parts, value in bars:
            segments, x = [], 0.0
            for name, part in parts:
                width = round(_shown(part) / largest * BAR_WIDTH, 1)
                if _shown(part):
                    told = name != REST and len(parts) > 1 and width >= NARROWEST_WITH_NUMBER
                    segments.append(Segment(name, round(x, 1), width, grouped_number(part) if told else ""))
                x += width
            group.bars.append(
                Bar(y, bar_height, segments, grouped_number(value), round(x, 1) + (8 if segments else 0))
            )
            y += bar_height + 2
        laid_out.append(group)
        y += GAP
    if any(segment.series == REST for group in laid_out for bar in group.bars for segment in bar.segments):
        series = [*series, (REST, _("Hidden"))]
    description = "; ".join(f"{group.label}: {', '.join(map(_said, group.bars))}" for group in laid_out)
    return Chart(key, title, description, series, laid_out, height=y - GAP)


def _with_rest(parts: Parts, value: Value) -> Parts:
    """The parts, and what is left of the value when some of them are hidden."""
    if value == HIDDEN or all(part != HIDDEN for _name, part in parts):
        return parts
    return [*parts, (REST, value - _length(parts))]


def _length(parts: Parts) -> int:
    return sum(_shown(part) for _name, part in parts)


def _shown(part: Value) -> int:
    """How much of a part is drawn."""
    return 0 if part in (HIDDEN, None) else part


def _said(bar: Bar) -> str:
    return _("hidden value") if bar.text == HIDDEN else bar.text
