"""The figures counted by hand, so to speak: slow plain Python, written from the contract's words alone."""

import calendar
import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median

COLUMNS = {"woman": "women", "man": "men", "unknown": "unknown"}
RESULTS = ("A", "B", "C", "D", "E", "pending")
EDUCATIONS = ("primary_incomplete", "primary", "upper_secondary", "post_secondary", "not_validated")
TARGET_GROUPS = ("income_support", "activity_responsibility", "preventive", "other")
SOURCES = ("employment_service", "social_services", "insurance_agency", "self", "other")
DAY = dt.timedelta(days=1)


@dataclass
class Person:
    gender: str
    birth_year: int = 1990
    education: str = ""


@dataclass
class Assignment:
    unit: str
    start: dt.date
    end: dt.date | None = None


@dataclass
class Aftercare:
    status: str
    checked: dt.date
    days_after: int = 90


@dataclass
class Certificate:
    issues: list[dt.date]


@dataclass
class FollowUp:
    due: dt.date
    filed: dt.date | None = None
    withdrawn: bool = False


@dataclass
class Placement:
    form: str
    employer: str
    kind: str
    start: dt.date
    end: dt.date | None = None
    grades: list[tuple[dt.date, Fraction]] = field(default_factory=list)
    certificate: Certificate | None = None
    followups: list[FollowUp] = field(default_factory=list)


@dataclass
class Enrolment:
    person: int
    start: dt.date
    end: dt.date | None = None
    reason: str = ""
    job_start: dt.date | None = None
    job_end: dt.date | None = None
    job_form: str = ""
    study_aid: bool | None = None
    target_group: str = ""
    units: list[Assignment] = field(default_factory=list)
    aftercare: list[Aftercare] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    followups: list[FollowUp] = field(default_factory=list)

    def unit_on(self, day: dt.date) -> str | None:
        """The unit that answered on a day; after the end the last."""
        started = [part for part in self.units if part.start <= day]
        return started[-1].unit if started else None


@dataclass
class Referral:
    unit: str
    source: str
    received: dt.date


@dataclass
class Register:
    people: list[Person] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month (an earlier one when negative), or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


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
    complete = months_after(enrolment.job_start, 1) - DAY
    if enrolment.job_end is not None and enrolment.job_end < complete:
        return "E"
    return "A" if complete <= as_of else "pending"


def half_up(number: Fraction, decimals: int) -> float:
    scale = 10**decimals
    return float(Fraction((number * scale + Fraction(1, 2)).__floor__(), scale))


def share(part: int, whole: int) -> float | None:
    return half_up(Fraction(100 * part, whole), 1) if whole else None


def counted_by(codes, values, *, missing=False) -> dict:
    """How many of `values` there are of each code, `unknown` where one is missing, and in all."""
    values = list(values)
    found = {code: values.count(code) for code in codes}
    if missing and "" in values:
        found["unknown"] = values.count("")
    return found | {"total": len(values)}


def tables(register: Register, start: dt.date, end: dt.date, as_of: dt.date, unit: str | None = None) -> dict:
    """Every table of the contract, in the shape of the JSON."""
    return (
        of_people(register, start, end, as_of, unit)
        | of_closures(register, start, end, as_of, unit)
        | of_placements(register, start, end, as_of, unit)
    )


def columns(genders: list[str], of_table: list[str] | None = None) -> dict:
    """Genders counted; a column for unknown where someone of the whole table is."""
    names = ["women", "men", *(["unknown"] if "unknown" in (genders if of_table is None else of_table) else [])]
    return {name: sum(COLUMNS[each] == name for each in genders) for name in names} | {"total": len(genders)}


def of_people(register, start, end, as_of, unit) -> dict:
    people = register.people

    def answered(each: Enrolment) -> set[str]:
        """The units that answered for an enrolment on a day of the period."""
        if each.start > end or (each.end is not None and each.end < start):
            return set()
        return {part.unit for part in each.units if part.start <= end and (part.end is None or part.end >= start)}

    active: dict[int, Enrolment] = {}
    in_units: set[tuple[int, str]] = set()
    for each in sorted(register.enrolments, key=lambda each: each.start):
        units = answered(each) & ({unit} if unit else {part.unit for part in each.units})
        if units:
            active[each.person] = each
            in_units |= {(each.person, code) for code in units}
    genders = [people[person].gender for person in active]
    ages = {"le24": [], "ge25": []}
    for person in active:
        ages["le24" if end.year - people[person].birth_year <= 24 else "ge25"].append(people[person].gender)

    starting = [each for each in register.enrolments if start <= each.start <= end]
    if unit:
        starting = [each for each in starting if each.units[0].unit == unit]
    new = {each.person for each in starting}

    def goes_round(each: Enrolment) -> bool:
        earliest = months_after(each.start, -36)
        recent = [
            other
            for other in register.enrolments
            if other.person == each.person and earliest <= other.start <= each.start
        ]
        ended = [other for other in recent if other.end is not None and other.end < each.start]
        return len(recent) >= 3 and all(result(other, as_of) not in ("A", "B") for other in ended)

    referrals = [
        each.source
        for each in register.referrals
        if start <= each.received <= end and (unit is None or each.unit == unit)
    ]
    present_units = sorted({code for _person, code in in_units})
    return {
        "active": columns(genders),
        "active_by_age": {code: columns(those, genders) for code, those in ages.items()}
        | {"total": columns(genders)},
        "active_by_education": counted_by(EDUCATIONS, (people[one].education for one in active), missing=True),
        "active_by_target_group": counted_by(
            TARGET_GROUPS, (each.target_group for each in active.values()), missing=True
        ),
        "active_by_unit": {code: sum(here == code for _person, here in in_units) for code in present_units}
        | {"total": len(active)},
        "new": columns([people[person].gender for person in new]),
        "referrals": counted_by(SOURCES, referrals),
        "revolving": {"total": len({each.person for each in starting if goes_round(each)})},
    }


