"""Two files of one person become one: what stays, what moves, who may, and what is refused."""

from html import unescape

import pghistory.models
import pytest
from django.urls import reverse

from accounts.models import AccessLogEntry
from participants.merging.relations import STAYING, all_relations, moving_relations
from participants.models import (
    Enrolment,
    FormerIdentityNumber,
    Merge,
    NumberQuestion,
    Participant,
    ProtectedAccess,
    Referral,
)
from participants.models.following import follows
from placements.models import FollowUp
from tests.factories import EnrolmentFactory, JournalEntryFactory, ParticipantFactory, days_ago
from tests.participants.merging.pair import COORDINATION, TOLD, WHY, WOMAN, client_of
from tests.participants.person.pages import Page, address

pytestmark = pytest.mark.django_db

# --- What becomes of them -----------------------------------------------------------------------------------------


def test_a_manager_makes_two_files_one_and_everything_moves(cast, pair):
    JournalEntryFactory(enrolment=pair.earlier, author=cast.colleague, text="Vi sågs förra året.")
    html = pair.merge(cast.manager, phone="second")
    assert "Akterna är ihopslagna. Allt finns här nu." in html
    assert "Vi sågs förra året." in html
    pair.read()
    assert pair.earlier.participant == pair.asa
    assert (pair.asa.full_name, pair.asa.identity_number, pair.asa.phone) == ("Åsa Öhrström", WOMAN, "070-174 06 99")
    assert (pair.asa.email, pair.asa.city, pair.asa.language) == ("asa@example.org", "Björkåkra", "som")
    assert (pair.old.merged_into, pair.old.identity_number) == (pair.asa, None)
    assert set(pair.asa.former_numbers.values_list("number", flat=True)) == {COORDINATION, "199105772388"}
    for model in (Enrolment, Referral, FollowUp, FormerIdentityNumber):
        assert not model.objects.filter(participant=pair.old).exists()
    merge = Merge.objects.get()
    assert (merge.state, merge.why, merge.decided_by, merge.decided_by_name) == (
        "merged", WHY, cast.manager, "Eva Ek",
    )  # fmt: skip
    assert "Två akter om samma person slogs ihop" in html


def test_each_fact_stays_as_it_was_chosen(cast, pair):
    page = Page(cast.manager, pair.compare())
    assert set(page.typed) >= {"goes_on", "number", "name", "phone", "why"}
    assert not {"email", "city", "language", "address"} & set(page.typed)  # only one of them says that
    page.send(goes_on="second", number="first", name="second", phone="first", why=WHY)
    pair.read()
    assert pair.asa.merged_into == pair.old
    assert (pair.old.full_name, pair.old.identity_number, pair.old.phone) == ("Asa Öström", WOMAN, "070-174 06 05")
    assert (pair.old.email, pair.old.city) == ("asa@example.org", "Björkåkra")
    assert set(pair.old.former_numbers.values_list("number", flat=True)) == {COORDINATION, "199105772388"}


def test_a_personal_number_is_proposed_before_a_coordination_number(cast, pair):
    assert Page(cast.manager, pair.compare()).typed["number"] == "first"
    assert Page(cast.manager, pair.compare(pair.old, pair.asa)).typed["number"] == "second"


def test_nothing_is_chosen_in_vain(cast, pair):
    page = Page(cast.manager, pair.compare())
    html = page.send(422, goes_on="", why="", phone="")
    for message in ("Välj vilken akt som fortsätter.", "Skriv hur du vet", "Välj vad som ska gälla."):
        assert message in html
    html = page.send(422, goes_on="second", why=" ", phone="second")
    assert page.typed["goes_on"] == "second"
    assert not Merge.objects.exists()


def test_the_one_who_went_is_in_no_list_search_or_count(cast, pair):
    pair.made_one(cast.manager)
    client = client_of(cast.manager)

    def found(**query) -> str:
        return client.get(reverse("participants:list"), {"show": "all", **query}).content.decode()

    assert "Asa Öström" not in found()
    assert "2 deltagare" in found()
    assert "Asa Öström" not in found(q="Öström")
    for number in (COORDINATION, WOMAN, "19910577-2388"):
        assert "Åsa Öhrström" in found(q=number)
    people = Participant.objects
    assert not people.visible_to(cast.head).filter(pk=pair.old.pk).exists()
    assert not people.known_to(cast.head).filter(pk=pair.old.pk).exists()


