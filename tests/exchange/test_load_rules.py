"""Every rule of docs/register-format.md: one thing wrong, told at its row and column, and nothing stored."""

import datetime as dt

import pytest
from django.utils import timezone

from exchange.models import RegisterKey
from participants.models import Participant
from tests.exchange.registers import base, faults, load, write
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

TOMORROW = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
TODAY = timezone.localdate().isoformat()
SAME_NUMBER = {"identity_number": "9203142386", "birth_date": "", "gender": ""}
NO_REASON = {"closure_reason": "", "job_start": "", "job_end": "", "job_form": ""}

# file, index of the row, what is changed in it, the column that is told, the code
WRONG = [
    ("units", 0, {"name": ""}, "name", "missing"),
    ("units", 0, {"legal_basis": "Labour_market"}, "legal_basis", "bad_code"),
    ("units", 0, {"name": "x" * 201}, "name", "too_long"),
    ("units", 2, {"unit": "x" * 65}, "unit", "too_long"),
    ("units", 2, {"unit": "JC"}, "unit", "duplicate_key"),
    ("units", 2, {"name": "Job\x1bcenter"}, "name", "control_character"),
    ("units", 2, {"name": "Job\ncenter"}, "name", "control_character"),
    ("employers", 0, {"kind": "bank"}, "kind", "bad_code"),
    ("workplaces", 0, {"employer": "OTHER"}, "employer", "unknown_reference"),
    ("workplaces", 0, {"occupational_area": "kok"}, "occupational_area", "bad_code"),
    ("participants", 0, {"identity_number": "19920314-2387"}, "identity_number", "checksum"),
    ("participants", 0, {"identity_number": "19920230-2383"}, "identity_number", "bad_identity_number"),
    ("participants", 0, {"identity_number": "000101-T220"}, "identity_number", "bad_identity_number"),
    ("participants", 0, {"gender": "man"}, "gender", "contradiction"),
    ("participants", 0, {"birth_date": "1992-03-15"}, "birth_date", "contradiction"),
    ("participants", 1, {"birth_date": ""}, "birth_date", "condition"),
    ("participants", 1, {"birth_date": TOMORROW}, "birth_date", "in_future"),
    ("participants", 1, {"birth_date": "1987-02-30"}, "birth_date", "bad_date"),
    ("participants", 1, SAME_NUMBER, "identity_number", "conflict"),
    ("participants", 1, {"protection": "secret"}, "protection", "bad_code"),
    ("participants", 1, {"language": "somaliska"}, "language", "bad_code"),
    ("referrals", 0, {"received": TOMORROW}, "received", "in_future"),
    ("referrals", 0, {"received": "2025-1-2"}, "received", "bad_date"),
    ("referrals", 0, {"received": "20250102"}, "received", "bad_date"),
    ("referrals", 0, {"participant": "P9"}, "participant", "unknown_reference"),
    ("enrolments", 0, {"end": "2023-12-31"}, "end", "order"),
    ("enrolments", 0, {"job_end": "2024-06-01"}, "job_end", "order"),
    ("enrolments", 0, NO_REASON, "closure_reason", "condition"),
    ("enrolments", 1, {"closure_reason": "other"}, "closure_reason", "condition"),
    ("enrolments", 1, {"end": TOMORROW, "closure_reason": "other"}, "end", "in_future"),
    ("enrolments", 2, {"job_start": "2024-04-01"}, "job_start", "condition"),
    ("enrolments", 2, {"job_form": "osa"}, "job_form", "condition"),
    ("enrolments", 0, {"study_aid": "no"}, "study_aid", "condition"),
    ("enrolments", 1, {"start": "2024-06-30"}, "start", "overlap"),
    ("enrolments", 1, {"start": ""}, "start", "missing"),
    ("enrolments", 1, {"unit": "XX"}, "unit", "unknown_reference"),
    ("placements", 0, {"end": "2024-01-31"}, "end", "order"),
    ("placements", 0, {"grade": ""}, "grade", "condition"),
    ("placements", 0, {"grade": "1.01"}, "grade", "bad_number"),
    ("placements", 0, {"grade": "0.001"}, "grade", "bad_number"),
    ("placements", 0, {"grade": "75 %"}, "grade", "bad_number"),
    ("placements", 0, {"grade": "nan"}, "grade", "bad_number"),
    ("placements", 0, {"end": TODAY}, "result", "condition"),
    ("placements", 1, {"result": "met"}, "result", "condition"),
    ("placements", 1, {"start": "2023-12-31"}, "participant", "condition"),
    ("followups", 0, {"filed": TOMORROW}, "filed", "in_future"),
    ("followups", 0, {"participant": "P2"}, "placement", "contradiction"),
    ("followups", 0, {"kind": "meeting"}, "kind", "bad_code"),
    ("certificates", 0, {"issued": TOMORROW}, "issued", "in_future"),
    ("certificates", 1, {"version": "1"}, "certificate", "duplicate_key"),
    ("certificates", 1, {"version": "0"}, "version", "bad_number"),
    ("certificates", 1, {"version": "1.5"}, "version", "bad_number"),
    ("certificates", 1, {"placement": "A2"}, "placement", "contradiction"),
    ("certificates", 1, {"certificate": "C2", "version": "1"}, "placement", "conflict"),
    ("aftercare", 0, {"checked": TOMORROW}, "checked", "in_future"),
    ("aftercare", 0, {"days_after": "91"}, "days_after", "bad_code"),
    ("aftercare", 0, {"enrolment": "N9"}, "enrolment", "unknown_reference"),
]  # fmt: skip