def of_closures(register, start, end, as_of, unit) -> dict:
    people = register.people
    ours = [each for each in register.enrolments if each.end and (unit is None or each.units[-1].unit == unit)]
    counted: dict[int, Enrolment] = {}
    for each in ours:
        if start <= each.end <= end and (each.person not in counted or each.end > counted[each.person].end):
            counted[each.person] = each
    genders = {person: people[person].gender for person in counted}
    outcomes = {person: result(each, as_of) for person, each in counted.items()}
    all_genders = list(genders.values())
    closed = columns(all_genders)
    rows = {
        code: columns([genders[person] for person in counted if outcomes[person] == code], all_genders)
        for code in RESULTS
    } | {"total": closed}

    def median_of(column: str) -> float | None:
        days = [
            (each.end - each.start).days
            for person, each in counted.items()
            if column in (COLUMNS[genders[person]], "total")
        ]
        return half_up(Fraction(median(days)), 1) if days else None

    def band(each: Enrolment) -> str:
        for code, months in (("m0_6", 6), ("m6_12", 12), ("m12_24", 24)):
            if each.end <= months_after(each.start, months):
                return code
        return "m24_"

    answers = []
    for each in ours:
        if start <= each.end + 90 * DAY <= end and result(each, as_of) in ("A", "B"):
            known = [one.status for one in each.aftercare if one.days_after == 90 and one.checked <= as_of]
            answers.append(known[0] if known else "not_reached")
    due, going_on = len(answers), sum(answer in ("work", "studies") for answer in answers)
    neither = answers.count("neither")
    return {
        "closed": closed,
        "share_ab": {
            column: share(rows["A"][column] + rows["B"][column], number) for column, number in closed.items()
        },
        "median_days": {column: median_of(column) for column in closed},
        "results": rows,
        "duration": counted_by(("m0_6", "m6_12", "m12_24", "m24_"), map(band, counted.values())),
        "aftercare_90": {
            "due": due,
            "work_or_studies": going_on,
            "neither": neither,
            "not_reached": due - going_on - neither,
            "share_of_due": share(going_on, due),
            "share_of_reached": share(going_on, going_on + neither),
            "response_rate": share(going_on + neither, due),
        },
    }


def of_placements(register, start, end, as_of, unit) -> dict:
    placements = [
        (each, enrolment)
        for enrolment in register.enrolments
        for each in enrolment.placements
        if each.form != "holiday_job" and (unit is None or enrolment.unit_on(each.start) == unit)
    ]

    def employer(each: Placement) -> str:
        return each.employer if each.kind == "department" else each.kind

    def by_employer(those) -> dict:
        codes = sorted({employer(each) for each in those})
        return counted_by(codes, map(employer, those))

    stock = [each for each, _e in placements if each.start <= end and (each.end is None or each.end >= end)]
    employments = [(each, of) for each, of in placements if each.form == "municipal_employment"]
    delivered = [each for each, _e in employments if start <= each.start <= end]

    def worked(each: Placement) -> Fraction:
        """Day by day."""
        days, day = Fraction(0), max(start, each.start)
        while day <= end and (each.end is None or day <= each.end):
            begun = [grade for since, grade in sorted(each.grades) if since <= day]
            days += begun[-1] if begun else 0
            day += DAY
        return days

    overlapping = [each for each, _e in employments if each.start <= end and (each.end is None or each.end >= start)]
    time: dict[str, Fraction] = {}
    for each in overlapping:
        time[employer(each)] = time.get(employer(each), Fraction(0)) + worked(each)
    year = 366 if calendar.isleap(end.year) else 365
    fte = {
        code: {
            "days": half_up(days, 3),
            "quarter": half_up(days / ((end - start).days + 1), 3),
            "year": half_up(days / year, 3),
        }
        for code, days in (time | {"total": sum(time.values(), Fraction(0))}).items()
    }

    followups = [one for each, _e in placements for one in each.followups] + [
        one
        for enrolment in register.enrolments
        for one in enrolment.followups
        if unit is None or enrolment.unit_on(one.due) == unit
    ]
    followups = [one for one in followups if start <= one.due <= end and not (one.withdrawn and one.filed is None)]
    on_time = sum(one.filed is not None and one.filed <= one.due for one in followups)
    late = sum(one.filed is not None and one.due < one.filed <= as_of for one in followups)

    issued = [
        register.people[of.person].gender
        for each, of in placements
        if each.certificate and start <= min(each.certificate.issues) <= end
    ]
    ended = [each for each, _e in employments if each.end and start <= each.end <= end]
    known = [each for each in ended if each.certificate and min(each.certificate.issues) <= as_of]
    soon = [each for each in known if min(each.certificate.issues) <= each.end + 14 * DAY]
    return {
        "stock": by_employer(stock),
        "delivered": by_employer(delivered),
        "fte": fte,
        "followups": {
            "due": len(followups),
            "on_time": on_time,
            "late": late,
            "missing": len(followups) - on_time - late,
            "on_time_share": share(on_time, len(followups)),
        },
        "certificates": columns(issued),
        "coverage": {
            "ended": len(ended),
            "with_certificate": len(known),
            "share": share(len(known), len(ended)),
            "within_14_days": len(soon),
        },
    }