def test_a_temporary_number_still_finds_the_file(cast, pair):
    Participant.objects.filter(pk=pair.asa.pk).update(temporary_number="000101T220")
    Participant.objects.filter(pk=pair.old.pk).update(temporary_number="TF29")
    pair.made_one(cast.manager)
    for number in ("000101-T220", "TF29"):
        found = client_of(cast.coach).get(reverse("participants:list"), {"show": "all", "q": number})
        assert "Åsa Öhrström" in found.content.decode()
    assert pair.read().asa.temporary_number == "000101T220"


def test_the_old_address_leads_to_the_new_one_for_who_may_see_it(cast, pair):
    pair.made_one(cast.manager)
    for name in ("file", "contact", "facts"):
        old, new = (reverse(f"participants:{name}", args=[each.public_id]) for each in (pair.old, pair.asa))
        answer = client_of(cast.coach).get(f"{old}?inskrivning={pair.enrolment.start}")
        assert (answer.status_code, answer["Location"]) == (302, f"{new}?inskrivning={pair.enrolment.start}")
        assert client_of(cast.outsider).get(old).status_code == 404
        assert client_of(cast.analyst).get(old).status_code == 403
    denied = AccessLogEntry.objects.filter(act="denied", subject=pair.old.public_id, actor=cast.outsider)
    assert denied.count() == 3


def test_what_was_being_written_in_the_old_file_is_saved_in_the_new_one(cast, pair):
    page = Page(cast.colleague, reverse("participants:contact", args=[pair.old.public_id]))
    pair.made_one(cast.manager)
    assert page.client.post(page.where, page.typed | {"contact_note": "efter tre"}).status_code == 302
    assert pair.read().asa.contact_note == "efter tre"
    assert pair.old.contact_note == ""


def test_looks_at_the_old_file_stand_in_the_log_of_the_new_one(cast, pair):
    client_of(cast.colleague).get(reverse("participants:file", args=[pair.old.public_id]))
    pair.made_one(cast.manager)
    log = client_of(cast.manager).get(reverse("participants:part", args=[pair.asa.public_id, "atkomst"]))
    assert "Bo Berg" in log.content.decode()


def test_numbers_are_masked_until_somebody_asks(cast, pair):
    page = Page(cast.coach, pair.compare())
    assert "19900517-2383" not in page.html
    html = page.send(200, unmask="1", why="Nästan klar", goes_on="second")
    assert "19900517-2383" in html
    assert "19900577-2380" in html
    assert (page.typed["why"], page.typed["goes_on"]) == ("Nästan klar", "second")
    seen = AccessLogEntry.objects.filter(act="unmasked", actor=cast.coach)
    assert {each.subject for each in seen} == {pair.asa.public_id, pair.old.public_id}


def test_what_speaks_against_it_is_told(cast, pair):
    Participant.objects.filter(pk=pair.old.pk).update(
        identity_number="199105182390", birth_date="1991-05-18", birth_year=1991, gender="man"
    )
    html = Page(cast.manager, pair.compare()).html
    for words in ("Båda har personnummer, men inte samma.", "inte födda samma dag", "inte samma kön"):
        assert words in html


# --- Every table --------------------------------------------------------------------------------------------------


def test_every_foreign_key_to_a_participant_moves_or_is_named_as_staying():
    """A table that an upper floor adds moves by itself, if the database lets its rows follow."""
    labels = {relation.label for relation in all_relations()}
    assert labels >= set(STAYING), "named as staying, but there is no such foreign key"
    moving = {relation.label: relation for relation in moving_relations()}
    assert moving.keys() == labels - set(STAYING)
    for label, relation in moving.items():
        triggers = {trigger.name for trigger in relation.model._meta.triggers}
        assert f"{relation.field.name}_follows" in triggers, f"{label}: decorate the model with {follows.__module__}"
        assert not issubclass(relation.model, pghistory.models.Event)


def test_a_row_stored_a_moment_too_late_follows(cast, pair):
    pair.made_one(cast.manager)
    late = EnrolmentFactory(
        participant=pair.old, unit=cast.centrum, start=days_ago(30 * 20), end=days_ago(500), closure_reason="moved"
    )
    late.refresh_from_db()
    assert late.participant == pair.asa


