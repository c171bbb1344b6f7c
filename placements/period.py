"""Which days a follow-up asks about."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from placements.models import FollowUp

#: Nobody is at a workplace longer than this, day after day: more is a slip of the finger.
MOST_HOURS_A_DAY = 10


@dataclass(frozen=True)
class Period:
    """The first and the last day that a follow-up asks about."""

    first: dt.date
    last: dt.date

    @property
    def most_hours(self) -> Decimal:
        """More hours than this are refused."""
        return Decimal(MOST_HOURS_A_DAY * ((self.last - self.first).days + 1))

    def __str__(self) -> str:
        """In words, with the numbers of the weeks: "v. 6–14, 2 februari–31 mars"."""
        weeks = [self.first.isocalendar(), self.last.isocalendar()]
        same_week = weeks[0][:2] == weeks[1][:2]
        week = f"{weeks[0].week}" if same_week else f"{weeks[0].week}–{weeks[1].week}"
        years = self.first.year != self.last.year
        same_month = not years and self.first.month == self.last.month
        first = date_format(self.first, "j F Y" if years else "j" if same_month else "j F")
        last = date_format(self.last, "j F Y" if years else "j F")
        days = last if self.first == self.last else f"{first}–{last}"
        return _("week %(week)s, %(days)s") % {"week": week, "days": days}


def period_of(followup: FollowUp, today: dt.date) -> Period:
    """The days since the placement began, or since the last day that a follow-up before this one has covered, until
    this one is due, or until today or the placement's end if that comes earlier."""
    placement = followup.placement
    earlier = FollowUp.objects.wanted().filter(placement=placement, due__lt=followup.due).select_related("answer")
    covered = [day for day in map(_covered_until, earlier) if day <= today]
    first = max([placement.start, *covered])
    ends = [followup.due, today, placement.end]
    return Period(first, max(first, min(day for day in ends if day)))


def _covered_until(followup: FollowUp) -> dt.date:
    """The last day that a follow-up asked about: an early answer says nothing of the days that came after it."""
    answer = getattr(followup, "answer", None)
    if answer:
        return answer.period_end
    return min(followup.due, followup.filed) if followup.filed else followup.due
