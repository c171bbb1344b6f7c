"""What the page of a placement tells: where it stands, what is lacking, what comes next, its hours, its history."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from placements.booking import acts, rules
from placements.booking.permissions import can_book
from placements.models import Placement, Schedule, ScheduledHours
from placements.models.placement import GOING_ON, OVER, PlacementState
from placements.schedules import hours_a_week, planned_sessions

#: How many days ahead the page tells the sessions of.
AHEAD = dt.timedelta(days=13)


def whole(rows):
    """With everything that the page tells of."""
    hours = ScheduledHours.objects.order_by("weekday", "begins", "weeks")
    return rows.select_related(
        "workplace__employer", "supervisor", "place", "activity__form", "checklist", "enrolment__participant"
    ).prefetch_related(
        "supervisor__trainings",
        "grades",
        "values",
        "extensions",
        "annulled_ends",
        Prefetch("schedules", Schedule.objects.order_by("valid_from").prefetch_related(Prefetch("hours", hours))),
    )


@dataclass(frozen=True)
class ShownSchedule:
    """A schedule of the placement, the hours a week it comes to, and whether it is the one that holds."""

    row: Schedule
    hours: list[ScheduledHours]
    a_week: object
    holds: bool


def steps_of(placement: Placement) -> list[dict[str, str]]:
    """The way of a placement as a line of steps."""
    state = placement.state
    begun = state in (*GOING_ON, *OVER)

    def step(label, done, note="", *, now=False):
        return {"label": label, "state": "now" if now else "done" if done else "todo", "note": note}

    consulted = bool(placement.union_consulted or placement.union_exception)
    note = _iso(placement.union_consulted) or (_("exception") if placement.union_exception else "")
    missed = pgettext("step of a placement", "not done") if begun else ""
    asked = acts.is_settled_here(placement)
    steps = [step(PlacementState.PLANNED.label, True, now=state == PlacementState.PLANNED)]
    # Of one that a register brought nobody knows whether it was done.
    if consulted or asked:
        at = state == PlacementState.UNION_CONSULTED
        steps.append(step(PlacementState.UNION_CONSULTED.label, consulted, note if consulted else missed, now=at))
    if placement.agreed_on or asked:
        at, agreed = state == PlacementState.AGREED, _iso(placement.agreed_on)
        steps.append(step(PlacementState.AGREED.label, bool(agreed), agreed or missed, now=at))
    if placement.cancelled_on:
        return [
            *steps[:1],
            *(each for each in steps[1:] if each["state"] == "done"),
            step(PlacementState.CANCELLED.label, True, _iso(placement.cancelled_on), now=True),
        ]
    ongoing = step(PlacementState.ONGOING.label, begun, _iso(placement.start), now=state == PlacementState.ONGOING)
    steps.append(ongoing)
    if placement.extended_on:
        steps.append(
            step(
                PlacementState.EXTENDED.label, True, _iso(placement.extended_on), now=state == PlacementState.EXTENDED
            )
        )
    last = PlacementState.INTERRUPTED if placement.why_interrupted else PlacementState.ENDED
    steps.append(step(last.label, state in OVER, _iso(placement.end)))
    return steps


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def schedules_of(placement: Placement, today: dt.date) -> list[ShownSchedule]:
    """The schedule that holds today (or first of all) and those that come after it."""
    rows = list(placement.schedules.all())
    begun = [each for each in rows if each.valid_from <= today]
    holding = begun[-1] if begun else (rows[0] if rows else None)
    shown = [each for each in rows if holding and each.valid_from >= holding.valid_from]
    return [
        ShownSchedule(
            row=each, hours=list(each.hours.all()), a_week=hours_a_week(each.hours.all()), holds=each is holding
        )
        for each in shown
    ]


def sessions_of(placement: Placement, today: dt.date) -> list:
    """The sessions of the next two weeks, within the placement's days."""
    first = max(today, placement.start)
    last = min(day for day in (first + AHEAD, placement.end) if day)
    return planned_sessions(placement.schedules.all(), first, last)


def page_context(placement: Placement, user) -> dict:
    """What the page needs to know."""
    today = timezone.localdate()
    settled_here = acts.is_settled_here(placement)
    lacks = rules.lacks_of(placement) if settled_here and not placement.is_over else []
    lacks = [] if placement.cancelled_on else lacks
    values = list(placement.values.all())
    lacks_values = rules.lacks_values(placement, values)
    may = [act for act in acts.offered(placement) if act.may(user, placement.enrolment)]
    first = acts.primary(placement, lacks, lacks_values=lacks_values)
    may_book = can_book(user, placement.enrolment)
    return {
        "placement": placement,
        "book_again": _book_again(placement) if placement.cancelled_on and may_book else "",
        "may_book": may_book,
        "attendance_from": _week_to_mark(placement, today),
        "steps": steps_of(placement),
        "lacks": lacks,
        "settled_here": settled_here,
        "lacks_agreement": settled_here and not placement.agreed_on and placement.is_going_on,
        "lacks_values": lacks_values,
        "values": values,
        "primary": first if first in may else None,
        "acts": [act for act in may if act is not first],
        "schedules": schedules_of(placement, today),
        "sessions": sessions_of(placement, today) if placement.is_going_on or placement.is_to_come else [],
        "trained": bool(placement.supervisor) and rules.is_trained(
            placement.supervisor, max(placement.start, min(today, placement.end or today))
        ),
        "checklist": rules.checklist_of(placement),
        "checks": rules.checks_of(placement),
        "check": placement.workplace.checks.first(),
        "last_day_told": _last_day_told(placement, today),
        "followups": list(placement.followups.wanted().order_by("due", "pk")),
    }  # fmt: skip


def _book_again(placement: Placement) -> str:
    """Where what was cancelled is booked anew; empty when nothing can be booked for its activity any more."""
    activity = placement.activity
    if activity is None or placement.enrolment.is_closed or not activity.can_be_booked:
        return ""
    where = (
        f"plats={placement.place.public_id}" if placement.place else f"arbetsplats={placement.workplace.public_id}"
    )
    address = reverse("booking:book", args=[placement.enrolment.participant.public_id])
    return f"{address}?insats={activity.public_id}&{where}"


def _week_to_mark(placement: Placement, today: dt.date) -> str:
    """The week of the first day that is not marked, else this or its last one, as an address names it; empty for what
    has not begun."""
    if placement.start > today:
        return ""
    day = placement.unmarked_on if placement.unmarked_on and placement.unmarked_on <= today else today
    year, week, _day = min(day, placement.end or day).isocalendar()
    return f"{year}-W{week:02d}"


def _last_day_told(placement: Placement, today: dt.date) -> str:
    """That somebody has said that it ends, and it is still its last day; or that its days are over and nobody has
    said what came of it."""
    said = placement.result or placement.why_interrupted
    if placement.cancelled_on or placement.end is None:
        return ""
    if said and placement.end >= today:
        return _("It has been ended. Its last day is %(day)s.") % {"day": date_format(placement.end)}
    if placement.is_over and not placement.result:
        return _("Its last day was %(day)s, and nobody has said what came of it.") % {
            "day": date_format(placement.end)
        }
    return ""
