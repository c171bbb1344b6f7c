"""Where there are free seats: by occupational area, and by department or kind of employer. A table and its chart."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from placements.models import Place
from placements.services.seats import offered_on, taken_on
from vocabulary.codes import EmployerKind

#: The chart's view box: how wide, how high a row is, how long the longest bar.
WIDTH, ROW, LABEL, BAR = 400, 44, 22, 340


@dataclass
class Count:
    """How many seats there are, and how many of them are free."""

    seats: int = 0
    free: int = 0

    def add(self, seats: int, free: int) -> None:
        self.seats += seats
        self.free += free

    @property
    def taken(self) -> int:
        return self.seats - self.free


@dataclass(frozen=True)
class Bar:
    """One area drawn: how far down, how long each part is in the units of the view box."""

    label: str
    y: int
    taken: float
    free: float
    count: Count

    @property
    def bar_y(self) -> int:
        return self.y + LABEL

    @property
    def end(self) -> float:
        return round(self.taken + self.free + 6, 1)


@dataclass(frozen=True)
class Line:
    """A row of the table: its name, how many seats, and the address of its list."""

    label: str
    count: Count
    query: str


@dataclass(frozen=True)
class Area:
    """One area: all of it, and those in it who receive."""

    total: Line
    receivers: list[Line]


class Overview:
    """The open places within `places` on a day, counted by area and by who receives."""

    def __init__(self, places: QuerySet[Place], day: dt.date):
        self.day = day
        rows = offered_on(places, day).annotate(left=Greatest(F("capacity") - Coalesce(taken_on(day), 0), 0))
        by = (
            "occupational_area", "occupational_area__label", "workplace__employer__kind",
            "workplace__employer__code", "workplace__employer__name",
        )  # fmt: skip
        rows = rows.order_by().values(*by).annotate(seats=Sum("capacity"), free=Sum("left"))
        areas: dict[str, str] = {}
        columns: dict[tuple[str, str], str] = {}
        self._counts: dict[tuple[str, tuple[str, str]], Count] = defaultdict(Count)
        for area, label, kind, code, name, seats, free in rows.values_list(*by, "seats", "free"):
            areas[area] = label
            column = (kind, code) if kind == EmployerKind.DEPARTMENT else (kind, "")
            columns[column] = name if column[1] else str(EmployerKind(kind).label)
            for key in ((area, column), (area, ALL), ("", column), ("", ALL)):
                self._counts[key].add(seats, free)
        self._areas = sorted(areas.items(), key=lambda item: item[1])
        # Departments by name, then the other kinds in their order.
        kinds = list(EmployerKind.values)
        self._columns = sorted(columns, key=lambda key: (kinds.index(key[0]), columns[key]))
        self._labels = columns

    @property
    def areas(self) -> list[Area]:
        """By name, each with those who receive in it."""
        return [Area(self._line(area, ALL, label), self._receivers(area)) for area, label in self._areas]

    @property
    def receivers(self) -> list[Line]:
        """Departments by name, then the other kinds of employers, with the seats of all areas."""
        return self._receivers("")

    @property
    def total(self) -> Line:
        return self._line("", ALL, _("All areas"))

    def _receivers(self, area: str) -> list[Line]:
        return [self._line(area, key, self._labels[key]) for key in self._columns if (area, key) in self._counts]

    def _line(self, area: str, column: tuple[str, str], label: str) -> Line:
        return Line(label, self._counts.get((area, column), Count()), self._address(area, column))

    def _address(self, area: str, column: tuple[str, str]) -> str:
        return urlencode({"omrade": area, **_query(column), "ledig": self.day.isoformat()})

    @property
    def bars(self) -> list[Bar]:
        """The areas as they are drawn: what is free, then what is taken."""
        counts = [(label, self._counts[area, ALL]) for area, label in self._areas]
        longest = max((count.seats for _label, count in counts), default=1)
        return [
            Bar(
                label,
                number * ROW,
                round(count.taken * BAR / longest, 1),
                round(count.free * BAR / longest, 1),
                count,
            )
            for number, (label, count) in enumerate(counts)
        ]

    @property
    def height(self) -> int:
        return len(self._areas) * ROW

    @property
    def width(self) -> int:
        return WIDTH


ALL = ("", "")


def _query(column: tuple[str, str]) -> dict[str, str]:
    kind, code = column
    if code:
        return {"forvaltning": code}
    return {"slag": kind} if kind else {}
