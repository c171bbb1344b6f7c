"""What the lists of Min dag ask the database: every list is a sub-query of the same columns, and they are asked
together.

Written out, because the lists are put together anew for every page: laying the common columns, the counts and the
order over them as annotations would cost more than the database needs to answer.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from accounts.models import Unit, User
from participants.day.lists import DayList, day_lists
from participants.models import Deputy, Enrolment

#: What a list annotates, and what stands there if it does not.
_COLUMNS = {
    "day_enrolment": "NULL::bigint",
    "day_due": "NULL::date",
    "day_since": "NULL::date",
    "day_reference": "''::text",
    "day_note": "''::text",
    "day_name": "''::text",
    "day_key": "NULL::bigint",
}
#: Questions of steady lists, by list and day; yesterday's go when there are so many.
_put_together: dict[tuple[str, dt.date], tuple[str, list]] = {}
MOST_PUT_TOGETHER = 200
#: The most urgent first; the key breaks a tie, so that a page is the same twice.
_ORDER = "due NULLS LAST, since NULLS FIRST, key"


class _Keys(list):
    """The keys of a coach's enrolments, to be known again among the values of a question."""


class Asked(NamedTuple):
    """One row as the database gives it."""

    list: str
    enrolment: int | None
    due: dt.date | None
    since: dt.date | None
    reference: str
    note: str
    name: str
    key: int
    total: int
    late: int


@dataclass(frozen=True)
class Whose:
    """Whose day is read, by whom: of some coaches (their keys; None: of everybody), within some units or all that the
    reader works with. `own`: it is the reader's own day, with those whom the reader stands in for. `stands_in`: of
    which coaches in which units (keys) the reader has the rows too. `late_only`: of each list only what is late."""

    user: User
    today: dt.date
    coaches: frozenset[int] | None = None
    without_coach: bool = False
    units: tuple[Unit, ...] | None = None
    own: bool = False
    late_only: bool = False
    stands_in: tuple[tuple[int, int], ...] = ()

    def has(self, day_list: DayList) -> bool:
        """Whether the list belongs in this day."""
        return self.own or not day_list.own_only

    def late_before(self, day_list: DayList) -> dt.date:
        """What was due before this day is late."""
        return self.today - dt.timedelta(days=day_list.late_after)

    def enrolments(self, closed: int = 0) -> QuerySet[Enrolment]:
        """Those that go on, and those that were closed in the last `closed` days."""
        if closed not in self._enrolments:
            if self._ends is None:
                self._enrolments[closed] = self._scope.open_on(self.today - dt.timedelta(days=closed))
            else:
                # As one value, not as hundreds: each list would spell them all out again.
                keys = RawSQL("SELECT unnest(%s::bigint[])", [self.keys(closed)])
                self._enrolments[closed] = Enrolment.objects.filter(pk__in=keys)
        return self._enrolments[closed]

    def keys(self, closed: int) -> "_Keys | None":
        """The same as keys; None where there may be thousands."""
        if self._ends is None:
            return None
        day = self.today - dt.timedelta(days=closed)
        return _Keys(key for key, end in self._ends.items() if end is None or end >= day)

    @cached_property
    def _enrolments(self) -> dict[int, QuerySet[Enrolment]]:
        return {}

    @cached_property
    def _ends(self) -> dict[int, dt.date | None] | None:
        """The last days of a coach's enrolments, by key: one question, which all the lists would ask otherwise, each
        with the sub-queries of the scope. None where there may be thousands."""
        if self.coaches is None:
            return None
        longest = max((each.closed for each in day_lists()), default=0)
        rows = self._scope.open_on(self.today - dt.timedelta(days=longest))
        return dict(rows.order_by().values_list("pk", "end"))

    @property
    def _scope(self) -> QuerySet[Enrolment]:
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


