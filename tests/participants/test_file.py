"""The participant's file, through the front door."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessLogEntry
from participants.models import Aftercare, ProtectedAccess, Referral, UnitAssignment
from placements.models import FollowUp
from tests.factories import (
    CertificateFactory,
    EnrolmentFactory,
    FollowUpFactory,
    GradeTermFactory,
    JournalEntryFactory,
    PlacementFactory,
    PlanFactory,
    days_ago,
)
from tests.participants.mapping.conftest import completed_mapping
from vocabulary.codes import ClosureReason, Protection


def address(enrolment, name="file", *more) -> str:
    return reverse(f"participants:{name}", args=[enrolment.participant.public_id, *more])


@pytest.fixture
def opened(client):
    """A page of the file as a user sees it."""

    def get(user, where, status=200, **params):
        client.force_login(user)
        response = client.get(where, params)
        assert response.status_code == status
        return response.content.decode()

    return get


def steps(html: str) -> list[tuple[str, str]]:
    """The step line: each step's state and what it says."""
    line = re.search(r'<ol class="steps".*?</ol>', html, re.S)[0]
    found = re.findall(
        r'<li class="(\w+)".*?step-name">(.*?)</span><span class="step-state">(.*?)</span>', line, re.S
    )
    return [(state, f"{name}: {note}") for state, name, note in found]


def happened(html: str) -> list[str]:
    """The titles of the timeline, in their order."""
    line = re.search(r'<ol class="timeline".*?</ol>', html, re.S)
    title = r'timeline-head"><a[^>]*>(.*?)</a>|<b>(.*?)</b>'
    titles = re.findall(title, line[0], re.S) if line else []
    return [re.sub(r"<[^>]+>", "", linked or plain).strip() for linked, plain in titles]


def log(**fields):
    return list(AccessLogEntry.objects.filter(**fields).order_by("pk").values_list("act", "subject"))


# --- Scope --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coach", "colleague", "coordinator", "manager", "head"])
def test_those_of_the_unit_open_the_file_and_it_is_written_down(cast, opened, who):
    user = getattr(cast, who)
    assert "Åsa Öhrström" in opened(user, address(cast.asa))
    assert log(actor=user) == [("opened", cast.person.public_id)]
    entry = AccessLogEntry.objects.get(actor=user)
    assert entry.detail == {"units": ["CENTRUM"], "part": "overview"}
    assert entry.actor_name == user.full_name


@pytest.mark.parametrize("name", ["file", "part", "unmask"])
def test_out_of_scope_is_not_found_the_same_whether_or_not_the_person_exists(cast, client, name):
    client.force_login(cast.outsider)
    more = ["placeringar"] if name == "part" else []
    nobody = uuid.uuid4()
    answers = []
    for public_id in (cast.person.public_id, nobody):
        where = reverse(f"participants:{name}", args=[public_id, *more])
        answers.append(client.post(where) if name == "unmask" else client.get(where))
    assert [answer.status_code for answer in answers] == [404, 404]
    bodies = [re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content) for answer in answers]
    assert bodies[0] == bodies[1]
    assert log(actor=cast.outsider) == [("denied", cast.person.public_id), ("denied", nobody)]


@pytest.mark.parametrize("who", ["analyst", "administrator"])
def test_who_never_sees_a_person_is_refused_and_it_is_written_down(cast, opened, who):
    user = getattr(cast, who)
    opened(user, address(cast.asa), status=403)
    opened(user, reverse("participants:file", args=[uuid.uuid4()]), status=403)
    assert [act for act, _subject in log(actor=user)] == ["denied", "denied"]


def test_a_protected_file_opens_only_for_those_who_are_named(cast, opened):
    for user in (cast.coach, cast.manager, cast.head):
        opened(user, address(cast.protected_centrum), status=404)
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.colleague)
    html = opened(cast.colleague, address(cast.protected_centrum))
    assert re.search(r'<p class="protected"><svg.*Sekretessmarkering', html)


def test_a_name_on_the_list_does_not_open_another_units_file(cast, opened):
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.outsider)
    opened(cast.outsider, address(cast.protected_centrum), status=404)