def nothing_is_stored() -> bool:
    return not Participant.objects.exists() and not RegisterKey.objects.exists()


def test_the_register_without_fault_is_stored(tmp_path):
    status, report = load(write(tmp_path, base()))
    assert (status, report["stored"], report["error_count"], report["errors"]) == (0, True, 0, [])
    assert report["files"]["enrolments.csv"] == {"rows": 3, "created": 3, "updated": 0, "unchanged": 0}
    amina = Participant.objects.get(given_name="Amina")
    assert (amina.gender, amina.birth_date, amina.birth_year) == ("woman", dt.date(1992, 3, 14), 1992)


@pytest.mark.parametrize(("name", "index", "change", "column", "code"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_row_is_told_and_nothing_is_stored(tmp_path, name, index, change, column, code):
    register = base()
    register[name][index] |= change
    status, report = load(write(tmp_path, register))
    assert faults(report) == [(f"{name}.csv", index + 2, column, code)]
    assert (status, report["stored"], report["error_count"]) == (1, False, 1)
    assert nothing_is_stored()


@pytest.mark.parametrize("code", ["department", "private", "total"])
def test_an_employer_cannot_have_the_name_of_a_kind(tmp_path, code):
    register = base()
    register["employers"][0]["employer"] = register["workplaces"][0]["employer"] = code
    assert faults(load(write(tmp_path, register))[1]) == [("employers.csv", 2, "employer", "bad_code")]


def test_a_coach_is_a_user_whatever_the_case_of_the_letters(tmp_path):
    coach = UserFactory(email="alma@example.org")
    register = base()
    for row in register["enrolments"]:
        row["coach"] = "Alma@Example.ORG"
    assert load(write(tmp_path, register))[0] == 0
    assert coach.enrolments.count() == 3
    register["enrolments"][1]["coach"] = "bo@example.org"
    assert faults(load(write(tmp_path, register))[1]) == [("enrolments.csv", 3, "coach", "unknown_reference")]


def test_columns_come_in_any_order_and_a_misspelt_one_is_told(tmp_path):
    register = base()
    register["units"] = [dict(reversed(row.items())) for row in register["units"]]
    assert load(write(tmp_path, register), "--dry-run")[0] == 0
    register["participants"] = [
        {"given_nam" if name == "given_name" else name: value for name, value in row.items()}
        for row in register["participants"]
    ]
    assert ("participants.csv", 1, "given_nam", "unknown_column") in faults(load(write(tmp_path, register))[1])


def test_a_participants_file_without_header_gives_nothing_away(tmp_path):
    write(tmp_path, base())
    (tmp_path / "participants.csv").write_text("P1;19920314-2386;Amina\nP2;19870430-2382;Sara\n")
    status, report = load(tmp_path)
    assert status == 1
    assert {code for _file, _row, _column, code in faults(report)} == {"unknown_column", "missing"}
    assert "Amina" not in str(report)
    assert "2386" not in str(report)


def test_a_new_row_needs_the_columns_a_known_one_may_leave_out(tmp_path):
    register = base()
    for row in register["placements"]:
        del row["start"]
    assert ("placements.csv", 1, "start", "missing") in faults(load(write(tmp_path, register))[1])


def test_a_holiday_job_before_the_first_enrolment_is_refused_like_any_other(tmp_path):
    register = base()
    register["placements"][1] |= {"form": "holiday_job", "start": "2023-07-01", "end": "2023-07-31"}
    assert faults(load(write(tmp_path, register))[1]) == [("placements.csv", 3, "participant", "condition")]


def test_all_wrong_rows_are_counted_and_a_thousand_told(tmp_path):
    register = {"units": [{"unit": f"U{n}", "name": "", "legal_basis": "nothing"} for n in range(700)]}
    status, report = load(write(tmp_path, register))
    assert (status, report["error_count"], len(report["errors"])) == (1, 1400, 1000)
    register = base()
    register["workplaces"] = [
        {"workplace": f"W{n}", "employer": "NONE", "name": "x", "occupational_area": ""} for n in range(1500)
    ]
    register = {name: register[name] for name in ("units", "employers", "workplaces")}
    report = load(write(tmp_path, register))[1]
    assert (report["error_count"], len(report["errors"])) == (1500, 1000)


def test_no_value_of_a_participant_is_in_any_message(tmp_path):
    register = base()
    values = {"participant": "KEY-77", "identity_number": "19920314-2387", "gender": "secret-gender",
              "birth_date": "31 mars", "given_name": "Am\x02ina-hemlig", "language": "hemligt"}  # fmt: skip
    register["participants"][0] |= values
    report = load(write(tmp_path, register))[1]
    told = " ".join(error["message"] for error in report["errors"])
    assert report["error_count"] >= 5
    for value in [*values.values(), "2387", "hemlig"]:
        assert value not in told


def test_a_dry_run_tells_the_same_and_stores_nothing(tmp_path):
    status, report = load(write(tmp_path, base()), "--dry-run")
    assert (status, report["dry_run"], report["stored"]) == (0, True, False)
    assert report["files"]["followups.csv"]["created"] == 2
    assert nothing_is_stored()
