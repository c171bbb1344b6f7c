"""An entry that was written on the wrong person is moved, and leaves a trace that tells nothing of whose it is."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from participants.journal.moves import MayNoLonger, journal_entry_move
from participants.journal.services import EntryMoved, journal_addition_create, journal_entry_edit
from participants.models import (
    Aftercare,
    FormerIdentityNumber,
    JournalEntry,
    JournalMove,
    Participant,
    ProtectedAccess,
)
from participants.models.journal import Wording
from tests.beside import wait_until_somebody_waits
from tests.factories import (
    AttachmentFactory,
    EnrolmentFactory,
    FollowUpFactory,
    JournalEntryFactory,
    PlacementFactory,
    days_ago,
)
from tests.participants.journal.pages import entry_url, form_of, journal_url

pytestmark = pytest.mark.django_db

WHY = "Skrevs i fel akt."


@pytest.fixture
def entry(cast) -> JournalEntry:
    """Written today in Åsa's file, about Bertil."""
    return JournalEntryFactory(enrolment=cast.asa, author=cast.coach, text="Ville byta schema.")


def move_url(entry, to=None) -> str:
    url = reverse("participants:contact_move", args=[entry.enrolment.participant.public_id, entry.public_id])
    return f"{url}?till={to.participant.public_id}" if to else url


def move(client, entry, to, why=WHY):
    return client.post(move_url(entry, to), {"why": why})


def fresh(entry) -> JournalEntry:
    return JournalEntry.objects.select_related("enrolment__participant").get(pk=entry.pk)


def file_page(client, enrolment) -> str:
    return client.get(reverse("participants:file", args=[enrolment.participant.public_id])).content.decode()


# --- Moving -------------------------------------------------------------------------------------------------------


def test_it_is_found_by_search_moved_with_all_that_belongs_to_it_and_stands_there(client, cast, entry):
    entry.additions.create(author=cast.colleague, author_name="Bo Berg", text="Tillagt.")
    attachment = AttachmentFactory(entry=entry, name="schema.pdf")
    client.force_login(cast.coach)
    found = client.get(move_url(entry), {"q": "bodin"}).content.decode()
    assert f"?till={cast.bertil.participant.public_id}" in found
    assert "Åsa Öhrström</a></th>" not in found
    asked = client.get(move_url(entry, cast.bertil)).content.decode()
    assert "Flytta anteckningen till Bertil Bodin?" in asked
    assert "Ville byta schema." in asked
    answer = move(client, entry, cast.bertil)
    page = client.get(answer.url.partition("#")[0]).content.decode()
    assert "Anteckningen är flyttad och står här nu." in page
    for words in ("Ville byta schema.", "Tillagt.", "schema.pdf", f"Flyttad hit {timezone.localdate()} av Alma Alm."):
        assert words in page
    assert fresh(entry).enrolment == cast.bertil
    there = reverse("participants:attachment", args=[cast.bertil.participant.public_id, attachment.public_id])
    assert client.get(there).status_code == 200


def test_the_wrong_file_keeps_a_trace_and_nothing_else(client, cast, entry):
    attachment = AttachmentFactory(entry=entry)
    client.force_login(cast.coach)
    here = [entry_url(name, entry) for name in ("edit", "add", "history")] + [move_url(entry)]
    here.append(reverse("participants:attachment", args=[cast.person.public_id, attachment.public_id]))
    move(client, entry, cast.bertil)
    for url in here:
        assert client.get(url).status_code == 404, url
    client.force_login(cast.colleague)
    for html in (client.get(journal_url(cast.asa)).content.decode(), file_page(client, cast.asa)):
        assert "En anteckning flyttades härifrån" in html
        assert WHY in html
        assert "Alma Alm" in html
        assert "Ville byta schema." not in html
        assert "Bertil" not in html
        assert "Bodin" not in html
        assert str(cast.bertil.participant.public_id) not in html
    assert "flyttades härifrån" not in client.get(journal_url(cast.asa), {"typ": "phone"}).content.decode()


def test_the_history_stays_true_and_does_not_tell_where_it_came_from(client, cast, entry):
    client.force_login(cast.coach)
    client.post(entry_url("edit", entry), form_of(client.get(entry_url("edit", entry))) | {"text": "Vill byta tid."})
    move(client, entry, cast.bertil)
    moved = fresh(entry)
    client.post(entry_url("edit", moved), form_of(client.get(entry_url("edit", moved))) | {"text": "Bytte tid."})
    client.force_login(cast.colleague)
    html = client.get(entry_url("history", moved)).content.decode()
    after, before = html.split("Flyttad från en akt till en annan")
    assert "Bytte" in after
    assert "Ville byta schema." in before
    assert "Bytte" not in before
    assert WHY in html
    assert "Öhrström" not in html
    assert str(cast.person.public_id) not in html