def test_another_units_enrolment_is_not_in_the_file(cast, opened):
    other = EnrolmentFactory(
        participant=cast.person, unit=cast.norr, coach=cast.outsider, start=days_ago(900), end=days_ago(800),
        closure_reason=ClosureReason.MOVED, case_number="NORR-77",
    )  # fmt: skip
    placement = PlacementFactory(enrolment=other, start=days_ago(880), end=days_ago(850))
    CertificateFactory(placement=placement)
    JournalEntryFactory(enrolment=other, text="Bara Norr vet.", occurred_on=days_ago(850))
    Referral.objects.create(
        participant=cast.person, unit=cast.norr, source="self", received=days_ago(901), decision="accepted"
    )
    html = opened(cast.coach, address(cast.asa))
    for slug in ("placeringar", "kompetens", "journal"):
        html += opened(cast.coach, address(cast.asa, "part", slug))
    for secret in (
        "NORR-77",
        "Bara Norr vet.",
        placement.workplace.name,
        "Jobbcenter Norr",
        "Cecilia",
        "Anvisning från",
    ):
        assert secret not in html
    theirs = opened(cast.outsider, address(cast.asa))
    assert "NORR-77" in theirs
    assert "Anvisning från" in theirs


# --- Who ----------------------------------------------------------------------------------------------------------


def test_the_file_says_who_it_is(cast, opened):
    person = cast.person
    person.phone, person.email = "070-123 45 67", "asa@example.org"
    person.street_address, person.city = "Ågatan 1", "Ås"
    person.save()
    html = opened(cast.coach, address(cast.asa))
    for words in ("1990-05-17", "Alma Alm", "Jobbcenter Centrum", cast.asa.case_number, "Försörjningsstöd",
                  "070-123 45 67", "asa@example.org", "Ågatan 1", f"{cast.asa.start}"):  # fmt: skip
        assert words in html


def test_the_identity_number_is_masked_until_asked_for(cast, client, opened):
    number = cast.person.identity_number
    written = f"{number[:8]}-{number[8:]}"
    html = opened(cast.coach, address(cast.asa))
    assert "1990••••-••••" in html
    assert number not in html
    assert written not in html

    page = client.post(address(cast.asa, "unmask")).content.decode()
    assert written in page
    assert "<h1>" in page
    assert log(act="unmasked") == [("unmasked", cast.person.public_id)]
    assert written not in opened(cast.coach, address(cast.asa))

    fragment = client.post(address(cast.asa, "unmask"), headers={"HX-Request": "true"}).content.decode()
    assert written in fragment
    assert "<h1>" not in fragment
    assert len(log(act="unmasked")) == 2


def test_an_address_alone_unmasks_nothing(cast, client):
    client.force_login(cast.coach)
    response = client.get(address(cast.asa, "unmask"))
    assert response.status_code == 302
    assert response.url == address(cast.asa)
    assert log(act="unmasked") == []


def test_earlier_enrolments_are_listed(cast, opened):
    earlier = EnrolmentFactory(
        participant=cast.person, unit=cast.centrum, start=days_ago(800), end=days_ago(700),
        closure_reason=ClosureReason.STUDIES,
    )  # fmt: skip
    html = opened(cast.coach, address(cast.asa))
    assert f"{earlier.start} – {earlier.end}" in html
    assert "Studier" in html


# --- The way ------------------------------------------------------------------------------------------------------


def test_a_new_participant_has_the_way_ahead(cast, opened):
    html = opened(cast.coach, address(cast.asa))
    assert [state for state, _words in steps(html)] == ["todo"] * 5
    assert steps(html)[0][1] == "Kartläggning: Inte påbörjad"
    assert "Kartlägg vad deltagaren kan och vill." in html
    completed_mapping(cast.asa, cast.coach, arbete={"last_work": "Bagare"})
    assert "Skriv planen." in opened(cast.coach, address(cast.asa))
    PlanFactory(enrolment=cast.asa)
    assert "Hitta en placering som passar." in opened(cast.coach, address(cast.asa))