def first_rows(whose: Whose, lists: Iterable[DayList], first: int) -> list[Asked]:
    """The first rows of each list, with how many the list has and how many of them are late: one query."""
    parts, params = [], []
    for each in lists:
        if part := _part(whose, each):
            parts.append(
                "(SELECT *, count(*) OVER () AS total, count(*) FILTER (WHERE due < %s) OVER () AS late "
                f"FROM ({part[0]}) AS rows ORDER BY {_ORDER} LIMIT {int(first)})"
            )
            params += [whose.late_before(each), *part[1]]
    return [Asked(*row) for row in _ask("SELECT * FROM (", " UNION ALL ".join(parts), ") AS lists", params)]


def late_by_place(whose: Whose, lists: Iterable[DayList]) -> list[tuple[str, int, int | None, int]]:
    """How many rows are late, by list and by unit and coach of the enrolment: one query."""
    parts, params = [], []
    for each in lists:
        if part := _part(whose, each):
            parts.append(f"(SELECT list, enrolment FROM ({part[0]}) AS rows WHERE due < %s)")
            params += [*part[1], whose.late_before(each)]
    table = connection.ops.quote_name(Enrolment._meta.db_table)
    return _ask(
        "SELECT lists.list, e.unit_id, e.coach_id, count(*) FROM (",
        " UNION ALL ".join(parts),
        f") AS lists JOIN {table} AS e ON e.id = lists.enrolment GROUP BY lists.list, e.unit_id, e.coach_id",
        params,
    )


class ListRows:
    """The rows of one list, for a paginator: counted, and asked for by the page."""

    def __init__(self, whose: Whose, day_list: DayList):
        self._part = _part(whose, day_list)

    def count(self) -> int:
        if self._part is None:
            return 0
        sql, params = self._part
        return _ask("SELECT count(*) FROM (", sql, ") AS rows", params)[0][0]

    def __getitem__(self, chosen: slice) -> list[Asked]:
        if self._part is None:
            return []
        sql, params = self._part
        first, count = int(chosen.start or 0), int(chosen.stop - (chosen.start or 0))
        order = f") AS rows ORDER BY {_ORDER} LIMIT {count} OFFSET {first}"
        return [Asked(*row) for row in _ask("SELECT *, 0 AS total, 0 AS late FROM (", sql, order, params)]


def _ask(before: str, parts: str, after: str, params: list) -> list[tuple]:
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{before}{parts}{after}", params)
        return cursor.fetchall()


def _says_nothing(annotation) -> bool:
    return annotation is None or (isinstance(annotation, Value) and annotation.value is None)


def _part(whose: Whose, day_list: DayList) -> tuple[str, list] | None:
    """The list's rows with the columns that all lists have, as SQL; None if it is known to have none."""
    given = _given(whose, day_list)
    if given is None or not whose.late_only:
        return given
    sql, params = given
    return f"SELECT * FROM ({sql}) AS every WHERE due < %s", [*params, whose.late_before(day_list)]


def _given(whose: Whose, day_list: DayList) -> tuple[str, list] | None:
    keys = whose.keys(day_list.closed) if day_list.steady else None
    if keys is None:
        return _compiled(whose, day_list)
    name = (day_list.key, whose.today)
    if name not in _put_together:
        if len(_put_together) > MOST_PUT_TOGETHER:
            _put_together.clear()
        _put_together[name] = _compiled(whose, day_list)
    sql, params = _put_together[name]
    return sql, [keys if isinstance(value, _Keys) else value for value in params]


def _compiled(whose: Whose, day_list: DayList) -> tuple[str, list] | None:
    given = [whose.enrolments(day_list.closed), whose.today]
    if day_list.for_reader:
        given.append(whose.user)
    rows = day_list.rows(*given).annotate(day_key=F("pk")).order_by()
    known = [name for name in _COLUMNS if not _says_nothing(rows.query.annotations.get(name))]
    try:
        sql, params = rows.values_list(*known).query.sql_with_params()
    except EmptyResultSet:
        return None
    columns = ", ".join(
        f"{name}::{_COLUMNS[name].partition('::')[2]} AS {name[4:]}" if name in known else f"{value} AS {name[4:]}"
        for name, value in _COLUMNS.items()
    )
    return f"SELECT %s::text AS list, {columns} FROM ({sql}) AS given", [day_list.key, *params]
