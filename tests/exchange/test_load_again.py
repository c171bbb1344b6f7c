"""A register loaded again: what is known is updated, what is unchanged is not touched, what the product did stays."""

import datetime as dt

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import Unit
from competence.models import CertificateVersion
from exchange.models import RegisterKey
from exchange.services import register_load
from participants.models import Enrolment, FormerIdentityNumber, Handover, Participant, Referral, UnitAssignment
from placements.models import Employer, FollowUp, GradeTerm, Place, Placement
from tests.exchange.registers import base, faults, load, write
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def history() -> dict[str, int]:
    """How many events each table's history holds."""
    return {
        model.__name__: model.objects.count()
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model") and model.pgh_tracked_model._meta.app_label != "accounts"
    }


def own(file: str, key: str):
    """The row that a key of the default source stands for."""
    model = {
        "participants": Participant, "enrolments": Enrolment, "placements": Placement, "followups": FollowUp,
    }[file]  # fmt: skip
    return model.objects.get(pk=RegisterKey.objects.get(source="register", file=file, key=key).object_id)


@pytest.fixture
def loaded(tmp_path):
    """The small register, loaded; a function that loads a changed one over it and returns status and report."""
    assert load(write(tmp_path, base()))[0] == 0

    def again(register, *arguments):
        for path in tmp_path.iterdir():
            path.unlink()
        return load(write(tmp_path, register), *arguments)

    return again


def test_the_same_register_again_touches_nothing(loaded):
    before = history()
    status, report = loaded(base())
    assert status == 0
    assert {name: counts["unchanged"] for name, counts in report["files"].items()} == {
        f"{name}.csv": len(rows) for name, rows in base().items()
    }
    assert history() == before


def test_only_the_changed_row_is_touched(loaded):
    before = history()
    register = base()
    register["participants"][1]["city"] = "Åby"
    report = loaded(register)[1]
    assert report["files"]["participants.csv"] == {"rows": 2, "created": 0, "updated": 1, "unchanged": 1}
    assert own("participants", "P2").city == "Åby"
    after = history()
    assert after.pop("ParticipantEvent") == before.pop("ParticipantEvent") + 1
    assert after == before


def test_a_missing_column_leaves_and_an_empty_cell_empties(loaded):
    loaded({"participants": [{"participant": "P1", "phone": ""}]})
    amina = own("participants", "P1")
    assert (amina.phone, amina.city, amina.identity_number) == ("", "Björkåkra", "199203142386")
    loaded({"enrolments": [{"enrolment": "N3", "end": "", "closure_reason": "", "study_aid": ""}]})
    enrolment = own("enrolments", "N3")
    assert (enrolment.end, enrolment.closure_reason, enrolment.study_aid) == (None, "", None)


def test_rules_look_at_what_is_stored_where_the_register_is_silent(loaded):
    _status, report = loaded({"enrolments": [{"enrolment": "N1", "end": "2023-01-01"}]})
    assert faults(report) == [("enrolments.csv", 2, "end", "order")]
    new = {"enrolment": "N9", "participant": "P1", "unit": "JC", "start": "2025-06-01"}
    assert faults(loaded({"enrolments": [new]})[1]) == [("enrolments.csv", 2, "start", "overlap")]
    _status, report = loaded({"participants": [{"participant": "P1", "gender": "man"}]})
    assert faults(report) == [("participants.csv", 2, "gender", "contradiction")]


def test_enrolments_may_change_places(loaded):
    register = base()
    first, second = register["enrolments"][:2]
    first["start"], second["start"] = "2025-01-01", "2024-01-01"
    first["end"], second["end"] = "2025-06-30", "2024-06-30"
    first |= {"job_start": "", "job_end": ""}
    second["closure_reason"] = "other"
    status, report = loaded(register)
    assert (status, faults(report)) == (0, [])
    assert own("placements", "A1").enrolment == own("enrolments", "N2")
    assert own("followups", "F1").enrolment == own("enrolments", "N2")
    assert own("followups", "F2").enrolment == own("enrolments", "N1")


def test_moved_enrolments_keep_stored_placements_on_the_right_one(loaded):
    row = {"participant": "P1", "unit": "JC"}
    status, report = loaded(
        {
            "enrolments": [
                row | {"enrolment": "N1", "start": "2024-03-01", "end": "2024-06-30", "closure_reason": "work"},
                row | {"enrolment": "N0", "start": "2024-01-01", "end": "2024-02-29", "closure_reason": "other"},
            ]
        }
    )
    assert (status, faults(report)) == (0, [])
    assert own("placements", "A1").enrolment == own("enrolments", "N0")
    assert own("followups", "F1").enrolment == own("enrolments", "N0")