def test_an_ongoing_placement_is_where_they_stand(cast, opened):
    placement = PlacementFactory(enrolment=cast.asa, end=days_ago(-20))
    html = opened(cast.coach, address(cast.asa))
    assert steps(html)[2] == ("now", f"Placering: Här nu · {placement.workplace.name}")
    assert f"Placeringen på {placement.workplace.name} slutar" in html


def test_a_late_follow_up_is_the_next_step(cast, opened):
    placement = PlacementFactory(enrolment=cast.asa)
    followup = FollowUpFactory(placement=placement, due=days_ago(3))
    html = opened(cast.coach, address(cast.asa))
    page = reverse("placements:followup", args=[cast.person.public_id, followup.public_id])
    assert f'<span class="tag warn">Försenad</span> <a href="{page}">Halvtidsuppföljning av placering skulle' in html
    FollowUp.objects.update(filed=days_ago(1))
    assert "skulle ha lämnats" not in opened(cast.coach, address(cast.asa))


def test_an_ended_placement_asks_for_its_certificate(cast, opened):
    placement = PlacementFactory(enrolment=cast.asa, end=days_ago(2))
    completed_mapping(cast.asa, cast.coach, arbete={"last_work": "Bagare"})
    PlanFactory(enrolment=cast.asa)
    html = opened(cast.coach, address(cast.asa))
    assert steps(html)[2][0] == "done"
    assert f"Placeringen på {placement.workplace.name} har inget intyg än." in html
    CertificateFactory(placement=placement, issued=days_ago(1))
    html = opened(cast.coach, address(cast.asa))
    assert steps(html)[3] == ("done", f"Intyg: Klart · utfärdat {days_ago(1)}")


@pytest.mark.parametrize(("reason", "state"), [("work", "done"), ("own_business", "done"), ("moved", "todo")])
def test_the_closure_says_whether_work_was_reached(cast, opened, reason, state):
    cast.asa.end, cast.asa.closure_reason = days_ago(1), reason
    cast.asa.save()
    html = opened(cast.coach, address(cast.asa))
    assert steps(html)[4][0] == state
    assert "Inskrivningen är avslutad." in html
    assert "Hitta en placering" not in html


# --- The timeline and the parts -----------------------------------------------------------------------------------


def test_the_timeline_tells_what_every_app_knows_newest_first(cast, opened):
    Referral.objects.create(
        participant=cast.person,
        unit=cast.centrum,
        source="social_services",
        received=days_ago(70),
        decision="accepted",
    )
    placement = PlacementFactory(enrolment=cast.asa, start=days_ago(50), end=days_ago(20), result="met")
    FollowUpFactory(placement=placement, due=days_ago(35), filed=days_ago(34))
    FollowUpFactory(placement=placement, due=days_ago(-5))
    CertificateFactory(placement=placement, issued=days_ago(10))
    JournalEntryFactory(enrolment=cast.asa, author=cast.coach, occurred_on=days_ago(3), text="Hon vill bli kock.")
    UnitAssignment.objects.filter(enrolment=cast.asa).update(end=days_ago(41))
    UnitAssignment.objects.create(
        enrolment=cast.asa, unit=cast.norr, legal_basis="social_services", start=days_ago(40)
    )
    Aftercare.objects.create(enrolment=cast.asa, days_after=90, status="work", checked=days_ago(1))
    html = opened(cast.coach, address(cast.asa))
    assert happened(html) == [
        "Efteruppföljning efter 90 dagar",
        "Samtal",
        "Kompetensintyg utfärdat",
        "Placering avslutades: Praktik",
        "Uppföljt: Halvtidsuppföljning av placering",
        "Överflyttad till Jobbcenter Norr",
        "Placering började: Praktik",
        "Inskriven på Jobbcenter Centrum",
        "Anvisning från: Socialtjänsten",
    ]
    assert "Hon vill bli kock." in html
    assert "Utfärdat i ett annat system" in html


