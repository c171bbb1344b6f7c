"""A random municipality with units, whose figures are published quarter by quarter and then for the year.

Nothing is stored in a database: the figures are counted by the oracle, from the contract's words alone.
"""

import datetime as dt
from fractions import Fraction
from random import Random

from accounts.models import Unit
from reporting.disclosure.joint import Joint, PublishedEarlier
from reporting.disclosure.model import HIDDEN
from reporting.engine import Answer, Table
from reporting.figures import find_table
from reporting.figures.definition import TOTAL, Category
from reporting.periods import Period
from reporting.question import Question
from tests.reporting import oracle
from vocabulary.codes import ClosureReason, Education, JobForm, ReferralSource, TargetGroup

YEAR = Period.parse("2026")
QUARTERS = [Period.parse(f"2026Q{number}") for number in (1, 2, 3, 4)]
DAY = dt.timedelta(days=1)
EMPLOYERS = [("SERV", "department"), ("SKOL", "department"), ("VOF", "department"), ("AB", "private")]


def register(random: Random, persons: int, units: int) -> oracle.Register:
    """So many participants; some are enrolled twice, some in two units. The first codes are the common ones."""
    codes = [f"U{number}" for number in range(max(units, 1))]
    made = oracle.Register()
    for number in range(persons):
        made.people.append(
            oracle.Person(
                _often(random, ["woman", "man", "man", "unknown"]),
                random.choice([1970, 1990, 2003]),
                _often(random, [*Education.values, ""]),
            )
        )
        day = YEAR.start + random.randint(-200, 250) * DAY
        for _each in range(random.choice([1, 1, 1, 2])):
            enrolment = _enrolment(random, number, day, codes)
            made.enrolments.append(enrolment)
            if enrolment.end is None:
                break
            day = enrolment.end + random.randint(1, 60) * DAY
        if random.random() < 0.5:
            received = YEAR.start + random.randint(0, 364) * DAY
            made.referrals.append(
                oracle.Referral(_often(random, codes), _often(random, ReferralSource.values), received)
            )
    return made


def _enrolment(random: Random, person: int, start: dt.date, codes: list[str]) -> oracle.Enrolment:
    end = start + random.randint(0, 300) * DAY if random.random() < 0.7 else None
    units = [oracle.Assignment(_often(random, codes), start)]
    if end and end > start and random.random() < 0.15:
        day = start + random.randint(1, (end - start).days) * DAY
        units[0].end = day - DAY
        units.append(oracle.Assignment(random.choice(codes), day, end))
    made = oracle.Enrolment(person, start, end, units=units, target_group=_often(random, [*TargetGroup.values, ""]))
    if end:
        made.reason = _often(random, [ClosureReason.WORK, ClosureReason.STUDIES, *ClosureReason.values])
        made.study_aid = random.random() < 0.7
        made.job_start = end - random.randint(0, 60) * DAY
        made.job_form = _often(random, [JobForm.values[0], *JobForm.values])
        made.aftercare = [oracle.Aftercare(random.choice(["work", "studies", "neither"]), end + 95 * DAY)]
    if random.random() < 0.4:
        employer, kind = _often(random, EMPLOYERS)
        last = end or start + random.randint(0, 200) * DAY
        made.placements = [
            oracle.Placement(
                "municipal_employment" if kind == "department" else "internship",
                employer,
                kind,
                start,
                last,
                [(start, Fraction(random.choice([1, 2, 3]), 4))] if kind == "department" else [],
                oracle.Certificate([last]) if random.random() < 0.6 else None,
            )
        ]
    return made


def meanwhile(random: Random, made: oracle.Register) -> None:
    """What is registered late: closures, one that is annulled, and where a referral came from."""
    latest = list({each.person: each for each in sorted(made.enrolments, key=lambda each: each.start)}.values())
    for each in random.sample(latest, min(5, len(latest))):
        if each.end is None:
            each.end, each.reason = each.units[-1].start + random.randint(0, 90) * DAY, ClosureReason.INTERRUPTED
        elif not each.placements:
            each.end, each.reason = None, ""
        each.units[-1].end = each.end
    for each in made.referrals[:2]:
        each.source = random.choice(ReferralSource.values)


def _often(random: Random, codes: list):
    """One of the codes; the first are the common ones."""
    return random.choices(codes, range(2 * len(codes), 0, -2))[0]


def answers(made: oracle.Register, period: Period, as_of: dt.date, units: int = 0) -> list[Answer]:
    """The figures of the whole municipality, then of its units."""
    return [_answer(made, Question(period, as_of))] + [
        _answer(made, Question(period, as_of, Unit(code=f"U{number}"))) for number in range(units)
    ]


def _answer(made: oracle.Register, question: Question) -> Answer:
    unit = question.unit.code if question.unit else None
    said = oracle.tables(made, question.period.start, question.period.end, question.as_of, unit)
    few = _employments(made, question, unit)
    return Answer(question, {key: _table(key, values, said, few) for key, values in said.items()})


def _table(key: str, values: dict, said: dict, few: dict) -> Table:
    figure, breakdown = find_table(key)
    flat = {
        (row, column): value
        for row, cells in (values if breakdown.rows else {TOTAL.code: values}).items()
        for column, value in (cells if isinstance(cells, dict) else {TOTAL.code: cells}).items()
    }
    rows, heads = (_categories(crossing[side] for crossing in flat) for side in (0, 1))
    parts = {}
    if key == "share_ab":
        row = said["results"]
        parts = {
            ("total", head): (row["A"][head] + row["B"][head], number) for head, number in said["closed"].items()
        }
    elif key == "fte":
        parts = {crossing: (few[crossing[0]],) for crossing in flat}
    elif key == "aftercare_90":
        known = values["work_or_studies"] + values["neither"]
        parts = {
            ("total", "share_of_due"): (values["work_or_studies"], values["due"]),
            ("total", "share_of_reached"): (values["work_or_studies"], known),
            ("total", "response_rate"): (known, values["due"]),
        }
    return Table(figure, breakdown, rows, breakdown.measured or heads, flat, parts, 0)


def _categories(codes) -> tuple[Category, ...]:
    return tuple(TOTAL if code == TOTAL.code else Category(code, code) for code in dict.fromkeys(codes))


def _employments(made: oracle.Register, question: Question, unit: str | None) -> dict[str, int]:
    """How many municipal employments lie behind the full-time equivalents, by employer."""
    period = question.period
    employers = [
        placement.employer
        for each in made.enrolments
        for placement in each.placements
        if placement.form == "municipal_employment"
        and placement.start <= period.end
        and placement.end >= period.start
        and (unit is None or each.unit_on(placement.start) == unit)
    ]
    return {code: employers.count(code) for code in employers} | {TOTAL.code: len(employers)}


def as_earlier(known: list[Answer], joint: Joint) -> list[PublishedEarlier]:
    """What went out, for those who publish next."""
    return [
        PublishedEarlier(
            inside.question.period,
            inside.question.unit.code if inside.question.unit else "",
            {key: inside.tables[key].values for key in outside.tables},
            {key: table.values for key, table in outside.tables.items()},
        )
        for inside, outside in zip(known, joint.answers, strict=True)
    ]


def hidden(answer: Answer) -> set[tuple[str, str, str]]:
    return {
        (key, *crossing)
        for key, table in answer.tables.items()
        for crossing, value in table.values.items()
        if value == HIDDEN
    }