def test_what_both_have_stays_where_it_is(cast, pair):
    """The same user on both access lists, the same question on both."""
    for person in (pair.asa, pair.old):
        Participant.objects.filter(pk=person.pk).update(protection="secrecy_mark")
        ProtectedAccess.objects.create(participant=person, user=cast.manager)
        NumberQuestion.objects.create(
            participant=person, known_on=cast.ciwan.participant, asked_by=cast.coach, asked_by_name="Alma Alm"
        )
    pair.made_one(cast.manager)
    assert [access.user for access in pair.asa.access_list.all()] == [cast.manager]
    waiting = NumberQuestion.objects.filter(handled_at=None)
    assert [question.participant for question in waiting] == [pair.asa]


def test_the_question_whether_they_are_one_is_answered(cast, pair):
    question = NumberQuestion.objects.create(
        participant=pair.asa, known_on=pair.old, asked_by=cast.coach, asked_by_name="Alma Alm"
    )
    pair.made_one(cast.manager)
    question.refresh_from_db()
    assert (question.outcome, question.handled_by_name) == ("De två akterna har slagits ihop.", "Eva Ek")


# --- Who may ------------------------------------------------------------------------------------------------------


def test_a_coach_proposes_and_a_manager_decides(cast, pair):
    html = pair.merge(cast.coach, phone="second")
    assert "Förslaget är lämnat till cheferna. Inget är flyttat än." in html
    merge = Merge.objects.get()
    assert (merge.state, merge.proposed_by_name) == ("waiting", "Alma Alm")
    assert pair.read().old.merged_into is None
    client = client_of(cast.manager)
    assert "1 förslag till sammanslagning" in client.get(reverse("participants:list")).content.decode()
    assert "till sammanslagning" not in client_of(cast.coach).get(reverse("participants:list")).content.decode()
    assert "Alma Alm" in client.get(reverse("merges:list")).content.decode()
    told = client.get(merge.get_absolute_url()).content.decode()
    assert pair.compare() in told
    page = Page(cast.manager, pair.compare())
    assert (page.typed["phone"], page.typed["why"]) == ("second", WHY)  # as it was proposed
    page.send()
    merge.refresh_from_db()
    assert (merge.state, merge.proposed_by_name, merge.decided_by_name) == ("merged", "Alma Alm", "Eva Ek")
    assert pair.read().asa.phone == "070-174 06 99"


def test_a_proposal_is_declined_with_a_reason(cast, pair):
    pair.merge(cast.coach)
    merge = Merge.objects.get()
    where = reverse("merges:decline", args=[merge.public_id])
    assert client_of(cast.coach).post(where, {"note": "Nej"}).status_code == 403
    manager = client_of(cast.manager)
    assert "Skriv varför." in manager.post(where).content.decode()
    said = manager.post(where, {"note": "Det är systrar."}, follow=True).content.decode()
    assert "Förslaget är avböjt." in said
    merge.refresh_from_db()
    assert (merge.state, merge.decision_note) == ("declined", "Det är systrar.")
    assert "Det är systrar." in client_of(cast.coach).get(merge.get_absolute_url()).content.decode()
    pair.merge(cast.coach)  # somebody may be sure later
    assert Merge.objects.filter(state="waiting").count() == 1


def test_the_same_two_are_proposed_once(cast, pair):
    page = Page(cast.coach, pair.compare())
    for _again in range(2):  # the same form
        assert page.client.post(page.where, page.typed | {"why": WHY}).status_code == 302
    assert "Det har redan föreslagits av Alma Alm." in Page(cast.colleague, pair.compare(pair.old, pair.asa)).send(
        422, goes_on="first", why=WHY
    )
    assert Merge.objects.count() == 1


def test_a_form_sent_twice_merges_once(cast, pair):
    page = Page(cast.manager, pair.compare())
    typed = page.typed | {"why": WHY, "goes_on": "first"}
    for _time in range(2):
        answer = page.client.post(pair.compare(), typed)
        assert answer["Location"] == reverse("participants:file", args=[pair.asa.public_id])
    back = page.client.post(pair.compare(pair.old, pair.asa), typed, follow=True).content.decode()
    assert "De två akterna är redan en." in back
    assert client_of(cast.outsider).get(pair.compare()).status_code == 404
    assert Merge.objects.filter(state="merged").count() == 1


