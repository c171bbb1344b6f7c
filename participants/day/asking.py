"""What the lists of Min dag ask the database: every list is a sub-query of the same columns, and they are asked
together.

Written out, because the lists are put together anew for every page: laying the common columns, the counts and the
order over them as annotations would cost more than the database needs to answer.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from accounts import municipal
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
#: Questions that were put together, by list, day and settings; yesterday's go when there are so many.
_put_together: dict[tuple[str, dt.date, str], tuple[str, list] | None] = {}
MOST_PUT_TOGETHER = 200
#: The most urgent first; the key breaks a tie, so that a page is the same twice.
_ORDER = "due NULLS LAST, since NULLS FIRST, key"


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

    @property
    def enrolments(self) -> QuerySet[Enrolment]:
        """Whom it is about, the closed ones too."""
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


@municipal.read_at_once()
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
    return [Asked(*row) for row in _ask(whose, " UNION ALL ".join(parts), params)]


@municipal.read_at_once()
def late_by_place(whose: Whose, lists: Iterable[DayList]) -> list[tuple[str, int, int | None, int]]:
    """How many rows are late, by list and by unit and coach of the enrolment: one query."""
    parts, params = [], []
    for each in lists:
        if part := _part(whose, each):
            parts.append(f"(SELECT list, enrolment FROM ({part[0]}) AS rows WHERE due < %s)")
            params += [*part[1], whose.late_before(each)]
    if not parts:
        return []
    table = connection.ops.quote_name(Enrolment._meta.db_table)
    question = (
        f"SELECT lists.list, e.unit_id, e.coach_id, count(*) FROM ({' UNION ALL '.join(parts)}) AS lists "
        f"JOIN {table} AS e ON e.id = lists.enrolment GROUP BY lists.list, e.unit_id, e.coach_id"
    )
    return _ask(whose, question, params)


class ListRows:
    """The rows of one list, for a paginator: counted, and asked for by the page."""

    @municipal.read_at_once()
    def __init__(self, whose: Whose, day_list: DayList):
        self._whose = whose
        self._sql, self._params = _part(whose, day_list) or ("", [])

    def count(self) -> int:
        found = _ask(self._whose, self._sql and f"SELECT count(*) FROM ({self._sql}) AS rows", self._params)
        return found[0][0] if found else 0

    def __getitem__(self, chosen: slice) -> list[Asked]:
        first, count = int(chosen.start or 0), int(chosen.stop - (chosen.start or 0))
        page = f"ORDER BY {_ORDER} LIMIT {count} OFFSET {first}"
        question = self._sql and f"SELECT *, 0 AS total, 0 AS late FROM ({self._sql}) AS rows {page}"
        return [Asked(*row) for row in _ask(self._whose, question, self._params)]


def _ask(whose: Whose, question: str, params: list) -> list[tuple]:
    """Ask about the enrolments of `whose`, which the lists know as `given`: found once for all of them."""
    if not question:
        return []
    longest = whose.today - dt.timedelta(days=max((each.closed for each in day_lists()), default=0))
    rows = whose.enrolments.open_on(longest).order_by().values_list("pk", "end")
    try:
        given, given_params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        # A SELECT outside: what begins with WITH is taken for a change by the history.
        cursor.execute(
            f"SELECT * FROM (WITH given (id, ended) AS MATERIALIZED ({given}) {question}) AS answer",
            [*given_params, *params],
        )
        return cursor.fetchall()


def _says_nothing(annotation) -> bool:
    return annotation is None or (isinstance(annotation, Value) and annotation.value is None)


def _part(whose: Whose, day_list: DayList) -> tuple[str, list] | None:
    """The list's rows with the columns that all lists have, as SQL; None if it is known to have none."""
    found = _compiled(whose, day_list) if day_list.for_reader else _kept(whose, day_list)
    if found is None or not whose.late_only:
        return found
    sql, params = found
    return f"SELECT * FROM ({sql}) AS every WHERE due < %s", [*params, whose.late_before(day_list)]


def _kept(whose: Whose, day_list: DayList) -> tuple[str, list] | None:
    """As `_compiled`, put together once for a day and a state of the settings."""
    name = (day_list.key, whose.today, repr(municipal.values()))
    if name not in _put_together:
        if len(_put_together) > MOST_PUT_TOGETHER:
            _put_together.clear()
        _put_together[name] = _compiled(whose, day_list)
    return _put_together[name]


def _compiled(whose: Whose, day_list: DayList) -> tuple[str, list] | None:
    closed = whose.today - dt.timedelta(days=day_list.closed)
    given = RawSQL("SELECT id FROM given WHERE ended IS NULL OR ended >= %s", [closed])
    asked = [Enrolment.objects.filter(pk__in=given), whose.today]
    if day_list.for_reader:
        asked.append(whose.user)
    rows = day_list.rows(*asked).annotate(day_key=F("pk")).order_by()
    known = [name for name in _COLUMNS if not _says_nothing(rows.query.annotations.get(name))]
    try:
        sql, params = rows.values_list(*known).query.sql_with_params()
    except EmptyResultSet:
        return None
    columns = ", ".join(
        f"{name}::{_COLUMNS[name].partition('::')[2]} AS {name[4:]}" if name in known else f"{value} AS {name[4:]}"
        for name, value in _COLUMNS.items()
    )
    return f"SELECT %s::text AS list, {columns} FROM ({sql}) AS found", [day_list.key, *params]
