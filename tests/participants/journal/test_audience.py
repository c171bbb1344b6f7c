"""Whom an entry is for, documents that were sent, and what the participant is shown."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AccessLogEntry
from participants.models import JournalDraft, JournalEntry
from tests.factories import AttachmentFactory, EnrolmentFactory, JournalEntryFactory, days_ago
from tests.participants.journal.pages import HTMX, draft_url, entry_url, form_of, journal_url, log, log_url, typed

pytestmark = pytest.mark.django_db

SENT = {
    "kind": "document",
    "document": "Genomförandeplan",
    "recipient": "Arbetsförmedlingen",
    "sent_way": "letter",
    "text": "",
}


def extract_url(enrolment) -> str:
    return reverse("participants:contact_extract", args=[enrolment.participant.public_id])


@pytest.fixture
def for_both(cast) -> JournalEntry:
    """An entry that may be shown, written today by the coach."""
    return JournalEntryFactory(enrolment=cast.asa, author=cast.coach, audience="participant", text="Vi kom överens.")


# --- For whom -----------------------------------------------------------------------------------------------------


def test_an_entry_is_internal_unless_somebody_says_otherwise(client, cast):
    client.force_login(cast.coach)
    assert form_of(client.get(journal_url(cast.asa)))["audience"] == "internal"
    log(client, cast.asa, text="Till enheten")
    log(client, cast.asa, text="Till båda", audience="participant")
    assert {row.text: row.audience for row in JournalEntry.objects.all()} == {
        "Till enheten": "internal",
        "Till båda": "participant",
    }


@pytest.mark.parametrize("audience", ["", "everybody"])
def test_an_entry_without_a_known_mark_is_refused(client, cast, audience):
    client.force_login(cast.coach)
    answer = log(client, cast.asa, text="Hej", audience=audience)
    assert answer.status_code == 422
    assert "Vem är anteckningen till för?" in answer.content.decode()


@pytest.mark.parametrize("page", ["journal", "file"])
def test_each_entry_is_marked(client, cast, for_both, page):
    JournalEntryFactory(enrolment=cast.asa, text="Bara vi.", occurred_on=days_ago(30))
    client.force_login(cast.coach)
    url = journal_url(cast.asa) if page == "journal" else reverse("participants:file", args=[cast.person.public_id])
    html = client.get(url).content.decode().partition('class="timeline"')[2]
    shown, internal = html.index("Vi kom överens."), html.index("Bara vi.")
    assert html.index('<span class="tag info">Får visas för deltagaren</span>') < shown
    assert shown < html.index('<span class="tag">Intern</span>') < internal


def test_the_journal_is_narrowed_to_a_mark_and_keeps_the_kind(client, cast, for_both):
    JournalEntryFactory(enrolment=cast.asa, text="Bara vi.")
    JournalEntryFactory(enrolment=cast.asa, kind="phone", audience="participant", text="Ringde.")
    client.force_login(cast.coach)
    html = client.get(journal_url(cast.asa), {"visas": "participant"}).content.decode()
    assert "2 anteckningar" in html
    assert "Bara vi." not in html
    html = client.get(journal_url(cast.asa), {"visas": "participant", "typ": "phone"}).content.decode()
    assert "1 anteckning" in html
    assert "Ringde." in html
    assert (
        "Ingen anteckning av den typen"
        in client.get(journal_url(cast.asa), {"visas": "internal", "typ": "event"}).content.decode()
    )


def test_the_mark_is_changed_the_same_day_and_the_history_tells(client, cast, for_both):
    client.force_login(cast.coach)
    data = form_of(client.get(entry_url("edit", for_both)))
    assert data["audience"] == "participant"
    assert client.post(entry_url("edit", for_both), data | {"audience": "internal"}).status_code == 302
    for_both.refresh_from_db()
    assert for_both.audience == "internal"
    html = client.get(entry_url("history", for_both)).content.decode()
    assert "<del>Får visas för deltagaren</del> <ins>Intern</ins>" in html


def test_who_adds_to_what_the_participant_may_see_is_told(client, cast, for_both):
    client.force_login(cast.colleague)
    assert "Det gäller även det du lägger till" in client.get(entry_url("add", for_both)).content.decode()
    internal = JournalEntryFactory(enrolment=cast.asa)
    assert "Det gäller även det du lägger till" not in client.get(entry_url("add", internal)).content.decode()


# --- Documents sent -----------------------------------------------------------------------------------------------


def test_a_document_sent_says_what_to_whom_how_and_when(client, cast):
    client.force_login(cast.coach)
    assert log(client, cast.asa, **SENT, occurred_on=days_ago(2).isoformat()).status_code == 302
    entry = JournalEntry.objects.get()
    assert (entry.kind, entry.document, entry.recipient, entry.sent_way, entry.text, entry.occurred_on) == (
        "document",
        "Genomförandeplan",
        "Arbetsförmedlingen",
        "letter",
        "",
        days_ago(2),
    )
    html = " ".join(client.get(journal_url(cast.asa), {"typ": "document"}).content.decode().split())
    assert "<b>Genomförandeplan</b> till Arbetsförmedlingen" in html
    assert "Brev" in html
    assert "Skickat dokument" in html


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("document", "Skriv vilket dokument som skickades."),
        ("recipient", "Skriv vem det skickades till."),
        ("sent_way", "Välj hur det skickades."),
    ],
)
def test_what_is_missing_of_a_document_is_asked_for(client, cast, missing, words):
    client.force_login(cast.coach)
    answer = log(client, cast.asa, **SENT | {missing: "" if missing == "sent_way" else "  "})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert form_of(answer)["recipient"] == ("  " if missing == "recipient" else "Arbetsförmedlingen")


def test_what_belongs_to_a_document_is_not_kept_with_a_meeting(client, cast):
    client.force_login(cast.coach)
    log(client, cast.asa, **SENT | {"kind": "meeting", "text": "Vi sågs.", "document": "x" * 300})
    entry = JournalEntry.objects.get()
    assert (entry.document, entry.recipient, entry.sent_way) == ("", "", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "document"},
        {"kind": "document", "document": "Plan", "recipient": "AF", "sent_way": ""},
        {"kind": "meeting", "document": "Plan"},
        {"text": ""},
        {"audience": "everybody"},
    ],
)
def test_the_database_refuses_an_entry_that_is_not_whole(cast, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalEntryFactory(enrolment=cast.asa, **wrong)


def test_a_draft_keeps_the_mark_and_the_document(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, **SENT | {"audience": "participant"})
    client.post(draft_url(cast.asa), data, headers=HTMX)
    draft = JournalDraft.objects.get()
    assert (draft.audience, draft.document, draft.sent_way, draft.text) == (
        "participant",
        "Genomförandeplan",
        "letter",
        "",
    )
    shown = form_of(client.get(journal_url(cast.asa)))
    assert (shown["audience"], shown["document"], shown["recipient"]) == (
        "participant",
        "Genomförandeplan",
        "Arbetsförmedlingen",
    )
    client.logout()
    client.post(log_url(cast.asa), data | {"text": "Efter utloggning"})
    draft.refresh_from_db()
    assert (draft.text, draft.recipient) == ("Efter utloggning", "Arbetsförmedlingen")


def test_the_history_of_a_document_tells_what_was_changed(client, cast):
    client.force_login(cast.coach)
    log(client, cast.asa, **SENT)
    entry = JournalEntry.objects.get()
    data = form_of(client.get(entry_url("edit", entry))) | SENT | {"recipient": "Försäkringskassan"}
    assert client.post(entry_url("edit", entry), data).status_code == 302
    html = client.get(entry_url("history", entry)).content.decode()
    assert "<del>till Arbetsförmedlingen</del> <ins>till Försäkringskassan</ins>" in html
    assert "<del>Genomförandeplan</del>" not in html


# --- What the participant is shown --------------------------------------------------------------------------------


def test_what_is_internal_is_left_out_and_the_rest_is_read_like_a_book(client, cast, for_both):
    JournalEntryFactory(enrolment=cast.asa, text="Bara vi.")
    JournalEntryFactory(enrolment=cast.asa, text="Allra först.", audience="participant", occurred_on=days_ago(9))
    for_both.additions.create(author=cast.colleague, author_name="Bo Berg", text="Tillagt.")
    AttachmentFactory(entry=for_both, name="plan.pdf")
    AttachmentFactory(entry=for_both, name="fel.pdf", withdrawn=True)
    client.force_login(cast.manager)
    html = client.get(extract_url(cast.asa)).content.decode()
    assert (
        html.index("Allra först.") < html.index("Vi kom överens.") < html.index("plan.pdf") < html.index("Tillagt.")
    )
    assert "Bara vi." not in html
    assert "fel.pdf" not in html
    assert "Åsa Öhrström" in html
    look = AccessLogEntry.objects.get(act="opened")
    assert look.detail["part"] == "journal_extract"


def test_another_units_entries_are_not_in_it(client, cast, for_both):
    elsewhere = EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(400), end=days_ago(300), closure_reason="other"
    )
    JournalEntryFactory(
        enrolment=elsewhere, audience="participant", text="Skrivet i Norr.", occurred_on=days_ago(350)
    )
    client.force_login(cast.coach)
    assert "Skrivet i Norr." not in client.get(extract_url(cast.asa)).content.decode()


@pytest.mark.parametrize(
    ("params", "status", "words", "not_words"),
    [
        ({"fran": days_ago(5).isoformat()}, 200, "Vi kom överens.", "Allra först."),
        ({"till": days_ago(5).isoformat()}, 200, "Allra först.", "Vi kom överens."),
        ({"fran": days_ago(1).isoformat(), "till": ""}, 200, "Ingen anteckning från de här dagarna", "Allra först."),
        ({"fran": days_ago(1).isoformat(), "till": days_ago(5).isoformat()}, 422, "före den första", "Allra först."),
        ({"fran": "i går"}, 422, "Skriv dagen som 2026-03-31.", "Allra först."),
    ],
)
def test_it_can_be_of_some_days(client, cast, for_both, params, status, words, not_words):
    JournalEntryFactory(enrolment=cast.asa, text="Allra först.", audience="participant", occurred_on=days_ago(9))
    client.force_login(cast.coach)
    answer = client.get(extract_url(cast.asa), params)
    assert answer.status_code == status
    html = answer.content.decode()
    assert words in html
    assert not_words not in html


def test_with_nothing_marked_it_says_how_to_mark(client, cast):
    JournalEntryFactory(enrolment=cast.asa)
    client.force_login(cast.coach)
    assert "Ingen anteckning är märkt" in client.get(extract_url(cast.asa)).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_entries(client, cast, django_assert_max_num_queries):
    client.force_login(cast.coach)
    counts = []
    for number in (5, 50):
        for _each in range(number):
            entry = JournalEntryFactory(enrolment=cast.asa, audience="participant")
        entry.additions.create(author=cast.coach, author_name="Alma Alm", text="Tillägg")
        AttachmentFactory(entry=entry)
        with django_assert_max_num_queries(16) as asked:
            client.get(extract_url(cast.asa))
        counts.append(len(asked))
    assert counts[0] == counts[1]