def test_the_timeline_shows_20_and_then_older_ones(cast, opened):
    for day in range(45):
        JournalEntryFactory(enrolment=cast.asa, author=cast.coach, occurred_on=days_ago(day))
    html = opened(cast.coach, address(cast.asa))
    assert html.count('<li id="t') == 20
    assert 'href="?shown=40#t20"' in html
    assert opened(cast.coach, address(cast.asa), shown="40").count('<li id="t') == 40
    last = opened(cast.coach, address(cast.asa), shown="60")
    assert last.count('<li id="t') == 46  # and the enrolment
    assert "Visa äldre" not in last
    for nonsense in ("x", "-3", "²", "9" * 30):
        assert opened(cast.coach, address(cast.asa), shown=nonsense).count('<li id="t') == 20


def test_placements_and_follow_ups_have_a_part(cast, opened):
    placement = PlacementFactory(enrolment=cast.asa, start=days_ago(50), end=days_ago(20), result="partly")
    GradeTermFactory(placement=placement, grade="0.75")
    PlacementFactory(enrolment=cast.asa, start=days_ago(-4))
    FollowUpFactory(placement=placement, due=days_ago(3))
    FollowUpFactory(placement=placement, due=days_ago(3), filed=days_ago(3))
    FollowUpFactory(placement=placement, due=days_ago(-3))
    html = opened(cast.coach, address(cast.asa, "part", "placeringar"))
    for words in (placement.workplace.name, placement.workplace.employer.name, "75 %", "Avslutad", "Planerad",
                  "Delvis uppnått", ">Försenad<", ">Lämnad<", ">Väntar<"):  # fmt: skip
        assert words in html
    assert AccessLogEntry.objects.get().detail["part"] == "placeringar"


def test_certificates_have_a_part(cast, opened):
    CertificateFactory(placement__enrolment=cast.asa, issued=days_ago(7))
    html = opened(cast.coach, address(cast.asa, "part", "kompetens"))
    assert f"{days_ago(7)}" in html
    assert "Utfärdat i ett annat system" in html


def test_a_part_that_does_not_exist_is_not_found(cast, opened):
    opened(cast.coach, address(cast.asa, "part", "hemligt"), status=404)


# --- Who has looked -----------------------------------------------------------------------------------------------


def test_a_manager_sees_who_has_looked(cast, opened):
    opened(cast.colleague, address(cast.asa))
    opened(cast.outsider, address(cast.asa), status=404)
    html = opened(cast.manager, address(cast.asa, "part", "atkomst"))
    assert "Bo Berg" in html
    assert "Cecilia Carlsson" in html
    assert "Nekades" in html


@pytest.mark.parametrize("who", ["coach", "coordinator"])
def test_the_access_log_is_for_managers(cast, opened, who):
    opened(getattr(cast, who), address(cast.asa, "part", "atkomst"), status=404)
    assert "Åtkomst" not in opened(getattr(cast, who), address(cast.asa))


def test_a_units_manager_does_not_learn_of_looks_from_another_unit(cast, opened):
    EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(900), end=days_ago(800), closure_reason="other"
    )
    opened(cast.outsider, address(cast.asa))
    assert "Cecilia Carlsson" not in opened(cast.manager, address(cast.asa, "part", "atkomst"))
    assert "Cecilia Carlsson" in opened(cast.head, address(cast.asa, "part", "atkomst"))


# --- Cost ---------------------------------------------------------------------------------------------------------


def fill(enrolment, author, rows):
    person = enrolment.participant
    for number in range(rows):
        start = days_ago(2000 + number * 30)
        EnrolmentFactory(
            participant=person, unit=enrolment.unit, coach=author, start=start, end=start, closure_reason="other"
        )
        placement = PlacementFactory(enrolment=enrolment, start=days_ago(40), end=days_ago(5))
        GradeTermFactory(placement=placement)
        FollowUpFactory(placement=placement)
        CertificateFactory(placement=placement)
        JournalEntryFactory(enrolment=enrolment, author=author)
        Referral.objects.create(
            participant=person, unit=enrolment.unit, source="self", received=start, decision="accepted"
        )


