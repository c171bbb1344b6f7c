"""Registering somebody by hand: which numbers are taken, what is refused, and that nothing typed is lost."""

import datetime as dt

import pytest
from django.urls import reverse

from participants.identity import IdentityNumberError, temporary_number_parse, temporary_number_written
from participants.models import Enrolment, Participant, ProtectedAccess, Referral
from tests.factories import days_ago
from tests.participants.person.pages import Page
from vocabulary.codes import Gender, Protection

pytestmark = pytest.mark.django_db

NEW = "/anvisningar/ny/"
SOMEBODY = {"person-given_name": "Nadja", "person-family_name": "Novak", "source": "social_services"}


def registered() -> Participant:
    return Participant.objects.get(given_name="Nadja")


@pytest.mark.parametrize(
    ("typed", "number", "gender", "born", "year"),
    [
        ("920314-2386", "199203142386", Gender.WOMAN, dt.date(1992, 3, 14), 1992),
        ("19920314 2386", "199203142386", Gender.WOMAN, dt.date(1992, 3, 14), 1992),
        ("19701063-2391", "197010632391", Gender.MAN, dt.date(1970, 10, 3), 1970),
        ("19900077-2385", "199000772385", Gender.WOMAN, None, 1990),
    ],
)
def test_a_number_says_gender_and_birth(cast, typed, number, gender, born, year):
    Page(cast.coach, NEW).send(**SOMEBODY | {"person-number": typed})
    person = registered()
    assert (person.identity_number, person.gender, person.birth_date, person.birth_year) == (
        number, gender, born, year,
    )  # fmt: skip


def test_a_new_person_comes_by_a_referral_and_is_known_to_the_unit_only(cast):
    contact = {"person-phone": "070-174 06 05", "person-email": "nadja@example.org", "person-postal_code": "99911"}
    html = Page(cast.coach, NEW).send(**SOMEBODY | contact | {"person-birth_date": "1992-03-14"})
    assert "Anvisningen av Nadja Novak är registrerad." in html
    referral = Referral.objects.get()
    assert (referral.unit, referral.source, referral.decision) == (cast.centrum, "social_services", "pending")
    assert referral.participant.postal_code == "999 11"
    known = {
        user: Participant.objects.known_to(user).filter(given_name="Nadja").exists() for user in cast.users.values()
    }
    assert {user for user, may in known.items() if may} == {
        cast.coach, cast.colleague, cast.coordinator, cast.manager, cast.head,
    }  # fmt: skip


def test_a_temporary_number_is_kept_apart_and_found_again(cast):
    page = Page(cast.coach, NEW)
    html = page.send(422, **SOMEBODY | {"person-number": "000101-T220", "person-birth_year": "2000"})
    assert "Ett tillfälligt nummer med bokstav" in html
    page.send(**{"person-number": "", "person-temporary_number": "000101-t220"})
    person = registered()
    assert (person.identity_number, person.temporary_number, person.gender) == (None, "000101T220", Gender.UNKNOWN)
    assert person.written_temporary_number == "000101-T220"
    Enrolment.objects.filter(pk=cast.asa.pk).update(participant=person)
    found = page.client.get(reverse("participants:list"), {"q": "000101-T220", "show": "all"}).content.decode()
    assert "Nadja Novak" in found
    assert "000101-T220" in page.client.get(reverse("participants:file", args=[person.public_id])).content.decode()


@pytest.mark.parametrize(
    ("typed", "kept", "written"),
    [
        ("000101-T220", "000101T220", "000101-T220"),
        ("19000101 t220", "19000101T220", "19000101-T220"),
        ("TF-2025/11", "TF202511", "TF202511"),
    ],
)
def test_how_temporary_numbers_are_kept_and_read(typed, kept, written):
    assert temporary_number_parse(typed) == kept
    assert temporary_number_written(kept) == written


@pytest.mark.parametrize("typed", ["19920314-2386", "TILLFÄLLIGT", "T1", "T" * 20 + "1", "T220?"])
def test_what_is_no_temporary_number(typed):
    with pytest.raises(IdentityNumberError):
        temporary_number_parse(typed)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"number": "19920314-2387"}, "Kontrollsiffran"),
        ({"number": "19920314-2386", "birth_date": "1992-03-15"}, "Födelsedatumet stämmer inte med personnumret."),
        ({"number": "19920314-2386", "gender": "man"}, "Könet stämmer inte med personnumret."),
        ({"number": "19920314-2386", "birth_year": "1991"}, "Födelseåret är inte det som står i personnumret."),
        ({"birth_date": "1992-03-14", "birth_year": "1991"}, "Födelseåret stämmer inte med födelsedatumet."),
        ({}, "Skriv dagen, eller året om dagen är okänd."),
        ({"birth_date": "2999-01-01"}, "framtiden"),
        ({"birth_year": "1850"}, "Kontrollera året."),
        ({"birth_year": "1992", "given_name": "", "family_name": ""}, "Skriv minst ett av namnen."),
        ({"birth_year": "1992", "temporary_number": "920314"}, "minst en av varje"),
        ({"birth_year": "1992", "phone": "ring hem"}, "Skriv numret med siffror"),
        ({"birth_year": "1992", "email": "nadja"}, "Skriv adressen som"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_kept(cast, typed, message):
    page = Page(cast.coach, NEW)
    typed = SOMEBODY | {f"person-{name}": value for name, value in typed.items()}
    html = page.send(422, **typed)
    assert message in html
    assert {name: page.typed[name] for name in typed} == typed
    assert not Participant.objects.filter(given_name="Nadja").exists()


def test_what_is_wrong_with_person_and_referral_is_told_at_once(cast):
    tomorrow = days_ago(-1).isoformat()
    html = Page(cast.coach, NEW).send(422, **{"person-given_name": "Nadja", "received": tomorrow})
    for message in ("Skriv dagen, eller", "Välj vem som anvisar.", "Dagen har inte varit ännu."):
        assert message in html


def test_a_form_sent_twice_makes_one_person(cast):
    page = Page(cast.coach, NEW)
    before, typed = page.typed, SOMEBODY | {"person-number": "19920314-2386"}
    page.send(**typed)
    assert page.client.post(NEW, before | typed).status_code == 302
    assert Participant.objects.filter(given_name="Nadja").count() == 1
    assert Referral.objects.count() == 1


def test_who_registers_a_protected_person_is_on_the_access_list(cast):
    typed = SOMEBODY | {"person-number": "19920314-2386", "person-protection": Protection.SECRECY_MARK}
    Page(cast.coach, NEW).send(**typed)
    assert list(ProtectedAccess.objects.values_list("participant", "user", "granted_by")) == [
        (registered().pk, cast.coach.pk, cast.coach.pk)
    ]
    assert not Participant.objects.known_to(cast.colleague).filter(given_name="Nadja").exists()


def test_nobody_registers_for_a_unit_out_of_reach(cast):
    page = Page(cast.coach, NEW)
    assert "Jobbcenter Norr" not in page.html
    page.send(422, **SOMEBODY | {"person-birth_year": "1992", "unit": "NORR"})
    assert not Referral.objects.exists()
    assert "Jobbcenter Norr" in Page(cast.head, NEW).html
