"""Who the person is, and the facts of an enrolment that the figures need: changed in the file, reached from gaps."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participants.models import Enrolment, Participant
from participants.person.services import Changed, person_change
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.person.pages import Page, address, past
from vocabulary.codes import ClosureReason

pytestmark = pytest.mark.django_db

#: A valid samordningsnummer that leaves the day open, a woman's.
OPEN_DAY = "199005602389"


def person(enrolment) -> Participant:
    return Participant.objects.get(pk=enrolment.participant_id)


def set_person(enrolment, **fields) -> None:
    Participant.objects.filter(pk=enrolment.participant_id).update(**fields)


def test_what_the_figures_need_is_filled_in_and_stands_in_the_file(cast):
    set_person(cast.asa, identity_number=None)
    Enrolment.objects.filter(pk=cast.asa.pk).update(target_group="", case_number="")
    page = Page(cast.coach, address(cast.asa, "facts"))
    html = page.send(
        given_name="Åsa Maria", birth_date="1991-02-03", birth_year="", gender="woman", education="primary",
        target_group="preventive", case_number="AME-2026-1",
    )  # fmt: skip
    for words in ("Åsa Maria Öhrström", "1991-02-03", "Högst grundskola", "Förebyggande", "AME-2026-1", "Sparat"):
        assert words in html, words
    now = person(cast.asa)
    assert (now.birth_date, now.birth_year, now.gender) == (dt.date(1991, 2, 3), 1991, "woman")
    assert Enrolment.objects.get(pk=cast.asa.pk).revision == now.revision == 1


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"birth_date": "2091-02-03"}, "birth_date", "i framtiden"),
        ({"birth_date": "1791-02-03"}, "birth_date", "Kontrollera året"),
        ({"birth_date": "i maj"}, "birth_date", "Skriv dagen som 1990-05-17"),
        ({"birth_date": "", "birth_year": ""}, "birth_date", "Skriv dagen, eller året"),
        ({"birth_date": "", "birth_year": "91"}, "birth_year", "Kontrollera året"),
        ({"birth_year": "1991"}, "birth_year", "Födelseåret stämmer inte med födelsedatumet"),
        ({"given_name": "", "family_name": " "}, "given_name", "minst ett av namnen"),
        ({"gender": "other"}, "gender", "other"),
        ({"target_group": "all"}, "target_group", "all"),
    ],
)
def test_what_cannot_be_right_is_told_beside_the_field_and_nothing_is_lost(cast, typed, field, message):
    set_person(cast.asa, identity_number=None)
    page = Page(cast.coach, address(cast.asa, "facts"))
    html = page.send(422, **{"education": "primary"} | typed)
    assert message in html
    assert f'href="#fact_{field}"' in html
    assert page.typed["education"] == "primary"
    assert person(cast.asa).education == ""


def test_only_the_year_of_birth_may_be_known(cast):
    set_person(cast.asa, identity_number=None)
    Page(cast.coach, address(cast.asa, "facts")).send(birth_date="", birth_year="1988")
    assert (person(cast.asa).birth_date, person(cast.asa).birth_year) == (None, 1988)


def test_what_follows_from_the_number_is_not_asked_for_and_gender_must_agree(cast):
    set_person(cast.asa, identity_number="199005172383")
    page = Page(cast.coach, address(cast.asa, "facts"))
    assert not {"birth_date", "birth_year"} & set(page.typed)
    assert "199005172383" not in page.html
    assert "Könet stämmer inte med personnumret." in page.send(422, gender="man")
    page.send(gender="woman")
    assert person(cast.asa).gender == "woman"


def test_a_number_that_leaves_the_day_open_takes_a_day_of_its_month(cast):
    set_person(cast.asa, identity_number=OPEN_DAY, birth_date=None)
    page = Page(cast.coach, address(cast.asa, "facts"))
    assert "birth_year" not in page.typed
    for day in ("1990-06-17", "1991-05-17"):
        assert "Födelsedatumet stämmer inte med personnumret." in page.send(422, birth_date=day)
    page.send(birth_date="1990-05-03")
    assert person(cast.asa).birth_date == dt.date(1990, 5, 3)


# --- Which enrolment -----------------------------------------------------------------------------------------------


@pytest.fixture
def earlier(cast) -> Enrolment:
    return EnrolmentFactory(
        participant=cast.person, unit=cast.centrum, coach=cast.coach, start=days_ago(900), end=days_ago(800),
        closure_reason=ClosureReason.MOVED, target_group="", case_number="AME-2024-1",
    )  # fmt: skip


def test_an_earlier_enrolment_has_its_own_facts(cast, earlier):
    page = Page(cast.coach, address(cast.asa, "facts"))
    assert page.typed["case_number"] == cast.asa.case_number
    where = f"{page.where}?inskrivning={earlier.start}"
    assert where.partition("?")[2] in page.html
    Page(cast.coach, where).send(target_group="other")
    assert Enrolment.objects.get(pk=earlier.pk).target_group == "other"
    assert Enrolment.objects.get(pk=cast.asa.pk).target_group == cast.asa.target_group
    assert past(Page(cast.coach, where).html) == [("Målgrupp", "–", "Annan", "Alma Alm")]
    assert past(Page(cast.coach, page.where).html) == []


def test_an_enrolment_of_another_unit_is_not_found(cast, client):
    other = EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(900), end=days_ago(800),
        closure_reason=ClosureReason.MOVED,
    )  # fmt: skip
    client.force_login(cast.coach)
    where = address(cast.asa, "facts")
    assert f"{other.start}" not in client.get(where).content.decode()
    for start in (other.start, "2020-01-01", "x"):
        assert client.get(where, {"inskrivning": start}).status_code == 404


def test_a_gap_leads_to_the_page_where_it_is_mended(cast, earlier, client):
    """For who sees the gaps, the managers, and for the enrolment that has the gap."""
    client.force_login(cast.manager)
    period = {"period": f"{earlier.end.year}"}
    (row,) = client.get(reverse("reporting:missing_list", args=["target_group"]), period).context["rows"]
    page = Page(cast.manager, row.mended_at)
    assert page.typed["case_number"] == "AME-2024-1"
    page.send(target_group="other")
    assert not client.get(reverse("reporting:missing_list", args=["target_group"]), period).context["rows"]


# --- Two at once ---------------------------------------------------------------------------------------------------


def test_the_loser_of_two_sees_both_and_may_save_again(cast):
    first = Page(cast.coach, address(cast.asa, "facts"))
    second = Page(cast.colleague, address(cast.asa, "facts"))
    contact = Page(cast.manager, address(cast.asa, "contact"))
    first.send(education="primary", target_group="other")
    html = second.send(409, education="upper_secondary", case_number="AME-1")
    assert "<b>Högst grundskola</b>" in html
    assert "<b>Gymnasium</b>" in html
    second.send()
    contact.send(phone="070-174 06 05")  # other facts of the same person: no conflict
    now, case = person(cast.asa), Enrolment.objects.get(pk=cast.asa.pk)
    assert (now.education, case.target_group, case.case_number) == ("upper_secondary", "other", "AME-1")


def test_two_who_are_each_right_cannot_be_wrong_together(cast):
    """Gender and number are changed at the same time, on two pages."""
    set_person(cast.asa, identity_number=None)
    gender = Page(cast.coach, address(cast.asa, "facts"))
    Page(cast.colleague, address(cast.asa, "number")).send(number="19900517-2383")
    html = gender.send(422, gender="man", birth_date="1990-05-17")
    assert "Könet stämmer inte med personnumret." in html
    with pytest.raises(ValidationError):  # had both been on their way at once
        person_change(enrolment=cast.asa, changes={"gender": Changed("woman", "man")}, units=[])
    assert person(cast.asa).gender == "woman"
