"""Another identity number: what was kept, what is refused, and what nobody may learn from a refusal."""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessLogEntry, Role
from participants.models import FormerIdentityNumber, NumberQuestion, Participant, ProtectedAccess, Referral
from tests.beside import wait_until_somebody_waits
from tests.factories import ParticipantFactory, UserFactory, days_ago
from tests.participants.person.pages import Page, address, past

pytestmark = pytest.mark.django_db

WOMAN, WRITTEN = "199005172383", "900517-2383"
MAN, LATER = "199005172391", "199102032381"
COORDINATION = "199005772380"
SAVED = "Numret kan inte sparas. Administratören har fått en uppgift."


def person(enrolment) -> Participant:
    return Participant.objects.get(pk=enrolment.participant_id)


def has(enrolment, number: str) -> None:
    Participant.objects.filter(pk=enrolment.participant_id).update(identity_number=number)


def test_a_coordination_number_becomes_a_personal_number_and_both_find_the_file(cast):
    has(cast.asa, COORDINATION)
    page = Page(cast.coach, address(cast.asa, "number"))
    assert COORDINATION not in page.html
    html = page.send(number=WRITTEN)
    assert '<span class="saved" role="status">Sparat</span>' in html
    assert WOMAN not in html
    now = person(cast.asa)
    assert (now.identity_number, now.gender, f"{now.birth_date}") == (WOMAN, "woman", "1990-05-17")
    assert [former.number for former in now.former_numbers.all()] == [COORDINATION]
    for number in (COORDINATION, WOMAN):
        found = page.client.get(reverse("participants:list"), {"q": number, "show": "all"}).content.decode()
        assert "Åsa Öhrström" in found
    told = ("Personnummer", "1990••••-••••", "1990••••-••••", "Alma Alm")
    assert told in past(Page(cast.coach, address(cast.asa, "facts")).html)


def test_who_had_no_number_gets_one(cast):
    has(cast.asa, None)
    Page(cast.manager, address(cast.asa, "number")).send(number=WRITTEN)
    assert person(cast.asa).identity_number == WOMAN
    assert not FormerIdentityNumber.objects.exists()


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("", "Skriv numret."),
        ("900517-2384", "Kontrollsiffran"),
        ("900517-T384", "ÅÅÅÅMMDD-NNNN"),
        ("901317-2383", "födelsedatum"),
        (COORDINATION, "Deltagaren har redan det här numret."),
    ],
)
def test_what_is_no_number_is_refused_and_kept_in_the_field(cast, number, message):
    has(cast.asa, COORDINATION)
    page = Page(cast.coach, address(cast.asa, "number"))
    assert message in page.send(422, number=number)
    assert page.typed["number"] == number
    assert person(cast.asa).identity_number == COORDINATION


def test_another_birth_and_gender_are_asked_about_once(cast):
    has(cast.asa, COORDINATION)
    Participant.objects.filter(pk=cast.person.pk).update(gender="man")
    page = Page(cast.coach, address(cast.asa, "number"))
    page.typed["sure"] = "on"  # nobody has asked yet
    html = page.send(422, number=LATER)
    assert "registrerad som född 1990-05-17. Med det här numret blir det 1991-02-03" in html
    assert "Registrerat kön är man. Med det här numret blir det kvinna" in html
    assert "Är numret rätt?" in page.send(422, number=WOMAN, sure="on")  # it was another number that was asked about
    page.send(number=WOMAN, sure="on")
    assert (person(cast.asa).identity_number, person(cast.asa).gender) == (WOMAN, "woman")


def test_two_who_change_the_number_at_once(cast):
    first = Page(cast.coach, address(cast.asa, "number"))
    second = Page(cast.colleague, address(cast.asa, "number"))
    first.send(number=WOMAN)
    html = second.send(422, number=MAN)
    assert "Någon annan har ändrat" in html
    assert "Alma Alm" in html
    assert person(cast.asa).identity_number == WOMAN
    second.send(422)  # a man's number now: is it right?
    second.send(sure="on")
    assert person(cast.asa).identity_number == MAN
    assert WOMAN in {former.number for former in FormerIdentityNumber.objects.all()}


# --- Known on somebody else ----------------------------------------------------------------------------------------


SEARCH = {"units": ["CENTRUM"], "kind": "identity_number", "hits": 1}


def searched(cast) -> list[tuple]:
    """The coach's searches in the access log."""
    return list(AccessLogEntry.objects.filter(act="searched", actor=cast.coach).values_list("subject", "detail"))


def test_a_number_of_somebody_within_sight_says_whose_it_is(cast):
    has(cast.bertil, WOMAN)
    html = Page(cast.coach, address(cast.asa, "number")).send(422, number=WOMAN)
    assert "Numret står redan på Bertil Bodin." in html
    assert f'href="{reverse("participants:file", args=[cast.bertil.participant.public_id])}"' in html
    assert not NumberQuestion.objects.exists()
    assert searched(cast) == [(cast.bertil.participant.public_id, SEARCH)]


def test_a_number_of_somebody_who_is_only_referred_is_told_without_a_file_to_open(cast):
    person_ = ParticipantFactory(given_name="Nadja", family_name="Novak", identity_number=WOMAN)
    Referral.objects.create(
        participant=person_, unit=cast.centrum, source="self", received=days_ago(2), decision="pending"
    )
    html = Page(cast.coach, address(cast.asa, "number")).send(422, number=WOMAN)
    assert "Numret står redan på Nadja Novak." in html
    assert reverse("participants:compare", args=[cast.person.public_id, person_.public_id]) in html
    assert reverse("participants:file", args=[person_.public_id]) not in html


