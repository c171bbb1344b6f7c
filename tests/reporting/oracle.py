"""The figures counted by hand, so to speak: slow plain Python, written from docs/statistics.md alone."""

import calendar
import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

COLUMNS = {"woman": "women", "man": "men", "unknown": "unknown"}
RESULTS = ("A", "B", "C", "D", "E", "pending")


@dataclass
class Assignment:
    unit: str
    start: dt.date
    end: dt.date | None = None


@dataclass
class Enrolment:
    person: int
    gender: str
    start: dt.date
    end: dt.date | None = None
    reason: str = ""
    job_start: dt.date | None = None
    job_end: dt.date | None = None
    job_form: str = ""
    study_aid: bool | None = None
    units: list[Assignment] = field(default_factory=list)


def month_end(start: dt.date) -> dt.date:
    year, month = (start.year, start.month + 1) if start.month < 12 else (start.year + 1, 1)
    same_day = dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    return same_day - dt.timedelta(days=1)


def result(enrolment: Enrolment, as_of: dt.date) -> str:
    if enrolment.reason == "transferred":
        return "C"
    if enrolment.reason == "assignment_completed":
        return "D"
    if enrolment.reason == "studies":
        return "B" if enrolment.study_aid is True else "E"
    if enrolment.reason not in ("work", "own_business"):
        return "E"
    if enrolment.reason == "work" and enrolment.job_form in ("", "municipal_employment"):
        return "E"
    if enrolment.job_start is None:
        return "E"
    complete = month_end(enrolment.job_start)
    if enrolment.job_end is not None and enrolment.job_end < complete:
        return "E"
    return "A" if complete <= as_of else "pending"


def one_decimal(share: Fraction) -> float:
    """Rounded half up."""
    return int(share * 10 + Fraction(1, 2)) / 10


def tables(
    enrolments: list[Enrolment], start: dt.date, end: dt.date, as_of: dt.date, unit: str | None = None
) -> dict:
    """The five tables by gender, in the shape of the JSON."""
    gender = {each.person: each.gender for each in enrolments}

    def was_active(each):
        days = [(each.start, each.end)]
        if unit:
            days = [(part.start, part.end or each.end) for part in each.units if part.unit == unit]
        return any(first <= end and (last is None or last >= start) for first, last in days)

    active = {each.person for each in enrolments if was_active(each)}
    new = {
        each.person
        for each in enrolments
        if start <= each.start <= end and (unit is None or each.units[0].unit == unit)
    }
    counted = {}
    for each in enrolments:
        if each.end and start <= each.end <= end and (unit is None or each.units[-1].unit == unit):
            other = counted.get(each.person)
            if other is None or each.end > other.end:
                counted[each.person] = each
    outcomes = {person: result(each, as_of) for person, each in counted.items()}

    def columns(people, whole=None):
        """People by gender; a column for unknown where someone of the whole table is."""
        some_unknown = any(gender[person] == "unknown" for person in (people if whole is None else whole))
        names = ["women", "men", *(["unknown"] if some_unknown else [])]
        by_gender = {name: sum(COLUMNS[gender[person]] == name for person in people) for name in names}
        return by_gender | {"total": len(people)}

    closed = columns(counted)
    rows = {
        code: columns([person for person in counted if outcomes[person] == code], counted) for code in RESULTS
    } | {"total": closed}
    return {
        "active": columns(active),
        "new": columns(new),
        "closed": closed,
        "results": rows,
        "share_ab": {
            column: one_decimal(Fraction(100 * (rows["A"][column] + rows["B"][column]), number)) if number else None
            for column, number in closed.items()
        },
    }