def test_to_undo_is_to_move_it_back(client, cast, entry):
    client.force_login(cast.coach)
    move(client, entry, cast.bertil)
    move(client, fresh(entry), cast.asa, why="Den var rätt från början.")
    assert fresh(entry).enrolment == cast.asa
    page = client.get(journal_url(cast.asa)).content.decode()
    assert "Ville byta schema." in page
    assert "Flyttat härifrån" not in page
    assert "Den var rätt från början." in page
    assert "Flyttat härifrån" in client.get(journal_url(cast.bertil)).content.decode()
    # And away once more: the trace is one, and the latest.
    move(client, fresh(entry), cast.bertil, why="Nej, den var fel ändå.")
    page = client.get(journal_url(cast.asa)).content.decode()
    assert page.count("En anteckning flyttades härifrån") == 1
    assert "Nej, den var fel ändå." in page
    assert JournalMove.objects.count() == 3


def test_it_goes_to_the_enrolment_that_went_on_that_day(client, cast):
    earlier = EnrolmentFactory(
        participant=cast.bertil.participant,
        unit=cast.centrum,
        start=days_ago(300),
        end=days_ago(200),
        closure_reason="other",
    )
    old = JournalEntryFactory(enrolment=cast.asa, author=cast.coach, occurred_on=days_ago(250))
    between = JournalEntryFactory(enrolment=cast.asa, author=cast.coach, occurred_on=days_ago(150))
    client.force_login(cast.coach)
    for entry, expected in ((old, earlier), (between, cast.bertil)):
        move(client, entry, cast.bertil)
        assert fresh(entry).enrolment == expected


def test_both_histories_and_both_access_logs_tell_of_it(client, cast, entry):
    client.force_login(cast.manager)
    client.get(move_url(entry), {"q": "Bertil"})
    client.get(move_url(entry, cast.bertil))
    move(client, entry, cast.bertil)
    told = JournalMove.objects.get()
    assert (told.moved_from, told.moved_to, told.why, told.moved_by_name) == (cast.asa, cast.bertil, WHY, "Eva Ek")
    assert told.events.get().pgh_context["name"] == "Eva Ek"
    assert entry.events.order_by("pgh_id").last().enrolment_id == cast.bertil.pk
    for person in (cast.person, cast.bertil.participant):
        looks = AccessLogEntry.objects.filter(subject=person.public_id, act="opened", detail__part="journal_move")
        assert looks.exists()
        assert not any(word in str(look.detail) for look in looks for word in ("Bertil", "Bodin", "Åsa"))
    search = AccessLogEntry.objects.get(act="searched")
    assert search.detail == {"kind": "name", "hits": 1}


# --- The last activity --------------------------------------------------------------------------------------------


def test_somebody_who_has_not_been_heard_from_does_not_look_as_if_they_had(client, cast, entry):
    JournalEntryFactory(enrolment=cast.asa, occurred_on=days_ago(40))
    cast.asa.last_activity_on = entry.occurred_on
    cast.asa.save()
    client.force_login(cast.coach)
    move(client, entry, cast.bertil)
    cast.asa.refresh_from_db()
    cast.bertil.refresh_from_db()
    assert (cast.asa.last_activity_on, cast.bertil.last_activity_on) == (days_ago(40), entry.occurred_on)


def test_what_other_apps_know_of_counts_and_a_later_day_stays(client, cast, entry):
    FollowUpFactory(placement=PlacementFactory(enrolment=cast.asa), filed=days_ago(20))
    cast.asa.last_activity_on = entry.occurred_on
    cast.asa.save()
    client.force_login(cast.coach)
    move(client, entry, cast.bertil)
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == days_ago(20)
    # Something of a later day, whatever it was: nothing is worked out anew.
    cast.bertil.last_activity_on = days_ago(1)
    cast.bertil.save()
    move(client, fresh(entry), cast.asa)
    cast.bertil.refresh_from_db()
    assert cast.bertil.last_activity_on == days_ago(1)


def test_with_nothing_else_it_is_the_day_of_the_enrolment(client, cast, entry):
    cast.asa.last_activity_on = entry.occurred_on
    cast.asa.save()
    assert not Aftercare.objects.exists()
    client.force_login(cast.coach)
    move(client, entry, cast.bertil)
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == cast.asa.start


