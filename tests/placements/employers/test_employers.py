"""Employers: entered once, found, changed by two, with what they have agreed to and promised."""

import threading
import uuid

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from accounts.models import MunicipalSetting
from placements.employers.services import NumberTaken, employer_create
from placements.models import Commitment, Employer, EmployerAgreement, EmployerContact, EmployerNote
from tests.factories import (
    EmployerFactory,
    PlacementFactory,
    SupervisorFactory,
    WorkplaceFactory,
    days_ago,
)
from tests.placements.employers.conftest import (
    MUNICIPALITY,
    NUMBER,
    OTHER_NUMBER,
    agreement_of,
    check_of,
    commitment_of,
    employer_form,
    of,
    place_of,
)
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db
LIST = "/platser/arbetsgivare/"


def rows(page) -> list[str]:
    return [employer.name for employer in page.context["page_obj"]]


# --- Entering -----------------------------------------------------------------------------------------------------


def test_an_employer_is_entered_once_however_often_the_form_is_sent(coach):
    data = employer_form(organisation_number="165566770003")
    for _time in range(2):
        page = coach.post(reverse("employers:create"), data, follow=True)
    assert "Arbetsgivaren är inlagd." in text(page)
    employer = Employer.objects.get()
    assert (employer.name, employer.kind, employer.organisation_number) == ("Lundbergs Livs AB", "private", NUMBER)
    assert employer.code.startswith("AG-")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Skriv vad arbetsgivaren heter."),
        ({"kind": ""}, "Välj vilket slag av arbetsgivare det är."),
        ({"organisation_number": "556677-0004"}, "Kontrollsiffran stämmer inte."),
        ({"organisation_number": "850709-9805"}, "Det här är ett personnummer"),
        ({"code": "total"}, "Ordet är reserverat"),
        ({"code": "SERV"}, "En annan arbetsgivare har den här koden."),
    ],
)
def test_what_cannot_be_stored_is_said_beside_the_field(coach, fields, sentence):
    EmployerFactory(code="SERV")
    page = coach.post(reverse("employers:create"), employer_form(**fields))
    assert page.status_code == 422
    assert sentence in text(page)
    assert Employer.objects.count() == 1


@pytest.mark.parametrize("stored", [OTHER_NUMBER, "5566770011", "16556677-0011"])
def test_the_same_number_again_leads_to_the_employer_that_has_it(coach, employer, stored):
    Employer.objects.update(organisation_number=stored)  # as a register may have brought it
    page = coach.post(reverse("employers:create"), employer_form(organisation_number=OTHER_NUMBER))
    assert page.status_code == 422
    assert "Renströms Städ AB har redan det här numret." in text(page)
    assert f'href="{of("employer", employer)}"' in page.content.decode()
    assert Employer.objects.count() == 1


def test_departments_of_one_municipality_share_their_number_and_the_page_says_so(coach):
    first = EmployerFactory(name="Serviceförvaltningen", organisation_number=MUNICIPALITY)
    data = employer_form(name="Skolförvaltningen", kind="department", organisation_number=MUNICIPALITY)
    page = coach.post(reverse("employers:create"), data, follow=True)
    assert "Har samma organisationsnummer som Serviceförvaltningen" in text(page)
    # But a company is no department, and a department is none.
    page = coach.post(reverse("employers:create"), employer_form(organisation_number=MUNICIPALITY))
    assert "har redan det här numret" in text(page)
    change = {"name": first.name, "kind": "private", "organisation_number": MUNICIPALITY, "seen": "0"}
    assert coach.post(of("change", first), change).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_the_same_employer_at_once_enter_one(cast):
    outcomes, gate = [], threading.Barrier(2)

    def enter(number):
        facts = {"name": "Livs", "kind": "private", "organisation_number": NUMBER, "code": ""}
        gate.wait()
        try:
            employer_create(token=uuid.uuid4(), facts=facts)
            outcomes.append("entered")
        except NumberTaken:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["entered", "taken"]
    assert Employer.objects.filter(organisation_number=NUMBER).count() == 1


