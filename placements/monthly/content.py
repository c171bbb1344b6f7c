"""What a month's attendance came to, as plain data: worked out once for each version, and told from there."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from accounts.models import Unit
from participants.models import Enrolment
from placements.attendance import Attendance, attendance_of
from placements.groups.told import attendance_in as group_attendance
from placements.marking.sessions import sessions_of
from placements.models import GroupPlace, Placement
from vocabulary.codes import AttendanceStatus, Protection

#: The form that content is stored in. Another form is another number, and reading still knows the old ones.
FORMAT = 1


def last_day_of(month: dt.date) -> dt.date:
    """The last day of the month of which `month` is the first."""
    return (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def basis_content(enrolment: Enrolment, month: dt.date, today: dt.date) -> dict:
    """The basis of one case: each activity with its hours, every session with its status, and the sum. Of a month
    that goes on, up to today."""
    lines = _lines([enrolment], month, min(last_day_of(month), today))[enrolment.pk]
    whole = [each for line in lines for each in line["sessions"]]
    return {"format": FORMAT, "lines": [_told(line, with_sessions=True) for line in lines], "sum": _sum(whole)}


def file_content(unit: Unit, month: dt.date, today: dt.date) -> dict:
    """The rows of a unit: person × activity, with the hours planned and attended. Those with protected personal data
    are left out, and counted: theirs is handed over by hand."""
    last = min(last_day_of(month), today)
    enrolments = Enrolment.objects.filter(Q(end=None) | Q(end__gte=month), start__lte=last, unit=unit).select_related(
        "participant"
    )
    open_ones = list(enrolments.order_by("participant__sort_name", "start", "pk"))
    shown = [each for each in open_ones if each.participant.protection == Protection.NONE]
    lines = _lines(shown, month, last)
    rows = [
        {
            "person": str(enrolment.participant.public_id),
            "identity_number": enrolment.participant.identity_number or enrolment.participant.temporary_number,
            "case_number": enrolment.case_number,
            **_told(line),
        }
        for enrolment in shown
        for line in lines[enrolment.pk]
    ]
    left_out = [each for each in open_ones if each.participant.protection != Protection.NONE]
    protected = sum(bool(found) for found in _lines(left_out, month, last).values())
    return {"format": FORMAT, "rows": rows, "protected": protected}


def _lines(enrolments: list[Enrolment], first: dt.date, last: dt.date) -> dict[int, list[dict]]:
    """For each case its activities of those days: what it is, from when to when, and its sessions (day, begins, ends,
    hours, status). A few questions however many there are."""
    found: dict[int, list[dict]] = {enrolment.pk: [] for enrolment in enrolments}
    on = Q(end=None) | Q(end__gte=first)
    placements = list(
        Placement.objects.filter(on, enrolment__in=enrolments, start__lte=last)
        .select_related("workplace")
        .order_by("start", "pk")
    )
    planned = sessions_of(placements, first, last)
    for placement in placements:
        sessions = [
            (each.session.day, each.session.begins, each.session.ends, each.session.hours, each.status)
            for each in planned[placement.pk]
        ]
        label = f"{placement.get_form_display()}, {placement.workplace.name}"
        found[placement.enrolment_id].append(_line(placement.form, label, placement, sessions))
    places = list(
        GroupPlace.objects.filter(on, enrolment__in=enrolments, start__lte=last)
        .select_related("group__form")
        .order_by("start", "pk")
    )
    kept = group_attendance(places, last, since=first)
    for place in places:
        sessions = [
            (session.day, session.begins, session.ends, session.hours, status)
            for status, session in kept[place.pk].values()
        ]
        label = f"{place.group.form.label}, {place.group.name}"
        found[place.enrolment_id].append(_line(place.group.form_id, label, place, sessions))
    return found


def _line(form: str, label: str, of: Placement | GroupPlace, sessions: list[tuple]) -> dict:
    return {"form": form, "label": label, "start": of.start, "end": of.end, "sessions": sessions}


def _told(line: dict, *, with_sessions: bool = False) -> dict:
    """A line as it is stored: text and numbers only."""
    told = {
        "form": line["form"],
        "label": line["label"],
        "start": line["start"].isoformat(),
        "end": line["end"].isoformat() if line["end"] else "",
        **_sum(line["sessions"]),
    }
    if with_sessions:
        told["sessions"] = [
            {
                "day": day.isoformat(),
                "begins": f"{begins:%H:%M}",
                "ends": f"{ends:%H:%M}",
                "hours": _number(hours),
                "status": status,
            }
            for day, begins, ends, hours, status in line["sessions"]
        ]
    return told


def _sum(sessions: Iterable[tuple]) -> dict:
    """Hours, by how they were marked, and the share of attendance (empty if nothing is marked)."""
    found: Attendance = attendance_of((hours, status) for _day, _begins, _ends, hours, status in sessions)
    parts = ("planned", "present", "valid", "invalid", "unmarked", "cancelled")
    share = "" if found.share is None else str(found.share)
    return {part: _number(getattr(found, part)) for part in parts} | {"share": share}


def _number(hours: Decimal) -> str:
    return f"{hours.quantize(Decimal('0.01')).normalize():f}"


def sessions_by_day(content: dict) -> list[dict]:
    """Every session of a basis, by day, each with what it was part of and its status in words."""
    by_day = defaultdict(list)
    for line in content["lines"]:
        for session in line["sessions"]:
            status = AttendanceStatus(session["status"]).label if session["status"] else ""
            by_day[session["day"], session["begins"]].append(session | {"what": line["label"], "label": status})
    return [session for key in sorted(by_day) for session in by_day[key]]
