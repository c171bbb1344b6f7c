"""Reading Min dag: every list with its count, its late ones and its first rows in one query, and who they are in a
second."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import BigIntegerField, CharField, Count, DateField, F, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import Cast

from accounts.models import Unit, User
from participants.day.lists import DayList, DayRow
from participants.models import Deputy, Enrolment
from participants.querysets import CASE_ROLES

#: How many rows of each list the page shows.
FIRST_ROWS = 6
_COLUMNS = (
    "col_list", "col_enrolment", "col_due", "col_since", "col_reference", "col_note", "col_name", "col_key",
    "col_total", "col_late",
)  # fmt: skip


@dataclass(frozen=True)
class Whose:
    """Whose day is read, by whom: of some coaches (their keys; None: of everybody), within a unit or all that the
    reader works with. `own`: it is the reader's own day, with those whom the reader stands in for. `late_only`: of
    each list only what is late. `stands_in`: of which coaches in which units (keys) the reader has the rows too."""

    user: User
    today: dt.date
    coaches: frozenset[int] | None = None
    without_coach: bool = False
    units: tuple[Unit, ...] | None = None
    own: bool = False
    late_only: bool = False
    stands_in: tuple[tuple[int, int], ...] = ()

    @property
    def every(self) -> QuerySet[Enrolment]:
        """The enrolments, the closed ones too."""
        rows = Enrolment.objects.visible_to(self.user)
        if self.units is not None:
            rows = rows.filter(unit__in=self.units)
        if self.without_coach:
            return rows.filter(coach=None)
        if self.coaches is None:
            return rows
        mine = Q(coach__in=sorted(self.coaches))
        for coach, unit in self.stands_in:
            mine |= Q(coach=coach, unit=unit)
        return rows.filter(mine)

    @property
    def open(self) -> QuerySet[Enrolment]:
        """Those that go on."""
        return self.every.open_on(self.today)

    def has(self, day_list: DayList) -> bool:
        """Whether the list belongs in this day."""
        return self.own or not day_list.own_only

    def rows(self, day_list: DayList) -> QuerySet:
        """The list's rows, the most urgent first."""
        given = [self.every if day_list.closed else self.open, self.today]
        if day_list.for_reader:
            given.append(self.user)
        rows = day_list.rows(*given)
        known = rows.query.annotations
        name = F("day_name") if "day_name" in known else Value("")
        since = F("day_since") if "day_since" in known else Value(None, DateField())
        rows = rows.annotate(
            col_list=Value(day_list.key, CharField()),
            col_enrolment=Cast("day_enrolment", BigIntegerField()),
            col_due=Cast("day_due", DateField()),
            col_since=Cast(since, DateField()),
            col_reference=Cast("day_reference", TextField()),
            col_note=Cast("day_note", TextField()),
            col_name=Cast(name, TextField()),
            col_key=Cast("pk", BigIntegerField()),
        )
        if self.late_only:
            rows = rows.filter(col_due__lt=self.late_before(day_list))
        return rows.order_by(F("col_due").asc(nulls_last=True), F("col_since").asc(nulls_first=True), "col_key")

    def late_before(self, day_list: DayList) -> dt.date:
        """What was due before this day is late."""
        return self.today - dt.timedelta(days=day_list.late_after)


@dataclass(frozen=True)
class ShownRow:
    """A row as the page shows it."""

    row: DayRow
    day_list: DayList
    whose: Whose

    @property
    def is_late(self) -> bool:
        return self.row.due is not None and self.row.due < self.whose.late_before(self.day_list)

    @property
    def is_today(self) -> bool:
        return self.row.due == self.whose.today

    @property
    def words(self) -> str:
        return self.day_list.told(self.row)

    @property
    def address(self) -> str:
        return self.day_list.address(self.row)

    @property
    def enrolment(self) -> Enrolment | None:
        return self.row.enrolment

    @property
    def person(self):
        return self.row.enrolment and self.row.enrolment.participant

    @cached_property
    def may_act(self) -> bool:
        return self.enrolment is None or self.day_list.may_act(self.whose.user, self.enrolment)

    @property
    def shown(self):
        """What the list's own template asks of the row."""
        return self.day_list.shown(self.row)

    @property
    def for_whom(self) -> str:
        """Whose row it is, when it is not the reader's own: the name of the coach."""
        coach = self.enrolment and self.enrolment.coach
        return coach.full_name if coach and coach.pk != self.whose.user.pk else ""


