"""What the figures count, through the command."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from accounts.models import LegalBasis, UnitTerm
from participants.models import Enrolment, UnitAssignment
from tests.factories import (
    CertificateFactory,
    EnrolmentFactory,
    FollowUpFactory,
    GradeTermFactory,
    ParticipantFactory,
    PlacementFactory,
    UnitFactory,
    WorkplaceFactory,
)
from tests.register import cases
from vocabulary.codes import ClosureReason, Gender, PlacementForm

pytestmark = pytest.mark.django_db
QUARTER = "2026Q1"


@pytest.fixture
def statistics(capsys):
    def run(period=QUARTER, as_of="2026-04-15", **options):
        call_command("statistics", period, as_of=as_of, format="json", **options)
        return json.loads(capsys.readouterr().out)

    return run


def enrolled(gender=Gender.WOMAN, *, start, end=None, participant=None, **fields):
    return EnrolmentFactory(
        participant=participant or ParticipantFactory(gender=gender),
        start=dt.date.fromisoformat(start),
        end=dt.date.fromisoformat(end) if end else None,
        **fields,
    )


def handed_over(enrolment, unit, day):
    """The enrolment is transferred to another unit on `day`."""
    day = dt.date.fromisoformat(day)
    enrolment.assignments.update(end=day - dt.timedelta(days=1))
    UnitAssignment.objects.create(enrolment=enrolment, unit=unit, legal_basis=LegalBasis.LABOUR_MARKET, start=day)
    enrolment.unit = unit
    enrolment.save()


@pytest.mark.parametrize(
    "vector", cases()["vectors"]["one_month"], ids=lambda vector: f"{vector['start']}-{vector['as_of']}"
)
def test_a_job_is_a_result_when_it_has_lasted_one_continuous_month(vector, statistics):
    form = {"arbetsmarknadsanstallning": "municipal_employment"}.get(vector["type"], vector["type"])
    enrolled(
        start="2024-01-01",
        end=str(vector["start"]),
        closure_reason=ClosureReason.WORK,
        job_start=vector["start"],
        job_end=vector["end"],
        job_form=form,
    )
    day = vector["start"]
    results = statistics(f"{day}..{day}", as_of=str(vector["as_of"]))["tables"]["results"]
    assert {row for row, cells in results.items() if cells["total"] == 1} == {vector["expect"], "total"}


@pytest.mark.parametrize(
    ("closure", "result"),
    [
        ({"closure_reason": "work", "job_form": "unsubsidised"}, "E"),
        ({"closure_reason": "work", "job_start": dt.date(2026, 1, 1)}, "E"),
        ({"closure_reason": "own_business", "job_start": dt.date(2026, 1, 1)}, "A"),
        ({"closure_reason": "own_business"}, "E"),
        ({"closure_reason": "studies", "study_aid": True}, "B"),
        ({"closure_reason": "studies", "study_aid": False}, "E"),
        ({"closure_reason": "studies"}, "E"),
        ({"closure_reason": "transferred"}, "C"),
        ({"closure_reason": "assignment_completed"}, "D"),
        ({"closure_reason": "moved"}, "E"),
    ],
)
def test_what_is_missing_makes_the_result_other(closure, result, statistics):
    enrolled(start="2025-01-01", end="2026-01-31", **closure)
    results = statistics()["tables"]["results"]
    assert {row for row, cells in results.items() if cells["total"] == 1} == {result, "total"}


def test_someone_of_unknown_gender_gives_every_row_a_column(statistics):
    enrolled(Gender.UNKNOWN, start="2025-01-01", end="2026-02-01", closure_reason=ClosureReason.MOVED)
    enrolled(start="2026-01-01")
    tables = statistics()["tables"]
    assert tables["active"] == {"women": 1, "men": 0, "unknown": 1, "total": 2}
    assert tables["new"] == {"women": 1, "men": 0, "total": 1}
    assert {tuple(cells) for cells in tables["results"].values()} == {("women", "men", "unknown", "total")}
    assert tables["share_ab"] == {"women": None, "men": None, "unknown": 0.0, "total": 0.0}


def test_a_period_without_anybody_is_all_zeros_and_a_share_of_nothing(statistics):
    enrolled(start="2026-04-01")
    tables = statistics()["tables"]
    assert tables["active"] == {"women": 0, "men": 0, "total": 0}
    assert list(tables["results"]) == ["A", "B", "C", "D", "E", "pending", "total"]
    assert tables["share_ab"] == {"women": None, "men": None, "total": None}


def test_a_transfer_counts_active_in_both_units_new_in_the_first_and_closed_in_the_last(statistics):
    first, last, other = UnitFactory(code="FIRST"), UnitFactory(code="LAST"), UnitFactory(code="OTHER")
    enrolment = enrolled(
        start="2026-01-10",
        end="2026-03-20",
        unit=first,
        closure_reason=ClosureReason.STUDIES,
        study_aid=True,
    )
    handed_over(enrolment, last, "2026-02-15")
    counts = {
        unit.code: [
            statistics(unit=unit.code)["tables"][table]["total"] for table in ("active", "new", "closed", "share_ab")
        ]
        for unit in (first, last, other)
    }
    assert counts == {"FIRST": [1, 1, 0, None], "LAST": [1, 0, 1, 100.0], "OTHER": [0, 0, 0, None]}
    whole = statistics()["tables"]
    assert [whole[table]["total"] for table in ("active", "new", "closed")] == [1, 1, 1]


def test_a_unit_is_not_active_with_those_it_handed_over_before_the_period(statistics):
    first, last = UnitFactory(code="FIRST"), UnitFactory(code="LAST")
    handed_over(enrolled(start="2025-10-01", unit=first), last, "2026-01-01")
    assert statistics(unit="FIRST")["tables"]["active"]["total"] == 0
    assert statistics("2025Q4", unit="FIRST")["tables"]["active"]["total"] == 1
    assert statistics(unit="LAST")["tables"]["active"]["total"] == 1


def test_of_two_closures_in_different_units_each_counts_in_its_unit_and_the_last_in_the_whole(statistics):
    first, last = UnitFactory(code="FIRST"), UnitFactory(code="LAST")
    person = ParticipantFactory(gender=Gender.MAN)
    enrolled(participant=person, start="2025-10-01", end="2026-01-15", unit=first, closure_reason="interrupted")
    enrolled(participant=person, start="2026-02-01", end="2026-03-15", unit=last, closure_reason="transferred")
    totals = [statistics(unit=code)["tables"]["closed"]["total"] for code in ("FIRST", "LAST", None)]
    assert totals == [1, 1, 1]
    assert statistics()["tables"]["results"]["C"] == {"women": 0, "men": 1, "total": 1}


def test_a_renamed_unit_keeps_its_figures_and_the_name_it_had(statistics, capsys):
    unit = UnitFactory(code="JC", name="Fia")
    enrolled(start="2025-06-01", unit=unit)
    before = statistics(unit="JC")
    UnitTerm.objects.create(
        unit=unit, name="Kompetenscenter", legal_basis=LegalBasis.LABOUR_MARKET, valid_from=dt.date(2026, 4, 1)
    )
    assert statistics(unit="JC") == before
    call_command("statistics", QUARTER, unit="JC")
    assert "Fia" in capsys.readouterr().out
    call_command("statistics", "2026Q2", unit="JC")
    assert "Kompetenscenter" in capsys.readouterr().out


def employed(enrolment, *, start, end=None, grades=("1",), **fields):
    """A municipal employment; its grade changes on the first day of each following month."""
    start = dt.date.fromisoformat(start)
    placement = PlacementFactory(
        enrolment=enrolment,
        form=PlacementForm.MUNICIPAL_EMPLOYMENT,
        start=start,
        end=dt.date.fromisoformat(end) if end else None,
        **fields,
    )
    for months, grade in enumerate(grades):
        GradeTermFactory(
            placement=placement,
            grade=grade,
            valid_from=start if not months else dt.date(start.year, start.month + months, 1),
        )
    return placement


def test_a_grade_that_changes_counts_day_by_day(statistics):
    department = WorkplaceFactory(employer__code="VOF")
    employed(enrolled(start="2025-01-01"), start="2026-01-12", grades=("0.5", "1", "0.75"), workplace=department)
    days = 20 * 0.5 + 28 + 31 * 0.75
    tables = statistics()["tables"]
    assert tables["fte"]["VOF"] == {"days": days, "quarter": round(days / 90, 3), "year": round(days / 365, 3)}
    assert tables["fte"]["total"] == tables["fte"]["VOF"]
    assert (tables["stock"], tables["delivered"]) == ({"VOF": 1, "total": 1}, {"VOF": 1, "total": 1})


def test_departments_stand_by_their_code_and_others_by_their_kind(statistics):
    enrolment = enrolled(start="2025-01-01")
    for code, kind in (("VOF", "department"), ("AB1", "private"), ("AB2", "private"), ("BOLAG", "municipal_company")):
        workplace = WorkplaceFactory(employer__code=code, employer__kind=kind)
        PlacementFactory(enrolment=enrolment, workplace=workplace, start=dt.date(2026, 1, 1))
    assert statistics()["tables"]["stock"] == {"VOF": 1, "municipal_company": 1, "private": 2, "total": 4}


def test_a_holiday_job_counts_nowhere(statistics):
    job = PlacementFactory(
        enrolment=enrolled(start="2025-01-01"), form=PlacementForm.HOLIDAY_JOB, start=dt.date(2026, 1, 1)
    )
    FollowUpFactory(placement=job, due=dt.date(2026, 2, 1))
    CertificateFactory(placement=job, issued=dt.date(2026, 2, 1))
    tables = statistics()["tables"]
    assert tables["stock"] == {"total": 0}
    assert tables["followups"]["due"] == tables["certificates"]["total"] == 0


def test_a_placement_and_what_hangs_on_it_belongs_to_the_unit_of_its_first_day(statistics):
    first, last = UnitFactory(code="FIRST"), UnitFactory(code="LAST")
    enrolment = enrolled(start="2025-06-01", unit=first)
    placement = employed(enrolment, start="2025-12-01", end="2026-02-28")
    handed_over(enrolment, last, "2026-01-15")
    CertificateFactory(placement=placement, issued=dt.date(2026, 3, 14))
    FollowUpFactory(placement=placement, due=dt.date(2026, 2, 1))
    FollowUpFactory(placement=None, enrolment=enrolment, due=dt.date(2026, 2, 1))
    said = {code: statistics(unit=code)["tables"] for code in ("FIRST", "LAST")}
    assert [said[code]["coverage"]["ended"] for code in said] == [1, 0]
    assert said["FIRST"]["coverage"]["within_14_days"] == said["FIRST"]["certificates"]["total"] == 1
    assert said["FIRST"]["fte"]["total"]["days"] == 59
    assert [said[code]["followups"]["due"] for code in said] == [1, 1]


def test_a_participant_of_two_units_stands_in_both_rows_and_once_in_the_total(statistics):
    first, last = UnitFactory(code="FIRST"), UnitFactory(code="LAST")
    handed_over(enrolled(start="2026-01-10", unit=first), last, "2026-02-15")
    assert statistics()["tables"]["active_by_unit"] == {"FIRST": 1, "LAST": 1, "total": 1}
    assert statistics(unit="LAST")["tables"]["active_by_unit"] == {"LAST": 1, "total": 1}


def test_whoever_goes_round_is_seen_across_units(statistics):
    person = ParticipantFactory(gender=Gender.MAN)
    for start, end in (("2023-02-01", "2023-03-01"), ("2024-02-01", "2024-03-01")):
        enrolled(participant=person, start=start, end=end, closure_reason="interrupted")
    enrolled(participant=person, start="2026-01-31", unit=UnitFactory(code="LAST"))
    assert statistics(unit="LAST")["tables"]["revolving"] == {"total": 1}
    Enrolment.objects.filter(start="2024-02-01").update(closure_reason="studies", study_aid=True)
    assert statistics(unit="LAST")["tables"]["revolving"] == {"total": 0}
