"""Random registers full of border dates: the engine says what slow plain Python says."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import LegalBasis
from participants.models import Enrolment, Participant, UnitAssignment
from reporting.engine import answer
from reporting.periods import Period
from reporting.question import Question
from tests.factories import UnitFactory
from tests.reporting import oracle
from vocabulary.codes import ClosureReason, Gender, JobForm

PERIODS = [
    Period.parse(name)
    for name in (
        "2024Q1",
        "2025Q4",
        "2024T1",
        "2024",
        "2024-02..2024-02",
        "2024-02-29..2024-02-29",
        "2023-12-31..2024-01-31",
    )
]
DAY = dt.timedelta(days=1)
BORDERS = sorted(
    {
        border + shift * DAY
        for period in PERIODS
        for border in (period.start, period.end)
        for shift in (-31, -30, -29, -1, 0, 1, 27, 28, 29, 30)
    }
    | {dt.date(2024, 1, 29), dt.date(2024, 1, 30), dt.date(2024, 1, 31), dt.date(2023, 1, 31), dt.date(2024, 2, 28)}
)
days = st.one_of(st.sampled_from(BORDERS), st.dates(dt.date(2023, 11, 1), dt.date(2025, 12, 31)))


@st.composite
def enrolments(draw, person: int):
    """One person's enrolments, one after the other, some handed from one unit to another."""
    gender = draw(st.sampled_from(Gender.values))
    borders = sorted(draw(st.lists(days, min_size=2, max_size=6)))
    found: list[oracle.Enrolment] = []
    for start, end in zip(borders[::2], borders[1::2], strict=False):
        if found and start <= found[-1].end:
            continue
        units = [oracle.Assignment(draw(st.sampled_from("AB")), start)]
        if start < end and draw(st.booleans()):
            transferred = draw(st.dates(start + DAY, end))
            units[0].end = transferred - DAY
            units.append(oracle.Assignment(draw(st.sampled_from("AB")), transferred))
        found.append(oracle.Enrolment(person, gender, start, end, units=units, **draw(closures())))
    if draw(st.booleans()):
        last = found[-1]
        last.end, last.reason, last.job_start, last.job_end, last.job_form, last.study_aid = (
            None, "", None, None, "", None,
        )  # fmt: skip
    return found


@st.composite
def closures(draw):
    reason = draw(
        st.one_of(st.sampled_from(["work", "own_business", "studies"]), st.sampled_from(ClosureReason.values))
    )
    closure = {"reason": reason}
    if reason in ("work", "own_business") and draw(st.integers(0, 9)):
        closure["job_start"] = draw(days)
        if draw(st.booleans()):
            last = draw(st.one_of(st.integers(0, 40), st.sampled_from([27, 28, 29, 30, 31])))
            closure["job_end"] = closure["job_start"] + last * DAY
    if reason == "work":
        closure["job_form"] = draw(st.sampled_from(["", *JobForm.values]))
    if reason == "studies":
        closure["study_aid"] = draw(st.sampled_from([True, False, None]))
    return closure


registers = (
    st.integers(0, 8)
    .flatmap(lambda number: st.tuples(*(enrolments(person) for person in range(number))))
    .map(lambda persons: [each for person in persons for each in person])
)

LEAP_DAY = oracle.Enrolment(
    0, "unknown", dt.date(2024, 2, 29), dt.date(2024, 2, 29), "work", dt.date(2024, 1, 31), dt.date(2024, 2, 28),
    "unsubsidised", units=[oracle.Assignment("A", dt.date(2024, 2, 29))],
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    register=registers,
    period=st.sampled_from(PERIODS),
    later=st.integers(0, 500),
    unit=st.sampled_from([None, "A", "B"]),
)
@example(register=[LEAP_DAY], period=PERIODS[5], later=0, unit=None)
@example(register=[], period=PERIODS[0], later=0, unit="A")
def test_the_engine_agrees_with_plain_python(register, period, later, unit):
    as_of = period.start + later * DAY
    with transaction.atomic():
        units = store(register)
        said = answer(Question(period, as_of, units.get(unit)))
        transaction.set_rollback(True)
    tables = {key: said.tables[key].as_dict() for key in ("active", "new", "closed", "results", "share_ab")}
    wanted = oracle.tables(register, period.start, period.end, as_of, unit)
    assert (
        json.loads(json.dumps(tables, default=lambda value: float(value) if isinstance(value, Decimal) else value))
        == wanted
    )


def store(register: list[oracle.Enrolment]) -> dict:
    units = {code: UnitFactory(code=code) for code in "AB"}
    people = {
        each.person: Participant(birth_year=1990, gender=each.gender, family_name=str(each.person))
        for each in register
    }
    Participant.objects.bulk_create(people.values())
    rows = [
        Enrolment(
            participant=people[each.person],
            unit=units[each.units[-1].unit],
            start=each.start,
            end=each.end,
            closure_reason=each.reason,
            job_start=each.job_start,
            job_end=each.job_end,
            job_form=each.job_form,
            study_aid=each.study_aid,
        )
        for each in register
    ]
    Enrolment.objects.bulk_create(rows)
    UnitAssignment.objects.bulk_create(
        UnitAssignment(
            enrolment=row,
            unit=units[part.unit],
            legal_basis=LegalBasis.LABOUR_MARKET,
            start=part.start,
            end=part.end,
        )
        for row, each in zip(rows, register, strict=True)
        for part in each.units
    )
    return units