@dataclass(frozen=True)
class ShownList:
    """A list with its first rows, how many there are in all, and how many of them are late."""

    day_list: DayList
    rows: list[ShownRow]
    total: int
    late: int

    @property
    def key(self) -> str:
        return self.day_list.key

    @property
    def label(self) -> str:
        return self.day_list.label

    @property
    def has_more(self) -> bool:
        return self.total > len(self.rows)


def own_day(user: User, today: dt.date) -> Whose:
    """The reader's own day, with the rows of those whom the reader stands in for today."""
    deputies = Deputy.objects.filter(deputy=user).holding_on(today).order_by("pk")
    return Whose(
        user=user,
        today=today,
        own=True,
        coaches=frozenset({user.pk}),
        stands_in=tuple(deputies.values_list("absent", "unit")),
    )


def read_day(whose: Whose, lists: Iterable[DayList], first: int = FIRST_ROWS) -> list[ShownList]:
    """The lists that have rows, in the order given: two queries, however many lists and rows there are."""
    lists = [each for each in lists if whose.has(each)]
    found = list(_united(whose, lists, first))
    people = _enrolments(row.col_enrolment for row in found)
    shown = []
    for each in lists:
        mine = sorted((row for row in found if row.col_list == each.key), key=_place)
        if mine:
            rows = [_shown(row, people, each, whose) for row in mine]
            shown.append(ShownList(each, rows, mine[0].col_total, mine[0].col_late))
    return shown


def counts_of(whose: Whose, lists: Iterable[DayList]) -> dict[str, tuple[int, int]]:
    """How many rows each list has that has any, and how many are late: one query."""
    lists = [each for each in lists if whose.has(each)]
    return {row.col_list: (row.col_total, row.col_late) for row in _united(whose, lists, 1)}


def read_list(whose: Whose, day_list: DayList, first: int, last: int) -> list[ShownRow]:
    """The rows of one list, from the number `first` to before `last`."""
    found = list(whose.rows(day_list).values_list(*_COLUMNS[:-2], named=True)[first:last])
    people = _enrolments(row.col_enrolment for row in found)
    return [_shown(row, people, day_list, whose) for row in found]


def _united(whose: Whose, lists: list[DayList], first: int):
    parts = []
    for each in lists:
        late = Q(col_due__lt=whose.late_before(each))
        rows = whose.rows(each).annotate(col_total=Window(Count("*")), col_late=Window(Count("col_key", filter=late)))
        parts.append(rows.values_list(*_COLUMNS, named=True)[:first])
    if len(parts) < 2:
        return parts[0] if parts else ()
    return parts[0].union(*parts[1:], all=True)


def _place(row) -> tuple:
    """As `Whose.rows` sorts."""
    return (
        row.col_due is None,
        row.col_due or dt.date.min,
        row.col_since is not None,
        row.col_since or dt.date.min,
        row.col_key,
    )


def _enrolments(keys: Iterable[int | None]) -> dict[int, Enrolment]:
    """The rows are of enrolments that the reader may see: `Whose` has asked."""
    keys = {key for key in keys if key is not None}
    if not keys:
        return {}
    return Enrolment.objects.select_related("participant", "coach").in_bulk(keys)


def _shown(row, people: dict[int, Enrolment], day_list: DayList, whose: Whose) -> ShownRow:
    enrolment = people.get(row.col_enrolment)
    name = enrolment.participant.full_name if enrolment else row.col_name
    day_row = DayRow(
        enrolment=enrolment,
        due=row.col_due,
        reference=row.col_reference,
        note=row.col_note,
        name=name,
        since=row.col_since,
    )
    return ShownRow(day_row, day_list, whose)


def units_of(user: User) -> dict[int, Unit]:
    """The units the reader works with, by key, in the order of their names."""
    return {unit.pk: unit for unit in Unit.objects.in_scope(user.reach.scope(*CASE_ROLES)).by_name()}
