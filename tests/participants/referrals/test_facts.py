"""Registering a referral and changing what is registered of it: what is kept, refused, told, and overtaken."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.models import Participant, Referral
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.person.pages import Page, past
from tests.participants.referrals.pages import NEW, page_of, referral_of

pytestmark = pytest.mark.django_db

SOMEBODY = {
    "person-given_name": "Nadja", "person-family_name": "Novak", "person-birth_date": "1992-03-14",
    "source": "social_services",
}  # fmt: skip
FACTS = {
    "target_group": "income_support",
    "support_obstacle": "social_reasons",
    "order": "Bedöm arbetsförmågan.\r\nTre månader.",
    "purpose": "Närmare arbete",
    "reference": "SN 2026-77",
    "referrer_name": "Siv Sand",
    "referrer_phone": "040-12 34 56",
    "referrer_email": "siv.sand@example.org",
}


def test_everything_that_is_typed_is_kept_and_stands_on_the_page(cast):
    html = Page(cast.coach, NEW).send(**SOMEBODY, **FACTS, received=days_ago(3).isoformat())
    referral = Referral.objects.get()
    assert referral.order == "Bedöm arbetsförmågan.\nTre månader."
    assert (referral.unit, referral.received, referral.decision) == (cast.centrum, days_ago(3), "pending")
    for told in ("Arbetshinder av sociala skäl", "Närmare arbete", "SN 2026-77", "Siv Sand", "040-12 34 56",
                 "siv.sand@example.org", "Försörjningsstöd, väntat 3 dagar", "Nadja Novak"):  # fmt: skip
        assert told in html


def test_the_same_form_twice_is_one_referral(cast):
    page = Page(cast.coach, NEW)
    for _twice in range(2):
        html = page.send(**SOMEBODY)
    assert Referral.objects.count() == 1
    assert Participant.objects.filter(given_name="Nadja").count() == 1
    assert "Anvisningen var redan registrerad. Här är den." in html


def test_the_same_referral_by_two_people_is_one(cast):
    first = referral_of(cast, received=timezone.localdate())
    page = Page(cast.colleague, f"{NEW}?person={first.participant.public_id}")
    assert "Nadja Novak" in page.html
    assert "redan registrerad" in page.send(source="social_services")
    page = Page(cast.colleague, f"{NEW}?person={first.participant.public_id}")
    page.send(source="self")
    assert Referral.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"source": ""}, "Välj vem som anvisar."),
        ({"received": days_ago(-1).isoformat()}, "Dagen har inte varit ännu."),
        ({"received": ""}, "Ange vilken dag."),
        ({"referrer_email": "siv"}, "Skriv adressen som namn@example.se."),
        ({"service_since": days_ago(-1).isoformat()}, "Dagen har inte varit ännu."),
        (
            {"service_registration": "not_registered", "service_form": "jog"},
            "Det här gäller den som är inskriven där.",
        ),
        ({"service_since": days_ago(5).isoformat()}, "Det här gäller den som är inskriven där."),
        ({"service_form": "motivation"}, "Välj ett giltigt alternativ"),
        ({"order": "x" * 1001}, "Skriv högst 1000 tecken"),
        ({"unknown": "on"}, "Du har också skrivit vem det är. Välj ett av de två."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(cast, typed, told):
    page = Page(cast.coach, NEW)
    html = page.send(422, **SOMEBODY | {"reference": "SN 1"} | typed)
    assert told in html
    assert page.typed["person-given_name"] == "Nadja"
    assert page.typed["reference"] == "SN 1"
    assert Referral.objects.count() == 0


def test_all_that_is_wrong_is_told_at_once(cast):
    html = Page(cast.coach, NEW).send(422)
    assert "Välj vem som anvisar." in html
    assert "Skriv minst ett av namnen." in html


def test_somebody_unknown_waits_with_the_referrers_number(cast):
    page = Page(cast.coach, NEW)
    assert "Skriv ärendenumret hos den som anvisar" in page.send(422, unknown="on", source="other")
    html = page.send(unknown="on", source="other", reference="Skolan 12")
    assert "Anvisningen är registrerad." in html
    assert "Ingen vet än vem det är." in html
    assert Referral.objects.get().participant is None


def test_another_unit_is_no_choice(cast):
    Page(cast.coach, NEW).send(422, **SOMEBODY, unit="NORR")
    assert Referral.objects.count() == 0


TURNS_20 = {"person-birth_date": (timezone.localdate() - dt.timedelta(days=7000)).isoformat()}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"service_registration": "registered", "service_form": "rusta_matcha"},
            "Arbetsförmedlingen har redan en insats: Rusta och matcha (Arbetsförmedlingen)",
        ),
        ({"service_registration": "not_registered"}, "Hjälp till med inskrivningen"),
        ({"target_group": "activity_responsibility"}, "Personen fyllde 20 den 14 mars 2012"),
        ({"target_group": "activity_responsibility", **TURNS_20}, "Personen fyller 20 den"),
    ],
)
def test_what_to_think_of_is_told_before_it_is_saved_and_again_on_the_page(cast, typed, told):
    page = Page(cast.coach, NEW)
    html = page.send(200, **SOMEBODY | typed)
    assert told in html
    assert Referral.objects.count() == 0
    assert Participant.objects.filter(given_name="Nadja").count() == 0
    assert told in page.send(**SOMEBODY | typed)
    assert Referral.objects.count() == 1


# --- Changing -----------------------------------------------------------------------------------------------------


def test_a_change_is_kept_with_what_it_was_before(cast):
    referral = referral_of(cast, order="Bedöm.", service_registration="registered", service_form_id="jog")
    page = page_of(cast.coach, referral, "edit")
    html = page.send(order="Bedöm arbetsförmågan.", service_form="rusta_matcha")
    assert "Sparat." in html
    assert past(html) == [
        ("Beställning", "Bedöm.", "Bedöm arbetsförmågan.", "Alma Alm"),
        (
            "Insats hos Arbetsförmedlingen", "Jobb- och utvecklingsgarantin (Arbetsförmedlingen)",
            "Rusta och matcha (Arbetsförmedlingen)", "Alma Alm",
        ),
    ]  # fmt: skip


def test_two_who_change_at_once_lose_nothing(cast):
    referral = referral_of(cast)
    mine, theirs = page_of(cast.coach, referral, "edit"), page_of(cast.colleague, referral, "edit")
    theirs.send(purpose="Praktik", reference="SN 9")
    html = mine.send(409, purpose="Arbete")
    assert "Nu: <b>Praktik</b><br>Du skrev: <b>Arbete</b>" in html
    assert "Nu: <b>SN 9</b><br>Du skrev: <b>–</b>" in html
    mine.send(purpose="Arbete", reference="SN 9")
    referral.refresh_from_db()
    assert (referral.purpose, referral.reference) == ("Arbete", "SN 9")
    mine.send(purpose="Arbete", reference="SN 9")  # the same again
    assert Referral.pgh_event_model.objects.filter(pgh_obj_id=referral.pk).count() == 3


def test_it_was_received_before_anything_was_done_with_it(cast):
    referral = referral_of(cast, assessing_since=days_ago(5))
    page = page_of(cast.coach, referral, "edit")
    html = page.send(422, received=days_ago(4).isoformat())
    assert "Anvisningen bedömdes redan den" in html
    page.send(received=days_ago(5).isoformat())


# --- In the file --------------------------------------------------------------------------------------------------


def test_the_steps_stand_in_the_timeline(cast, client):
    referral = referral_of(cast, participant=cast.person, order="Bedöm arbetsförmågan.")
    referral.steps.create(
        state="assessing", day=days_ago(2), out_of_order="Börjar snart.", by=cast.coach, by_name="Alma Alm"
    )
    EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(400), end=days_ago(300), closure_reason="moved"
    )
    where = reverse("participants:file", args=[cast.person.public_id])
    client.force_login(cast.coach)
    html = client.get(where).content.decode()
    assert "Anvisning från: Socialtjänsten" in html
    assert "Bedöm arbetsförmågan." in html
    assert "Anvisningen: Bedömningen började" in html
    assert "Börjar snart." in html
    client.force_login(cast.outsider)
    theirs = client.get(where).content.decode()
    assert "Anvisning" not in theirs.partition('id="timeline"')[2]
