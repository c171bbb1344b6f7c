"""The days on the supervisor's page: which of them the participant was there."""

import datetime as dt
from itertools import groupby

from django.utils.translation import gettext as _

from placements.marking.forms import SUPERVISOR, SessionsForm
from placements.marking.services import attendance_mark, rest_present
from placements.marking.sessions import sessions_of
from placements.models import FollowUpLink
from placements.period import Period

PREFIX = "dagar"
#: More days than this are not asked about at once: the earlier ones staff have asked about, or will.
MOST = 60


class DaysForm(SessionsForm):
    """The sessions of a follow-up's period that have been. With `rest` sent, the person was there on every
    day that is not filled in."""

    def __init__(self, data=None, *, link: FollowUpLink, period: Period, today: dt.date):
        self.link, self.today = link, today
        found = sessions_of([link.placement], period.first, min(period.last, today))[link.placement_id]
        super().__init__(data, planned=found[-MOST:], today=today, choices=SUPERVISOR, prefix=PREFIX)

    def weeks(self) -> list[tuple[int, list]]:
        """The cells by the number of their week, in order."""
        cells = groupby(self.cells(), key=lambda cell: cell[0].session.day.isocalendar()[:2])
        return [(week, list(of_week)) for (_year, week), of_week in cells]

    @property
    def all_marks(self) -> dict[str, str]:
        if self.add_prefix("rest") in self.data:
            return rest_present(self.planned, self.marks, self.today)
        return self.marks

    def again(self, keys: set[str]) -> "DaysForm":
        """The form with what was chosen; beside what staff have marked otherwise meanwhile stands what they said. Who
        sends it again has seen that."""
        data, first = self.data.copy(), self.planned[0].session.day if self.planned else self.today
        fresh = DaysForm(link=self.link, period=Period(first, self.today), today=self.today)
        for each in fresh.planned:
            data[fresh.add_prefix(f"{each.key}-seen")] = each.status
        form = DaysForm(data, link=self.link, period=Period(first, self.today), today=self.today)
        for each in form.planned:
            if each.key in keys:
                label = each.label or _("Not marked")
                form.add_error(each.key, _("Marked meanwhile as: %(status)s.") % {"status": label})
        return form

    def save(self) -> int:
        """Mark the days as the link's supervisor says. Raises MarkedOtherwise for what staff have marked otherwise
        meanwhile. Returns how many marks changed."""
        return attendance_mark(
            placement=self.link.placement, marks=self.all_marks, seen=self.seen, supervisor=self.link.supervisor
        )
