"""What one person can do at the same time: be at two workplaces in one week, but not at the same hours, and be
employed in parts of full time, but not in more than the whole of it.

The register may hold anything; here it is asked of what is booked and changed. Only the placements of the same person
in the same unit are asked about: what another unit knows must not show in what is refused.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from placements.booking.rules import Refused
from placements.models import Placement, Schedule
from placements.schedules import Session, planned_sessions

#: After the last change of schedule the hours go on as before: so far ahead every second week and any run of holidays
#: has been met.
AHEAD = dt.timedelta(weeks=8)


def check_together(placement: Placement, *, since: dt.date) -> None:
    """Raises Refused when the placement, as it is stored, cannot be done beside the person's others from `since` on:
    hours of both fall on each other, or employments come to more than full time. Asked by whoever books or changes it
    while holding the case, so that two who book for the same person come one after the other."""
    others = list(_others(placement, since))
    if not others:
        return
    schedules = list(placement.schedules.prefetch_related("hours"))
    for other in others:
        _check_hours(placement, schedules, other, since)
    if placement.is_employment:
        _check_grades(placement, [each for each in others if each.is_employment], since)


def _others(placement: Placement, since: dt.date):
    rows = Placement.objects.filter(
        Q(end=None) | Q(end__gte=max(since, placement.start)),
        enrolment__participant=placement.enrolment.participant_id,
        enrolment__unit=placement.enrolment.unit_id,
    ).exclude(pk=placement.pk)
    rows = rows.filter(start__lte=placement.end) if placement.end else rows
    return rows.select_related("workplace").prefetch_related("schedules__hours", "grades").order_by("start", "pk")


# --- Hours --------------------------------------------------------------------------------------------------------


def _check_hours(placement: Placement, schedules: list[Schedule], other: Placement, since: dt.date) -> None:
    theirs = list(other.schedules.all())
    first = max(since, placement.start, other.start)
    latest = max((each.valid_from for each in [*schedules, *theirs]), default=first)
    last = min(day for day in (placement.end, other.end, max(first, latest) + AHEAD) if day)
    clash = _first_clash(planned_sessions(schedules, first, last), planned_sessions(theirs, first, last))
    if clash:
        words = _(
            "%(day)s, %(begins)s–%(ends)s, the participant is at %(workplace)s. Choose other hours, or other days."
        )
        raise Refused(
            words
            % {
                "workplace": other.workplace.name,
                "day": date_format(clash.day, "l j F"),
                "begins": f"{clash.begins:%H:%M}",
                "ends": f"{clash.ends:%H:%M}",
            }
        )


def _first_clash(ours: Iterable[Session], theirs: Iterable[Session]) -> Session | None:
    """The first of their sessions that falls on one of ours."""
    by_day = defaultdict(list)
    for each in ours:
        by_day[each.day].append(each)
    return next(
        (
            session
            for session in theirs
            if any(one.begins < session.ends and session.begins < one.ends for one in by_day[session.day])
        ),
        None,
    )


# --- Parts of full time -------------------------------------------------------------------------------------------


def _check_grades(placement: Placement, others: list[Placement], since: dt.date) -> None:
    together = [placement, *others]
    first = max(since, placement.start)
    changes = {each.start for each in others} | {term.valid_from for each in together for term in each.grades.all()}
    for day in sorted({first} | {day for day in changes if day > first}):
        if placement.end and day > placement.end:
            return
        whole = sum((_grade_on(each, day) for each in together), Decimal(0))
        if whole > 1:
            words = _(
                "Together with the participant's other employments that is %(percent)s per cent of full time on "
                "%(day)s. It cannot be more than 100."
            )
            percent = f"{(whole * 100).normalize():f}".replace(".", ",")
            raise Refused(words % {"percent": percent, "day": date_format(day)}, "grade")


def _grade_on(placement: Placement, day: dt.date) -> Decimal:
    """What part of full time the placement is on the day; 0 before, after, and when nobody has said."""
    if day < placement.start or (placement.end and day > placement.end):
        return Decimal(0)
    terms = [each for each in placement.grades.all() if each.valid_from <= day]
    return max(terms, key=lambda each: each.valid_from).grade if terms else Decimal(0)
