"""Reading Min dag: the lists with their counts and first rows, and who they are about."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse

from participants.day.asking import Asked, Whose, first_rows
from participants.day.lists import DayList, DayRow
from participants.models import Enrolment, Participant

#: How many rows of each list the page shows.
FIRST_ROWS = 5
LATE, TODAY, SINCE = "late", "today", "since"


@dataclass
class ShownRow:
    """A row as the page shows it: who it is about (with the address of the file), what there is to do, the day and
    what kind of day it is (`when`: late, today, since, or a day to come), and for whom."""

    day_list: DayList
    row: DayRow
    enrolment: Enrolment | None
    person: Participant | None
    name: str
    words: str
    file: str
    day: str
    when: str
    for_whom: str
    may_act: bool

    @property
    def address(self) -> str:
        return self.day_list.address(self.row)

    @property
    def shown(self) -> Any:
        """What the list's own template asks of the row."""
        return self.day_list.shown(self.row)


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


def read_day(whose: Whose, lists: Iterable[DayList], first: int = FIRST_ROWS) -> list[ShownList]:
    """The lists that have rows, in the order given: two queries, however many lists and rows there are."""
    lists = [each for each in lists if whose.has(each)]
    found = first_rows(whose, lists, first)
    people = _enrolments(found)
    by_list: dict[str, list[Asked]] = {}
    for asked in found:
        by_list.setdefault(asked.list, []).append(asked)
    return [
        ShownList(
            each,
            [_shown(asked, people, each, whose) for asked in sorted(mine, key=_place)],
            mine[0].total,
            mine[0].late,
        )
        for each in lists
        if (mine := by_list.get(each.key))
    ]


def counts_of(whose: Whose, lists: Iterable[DayList]) -> dict[str, tuple[int, int]]:
    """How many rows each list has that has any, and how many are late: one query."""
    found = first_rows(whose, [each for each in lists if whose.has(each)], 1)
    return {asked.list: (asked.total, asked.late) for asked in found}


def read_list(whose: Whose, day_list: DayList, rows: list[Asked]) -> list[ShownRow]:
    """A page of one list's rows (`ListRows`), as it shows them."""
    people = _enrolments(rows)
    return [_shown(asked, people, day_list, whose) for asked in rows]


def _place(asked: Asked) -> tuple:
    """As the database sorts within a list; what comes of several together has no order."""
    never = dt.date.min
    return asked.due is None, asked.due or never, asked.since is not None, asked.since or never, asked.key


def _enrolments(rows: Iterable[Asked]) -> dict[int, Enrolment]:
    """The rows are of enrolments that the reader may see: `Whose` has asked."""
    keys = {asked.enrolment for asked in rows if asked.enrolment is not None}
    if not keys:
        return {}
    return Enrolment.objects.order_by().select_related("participant", "coach").in_bulk(keys)


def _when(asked: Asked, day_list: DayList, whose: Whose) -> str:
    if asked.due is None:
        return SINCE if asked.since else ""
    if asked.due < whose.late_before(day_list):
        return LATE
    return TODAY if asked.due == whose.today else ""


@cache
def _before_and_after_the_id() -> list[str]:
    nobody = uuid.UUID(int=0)
    return reverse("participants:file", args=[nobody]).split(str(nobody))


def _file(person: Participant) -> str:
    """The address of the file: a page of fifty rows has fifty, and they differ by the id alone."""
    return str(person.public_id).join(_before_and_after_the_id())


def _shown(asked: Asked, people: dict[int, Enrolment], day_list: DayList, whose: Whose) -> ShownRow:
    enrolment = people.get(asked.enrolment)
    person, coach = (enrolment.participant, enrolment.coach) if enrolment else (None, None)
    name = person.full_name if person else asked.name
    row = DayRow(enrolment, asked.due, asked.reference, asked.note, name, asked.since)
    return ShownRow(
        day_list=day_list,
        row=row,
        enrolment=enrolment,
        person=person,
        name=name,
        words=day_list.told(row),
        file=_file(person) if person else "",
        day=(asked.due or asked.since or "") and (asked.due or asked.since).isoformat(),
        when=_when(asked, day_list, whose),
        for_whom=coach.full_name if coach and coach.pk != whose.user.pk else "",
        may_act=enrolment is None or day_list.may_act(whose.user, enrolment),
    )
