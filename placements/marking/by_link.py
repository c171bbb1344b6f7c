"""The days on the supervisor's page: which of them the participant was there."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby

from placements.marking.forms import SUPERVISOR, SessionsForm
from placements.marking.services import attendance_mark, overtaken_in, rest_present
from placements.marking.sessions import sessions_of
from placements.models import FollowUpLink
from placements.period import Period

PREFIX = "dagar"
#: More days than this are not asked about at once: the earlier ones staff have asked about, or will.
MOST = 60
#: So many weeks stand open: the earlier ones, which few remember day by day, are folded on a small screen.
OPEN_WEEKS = 2


@dataclass(frozen=True)
class Week:
    """The days of one week, each as (planned, choice, what was seen)."""

    number: int
    cells: list
    is_open: bool = False

    @property
    def empty(self) -> int:
        """How many are not filled in."""
        return sum(not field.value() for _planned, field, _seen in self.cells)


class DaysForm(SessionsForm):
    """The sessions of a follow-up's period that have been. With `rest` sent, the person was there on every
    day that is not filled in."""

    def __init__(self, data=None, *, link: FollowUpLink, period: Period, today: dt.date):
        self.link, self.today = link, today
        found = sessions_of([link.placement], period.first, min(period.last, today))[link.placement_id]
        super().__init__(data, planned=found[-MOST:], today=today, choices=SUPERVISOR, prefix=PREFIX)

    def weeks(self) -> list[Week]:
        """The days by week, in order; only the latest weeks, and those with something to correct, stand open."""
        cells = groupby(self.cells(), key=lambda cell: cell[0].session.day.isocalendar()[:2])
        weeks = [Week(number, list(of_week)) for (_year, number), of_week in cells]
        return [
            replace(week, is_open=left <= OPEN_WEEKS or any(field.errors for _planned, field, _seen in week.cells))
            for left, week in zip(range(len(weeks), 0, -1), weeks, strict=True)
        ]

    def told(self) -> list[tuple[str, int]]:
        """What is marked, in the supervisor's words, and for how many days."""
        words, days = dict(SUPERVISOR), defaultdict(set)
        for each in self.planned:
            if each.status:
                days[str(words.get(each.status, each.label))].add(each.session.day)
        return [(label, len(each)) for label, each in days.items()]

    @property
    def is_rest(self) -> bool:
        """Whether the days that are not filled in are said to be days on which the person was there."""
        return self.add_prefix("rest") in self.data

    @property
    def all_marks(self) -> dict[str, str]:
        if self.is_rest:
            return rest_present(self.planned, self.marks, self.today)
        return self.marks

    def again(self) -> "DaysForm":
        """The form with what was chosen; beside what somebody has marked otherwise meanwhile stands what they said.
        Who sends it again has seen that."""
        first = self.planned[0].session.day if self.planned else self.today
        options = {"link": self.link, "period": Period(first, self.today), "today": self.today}
        planned = DaysForm(**options).planned
        form = DaysForm(self.sent_again(planned), **options)
        form.tell_overtaken(overtaken_in(planned, marks=self.all_marks, seen=self.seen))
        return form

    def save(self) -> int:
        """Mark the days as the link's supervisor says. Raises MarkedOtherwise for what staff have marked otherwise
        meanwhile. Returns how many marks changed."""
        return attendance_mark(
            placement=self.link.placement, marks=self.all_marks, seen=self.seen, supervisor=self.link.supervisor
        )