def test_a_placement_is_never_left_without_enrolment(loaded):
    _status, report = loaded({"enrolments": [{"enrolment": "N3", "start": "2024-02-15"}]})
    assert faults(report) == [("enrolments.csv", 2, "start", "condition")]


def test_the_unit_answers_under_its_law_and_follows_the_register(loaded):
    assignment = UnitAssignment.objects.get(enrolment=own("enrolments", "N2"))
    assert (assignment.unit.code, assignment.legal_basis, assignment.start) == (
        "SOC", "social_services", dt.date(2025, 1, 1),
    )  # fmt: skip
    loaded({"enrolments": [{"enrolment": "N2", "unit": "JC", "start": "2025-02-01"}]})
    assignment.refresh_from_db()
    assert (assignment.unit.code, assignment.legal_basis, assignment.start) == (
        "JC", "labour_market", dt.date(2025, 2, 1),
    )  # fmt: skip
    assert own("enrolments", "N2").unit.code == "JC"


def test_a_transfer_in_the_product_is_not_undone(loaded):
    enrolment, jc = own("enrolments", "N2"), Unit.objects.get(code="JC")
    UnitAssignment.objects.filter(enrolment=enrolment).update(end=dt.date(2025, 5, 31))
    UnitAssignment.objects.create(
        enrolment=enrolment, unit=jc, legal_basis="labour_market", start=dt.date(2025, 6, 1)
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(unit=jc)
    status, report = loaded(base())
    assert (status, report["files"]["enrolments.csv"]["unchanged"]) == (0, 3)
    enrolment.refresh_from_db()
    assert (enrolment.unit, enrolment.assignments.count()) == (jc, 2)
    _status, report = loaded({"enrolments": [{"enrolment": "N2", "start": "2025-07-01"}]})
    assert faults(report) == [("enrolments.csv", 2, "start", "contradiction")]


def test_a_seat_in_the_place_bank_is_kept_or_its_days_are_refused(loaded):
    first, second = own("placements", "A1"), own("placements", "A2")
    place = Place.objects.create(
        workplace=first.workplace, title="Köksbiträde", occupational_area_id="KOK", start=dt.date(2023, 1, 1)
    )
    Placement.objects.filter(pk=first.pk).update(place=place, seat=1, end=dt.date(2024, 1, 31), start="2024-01-01")
    Placement.objects.filter(pk=second.pk).update(place=place, seat=1)  # from 2024-02-01 on
    assert faults(loaded(base())[1]) == [("placements.csv", 2, "end", "contradiction")]
    register = base()
    register["placements"][1] |= {"start": "2024-03-01", "end": "2024-03-31"}
    register["placements"][0] |= {"end": "2024-02-29"}
    assert loaded(register)[0] == 0
    assert {own("placements", key).seat for key in ("A1", "A2")} == {1}
    register["workplaces"].append(
        {"workplace": "BI", "employer": "SERV", "name": "Biblioteket", "occupational_area": ""}
    )
    register["placements"][0] |= {"workplace": "BI", "end": "2024-03-31"}
    assert loaded(register)[0] == 0
    assert (own("placements", "A1").place, own("placements", "A2").place) == (None, place)


def test_a_grade_follows_until_the_product_knows_more(loaded):
    placement = own("placements", "A1")
    assert [str(term.grade) for term in placement.grades.all()] == ["0.7500"]
    loaded({"placements": [{"placement": "A1", "grade": "0.5"}]})
    GradeTerm.objects.create(placement=placement, grade="1", valid_from=dt.date(2024, 3, 1))
    report = loaded({"placements": [{"placement": "A1", "grade": "0.50"}]})[1]
    assert report["files"]["placements.csv"]["unchanged"] == 1
    assert [str(term.grade) for term in placement.grades.all()] == ["0.5000", "1.0000"]
    loaded({"placements": [{"placement": "A1", "grade": "", "form": "internship"}]})
    assert not placement.grades.exists()


def test_a_changed_number_keeps_the_old_one(loaded):
    status, _report = loaded({"participants": [{"participant": "P1", "identity_number": "920374-2383"}]})
    amina = own("participants", "P1")
    assert (status, amina.identity_number, amina.birth_date) == (0, "199203742383", dt.date(1992, 3, 14))
    assert [former.number for former in FormerIdentityNumber.objects.filter(participant=amina)] == ["199203142386"]


def test_a_known_key_cannot_become_another_person(loaded):
    _status, report = loaded({"participants": [{"participant": "P1", "identity_number": "030611-2392"}]})
    assert ("participants.csv", 2, "identity_number", "conflict") in faults(report)
    _status, report = loaded({"participants": [{"participant": "P2", "birth_date": "1987-05-01"}]})
    assert faults(report) == [("participants.csv", 2, "birth_date", "conflict")]


def test_a_known_number_under_another_key_or_source_is_refused_without_saying_whose(loaded):
    person = {"participant": "X", "identity_number": "19920314-2386", "given_name": "A", "family_name": "B"}
    for source in ("register", "other"):
        _status, report = loaded({"participants": [person]}, "--source", source)
        assert faults(report) == [("participants.csv", 2, "identity_number", "conflict")]
        assert "P1" not in str(report)


def test_two_sources_do_not_overwrite_each_other(loaded):
    register = base()
    del register["participants"][0]["identity_number"]
    other = {name: register[name] for name in ("units", "employers", "workplaces")}
    other["units"][0]["name"] = "En annan enhet"
    assert loaded(other, "--source", "other")[0] == 0
    assert Unit.objects.get(code="JC").name == "Jobbcenter"
    assert Unit.objects.get(code="other:JC").name == "En annan enhet"
    assert Employer.objects.filter(code="other:SERV").exists()
    assert loaded(other, "--source", "other")[1]["files"]["units.csv"]["unchanged"] == 3


def test_a_unit_made_by_hand_is_taken_over_by_its_code(tmp_path):
    unit = Unit.objects.create(code="JC")
    unit.terms.create(name="Jobbcenter", legal_basis="labour_market")
    report = load(write(tmp_path, base()))[1]
    assert report["files"]["units.csv"] == {"rows": 3, "created": 2, "updated": 0, "unchanged": 1}
    assert Enrolment.objects.filter(unit=unit).count() == 2


def test_a_renamed_unit_keeps_its_earlier_names(loaded):
    unit = Unit.objects.get(code="JC")
    unit.terms.create(name="Jobbtorget", legal_basis="labour_market", valid_from=dt.date(2025, 1, 1))
    loaded({"units": [{"unit": "JC", "name": "Jobbporten"}]})
    assert [term.name for term in unit.terms.order_by("valid_from")] == ["Jobbcenter", "Jobbporten"]


def test_the_latest_activity_is_the_latest_known_day(loaded):
    assert own("enrolments", "N1").last_activity_on == dt.date(2024, 6, 30)
    assert own("enrolments", "N2").last_activity_on == dt.date(2025, 1, 1)
    loaded({"followups": [{"followup": "F2", "filed": "2025-03-05"}]})
    assert own("enrolments", "N2").last_activity_on == dt.date(2025, 3, 5)
    start = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    loaded({"enrolments": [{"enrolment": "N9", "participant": "P2", "unit": "JC", "start": start}]})
    assert own("enrolments", "N9").last_activity_on is None


def test_certificates_were_issued_elsewhere(loaded):
    assert list(CertificateVersion.objects.values_list("version", "issued_elsewhere")) == [(1, True), (2, True)]
    report = loaded(
        {"certificates": [{"certificate": "C1", "placement": "A1", "version": 3, "issued": "2024-06-01"}]}
    )
    assert report[1]["files"]["certificates.csv"]["created"] == 1


def test_every_row_has_history_with_who_and_from_where(tmp_path):
    actor = UserFactory(given_name="Ingrid", family_name="Is")
    register_load(path=write(tmp_path, base()), source="old", actor=actor, origin="job")
    for name, count in {
        "ParticipantEvent": 2, "EnrolmentEvent": 3, "UnitAssignmentEvent": 3, "PlacementEvent": 2,
        "GradeTermEvent": 1, "FollowUpEvent": 2, "ReferralEvent": 1, "CertificateVersionEvent": 2,
        "AftercareEvent": 1,
    }.items():  # fmt: skip
        event = next(model for model in apps.get_models() if model.__name__ == name)
        contexts = [row.pgh_context for row in event.objects.all()]
        assert len(contexts) == count
        assert all(
            (context["user"], context["name"], context["source"], context["register"])
            == (actor.pk, "Ingrid Is", "job", "old")
            for context in contexts
        )


def test_a_load_inside_a_transaction_takes_back_only_itself(tmp_path):
    Unit.objects.create(code="KEPT")
    register = base()
    register["units"][0]["name"] = ""
    assert not register_load(path=write(tmp_path, register)).stored
    assert list(Unit.objects.values_list("code", flat=True)) == ["KEPT"]


def test_progress_is_told_and_never_goes_back(tmp_path):
    said = []
    register_load(path=write(tmp_path, base()), progress=lambda percent, text: said.append((percent, text)))
    percents = [percent for percent, _text in said]
    assert percents == sorted(percents)
    assert 0 <= percents[0] <= percents[-1] <= 100
    assert all(text for _percent, text in said)


@pytest.fixture
def worked_with(loaded):
    """R1, which was undecided in the register, accepted in the product on 5 January 2025."""
    register = base()
    register["referrals"][0]["decision"] = "pending"
    loaded(register)
    referral = Referral.objects.get()
    referral.assessing_since, referral.decided_on = dt.date(2025, 1, 3), dt.date(2025, 1, 5)
    referral.decision, referral.purpose = "accepted", "Närmare arbete"
    referral.save()
    return register


@pytest.mark.parametrize(
    ("told", "state", "days"),
    [
        ({"decision": "accepted"}, "accepted", ("2025-01-03", "2025-01-05")),
        ({"decision": "pending"}, "assessing", ("2025-01-03", None)),
        ({"decision": "declined"}, "declined", ("2025-01-03", None)),
        ({"decision": "accepted", "received": "2025-01-04"}, "accepted", (None, "2025-01-05")),
        ({"decision": "accepted", "received": "2025-01-06"}, "accepted", (None, None)),
    ],
)
def test_what_the_register_changes_of_a_referral_takes_along_the_days_that_no_longer_agree(
    loaded, worked_with, told, state, days
):
    worked_with["referrals"][0] |= told
    assert loaded(worked_with)[0] == 0
    referral = Referral.objects.get()
    assert referral.state == state
    assert tuple(day and day.isoformat() for day in (referral.assessing_since, referral.decided_on)) == days
    assert referral.purpose == "Närmare arbete"


def test_what_the_register_does_not_know_of_an_enrolment_stays(loaded):
    case = own("enrolments", "N2")
    Enrolment.objects.filter(pk=case.pk).update(
        other_groups=["preventive"], time_without_work="gt24", support_obstacle="unemployed",
        service_registration="registered", service_form_id="jog",
    )  # fmt: skip
    register = base()
    register["enrolments"][1]["target_group"] = "other"
    assert loaded(register)[0] == 0
    case.refresh_from_db()
    assert (case.target_group, case.other_groups, case.time_without_work, case.service_form_id) == (
        "other", ["preventive"], "gt24", "jog",
    )  # fmt: skip


def test_whom_the_register_gives_to_another_coach_is_handed_over(loaded):
    former, taker = UserFactory(given_name="Alma", family_name="Alm", email="alma@example.org"), UserFactory()
    register = base()
    for coach, told in (
        (former, 0),
        (taker, 1),
        (taker, 1),
    ):  # a first coach takes over from nobody
        for row in register["enrolments"]:
            row["coach"] = coach.email
        assert loaded(register)[0] == 0
        assert Handover.objects.count() == told * Enrolment.objects.filter(end=None).count()
    row = Handover.objects.first()
    assert (row.from_coach, row.from_name, row.to_name) == (former, "Alma Alm", taker.full_name)
    assert (row.by, row.by_name, row.seen_at) == (None, "Registret", None)


def test_a_register_that_closes_a_case_that_rests_is_loaded(loaded):
    case = own("enrolments", "N2")
    coach = UserFactory()
    case.pauses.create(start=dt.date(2025, 3, 1), reason="away", by=coach, by_name=coach.full_name)
    register = base()
    register["enrolments"][1] |= {"end": "2025-02-01", "closure_reason": "moved"}
    assert loaded(register)[0] == 0
    case.refresh_from_db()
    assert not case.is_paused
    assert not Enrolment.objects.filter(pk=case.pk).paused_on(dt.date(2025, 4, 1)).exists()
