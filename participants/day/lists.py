"""What Min dag is made of: one small list for each thing that may need a coach today.

Every app and concept joins its own with `join_day_list` in `AppConfig.ready`:

    join_day_list(DayList(key="sen-uppfoljning", label=_("Follow-ups that are due"), order=10,
                          action=_("Follow up"), rows=due_followups, address=followup_address))

All lists are asked in one query, so a list is a queryset of plain columns and no Python.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Enrolment
from participants.permissions import can_write_journal


@dataclass(frozen=True)
class DayRow:
    """One thing that needs somebody: of which enrolment (with participant), due when (None: no day), and what the
    list's own columns say. `reference` is what the list's address needs, `note` a few words or a code that `told`
    turns into words. `name` says who it is about; a list whose rows have no enrolment (None) gives it itself. What
    has no day may have waited `since` one."""

    enrolment: Enrolment | None
    due: dt.date | None
    reference: str
    note: str
    name: str = ""
    since: dt.date | None = None


def as_written(row: DayRow) -> str:
    return row.note


@dataclass(frozen=True)
class DayList:
    """One list of Min dag.

    key      in the address (/min-dag/<key>/), Swedish and never changed
    label    what stands above it
    order    most urgent first: late and due follow-ups 10, new referrals 20, plans to review 30, late milestones 40,
             placements that end 50, unmarked attendance 60, aftercare 70, not heard from 80
    action   what its button says: a verb
    rows     given the enrolments it is about (a queryset, already within the user's scope and the coach's own) and
             today, a queryset annotated with `day_enrolment` (key of the enrolment), `day_due` (date or None),
             `day_reference` (text) and `day_note` (text). It asks the database nothing but settings, and knows no
             clock but `today`: the question is put together once for a day and a state of the settings
    address  where the button leads
    told     the words beside the name, from the row

    What few lists need:

    closed      how many days after its closure an enrolment is still among those given; 0: only those that go on
    for_reader  `rows` is given the reader as well, a User, as its third argument
    own_only    only in one's own day, not in that of the unit, nor for who stands in: drafts
    late_after  how many days after `day_due` a row is late; 0: from the day after
    may_act     whether somebody may do what the button says, with an enrolment; for others the row has none
    template    what stands in place of the button: buttons that answer in the row. It is given `row` (a ShownRow)
                and what the page is given
    shown       what the template needs to know of a row: it stands in `row.shown`
    noted       takes note of a row, or takes that back, in place of leading anywhere: given the reader, the row's
                `reference` and whether it is noted; False if there is no such row within the reader's scope
    noted_words what it says of a row that is noted

    A list whose rows may have no enrolment (`day_enrolment` None) also annotates `day_name`: who or what it is about.
    One without days may annotate `day_since` (date): since when a row waits, the longest first.
    """

    key: str
    label: str
    order: int
    action: str
    rows: Callable[..., QuerySet[Any]]
    address: Callable[[DayRow], str]
    told: Callable[[DayRow], str] = as_written
    closed: int = 0
    for_reader: bool = False
    own_only: bool = False
    late_after: int = 0
    may_act: Callable[[User, Enrolment], bool] = can_write_journal
    template: str = ""
    shown: Callable[[DayRow], Any] | None = None
    noted: Callable[[User, str, bool], bool] | None = None
    noted_words: str = _("Read")

    @property
    def takes_note(self) -> bool:
        """For the templates, which would call `noted`."""
        return self.noted is not None


_lists: dict[str, DayList] = {}


def join_day_list(day_list: DayList) -> None:
    """Add a list to Min dag. The same key twice is a programming error."""
    if day_list.key in _lists:
        raise ValueError(f"The list {day_list.key} is joined twice.")
    _lists[day_list.key] = day_list


def day_lists() -> list[DayList]:
    """Every list, the most urgent first."""
    return sorted(_lists.values(), key=lambda each: each.order)


def day_list(key: str) -> DayList | None:
    """The list with that key; None if no app has joined one."""
    return _lists.get(key)