def test_two_who_change_an_employer_do_not_overwrite_each_other(coach, employer):
    form = {"name": "Renströms", "kind": "private", "organisation_number": OTHER_NUMBER, "seen": "0"}
    assert coach.post(of("change", employer), form).status_code == 302
    page = coach.post(of("change", employer), form | {"name": "Städ och fönster"})
    assert page.status_code == 409
    assert "Någon annan har ändrat under tiden" in text(page)
    assert 'value="Städ och fönster"' in page.content.decode()
    assert "Renströms" in text(page)
    assert Employer.objects.get().name == "Renströms"
    assert coach.post(of("change", employer), form | {"name": "Städ", "seen": "1"}).status_code == 302


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_finds_by_name_number_kind_and_what_is_to_be_seen_to(coach, employer):
    EmployerFactory(name="Ängens förskolor", organisation_number=MUNICIPALITY)
    EmployerFactory(name="Åkra Bygg", kind="private")
    assert rows(coach.get(LIST)) == ["Renströms Städ AB", "Åkra Bygg", "Ängens förskolor"]
    assert rows(coach.get(LIST, {"q": "städ RENSTRÖMS"})) == ["Renströms Städ AB"]
    assert rows(coach.get(LIST, {"q": "212000 9994"})) == ["Ängens förskolor"]
    assert rows(coach.get(LIST, {"kind": "private", "sort": "-name"})) == ["Åkra Bygg", "Renströms Städ AB"]
    commitment_of(employer, due=days_ago(1))
    assert rows(coach.get(LIST, {"flag": "ataganden"})) == ["Renströms Städ AB"]
    page = coach.get(LIST, {"q": "finns inte"})
    assert "Ingen arbetsgivare passar" in text(page)


def test_the_list_asks_as_much_for_fifty_employers_as_for_five(coach, cast, django_assert_max_num_queries):
    def more(number):
        for _each in range(number):
            workplace = WorkplaceFactory()
            place_of(workplace)
            PlacementFactory(enrolment=cast.asa, workplace=workplace)
            agreement_of(workplace.employer, valid_until=days_ago(3))

    more(3)
    coach.get(LIST)
    with django_assert_max_num_queries(8):
        page = coach.get(LIST)
    first = page.context["page_obj"][0]
    assert (first.workplace_count, first.place_count, first.placed, first.run_out) == (1, 1, 1, True)
    more(15)
    with django_assert_max_num_queries(8):
        coach.get(LIST)


def test_an_agreement_is_flagged_until_a_later_one_of_its_kind_has_taken_its_place(coach, employer):
    old = agreement_of(employer, valid_from=days_ago(800), valid_until=days_ago(100))
    assert rows(coach.get(LIST, {"flag": "avtal"})) == [employer.name]
    assert "1 avtal har gått ut" in text(coach.get(of("employer", employer)))
    other_kind = agreement_of(employer, kind="network", valid_until=None)
    assert list(EmployerAgreement.objects.run_out_on(days_ago(0))) == [old]
    later = agreement_of(employer, valid_from=days_ago(-5), valid_until=None)
    assert not rows(coach.get(LIST, {"flag": "avtal"}))
    assert set(EmployerAgreement.objects.holding_on(days_ago(0))) == {other_kind}
    assert later not in EmployerAgreement.objects.holding_on(days_ago(0))


def test_a_workplace_in_use_is_flagged_until_a_check_counts(coach, cast, workplace):
    assert not rows(coach.get(LIST, {"flag": "kontroll"}))  # nobody is there, and nothing is offered
    place_of(workplace)
    assert rows(coach.get(LIST, {"flag": "kontroll"})) == [workplace.employer.name]
    check_of(workplace, cast.coach, days_ago(700))
    assert not rows(coach.get(LIST, {"flag": "kontroll"}))
    MunicipalSetting.objects.create(key="workplace_check_months", value=12)
    assert rows(coach.get(LIST, {"flag": "kontroll"})) == [workplace.employer.name]


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_page_tells_everything_and_names_only_those_whose_cases_are_the_readers(coach, cast, workplace):
    employer = workplace.employer
    PlacementFactory(enrolment=cast.asa, workplace=workplace)
    PlacementFactory(enrolment=cast.ciwan, workplace=workplace)  # another unit's
    PlacementFactory(enrolment=cast.protected_centrum, workplace=workplace)
    PlacementFactory(enrolment=cast.bertil, workplace=workplace, start=days_ago(200), end=days_ago(90))
    place_of(workplace, title="Städare")
    SupervisorFactory(workplace=workplace, name="Lena Holm")
    commitment_of(employer, due=days_ago(4), about="Två platser")
    page = text(coach.get(of("employer", employer)))
    told = (
        "3 placeringar pågår", "1 är avslutad", "det 2 som du inte får se", "Öhrström", "Städare", "Lena Holm",
        "1 av 3 utlovade har kommit, 2 är kvar", "2 kvar, försenat", "Inte kontrollerad",
    )  # fmt: skip
    assert not [words for words in told if words not in page]
    for name in ("Celik", "Hemlig", "Bodin"):
        assert name not in page
    every = text(coach.get(of("placements", employer)))
    assert "2 placeringar" in every
    assert "Bodin" in every
    assert "Celik" not in every


