"""When a placement is to be followed up, worked out of its form and its days (domain: follow-up points, settings)."""

import datetime as dt
from dataclasses import dataclass

from accounts import municipal
from participants.calendar import months_after
from placements.following.municipal import APART_DAYS, FINAL_DAYS, FORMS, MONTHS, START_DAYS
from placements.models import Placement
from placements.models.followup import FollowUpPoint
from placements.schedules import free_days
from vocabulary.codes import FollowUpKind

OF_EMPLOYMENTS = {
    FollowUpPoint.START: FollowUpKind.THREE_PARTY_MEETING,
    FollowUpPoint.MONTH: FollowUpKind.EMPLOYMENT_1_MONTH,
    FollowUpPoint.MID: FollowUpKind.EMPLOYMENT_MID,
    FollowUpPoint.FINAL: FollowUpKind.EMPLOYMENT_FINAL,
}
#: The register's format has no kind for the first month of anything else.
OF_OTHERS = {
    FollowUpPoint.START: FollowUpKind.THREE_PARTY_MEETING,
    FollowUpPoint.MID: FollowUpKind.PLACEMENT_MID,
    FollowUpPoint.FINAL: FollowUpKind.PLACEMENT_FINAL,
}
DAY, SATURDAY = dt.timedelta(days=1), 5


@dataclass(frozen=True)
class Rules:
    """The municipality's settings, read once for many placements."""

    forms: frozenset[str]
    start_days: int
    months: int
    final_days: int
    apart_days: int

    @classmethod
    def of_today(cls) -> "Rules":
        values = municipal.values()
        numbers = (values[each.key] for each in (START_DAYS, MONTHS, FINAL_DAYS, APART_DAYS))
        return cls(frozenset(values[FORMS.key]), *numbers)


def kinds_of(placement: Placement) -> dict[str, str]:
    """Which kind of follow-up each point is, for a placement of that form."""
    return OF_EMPLOYMENTS if placement.is_employment else OF_OTHERS


def points_of(placement: Placement, rules: Rules) -> dict[str, dt.date]:
    """The points at which the placement is to be followed up, each with the working day on which it is due.

    The final one matters most (it is what a certificate and the result rest on), then the first; what lies too near
    to another of more weight is left out. Without a last day there is neither a middle nor a final one.
    """
    if placement.cancelled_on or placement.form not in rules.forms:
        return {}
    last = placement.end
    days = {FollowUpPoint.START: placement.start + rules.start_days * DAY}
    if rules.months and FollowUpPoint.MONTH in kinds_of(placement):
        days[FollowUpPoint.MONTH] = months_after(placement.start, rules.months)
    if last:
        length = (last - placement.start).days
        days[FollowUpPoint.MID] = placement.start + (length // 2) * DAY
        days[FollowUpPoint.FINAL] = max(last - rules.final_days * DAY, placement.start + (length * 2 // 3) * DAY)
        days = {point: day for point, day in days.items() if day <= last}
    return _apart({point: working_day(day, last) for point, day in days.items()}, rules.apart_days)


def _apart(days: dict[str, dt.date], least: int) -> dict[str, dt.date]:
    """The points that lie far enough from those of more weight, in the order of their days. The first and the final
    one need only come one after the other."""
    kept: dict[str, dt.date] = {}
    for point in (FollowUpPoint.FINAL, FollowUpPoint.START, FollowUpPoint.MONTH, FollowUpPoint.MID):
        if point not in days:
            continue
        final = days.get(FollowUpPoint.FINAL)
        if point == FollowUpPoint.START:
            fits = final is None or days[point] < final
        else:
            fits = all(abs((days[point] - day).days) >= least for day in kept.values())
            fits = fits and (final is None or days[point] <= final)
        if fits:
            kept[point] = days[point]
    return dict(sorted(kept.items(), key=lambda pair: pair[1]))


def working_day(day: dt.date, last: dt.date | None) -> dt.date:
    """The day itself or the next working day, in any case not after the last day: then the one before."""
    found = day
    while not _is_working_day(found):
        found += DAY
    if last is None or found <= last or day > last:
        return found
    found = day
    while not _is_working_day(found):
        found -= DAY
    return found


def _is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and day not in free_days(day.year)