@pytest.mark.parametrize("slug", ["", "placeringar", "kompetens", "journal", "atkomst"])
def test_the_number_of_queries_does_not_grow_with_the_rows(cast, client, slug, django_assert_max_num_queries):
    user = cast.manager if slug == "atkomst" else cast.coach
    fill(cast.asa, cast.coach, 5)
    fill(cast.bertil, cast.coach, 50)
    used = []
    client.force_login(user)
    for enrolment in (cast.asa, cast.bertil):
        where = address(enrolment, "part", slug) if slug else address(enrolment)
        with django_assert_max_num_queries(20) as queries:
            assert client.get(where, {"shown": "1000"}).status_code == 200
        used.append(len(queries))
    assert used[0] == used[1]


# --- Naming who may see a protected person ------------------------------------------------------------------------


def test_a_manager_names_who_may_see_a_protected_person_by_case_number(cast, client, opened):
    page = opened(cast.manager, reverse("participants:protected"))
    assert cast.protected_centrum.case_number in page
    assert "Ingen är namngiven" in page
    for secret in ("Petra", "Hemlig", cast.protected_norr.case_number, "Cecilia Carlsson"):
        assert secret not in page
    public_id = cast.protected_centrum.participant.public_id
    grant = reverse("participants:access_grant", args=[public_id])
    assert client.post(grant, {f"{public_id}-user": cast.coach.public_id}).status_code == 302
    access = ProtectedAccess.objects.get()
    assert (access.user, access.granted_by) == (cast.coach, cast.manager)
    assert "Petra Hemlig" in opened(cast.coach, address(cast.protected_centrum))

    client.force_login(cast.manager)
    withdraw = reverse("participants:access_withdraw", args=[public_id])
    assert client.post(withdraw, {"user": cast.coach.public_id}).status_code == 302
    opened(cast.coach, address(cast.protected_centrum), status=404)


def test_naming_asks_as_many_questions_for_many_as_for_few(cast, client, django_assert_num_queries):
    client.force_login(cast.manager)
    where = reverse("participants:protected")
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for _number in range(9):
        EnrolmentFactory(participant__protection=Protection.SECRECY_MARK, unit=cast.centrum)
    with django_assert_num_queries(len(few)):
        assert client.get(where).content.count(b"<select") == 20  # named, and the job coach


def test_only_staff_of_the_unit_or_the_whole_municipality_can_be_named(cast, client):
    client.force_login(cast.manager)
    public_id = cast.protected_centrum.participant.public_id
    grant = reverse("participants:access_grant", args=[public_id])
    for user in (cast.outsider, cast.analyst, cast.administrator):
        assert client.post(grant, {f"{public_id}-user": user.public_id}).status_code == 422
    assert client.post(grant, {f"{public_id}-user": "nonsense"}).status_code == 422
    assert client.post(grant, {f"{public_id}-user": cast.head.public_id}).status_code == 302
    assert [access.user for access in ProtectedAccess.objects.all()] == [cast.head]


@pytest.mark.parametrize(
    ("who", "status"), [("coach", 403), ("analyst", 403), ("administrator", 403), ("other_manager", 404)]
)
def test_nobody_else_names(cast, client, who, status):
    client.force_login(getattr(cast, who))
    public_id = cast.protected_centrum.participant.public_id
    for name in ("access_grant", "access_withdraw"):
        where = reverse(f"participants:{name}", args=[public_id])
        answer = client.post(where, {f"{public_id}-user": cast.coach.public_id})
        assert answer.status_code == status
    assert not ProtectedAccess.objects.exists()


def test_a_person_who_is_not_protected_needs_no_list(cast, client):
    client.force_login(cast.manager)
    grant = reverse("participants:access_grant", args=[cast.person.public_id])
    assert client.post(grant, {f"{cast.person.public_id}-user": cast.coach.public_id}).status_code == 404
    assert cast.person.protection == Protection.NONE


@pytest.mark.parametrize(("code", "language"), [("pol", "polska"), ("so", "somaliska"), ("qqq", "qqq")])
def test_the_language_of_the_interpreter_is_named(client, cast, code, language):
    cast.person.language = code
    cast.person.save()
    client.force_login(cast.coach)
    html = client.get(reverse("participants:file", args=[cast.person.public_id])).content.decode()
    assert f"<dt>Tolk</dt><dd>{language}</dd>" in html