def test_who_does_not_know_both_cannot_compare_them(cast, pair):
    for user in (cast.coach, cast.manager):
        assert client_of(user).get(pair.compare(pair.asa, cast.ciwan.participant)).status_code == 404
        assert client_of(user).get(pair.compare(pair.asa, pair.asa)).status_code == 404
    assert AccessLogEntry.objects.filter(act="denied", subject=cast.ciwan.participant.public_id).count() == 2
    hidden = cast.protected_centrum.participant
    assert client_of(cast.manager).get(pair.compare(pair.asa, hidden)).status_code == 404


def test_a_manager_of_one_of_them_only_proposes(cast, pair):
    """The coach's unit and another one, of which this manager is a coach."""
    cast.manager.memberships.create(role="job_coach", unit=cast.norr)
    Enrolment.objects.filter(pk=pair.earlier.pk).update(unit=cast.norr)
    Referral.objects.filter(participant=pair.old).update(unit=cast.norr)
    assert "Förslaget är lämnat till cheferna" in pair.merge(cast.manager)
    assert "Akterna är ihopslagna" in pair.merge(cast.head)


def test_candidates_are_found_by_likeness_and_by_search(cast, pair):
    client = client_of(cast.coach)
    where = reverse("participants:same_person", args=[pair.asa.public_id])
    html = unescape(client.get(where).content.decode())
    assert "Asa Öström" in html
    assert "Samma födelsedatum, liknande namn" in html
    assert pair.compare() in html
    assert "Bertil" not in html
    assert "Bertil Bodin" in client.get(where, {"q": "bodin"}).content.decode()
    assert "Ingen annan hittas." in client.get(where, {"q": "Celik"}).content.decode()
    assert "Har personen två akter?" in client.get(address(pair.enrolment, "facts")).content.decode()


# --- What hinders -------------------------------------------------------------------------------------------------


def test_enrolments_on_the_same_days_are_told_with_what_to_do_first(cast, pair):
    Enrolment.objects.filter(pk=pair.earlier.pk).update(start=days_ago(100), end=None, closure_reason="")
    for html in (Page(cast.manager, pair.compare()).html, pair.merge(cast.manager, 409)):
        told = unescape(html)
        assert f"Inskrivningarna på Jobbcenter Centrum sedan {pair.enrolment.start}" in told
        assert f"på Jobbcenter Centrum sedan {days_ago(100)} har gemensamma dagar. Avsluta en av dem" in told
    assert pair.read().old.merged_into is None
    assert not Merge.objects.exists()


def test_an_enrolment_out_of_sight_hinders_neutrally_and_becomes_the_administrators(cast, pair):
    """What Norr knows of her does not show, neither before nor when it is tried."""
    hidden = EnrolmentFactory(participant=pair.old, unit=cast.norr, coach=cast.outsider, start=days_ago(100))
    page = Page(cast.manager, pair.compare())
    assert "Det här hindrar" not in page.html
    assert "Norr" not in page.html
    assert (
        "Från akt 2: uppföljningar (1), tidigare personnummer (1), anvisningar (1), inskrivningar (1)." in page.html
    )
    assert TOLD in page.send(why=WHY)
    merge = Merge.objects.get()
    assert (merge.state, merge.for_administrator) == ("waiting", True)
    assert pair.read().old.merged_into is None
    assert TOLD in pair.merge(cast.manager)
    assert Merge.objects.count() == 1
    assert "1 väntar" in client_of(cast.administrator).get("/administration/").content.decode()
    told = client_of(cast.administrator).get(merge.get_absolute_url()).content.decode()
    for words in (pair.enrolment.case_number, hidden.case_number, "Jobbcenter Norr", "har gemensamma dagar"):
        assert words in told
    for secret in ("Åsa", "Öström", WOMAN):
        assert secret not in told


def test_what_may_be_told_is_told_first(cast, pair):
    EnrolmentFactory(
        participant=pair.old, unit=cast.norr, start=days_ago(45), end=days_ago(40), closure_reason="moved"
    )
    Enrolment.objects.filter(pk=pair.earlier.pk).update(end=days_ago(50))
    html = unescape(pair.merge(cast.manager, 409))
    assert "har gemensamma dagar" in html
    assert "Norr" not in html
    Enrolment.objects.filter(pk=pair.earlier.pk).update(end=days_ago(70))
    assert TOLD in pair.merge(cast.manager)