# --- Who, and to whom ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "days", "allowed"),
    [
        ("coach", 0, True),
        ("coach", 1, False),
        ("colleague", 0, False),
        ("coordinator", 0, False),
        ("manager", 0, True),
        ("manager", 500, True),
        ("head", 500, True),
    ],
)
def test_its_author_moves_it_the_same_day_and_managers_always(client, cast, who, days, allowed):
    written = timezone.now() - dt.timedelta(days=days)
    entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach, created_at=written)
    client.force_login(cast.users[who])
    page = client.get(journal_url(cast.asa)).content.decode()
    assert (move_url(entry) in page) == allowed
    assert client.get(move_url(entry)).status_code == (200 if allowed else 403)
    assert move(client, entry, cast.bertil).status_code == (302 if allowed else 403)
    assert fresh(entry).enrolment == (cast.bertil if allowed else cast.asa)


def test_only_to_whom_the_user_may_see(client, cast, entry):
    client.force_login(cast.manager)
    for target in (cast.ciwan, cast.protected_centrum):
        assert move(client, entry, target).status_code == 404
        assert client.get(move_url(entry, target)).status_code == 404
        assert AccessLogEntry.objects.filter(act="denied", subject=target.participant.public_id).count() == 2
    html = client.get(move_url(entry), {"q": "Ciwan"}).content.decode()
    assert "Ingen hittades" in html
    assert "Celik" not in html
    assert "Ingen hittades" in client.get(move_url(entry), {"q": "Hemlig"}).content.decode()
    assert fresh(entry).enrolment == cast.asa


@pytest.mark.parametrize("to", ["", "inget-id", "own"])
def test_to_nobody_or_to_the_same_file_is_nowhere(client, cast, entry, to):
    client.force_login(cast.coach)
    to = cast.person.public_id if to == "own" else to
    answer = client.post(f"{move_url(entry)}?till={to}", {"why": WHY})
    assert answer.status_code == (404 if to else 200)  # without anybody the search is shown
    assert not JournalMove.objects.exists()


def test_to_a_protected_person_by_who_is_named_and_the_trace_tells_others_nothing(client, cast, entry):
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    client.force_login(cast.coach)
    assert "Petra Hemlig" in client.get(move_url(entry), {"q": "hemlig"}).content.decode()
    move(client, entry, cast.protected_centrum)
    client.force_login(cast.colleague)
    html = client.get(journal_url(cast.asa)).content.decode()
    assert "En anteckning flyttades härifrån" in html
    assert "Hemlig" not in html
    assert client.get(entry_url("history", fresh(entry))).status_code == 404


def test_from_unit_to_unit_by_who_is_over_both(client, cast, entry):
    client.force_login(cast.head)
    move(client, entry, cast.ciwan)
    client.force_login(cast.outsider)
    page = client.get(journal_url(cast.ciwan)).content.decode()
    assert "Ville byta schema." in page
    assert "Flyttad hit" in page
    # The manager of the unit it left cannot fetch it back: it is another unit's now.
    client.force_login(cast.manager)
    assert client.get(move_url(fresh(entry))).status_code == 404


# --- The reason ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (" ", "Skriv varför anteckningen flyttas."),
        ("Den gällde Bertil.", "Skriv utan namn"),
        ("Gällde bodin, inte den här.", "Skriv utan namn"),
        ("Stod fel hos Åsa", "Skriv utan namn"),
        ("Hör till 19880101-0008 i stället", "Skriv utan namn"),
        ("Hör till 880101 0008.", "Skriv utan namn"),
        ("Hör till ame-2031-77.", "Skriv utan namn"),
        ("Hör till TF29.", "Skriv utan namn"),
        ("Hör till 000101-t220", "Skriv utan namn"),
        ("Hade förut 880161-0005.", "Skriv utan namn"),
    ],
)
def test_the_reason_is_needed_and_names_nobody(client, cast, entry, why, words):
    person = cast.bertil.participant
    person.identity_number, cast.bertil.case_number = "198801010008", "AME-2031-77"
    person.temporary_number = "TF29"
    person.save()
    cast.bertil.save()
    Participant.objects.filter(pk=cast.person.pk).update(temporary_number="000101T220")
    FormerIdentityNumber.objects.create(participant=person, number="198801610005")
    client.force_login(cast.coach)
    answer = move(client, entry, cast.bertil, why=why)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    assert why.strip() in html.partition("<textarea")[2]
    assert not JournalMove.objects.exists()


def test_a_reason_that_names_nobody_is_taken_however_it_is_written(client, cast, entry):
    type(cast.asa).objects.filter(pk__in=[cast.asa.pk, cast.bertil.pk]).update(case_number="31")  # part of a year
    client.force_login(cast.coach)
    assert move(client, entry, cast.bertil, why="Fel akt - den 3/4 2031, kl. 10-11 (se ovan)!").status_code == 302


