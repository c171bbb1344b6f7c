"""Is the person known already? What is offered, to whom, and what nobody may learn."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessLogEntry
from participants.models import FormerIdentityNumber, NumberQuestion, Participant, ProtectedAccess, Referral
from tests.factories import EnrolmentFactory, ParticipantFactory, days_ago
from tests.participants.person.pages import Page
from vocabulary.codes import Protection

pytestmark = pytest.mark.django_db

NEW, ALIKE = "/anvisningar/ny/", "/deltagare/ny/lika/"
WOMAN, WRITTEN = "199005172383", "900517-2383"
REFERRAL = {"source": "social_services"}


def person(enrolment, **facts) -> Participant:
    Participant.objects.filter(pk=enrolment.participant_id).update(**facts)
    return Participant.objects.get(pk=enrolment.participant_id)


def section(**typed) -> dict[str, str]:
    return {f"person-{name}": value for name, value in typed.items()}


def alike(user, **typed) -> str:
    """What is offered while somebody types."""
    client = Client()
    client.force_login(user)
    return unescape(client.post(ALIKE, section(**typed), headers={"HX-Request": "true"}).content.decode())


# --- Who is found -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "typed", "reason"),
    [
        ({"identity_number": WOMAN}, {"number": WRITTEN}, "Samma personnummer"),
        ({"temporary_number": "000101T220"}, {"temporary_number": "000101-t220"}, "Samma tillfälliga nummer"),
        (
            {"birth_date": "1990-05-17"},
            {"birth_date": "1990-05-17", "given_name": "Asa", "family_name": "Öström"},
            "Samma födelsedatum, liknande namn",
        ),
        (
            {"birth_date": "1990-05-17"},  # the names have changed places, and the number says the day
            {"number": WRITTEN, "given_name": "Öhrström", "family_name": "Åsa"},
            "Samma födelsedatum, liknande namn",
        ),
        (
            {"birth_date": None, "birth_year": 1990},
            {"birth_date": "1990-05-17", "given_name": "Åsa", "family_name": "Öhrström"},
            "Samma födelseår, liknande namn",
        ),
        (
            {"birth_date": "1990-05-17"},
            {"birth_year": "1990", "given_name": "Åsa", "family_name": "Öhrström"},
            "Samma födelseår, liknande namn",
        ),
        ({"phone": "070-174 06 05"}, {"phone": "+46 70 174 06 05", "given_name": "A"}, "Samma telefonnummer"),
        ({"email": "Asa@Example.org"}, {"email": "asa@example.ORG", "given_name": "A"}, "Samma e-postadress"),
    ],
)
def test_who_may_be_the_same_person_is_offered_while_typing(cast, stored, typed, reason):
    asa = person(cast.asa, **stored)
    found = alike(cast.coach, **typed)
    assert reason in found
    assert "Åsa Öhrström" in found
    assert f'name="person-use" value="{asa.public_id}"' in found
    assert "Jobbcenter Centrum" in found
    look = AccessLogEntry.objects.get(act="searched")
    assert (look.subject, look.detail) == (
        asa.public_id, {"units": ["CENTRUM"], "kind": "likeness", "hits": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        {"phone": "070-174 06 05"},  # alone it would be a search by phone
        {"email": "asa@example.org"},
        {"given_name": "Åsa", "family_name": "Öhrström"},
        {"birth_date": "1990-05-17", "given_name": "Mohammed", "family_name": "Xu"},
        {"birth_date": "1990-05-18", "given_name": "Åsa", "family_name": "Öhrström"},
        {"birth_year": "1990", "given_name": "Åse", "family_name": "Lind"},
        {"number": "900517"},
        {"temporary_number": "T"},
    ],
)
def test_who_is_not_alike_is_not_offered(cast, typed):
    person(cast.asa, phone="070-174 06 05", email="asa@example.org")
    assert "Åsa Öhrström" not in alike(cast.coach, **typed)
    assert not AccessLogEntry.objects.filter(act="searched").exists()


def test_who_had_the_number_before_is_offered(cast):
    FormerIdentityNumber.objects.create(participant=cast.person, number=WOMAN)
    assert "Hade numret förut" in alike(cast.coach, number=WRITTEN)


def test_who_is_only_referred_is_offered_without_a_file(cast):
    newcomer = ParticipantFactory(given_name="Nadja", family_name="Novak")
    Referral.objects.create(
        participant=newcomer, unit=cast.centrum, source="self", received=days_ago(2), decision="pending"
    )
    typed = {"birth_date": "1990-05-17", "given_name": "Nadja", "family_name": "Novak"}
    found = alike(cast.coach, **typed)
    assert "inte inskriven där" in found
    assert "/deltagare/" not in found
    assert "Nadja" not in alike(cast.outsider, **typed)


def test_the_likeliest_are_offered_first_and_no_more_than_five(cast):
    twins = [
        EnrolmentFactory(
            unit=cast.centrum, participant=ParticipantFactory(given_name="Åsa", family_name=f"Öhrström {n}")
        )
        for n in range(7)
    ]
    person(twins[6], identity_number=WOMAN)
    found = alike(cast.coach, number=WRITTEN, given_name="Åsa", family_name="Öhrström")
    assert found.count('name="person-use"') == 5
    assert found.index("Öhrström 6") < found.index("Åsa Öhrström<")


def test_what_is_offered_already_is_not_offered_and_logged_again(cast):
    asa = person(cast.asa, identity_number=WOMAN)
    client = Client()
    client.force_login(cast.coach)
    again = section(number=WRITTEN, given_name="Å", asked=f"{asa.public_id}/number")
    assert client.post(ALIKE, again).status_code == 204
    assert not AccessLogEntry.objects.filter(act="searched").exists()


# --- Who is not ---------------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(cast):
    """Those of whom the coach may not know, each with a number: somebody of another unit, one who had it before, and
    protected persons of the own unit and of another."""
    numbers = {
        "199005172383": cast.protected_centrum,
        "199005172391": cast.protected_norr,
        "199102032381": cast.ciwan,
    }
    for number, enrolment in numbers.items():
        person(enrolment, identity_number=number)
    FormerIdentityNumber.objects.create(participant=cast.ciwan.participant, number="197010632391")
    return {**{number: each.participant for number, each in numbers.items()}, "197010632391": cast.ciwan.participant}


def test_nothing_shows_while_typing_who_is_out_of_sight(cast, hidden):
    """The same bytes and the same questions to the database as for a number that nobody has."""
    answers, queries = set(), set()
    client = Client()
    client.force_login(cast.coach)
    for number in (*hidden, "199203142386"):
        with CaptureQueriesContext(connection) as counted:
            answer = client.post(ALIKE, section(number=number, given_name="Nadja", asked="x"))
        answers.add(answer.content)
        queries.add(len(counted))
    assert len(answers) == 1
    assert len(queries) == 1
    assert not AccessLogEntry.objects.filter(act__in=["searched", "denied"]).exists()


def test_a_number_out_of_sight_is_left_out_and_nobody_learns_on_whom_it_stands(cast, hidden):
    """The person is registered without it, in the same words and with the same questions to the database."""
    pages, queries = set(), set()
    for number, holder in hidden.items():
        page = Page(cast.coach, NEW)
        typed = REFERRAL | section(given_name="Nadja", family_name="Novak", number=number)
        before = NumberQuestion.objects.count()
        with CaptureQueriesContext(connection) as counted:
            answer = page.client.post(NEW, page.typed | typed)
        html = unescape(page.client.get(answer.url).content.decode())
        assert "Anvisningen av Nadja Novak är registrerad." in html
        assert "Personnumret kunde inte sparas. Administratören har fått en uppgift" in html
        html = re.sub('id="who-title".*?</section>', "", html, flags=re.DOTALL)  # birth follows from what was typed
        pages.add(re.sub(r'value="[\w-]+"|/anvisningar/[\w-]{36}/', "", html))
        queries.add(len([each for each in counted if "SAVEPOINT" not in each["sql"]]))
        question = NumberQuestion.objects.latest("pk")
        assert (NumberQuestion.objects.count(), question.known_on) == (before + 1, holder)
        assert question.participant.identity_number is None
        assert AccessLogEntry.objects.filter(act="denied", subject=holder.public_id).exists()
        Participant.objects.filter(pk=question.participant_id).update(given_name="Klar", family_name="Förr")
    assert len(pages) == 1
    assert len(queries) == 1


def test_a_temporary_number_out_of_sight_is_kept_and_asked_about(cast):
    """Two offices may have made up the same: nobody is told, but the administrator looks."""
    person(cast.ciwan, temporary_number="000101T220")
    typed = REFERRAL | section(given_name="Nadja", birth_year="2000", temporary_number="000101-T220")
    assert "Administratören" not in Page(cast.coach, NEW).send(**typed)
    question = NumberQuestion.objects.get()
    assert (question.known_on, question.temporary) == (cast.ciwan.participant, True)
    assert question.participant.temporary_number == "000101T220"
    page = Page(cast.administrator, question.get_absolute_url())
    assert "samma tillfälliga nummer" in page.html


def test_who_is_named_for_a_protected_person_is_offered_them(cast, hidden):
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    assert "Petra Hemlig" in alike(cast.coach, number="199005172383")


def test_nobody_out_of_sight_can_be_chosen(cast):
    stranger = cast.ciwan.participant
    page = Page(cast.coach, NEW)
    html = page.send(422, **REFERRAL | section(found=str(stranger.public_id)))
    assert "Personen finns inte." in html
    assert "Ciwan" not in html
    assert AccessLogEntry.objects.filter(act="denied", subject=stranger.public_id, actor=cast.coach).exists()
    assert "Personen finns inte." in page.send(422, **section(found="00000000-0000-4000-8000-000000000000"))


# --- Choosing -----------------------------------------------------------------------------------------------------


def test_the_person_that_is_offered_is_used_without_a_script(cast):
    asa = person(cast.asa, identity_number=WOMAN)
    page = Page(cast.coach, NEW)
    html = page.send(422, **REFERRAL | section(number=WRITTEN, given_name="Osa", family_name="Strand"))
    assert "Numret är redan registrerat." in html
    assert "Det är ingen av dem" not in html  # nobody else can have the number
    html = page.send(200, **section(use=str(asa.public_id)))
    assert 'class="error-summary"' not in html
    assert page.typed["source"] == "social_services"
    page.send()
    referral = Referral.objects.get()
    assert (referral.participant, Participant.objects.filter(given_name="Osa").count()) == (asa, 0)


def test_another_person_after_all(cast):
    asa = person(cast.asa, identity_number=WOMAN)
    page = Page(cast.coach, NEW)
    page.send(200, **REFERRAL | section(use=str(asa.public_id), given_name="Nadja", birth_year="1990"))
    page.send(200, **section(another="1"))
    assert (page.typed["person-given_name"], page.typed["person-found"]) == ("Nadja", "")
    page.send()
    assert Referral.objects.get().participant.given_name == "Nadja"


def test_somebody_new_in_spite_of_the_likeness(cast):
    typed = REFERRAL | section(given_name="Åsa", family_name="Öhrström", birth_date="1990-05-17")
    page = Page(cast.coach, NEW)
    # Nobody has asked yet, so the answer does not count; then about somebody else.
    assert "Är det samma person? Välj personen" in page.send(422, **typed | section(sure="on"))
    other = EnrolmentFactory(
        unit=cast.centrum, participant=ParticipantFactory(given_name="Åsa", family_name="Öhrström")
    )
    html = page.send(422, **section(sure="on"))
    assert str(other.participant.public_id) in html
    assert 'name="person-sure" aria' not in html or "checked" not in html
    page.send(**section(sure="on"))
    assert Participant.objects.filter(given_name="Åsa", family_name="Öhrström").count() == 3


def test_a_protected_person_is_offered_with_the_mark(cast):
    person(cast.asa, identity_number=WOMAN, protection=Protection.SECRECY_MARK)
    ProtectedAccess.objects.create(participant=cast.person, user=cast.coach)
    assert "Sekretessmarkering" in alike(cast.coach, number=WRITTEN)
    assert "Åsa" not in alike(cast.colleague, number=WRITTEN)


@pytest.mark.parametrize("others", [5, 50])
def test_the_number_of_queries_does_not_follow_the_number_of_people(cast, others):
    for _each in range(others):
        EnrolmentFactory(unit=cast.centrum, participant=ParticipantFactory(given_name="Åsa"))
    client = Client()
    client.force_login(cast.coach)
    with CaptureQueriesContext(connection) as counted:
        client.post(ALIKE, section(given_name="Åsa", birth_date="1990-05-17", asked="x"))
    reads = [each["sql"] for each in counted if "INSERT" not in each["sql"]]
    assert len(reads) <= 16, reads