def test_a_rule_of_an_upper_floor_hinders_in_its_own_words(cast, pair, monkeypatch):
    monkeypatch.setattr("participants.merging.hindrances.overlaps", lambda *_people: [])
    Enrolment.objects.filter(pk=pair.earlier.pk).update(start=days_ago(100), end=None, closure_reason="")
    html = pair.merge(cast.manager, 409)
    assert "Deltagaren är redan inskriven någon av dessa dagar." in html
    assert pair.read().old.merged_into is None


def test_somebody_who_changed_one_of_them_meanwhile_is_seen(cast, pair):
    page = Page(cast.manager, pair.compare())
    contact = Page(cast.colleague, reverse("participants:contact", args=[pair.old.public_id]))
    contact.send(phone="08-465 004 01")
    html = page.send(409, why=WHY, goes_on="second")
    assert "Någon har ändrat i en av akterna" in html
    assert "08-465 004 01" in html
    assert page.typed["why"] == WHY
    page.send(phone="second")
    assert pair.read().old.phone == "08-465 004 01"


def test_who_went_into_another_meanwhile(cast, pair):
    third = EnrolmentFactory(
        participant=ParticipantFactory(),
        unit=cast.centrum,
        start=days_ago(900),
        end=days_ago(800),
        closure_reason="moved",
    ).participant
    page = Page(cast.manager, pair.compare(pair.asa, third))
    waits = Page(cast.coach, pair.compare(pair.old, third))
    waits.send(why=WHY, goes_on="first")
    pair.made_one(cast.manager)
    Page(cast.manager, pair.compare(third, pair.asa)).send(why=WHY, goes_on="first")
    late = page.client.post(page.where, page.typed | {"why": WHY})
    assert late["Location"] == reverse("participants:file", args=[third.public_id])
    note = "En av dem finns nu i en annan akt. Föreslå på nytt därifrån."
    assert Merge.objects.get(state="declined").decision_note == note
    old = reverse("participants:file", args=[pair.old.public_id])
    assert client_of(cast.coach).get(old)["Location"] == reverse("participants:file", args=[third.public_id])


# --- Protected persons --------------------------------------------------------------------------------------------


def test_the_stricter_protection_and_both_access_lists_hold(cast, pair):
    Participant.objects.filter(pk=pair.old.pk).update(protection="protected_registration")
    Participant.objects.filter(pk=pair.asa.pk).update(protection="secrecy_mark")
    for person, user in (
        (pair.old, cast.colleague),
        (pair.old, cast.manager),
        (pair.asa, cast.manager),
        (pair.asa, cast.coach),
    ):
        ProtectedAccess.objects.create(participant=person, user=user)
    pair.made_one(cast.manager)
    assert pair.read().asa.protection == "protected_registration"
    assert {access.user for access in pair.asa.access_list.all()} == {cast.colleague, cast.manager, cast.coach}


def test_that_the_file_will_be_protected_is_told_before(cast, pair):
    words = "inte ens dess jobbcoach"
    assert words not in Page(cast.manager, pair.compare()).html
    Participant.objects.filter(pk=pair.old.pk).update(protection="secrecy_mark")
    ProtectedAccess.objects.create(participant=pair.old, user=cast.manager)
    assert words in Page(cast.manager, pair.compare()).html


def test_who_is_not_named_for_the_one_file_gets_no_hint(cast, pair):
    Participant.objects.filter(pk=pair.old.pk).update(protection="secrecy_mark")
    ProtectedAccess.objects.create(participant=pair.old, user=cast.manager)
    pair.made_one(cast.manager)
    client = client_of(cast.coach)
    for person in (pair.asa, pair.old):
        assert client.get(reverse("participants:file", args=[person.public_id])).status_code == 404
    assert client.get(Merge.objects.get().get_absolute_url()).status_code == 404
    assert "Åsa" not in client.get(reverse("merges:list")).content.decode()
    assert "Åsa" not in client.get(reverse("participants:list"), {"show": "all", "q": WOMAN}).content.decode()