# --- Twice, and at the same time ----------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_moves_once_and_leads_to_the_same_place(client, cast, entry):
    client.force_login(cast.coach)
    first, second = (move(client, entry, cast.bertil) for _time in range(2))
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert JournalMove.objects.count() == 1


def test_what_a_colleague_has_moved_already_is_told_and_not_where_to(client, cast, entry):
    client.force_login(cast.manager)
    move(client, entry, cast.bertil)
    client.force_login(cast.coach)
    answer = client.post(move_url(entry, cast.bertil), {"why": WHY}, follow=True)
    html = answer.content.decode()
    assert "Anteckningen har redan flyttats härifrån." in html
    assert answer.redirect_chain[-1][0] == journal_url(cast.asa)
    assert JournalMove.objects.count() == 1


@pytest.mark.parametrize("name", ["edit", "add"])
def test_who_was_writing_meanwhile_loses_no_text_and_learns_nothing(client, cast, entry, name):
    client.force_login(cast.coach)
    url, data = entry_url(name, entry), form_of(client.get(entry_url(name, entry)))
    client.force_login(cast.manager)
    move(client, entry, cast.bertil)
    client.force_login(cast.coach)
    answer = client.post(url, data | {"text": "En lång rättelse."})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Anteckningen har flyttats härifrån" in html
    assert "En lång rättelse." in html
    assert "Bertil" not in html
    assert fresh(entry).text == "Ville byta schema."
    assert not fresh(entry).additions.exists()


# --- What a race would meet ---------------------------------------------------------------------------------------


def test_the_services_refuse_an_entry_that_went_elsewhere_after_it_was_read(cast, entry):
    read = fresh(entry)
    first = journal_entry_move(entry=entry, target=cast.bertil, actor=cast.coach, why=WHY)
    assert journal_entry_move(entry=read, target=cast.bertil, actor=cast.coach, why=WHY) == first
    acts = (
        lambda: journal_entry_move(entry=read, target=cast.ciwan, actor=cast.head, why=WHY),
        lambda: journal_entry_edit(
            entry=read, editor=cast.coach, wording=Wording.of(read).with_text("Annat"), version=""
        ),
        lambda: journal_addition_create(entry=read, author=cast.coach, token=uuid.uuid4(), text="Tillägg"),
    )
    for act in acts:
        with pytest.raises(EntryMoved):
            act()
    assert JournalMove.objects.count() == 1


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_the_same_move_at_the_same_moment_is_one(cast, entry, beside):
    read = fresh(entry)
    with transaction.atomic():
        first = journal_entry_move(entry=entry, target=cast.bertil, actor=cast.coach, why=WHY)
        again = beside(journal_entry_move, entry=read, target=cast.bertil, actor=cast.coach, why=WHY)
        wait_until_somebody_waits()
    assert again.result(timeout=20) == first
    assert JournalMove.objects.count() == 1


def test_the_author_does_not_move_it_after_midnight_though_the_page_was_opened_before(cast, entry):
    JournalEntry.objects.filter(pk=entry.pk).update(created_at=timezone.now() - dt.timedelta(days=1))
    with pytest.raises(MayNoLonger):
        journal_entry_move(entry=entry, target=cast.bertil, actor=cast.coach, why=WHY)
    assert fresh(entry).enrolment == cast.asa


@pytest.mark.parametrize("wrong", [{"why": ""}, {"moved_to": None}])
def test_the_database_refuses_a_move_without_a_reason_or_to_the_same_place(cast, entry, wrong):
    values = {"moved_from": cast.asa, "moved_to": cast.bertil, "why": WHY} | wrong
    values["moved_to"] = values["moved_to"] or cast.asa
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalMove.objects.create(entry=entry, moved_by=cast.coach, moved_by_name="Alma Alm", **values)


def test_the_number_of_queries_does_not_grow_with_the_moves(client, cast, django_assert_max_num_queries):
    client.force_login(cast.coach)
    counts = []
    for number in (2, 9):
        for _each in range(number):
            here = JournalEntryFactory(enrolment=cast.bertil, author=cast.coach)
            journal_entry_move(entry=here, target=cast.asa, actor=cast.coach, why=WHY)
            there = JournalEntryFactory(enrolment=cast.asa, author=cast.coach)
            journal_entry_move(entry=there, target=cast.bertil, actor=cast.coach, why=WHY)
        with django_assert_max_num_queries(30) as asked:
            client.get(journal_url(cast.asa))
        counts.append(len(asked))
    assert counts[0] == counts[1]
