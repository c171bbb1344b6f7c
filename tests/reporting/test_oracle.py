"""Random registers full of border dates: the engine says what slow plain Python says."""

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import LegalBasis
from competence.models import Certificate, CertificateVersion
from participants.models import Aftercare, Enrolment, Participant, Referral, UnitAssignment
from placements.models import Employer, FollowUp, GradeTerm, Placement, Workplace
from reporting.engine import answer
from reporting.periods import Period
from reporting.question import Question
from reporting.statement import state
from tests.factories import UnitFactory
from tests.reporting import oracle
from vocabulary.codes import (
    AftercareStatus,
    ClosureReason,
    Education,
    EmployerKind,
    FollowUpKind,
    Gender,
    JobForm,
    PlacementForm,
    ReferralSource,
    TargetGroup,
)

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


GRADES = (Fraction(1), Fraction(3, 4), Fraction(3333, 10000))
EMPLOYERS = {"DEP1": "department", "DEP2": "department", "BOLAG": "municipal_company", "AB": "private"}


def sometimes(draw, strategy):
    """A value half of the time, else None."""
    return draw(strategy) if draw(st.booleans()) else None


@st.composite
def placements(draw, enrolment_start: dt.date):
    start = draw(st.one_of(st.just(enrolment_start), days.filter(lambda day: day >= enrolment_start)))
    end = sometimes(draw, st.one_of(st.just(start), days.filter(lambda day: day >= start)))
    employer = draw(st.sampled_from(sorted(EMPLOYERS)))
    form = draw(st.sampled_from(["municipal_employment", "municipal_employment", *PlacementForm.values]))
    changes = draw(st.lists(days.filter(lambda day: day > start), max_size=2, unique=True))
    grades = [(day, draw(st.sampled_from(GRADES))) for day in [start, *changes]]
    issues = draw(st.lists(st.one_of(days, st.just((end or start) + 14 * DAY)), max_size=2))
    return oracle.Placement(
        form,
        employer,
        EMPLOYERS[employer],
        start,
        end,
        grades if form == "municipal_employment" else [],
        oracle.Certificate(sorted(issues)) if issues else None,
        draw(st.lists(followups(), max_size=2)),
    )


@st.composite
def followups(draw, earliest: dt.date = dt.date.min):
    due = draw(days.filter(lambda day: day >= earliest))
    filed = sometimes(draw, st.one_of(days, st.sampled_from([due - DAY, due, due + DAY])))
    return oracle.FollowUp(due, filed, draw(st.booleans()))


@st.composite
def enrolments(draw, person: int):
    """One person's enrolments, one after the other, some handed from one unit to another."""
    borders = sorted(draw(st.lists(days, min_size=2, max_size=8)))
    found: list[oracle.Enrolment] = []
    for start, end in zip(borders[::2], borders[1::2], strict=False):
        if found and start <= found[-1].end:
            continue
        units = [oracle.Assignment(draw(st.sampled_from("AB")), start)]
        if start < end and draw(st.booleans()):
            transferred = draw(st.dates(start + DAY, end))
            units[0].end = transferred - DAY
            units.append(oracle.Assignment(draw(st.sampled_from("AB")), transferred))
        found.append(
            oracle.Enrolment(
                person,
                start,
                end,
                units=units,
                target_group=draw(st.sampled_from(["", *TargetGroup.values])),
                aftercare=draw(aftercare(end)),
                placements=draw(st.lists(placements(start), max_size=2)),
                **draw(closures()),
            )
        )
    if draw(st.booleans()):
        last = found[-1]
        last.end, last.reason, last.job_start, last.job_end, last.job_form, last.study_aid, last.aftercare = (
            None, "", None, None, "", None, [],
        )  # fmt: skip
    found[-1].followups = draw(st.lists(followups(found[-1].start), max_size=2))
    return found


@st.composite
def aftercare(draw, end: dt.date):
    answers = []
    for days_after in draw(st.sets(st.sampled_from([90, 180]))):
        checked = draw(st.one_of(days, st.just(end + days_after * DAY)))
        answers.append(oracle.Aftercare(draw(st.sampled_from(AftercareStatus.values)), checked, days_after))
    return answers


people = st.builds(
    oracle.Person,
    gender=st.sampled_from(Gender.values),
    birth_year=st.sampled_from([1960, 1998, 1999, 2000, 2001]),
    education=st.sampled_from(["", *Education.values]),
)
referrals = st.builds(
    oracle.Referral, unit=st.sampled_from("AB"), source=st.sampled_from(ReferralSource.values), received=days
)


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


@st.composite
def registers(draw):
    persons = draw(st.lists(people, max_size=7))
    return oracle.Register(
        persons,
        [each for number in range(len(persons)) for each in draw(enrolments(number))],
        draw(st.lists(referrals, max_size=4)),
    )