def test_the_page_asks_as_much_however_much_there_is(coach, cast, workplace, django_assert_max_num_queries):
    def more(number):
        for _each in range(number):
            here = WorkplaceFactory(employer=workplace.employer)
            place_of(here)
            PlacementFactory(enrolment=cast.asa, workplace=here, supervisor=SupervisorFactory(workplace=here))
            check_of(here, cast.coach)
            commitment_of(workplace.employer, agreement=agreement_of(workplace.employer))

    more(2)
    coach.get(of("employer", workplace.employer))
    with django_assert_max_num_queries(22):
        coach.get(of("employer", workplace.employer))
    more(10)
    with django_assert_max_num_queries(22):
        coach.get(of("employer", workplace.employer))


# --- Promises, contacts, notes ------------------------------------------------------------------------------------


def test_an_agreement_and_its_commitment_are_entered_changed_and_taken_away(coach, employer):
    token = "3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d01"
    agreement = {"kind": "places", "reference": "AMN 2026-1", "terms": "", "valid_from": "2026-01-01",
                 "valid_until": "2025-01-01", "token": token}  # fmt: skip
    page = coach.post(of("agreement_create", employer), agreement)
    assert "Sista dagen är före den första." in text(page)
    agreement["valid_until"] = ""
    for _time in range(2):
        assert coach.post(of("agreement_create", employer), agreement).status_code == 302
    made = EmployerAgreement.objects.get()
    commitment = {"kind": "employ", "about": "", "agreement": made.pk, "promised": "0", "fulfilled": "0",
                  "due": "2026-12-31", "token": token}  # fmt: skip
    assert "Ett åtagande gäller minst en." in text(coach.post(of("commitment_create", employer), commitment))
    commitment["promised"] = "4"
    assert coach.post(of("commitment_create", employer), commitment).status_code == 302
    promised = Commitment.objects.get()
    page = coach.get(of("commitment_change", employer, promised))
    seen = page.context["form"].initial["seen"]
    change = commitment | {"fulfilled": "3", "seen": seen}
    assert coach.post(of("commitment_change", employer, promised), change).status_code == 302
    assert Commitment.objects.get().outstanding == 1
    late = coach.post(of("commitment_change", employer, promised), change | {"fulfilled": "2"})
    assert late.status_code == 409
    page = coach.post(of("agreement_remove", employer, made), follow=True)
    assert "1 åtagande hör till avtalet" in text(page)
    coach.post(of("commitment_remove", employer, promised))
    coach.post(of("agreement_remove", employer, made))
    assert not EmployerAgreement.objects.exists()


def test_an_agreement_of_another_employer_is_not_reached_by_this_ones_address(coach, employer):
    other = agreement_of(EmployerFactory())
    assert (
        coach.get(reverse("employers:agreement_change", args=[employer.public_id, other.public_id])).status_code
        == 404
    )
    data = {"kind": "employ", "agreement": other.pk, "promised": "1", "fulfilled": "0", "due": "2026-12-31",
            "token": "3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d02"}  # fmt: skip
    assert coach.post(of("commitment_create", employer), data).status_code == 422


def test_a_contact_can_be_reached_and_stops_being_one(coach, employer, workplace):
    data = {"name": "Ulla Ung", "title": "Chef", "workplace": workplace.pk, "email": "", "phone": "",
            "token": "3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d03"}  # fmt: skip
    assert "Annars går det inte att nå personen." in text(coach.post(of("contact_create", employer), data))
    assert coach.post(of("contact_create", employer), data | {"phone": "070-1740605"}).status_code == 302
    contact = EmployerContact.objects.get()
    seen = coach.get(of("contact_change", employer, contact)).context["form"].initial["seen"]
    left = data | {"phone": "070-1740605", "left_on": days_ago(1).isoformat(), "seen": seen}
    assert coach.post(of("contact_change", employer, contact), left).status_code == 302
    assert "Inte längre" in text(coach.get(of("employer", employer)))


def test_a_note_is_taken_away_by_its_author_or_a_manager_and_nobody_else(coach, cast, client, employer):
    data = {"text": "De vill ha fler.", "token": "3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d04"}
    for _time in range(2):
        coach.post(of("note_write", employer), data)
    note = EmployerNote.objects.get()
    assert note.author_name == "Alma Alm"
    client.force_login(cast.colleague)
    assert client.post(of("note_remove", employer, note)).status_code == 403
    client.force_login(cast.other_manager)
    client.post(of("note_remove", employer, note))
    assert not EmployerNote.objects.exists()
    gone = apps.get_model("placements", "EmployerNoteEvent").objects.get(pgh_label="delete")
    assert (gone.text, gone.pgh_context["name"]) == ("De vill ha fler.", "Filip Fors")
