"""How a person is reached: shown in the file, changed by one and by two at once, and what it was before."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.history import act_as
from accounts.models import AccessLogEntry
from participants.models import Enrolment, Participant, ProtectedAccess
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.person.pages import Page, address, past
from vocabulary.codes import ClosureReason

pytestmark = pytest.mark.django_db

DETAILS = {
    "phone": "070-174 06 05",
    "email": "asa@example.org",
    "street_address": "Ågatan 1",
    "postal_code": "12345",
    "city": "Ås",
    "contact_way": "sms",
    "contact_note": "Efter klockan tre",
    "language": "ara",
}


def person(enrolment) -> Participant:
    return Participant.objects.get(pk=enrolment.participant_id)


def test_what_is_saved_stands_in_the_file(cast):
    page = Page(cast.coach, address(cast.asa, "contact"))
    html = page.send(**DETAILS)
    for words in (
        'href="tel:070-17406 05"'.replace(" ", ""), 'href="mailto:asa@example.org"', "123 45 Ås", "Sms<br>",
        "Efter klockan tre", "arabiska", '<span class="saved" role="status">Sparat</span>',
    ):  # fmt: skip
        assert words in html, words
    assert {name: getattr(person(cast.asa), name) for name in DETAILS} == DETAILS | {"postal_code": "123 45"}
    assert person(cast.asa).revision == 1


def test_a_look_is_written_down_and_an_act_on_the_open_page_is_not_one_more(cast):
    page = Page(cast.coach, address(cast.asa, "contact"))
    page.client.post(page.where, page.typed | {"phone": "070-174 06 05"})
    looks = AccessLogEntry.objects.filter(subject=cast.person.public_id)
    assert [(look.act, look.detail["part"]) for look in looks] == [("opened", "contact")]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"phone": "ring Anna"}, "Skriv numret med siffror"),
        ({"phone": "12"}, "Skriv numret med siffror"),
        ({"email": "asa@"}, "Skriv adressen som namn@example.se"),
        ({"contact_way": "phone"}, "Personen vill bli uppringd"),
        ({"contact_way": "sms"}, "Personen vill ha sms"),
        ({"contact_way": "email"}, "Personen vill ha e-post"),
        ({"contact_way": "letter"}, "Personen vill ha brev"),
        ({"contact_way": "owl"}, "owl"),
        ({"language": "xyz"}, "xyz"),
        ({"contact_note": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_right_is_told_beside_the_field_and_nothing_is_lost(cast, typed, message):
    page = Page(cast.coach, address(cast.asa, "contact"))
    html = page.send(422, city="Björkåkra", **typed)
    assert message in html
    assert 'aria-invalid="true"' in html
    assert page.typed["city"] == "Björkåkra"
    assert person(cast.asa).city == ""


def test_a_number_that_came_with_the_register_may_stay(cast):
    Participant.objects.filter(pk=cast.person.pk).update(phone="mamma Eva", language="so")
    page = Page(cast.coach, address(cast.asa, "contact"))
    page.send(city="Ås")
    now = person(cast.asa)
    assert (now.phone, now.language, now.city) == ("mamma Eva", "so", "Ås")


# --- Two at once ---------------------------------------------------------------------------------------------------


def test_two_who_change_different_facts_both_get_their_way(cast):
    first = Page(cast.coach, address(cast.asa, "contact"))
    second = Page(cast.colleague, address(cast.asa, "contact"))
    first.send(phone="070-174 06 05")
    second.send(email="asa@example.org")
    now = person(cast.asa)
    assert (now.phone, now.email) == ("070-174 06 05", "asa@example.org")


def test_the_loser_of_two_sees_both_and_may_save_again(cast):
    first = Page(cast.coach, address(cast.asa, "contact"))
    second = Page(cast.colleague, address(cast.asa, "contact"))
    first.send(phone="070-174 06 05", language="ara")
    html = second.send(409, phone="070-174 06 99", language="som", city="Ås")
    assert "Någon annan har ändrat" in html
    for words in ("070-174 06 05", "070-174 06 99", "arabiska", "somaliska"):
        assert f"<b>{words}</b>" in html
    assert person(cast.asa).phone == "070-174 06 05"
    assert second.typed["phone"] == "070-174 06 99"
    second.send()
    now = person(cast.asa)
    assert (now.phone, now.language, now.city) == ("070-174 06 99", "som", "Ås")


def test_what_a_register_changed_meanwhile_is_not_overwritten(cast):
    page = Page(cast.coach, address(cast.asa, "contact"))
    Participant.objects.filter(pk=cast.person.pk).update(phone="08-465 004 01")
    page.send(409, phone="070-174 06 05")
    assert person(cast.asa).phone == "08-465 004 01"


def test_the_same_from_both_is_no_conflict(cast):
    first = Page(cast.coach, address(cast.asa, "contact"))
    second = Page(cast.colleague, address(cast.asa, "contact"))
    first.send(phone="070-174 06 05")
    second.send(phone="070-174 06 05")
    assert person(cast.asa).revision == 1


# --- What it was before --------------------------------------------------------------------------------------------


def test_the_page_tells_what_it_was_before_and_who_changed_it(cast):
    with act_as(actor=cast.administrator, source="job"):
        Participant.objects.filter(pk=cast.person.pk).update(phone="08-465 004 01")
    Page(cast.coach, address(cast.asa, "contact")).send(phone="070-174 06 05", contact_way="phone", language="som")
    html = Page(cast.manager, address(cast.asa, "contact")).html
    assert sorted(past(html)[:3]) == [
        ("Språk som kräver tolk", "–", "somaliska", "Alma Alm"),
        ("Telefon", "08-465 004 01", "070-174 06 05", "Alma Alm"),
        ("Vill bli nådd", "–", "Telefonsamtal", "Alma Alm"),
    ]
    assert past(html)[3:] == [("Telefon", "–", "08-465 004 01", "Annan källa")]


def test_who_changed_it_in_another_unit_does_not_show(cast):
    """That another unit knows the person must not show; the details themselves are the same for all."""
    EnrolmentFactory(
        participant=cast.person, unit=cast.norr, coach=cast.outsider, start=days_ago(900), end=days_ago(800),
        closure_reason=ClosureReason.MOVED,
    )  # fmt: skip
    Page(cast.outsider, address(cast.asa, "contact")).send(phone="070-174 06 05")
    for user, by in (
        (cast.coach, "Annan källa"),
        (cast.outsider, "Cecilia Carlsson"),
        (cast.head, "Cecilia Carlsson"),
    ):
        assert past(Page(user, address(cast.asa, "contact")).html) == [("Telefon", "–", "070-174 06 05", by)]


def test_what_was_changed_before_the_unit_knew_the_person_does_not_show(cast, monkeypatch):
    Page(cast.outsider, address(cast.ciwan, "contact")).send(street_address="Norra vägen 1")
    Enrolment.objects.filter(pk=cast.ciwan.pk).update(end=days_ago(0), closure_reason=ClosureReason.MOVED)
    EnrolmentFactory(participant=cast.ciwan.participant, unit=cast.centrum, coach=cast.coach, start=days_ago(-5))
    later = timezone.now() + dt.timedelta(days=6)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert past(Page(cast.coach, address(cast.ciwan, "contact")).html) == []
    change = ("Gatuadress", "–", "Norra vägen 1", "Cecilia Carlsson")
    for user in (cast.outsider, cast.head):
        assert past(Page(user, address(cast.ciwan, "contact")).html) == [change]


# --- Protected persons ---------------------------------------------------------------------------------------------


def test_a_protected_persons_page_warns_and_asks_for_no_address(cast):
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    page = Page(cast.coach, address(cast.protected_centrum, "contact"))
    assert 'class="protected"' in page.html
    assert "Behöver ni adressen?" in page.html
    page.send(contact_way="letter")  # by way of the tax agency
    assert person(cast.protected_centrum).contact_way == "letter"


def test_for_who_is_not_named_the_protected_person_does_not_exist(cast, client):
    for page in ("contact", "facts", "number"):
        client.force_login(cast.coach)
        assert client.get(address(cast.protected_centrum, page)).status_code == 404
        assert client.post(address(cast.protected_centrum, page), {"phone": "070-174 06 05"}).status_code == 404
    assert AccessLogEntry.objects.filter(act="denied").count() == 6


# --- Measures ------------------------------------------------------------------------------------------------------


def test_the_page_asks_as_much_however_long_the_history(cast, client, django_assert_max_num_queries):
    for number in range(40):
        Participant.objects.filter(pk=cast.person.pk).update(phone=f"070-174 06 {number:02}")
    client.force_login(cast.coach)
    with django_assert_max_num_queries(15):
        client.get(address(cast.asa, "contact"))