LEAP_DAY = oracle.Register(
    [oracle.Person("unknown", 2000)],
    [
        oracle.Enrolment(
            0, dt.date(2024, 2, 29), dt.date(2024, 2, 29), "work", dt.date(2024, 1, 31), dt.date(2024, 2, 28),
            "unsubsidised", units=[oracle.Assignment("A", dt.date(2024, 2, 29))],
        )
    ],
)  # fmt: skip
#: Thirty-six months from leap day to leap day's eve, without a result that lasts: the third start shows it.
GOES_ROUND = oracle.Register(
    [oracle.Person("woman")],
    [
        oracle.Enrolment(0, start, end, "interrupted" if end else "", units=[oracle.Assignment("A", start)])
        for start, end in (
            (dt.date(2021, 2, 28), dt.date(2021, 3, 31)),
            (dt.date(2022, 5, 1), dt.date(2023, 5, 1)),
            (dt.date(2024, 2, 29), None),
        )
    ],
)
questions = {
    "register": registers(),
    "period": st.sampled_from(PERIODS),
    "later": st.integers(0, 500),
    "unit": st.sampled_from([None, "A", "B"]),
}
hard = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db
@settings(hard, max_examples=25)
@given(**questions)
@example(register=LEAP_DAY, period=PERIODS[5], later=0, unit=None)
@example(register=GOES_ROUND, period=PERIODS[0], later=90, unit="A")
@example(register=oracle.Register(), period=PERIODS[0], later=0, unit="A")
def test_the_engine_agrees_with_plain_python(register, period, later, unit):
    compare(register, period, period.start + later * DAY, unit)


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.django_db
@settings(hard, max_examples=250)
@given(**questions)
def test_the_engine_agrees_with_plain_python_on_many_registers(register, period, later, unit):
    compare(register, period, period.start + later * DAY, unit)


def compare(register: oracle.Register, period: Period, as_of: dt.date, unit: str | None) -> None:
    with transaction.atomic():
        units = store(register)
        said = state(answer(Question(period, as_of, units.get(unit))))
        transaction.set_rollback(True)
    tables = {key: table.as_dict() for key, table in said.tables.items()}
    wanted = oracle.tables(register, period.start, period.end, as_of, unit)
    assert json.loads(json.dumps(tables, default=float)) == wanted


def store(register: oracle.Register) -> dict:
    """The register in the database; gives the units."""
    units = {code: UnitFactory(code=code) for code in "AB"}
    persons = Participant.objects.bulk_create(
        Participant(birth_year=each.birth_year, gender=each.gender, education=each.education, family_name=str(number))
        for number, each in enumerate(register.people)
    )
    Referral.objects.bulk_create(
        Referral(unit=units[each.unit], source=each.source, received=each.received, decision="pending")
        for each in register.referrals
    )
    rows = Enrolment.objects.bulk_create(
        Enrolment(
            participant=persons[each.person],
            unit=units[each.units[-1].unit],
            target_group=each.target_group,
            start=each.start,
            end=each.end,
            closure_reason=each.reason,
            job_start=each.job_start,
            job_end=each.job_end,
            job_form=each.job_form,
            study_aid=each.study_aid,
        )
        for each in register.enrolments
    )
    stored = list(zip(rows, register.enrolments, strict=True))
    UnitAssignment.objects.bulk_create(
        UnitAssignment(
            enrolment=row,
            unit=units[part.unit],
            legal_basis=LegalBasis.LABOUR_MARKET,
            start=part.start,
            end=part.end,
        )
        for row, each in stored
        for part in each.units
    )
    Aftercare.objects.bulk_create(
        Aftercare(enrolment=row, days_after=one.days_after, status=one.status, checked=one.checked)
        for row, each in stored
        for one in each.aftercare
    )
    FollowUp.objects.bulk_create(followup(row, one) for row, each in stored for one in each.followups)
    store_placements([(row, one) for row, each in stored for one in each.placements])
    return units


def store_placements(those: list[tuple[Enrolment, oracle.Placement]]) -> None:
    workplaces = {
        code: Workplace.objects.create(
            name=code, employer=Employer.objects.create(code=code, name=code, kind=EmployerKind(kind))
        )
        for code, kind in EMPLOYERS.items()
    }
    rows = Placement.objects.bulk_create(
        Placement(
            enrolment=enrolment, workplace=workplaces[one.employer], form=one.form, start=one.start, end=one.end
        )
        for enrolment, one in those
    )
    stored = [(row, one) for row, (_enrolment, one) in zip(rows, those, strict=True)]
    GradeTerm.objects.bulk_create(
        GradeTerm(placement=row, grade=Decimal(grade.numerator) / grade.denominator, valid_from=day)
        for row, one in stored
        for day, grade in one.grades
    )
    FollowUp.objects.bulk_create(followup(row.enrolment, due, row) for row, one in stored for due in one.followups)
    for row, one in stored:
        if one.certificate:
            certificate = Certificate.objects.create(placement=row)
            for version, issued in enumerate(one.certificate.issues, start=1):
                CertificateVersion.objects.create(
                    certificate=certificate, version=version, issued=issued, issued_elsewhere=True
                )


def followup(enrolment: Enrolment, one: oracle.FollowUp, placement: Placement | None = None) -> FollowUp:
    return FollowUp(
        participant=enrolment.participant,
        enrolment=enrolment,
        placement=placement,
        kind=FollowUpKind.PLAN_REVIEW,
        due=one.due,
        filed=one.filed,
        withdrawn_on=one.due if one.withdrawn else None,
    )