def test_a_number_that_stood_on_somebody_within_sight_is_asked_about(cast):
    """Somebody's mistyped number, once corrected, must not be lost for its owner."""
    FormerIdentityNumber.objects.create(participant=cast.bertil.participant, number=WOMAN)
    page = Page(cast.coach, address(cast.asa, "number"))
    assert "Bertil Bodin hade numret förut" in page.send(422, number=WOMAN)
    assert searched(cast) == [(cast.bertil.participant.public_id, SEARCH)]
    page.send(sure="on")
    assert person(cast.asa).identity_number == WOMAN


@pytest.fixture
def hidden(cast):
    """Those whom the coach may not see, each with a number: somebody of another unit, one who had it before, and
    protected persons of the own unit and of another."""
    has(cast.protected_centrum, WOMAN)
    has(cast.protected_norr, MAN)
    FormerIdentityNumber.objects.create(participant=cast.ciwan.participant, number=LATER)
    return {
        WOMAN: cast.protected_centrum.participant,
        MAN: cast.protected_norr.participant,
        LATER: cast.ciwan.participant,
    }


def test_a_refusal_tells_nothing_about_whom_the_number_is_known_on(cast, hidden):
    """The same words, status and number of questions to the database, whoever it is; protected or not."""
    pages, queries = set(), set()
    for number, holder in hidden.items():
        page = Page(cast.coach, address(cast.asa, "number"))
        with CaptureQueriesContext(connection) as counted:
            html = page.send(422, number=number)
        queries.add(len(counted))
        assert SAVED in html
        assert holder.full_name not in html
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html).replace(number, "NUMBER"))
    assert len(pages) == 1
    assert len(queries) == 1
    assert person(cast.asa).identity_number not in hidden


def test_a_refusal_becomes_one_question_and_a_line_in_the_log(cast, hidden):
    page = Page(cast.coach, address(cast.asa, "number"))
    for number in (MAN, MAN, LATER):
        page.send(422, number=number)
    asked = [(each.participant, each.known_on, each.asked_by_name) for each in NumberQuestion.objects.all()]
    assert asked == [(cast.person, hidden[MAN], "Alma Alm"), (cast.person, hidden[LATER], "Alma Alm")]
    denied = AccessLogEntry.objects.filter(act="denied", actor=cast.coach).values_list("subject", flat=True)
    assert set(denied) == {hidden[MAN].public_id, hidden[LATER].public_id}


def test_who_is_named_for_the_protected_person_is_told(cast, hidden):
    ProtectedAccess.objects.create(participant=hidden[WOMAN], user=cast.coach)
    assert "Numret står redan på Petra Hemlig." in Page(cast.coach, address(cast.asa, "number")).send(
        422, number=WOMAN
    )


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_two_people_the_same_number_at_once_one_is_told(cast, beside):
    """The other one's number is not to be seen yet when it is looked for, and is there when it is to be stored."""
    page = Page(cast.coach, address(cast.asa, "number"))
    with transaction.atomic():
        has(cast.bertil, WOMAN)
        answer = beside(page.send, 422, number=WOMAN)
        wait_until_somebody_waits()
    assert "Numret står redan på Bertil Bodin." in answer.result(timeout=20)


# --- The administrator ---------------------------------------------------------------------------------------------


def test_an_administrator_sees_that_something_waits_and_says_what_was_done(cast, hidden):
    Page(cast.coach, address(cast.asa, "number")).send(422, number=LATER)
    client = Client()
    client.force_login(cast.administrator)
    administration, listed = reverse("accounts:administration"), reverse("number_questions:list")
    assert "1 väntar" in client.get(administration).content.decode()
    assert "Alma Alm" in client.get(listed).content.decode()
    page = Page(cast.administrator, NumberQuestion.objects.get().get_absolute_url())
    for words in (cast.asa.case_number, cast.ciwan.case_number, "Jobbcenter Centrum", "Jobbcenter Norr"):
        assert words in page.html
    for secret in ("Åsa", "Ciwan", LATER):
        assert secret not in page.html
    assert "Skriv vad som gjordes." in page.send(422)
    assert "Klar" in page.send(outcome="Samma person, enheterna vet.")
    assert "1 väntar" not in client.get(administration).content.decode()
    looks = AccessLogEntry.objects.filter(actor=cast.administrator, act="opened")
    assert {look.subject for look in looks} == {cast.person.public_id, cast.ciwan.participant.public_id}


def test_of_a_protected_person_the_administrator_sees_the_unit_only(cast, hidden):
    Page(cast.coach, address(cast.asa, "number")).send(422, number=MAN)
    page = Page(cast.administrator, NumberQuestion.objects.get().get_absolute_url())
    assert "Tala bara med enhetens chef" in page.html
    assert cast.protected_norr.case_number not in page.html
    assert "Cecilia" not in page.html


def test_two_administrators_do_not_overwrite_each_other(cast, hidden):
    other = UserFactory(role=Role.ADMINISTRATOR)
    Page(cast.coach, address(cast.asa, "number")).send(422, number=LATER)
    where = NumberQuestion.objects.get().get_absolute_url()
    first, second = Page(cast.administrator, where), Page(other, where)
    first.send(outcome="Samma person.")
    html = second.send(422, outcome="Felskrivet.")
    assert "Samma person." in html
    assert "Felskrivet." in html
    assert NumberQuestion.objects.get().handled_by == cast.administrator
