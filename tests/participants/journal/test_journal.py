"""Logging a contact: what is stored, what is refused, who may, and that nothing is written twice."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from participants.models import Enrolment, JournalDraft, JournalEntry
from participants.models.journal import EntryKind
from tests.factories import EnrolmentFactory, JournalEntryFactory, days_ago
from tests.participants.journal.pages import HTMX, fields, form_of, journal_url, log, log_url, typed

pytestmark = pytest.mark.django_db


def test_a_contact_is_stored_and_the_page_shown_anew(client, cast):
    client.force_login(cast.coach)
    answer = log(client, cast.asa, text="Vi ringde köket på Ekbacken.", kind="phone", origin="file")
    entry = JournalEntry.objects.get()
    assert (entry.enrolment, entry.author, entry.author_name) == (cast.asa, cast.coach, "Alma Alm")
    assert (entry.kind, entry.occurred_on) == (EntryKind.PHONE, timezone.localdate())
    assert answer.status_code == 302
    page = client.get(answer.url.partition("#")[0])
    assert "Vi ringde köket på Ekbacken." in page.content.decode()
    assert "Sparat" in page.content.decode()
    assert form_of(page)["text"] == ""


def test_with_htmx_the_form_the_list_and_what_was_saved_are_answered(client, cast):
    client.force_login(cast.coach)
    token = form_of(client.get(journal_url(cast.asa)))["token"]
    for origin, part in (("file", "innerHTML:#timeline"), ("journal", "innerHTML:#journal-entries")):
        answer = log(client, cast.asa, text=f"Från {origin}", origin=origin, headers=HTMX)
        html = answer.content.decode()
        assert answer.status_code == 200
        assert part in html
        assert f"Från {origin}" in html
        assert "innerHTML:#journal-said" in html
        assert form_of(answer)["token"] != token


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": ""}, "Typ av anteckning"),
        ({"kind": "telegram"}, "Typ av anteckning"),
        ({"text": "  \n "}, "Vad hände?"),
        ({"text": "x" * 20_001}, "Vad hände?"),
        ({"text": "noll\x00tecken"}, "Vad hände?"),
        ({"occurred_on": ""}, "Datum"),
        ({"occurred_on": "i går"}, "Datum"),
        ({"occurred_on": (timezone.localdate() + dt.timedelta(days=1)).isoformat()}, "framtiden"),
        ({"occurred_on": "1999-01-01"}, "blev känd här"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(client, cast, headers, wrong, words):
    client.force_login(cast.coach)
    values = {"kind": "meeting", "occurred_on": days_ago(1).isoformat(), "text": "Möte med handledaren"} | wrong
    answer = log(client, cast.asa, headers=headers, **values)
    assert answer.status_code == 422
    assert not JournalEntry.objects.exists()
    html = answer.content.decode()
    assert words in html
    assert "maxlength" not in html.partition("<textarea")[2].partition(">")[0]  # it would cut a long paste in silence
    assert ('<div hx-swap-oob="innerHTML:#journal-said"></div>' in html) == bool(headers)  # "Sparat" is over
    assert "error-summary" in html
    assert "errorlist" in html
    shown = form_of(answer)
    assert shown["text"] == values["text"].lstrip("\n")
    assert shown["occurred_on"] == values["occurred_on"]


def test_the_first_day_is_that_of_the_referral_or_the_enrolment_the_user_can_see(client, cast):
    client.force_login(cast.coach)
    # Known earlier elsewhere: that is no business of Centrum's.
    EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(400), end=days_ago(300), closure_reason="other"
    )
    refused = log(client, cast.asa, occurred_on=days_ago(61).isoformat())
    assert refused.status_code == 422
    assert str(days_ago(400).year) not in [word for word in refused.content.decode().split() if word == "känd"]
    assert log(client, cast.asa, occurred_on=days_ago(60).isoformat()).status_code == 302
    cast.person.referrals.create(unit=cast.centrum, source="self", received=days_ago(75), decision="accepted")
    assert log(client, cast.asa, occurred_on=days_ago(75).isoformat()).status_code == 302


def test_the_last_activity_moves_forward_and_never_back(client, cast):
    client.force_login(cast.coach)
    for day, expected in ((5, 5), (9, 5), (2, 2)):
        log(client, cast.asa, occurred_on=days_ago(day).isoformat(), text=f"för {day} dagar sedan")
        cast.asa.refresh_from_db()
        assert cast.asa.last_activity_on == days_ago(expected)


def test_writing_leaves_no_row_in_the_history_of_the_enrolment(client, cast):
    before = Enrolment.pgh_event_model.objects.filter(pgh_obj=cast.asa).count()
    client.force_login(cast.coach)
    log(client, cast.asa)
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == timezone.localdate()
    assert Enrolment.pgh_event_model.objects.filter(pgh_obj=cast.asa).count() == before > 0


def test_a_contact_is_written_in_the_enrolment_that_is_open(client, cast):
    client.force_login(cast.coach)
    EnrolmentFactory(
        participant=cast.person, unit=cast.centrum, start=days_ago(300), end=days_ago(200), closure_reason="other"
    )
    log(client, cast.asa)
    assert JournalEntry.objects.get().enrolment == cast.asa


def test_an_ended_case_can_still_get_a_note_and_the_page_says_so(client, cast):
    client.force_login(cast.coach)
    cast.asa.end, cast.asa.closure_reason = days_ago(10), "work"
    cast.asa.save()
    assert f"Inskrivningen avslutades {days_ago(10):%Y-%m-%d}" in client.get(journal_url(cast.asa)).content.decode()
    log(client, cast.asa, text="Hen ringde och berättade om jobbet.")
    assert JournalEntry.objects.get().enrolment == cast.asa


# --- Twice --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_that_is_sent_twice_makes_one_entry(client, cast, headers):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="En gång räcker")
    first, second = (client.post(log_url(cast.asa), data, headers=headers) for _time in range(2))
    assert first.status_code == second.status_code
    assert JournalEntry.objects.count() == 1
    assert str(JournalEntry.objects.get().public_id) == data["token"]


def test_a_form_that_is_sent_again_with_another_text_loses_neither(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Först")
    client.post(log_url(cast.asa), data)
    again = client.post(log_url(cast.asa), data | {"text": "Sedan"})
    assert again.status_code == 422
    assert [entry.text for entry in JournalEntry.objects.all()] == ["Först"]
    assert "Först" in again.content.decode()
    shown = form_of(again)
    assert shown["text"] == "Sedan"
    assert client.post(log_url(cast.asa), shown | {"kind": "phone"}).status_code == 302
    assert {entry.text for entry in JournalEntry.objects.all()} == {"Först", "Sedan"}


def test_a_token_of_somebody_elses_entry_shows_nothing_of_it_and_overwrites_nothing(client, cast):
    secret = JournalEntryFactory(enrolment=cast.ciwan, author=cast.outsider, text="Hemligt i Norr")
    client.force_login(cast.coach)
    answer = log(client, cast.asa, token=secret.public_id, text="Mitt")
    assert "Hemligt i Norr" not in answer.content.decode()
    assert form_of(answer)["text"] == "Mitt"
    secret.refresh_from_db()
    assert secret.text == "Hemligt i Norr"


# --- Who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coach", "colleague", "coordinator"])
def test_those_who_work_with_participants_in_the_unit_write(client, cast, who):
    client.force_login(cast.users[who])
    assert log(client, cast.asa).status_code == 302
    assert JournalEntry.objects.get().author == cast.users[who]


@pytest.mark.parametrize("who", ["manager", "head"])
def test_managers_read_and_do_not_write(client, cast, who):
    entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach, text="Att läsa")
    client.force_login(cast.users[who])
    page = client.get(journal_url(cast.asa)).content.decode()
    assert "Att läsa" in page
    assert "journal-log" not in page
    assert f"{entry.public_id}/tillagg/" not in page
    assert client.post(log_url(cast.asa), fields(text="Nej")).status_code == 403
    assert JournalEntry.objects.count() == 1


def every_address(enrolment, entry):
    person, entry_id = enrolment.participant.public_id, entry.public_id
    return [
        ("post", reverse("participants:contact_log", args=[person])),
        ("post", reverse("participants:contact_draft", args=[person])),
        ("post", reverse("participants:contact_draft_discard", args=[person])),
        ("get", reverse("participants:contact_edit", args=[person, entry_id])),
        ("post", reverse("participants:contact_edit", args=[person, entry_id])),
        ("get", reverse("participants:contact_add", args=[person, entry_id])),
        ("post", reverse("participants:contact_add", args=[person, entry_id])),
        ("get", reverse("participants:contact_history", args=[person, entry_id])),
        ("get", journal_url(enrolment)),
    ]


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 404), ("other_manager", 404), ("analyst", 403), ("administrator", 403)]
)
def test_out_of_scope_is_not_found_and_the_attempt_is_written_down(client, cast, who, status):
    entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach)
    client.force_login(cast.users[who])
    for method, url in every_address(cast.asa, entry):
        before = AccessLogEntry.objects.filter(act="denied").count()
        answer = getattr(client, method)(url, fields(text="Hej") if method == "post" else None, headers=HTMX)
        assert answer.status_code == status, url
        assert AccessLogEntry.objects.filter(act="denied", subject=cast.person.public_id).count() == before + 1, url
    assert not JournalDraft.objects.exists()
    assert JournalEntry.objects.get().text == entry.text


def test_a_protected_person_does_not_exist_for_who_is_not_on_the_list(client, cast):
    entry = JournalEntryFactory(enrolment=cast.protected_centrum, author=cast.colleague)
    client.force_login(cast.coach)
    for method, url in every_address(cast.protected_centrum, entry):
        answer = getattr(client, method)(url, fields(text="Hej") if method == "post" else None, headers=HTMX)
        assert answer.status_code == 404, url


def test_an_entry_is_found_only_in_its_own_persons_file(client, cast):
    entry = JournalEntryFactory(enrolment=cast.bertil, author=cast.coach)
    client.force_login(cast.coach)
    for name in ("contact_edit", "contact_add", "contact_history"):
        url = reverse(f"participants:{name}", args=[cast.person.public_id, entry.public_id])
        assert client.get(url).status_code == 404


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_journal_shows_the_newest_first_with_line_breaks_and_without_links(client, cast):
    client.force_login(cast.coach)
    JournalEntryFactory(enrolment=cast.asa, occurred_on=days_ago(9), text="Äldst")
    JournalEntryFactory(
        enrolment=cast.asa, occurred_on=days_ago(1), text="Rad ett\nhttps://example.org <b>rad två</b>"
    )
    html = client.get(journal_url(cast.asa)).content.decode()
    assert html.index("Rad ett") < html.index("Äldst")
    assert "Rad ett\nhttps://example.org &lt;b&gt;rad två&lt;/b&gt;" in html
    assert 'href="https://example.org' not in html


def test_the_journal_can_be_narrowed_to_a_kind_and_is_split_in_pages(client, cast):
    client.force_login(cast.coach)
    for number in range(21):
        JournalEntryFactory(enrolment=cast.asa, kind="phone", text=f"samtal-{number:02}")
    JournalEntryFactory(enrolment=cast.asa, kind="meeting", text="mötet-om-planen", occurred_on=days_ago(1))
    url = journal_url(cast.asa)
    first, second = (client.get(url, {"typ": "phone", "page": page}).content.decode() for page in (1, 2))
    assert "mötet-om-planen" not in first + second
    assert (first.count("samtal-"), second.count("samtal-")) == (20, 1)
    assert "21 anteckningar" in first
    assert "typ=phone" in first  # the pages keep the choice
    assert "mötet-om-planen" in client.get(url, {"typ": "okänd"}).content.decode()


def test_another_units_notes_are_not_shown_though_both_know_the_person(client, cast):
    elsewhere = EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(400), end=days_ago(300), closure_reason="other"
    )
    JournalEntryFactory(enrolment=elsewhere, author=cast.outsider, text="Skrivet i Norr", occurred_on=days_ago(350))
    JournalEntryFactory(enrolment=cast.asa, author=cast.coach, text="Skrivet i Centrum")
    for who, own, other in ((cast.coach, "Centrum", "Norr"), (cast.outsider, "Norr", "Centrum")):
        client.force_login(who)
        for url in (journal_url(cast.asa), reverse("participants:file", args=[cast.person.public_id])):
            html = client.get(url).content.decode()
            assert f"Skrivet i {own}" in html
            assert f"Skrivet i {other}" not in html


def test_opening_is_written_down_once_and_typing_is_not(client, cast):
    client.force_login(cast.coach)
    looks = AccessLogEntry.objects.filter(act="opened", subject=cast.person.public_id)
    client.get(journal_url(cast.asa))
    assert looks.count() == 1
    for number in range(3):
        client.post(f"{log_url(cast.asa)}utkast/", fields(text=f"Skriver {number}"), headers=HTMX)
    assert looks.count() == 1
    log(client, cast.asa, text="Sparad", token=uuid.uuid4())  # opens the page once to get the form
    assert looks.count() == 2


@pytest.mark.parametrize("page", ["journal", "file"])
def test_the_number_of_queries_does_not_depend_on_the_number_of_entries(
    client, cast, django_assert_max_num_queries, page
):
    client.force_login(cast.coach)
    urls = {"journal": journal_url(cast.asa), "file": reverse("participants:file", args=[cast.person.public_id])}
    counts = []
    for entries in (5, 45):
        for _each in range(entries):
            entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach)
            entry.additions.create(author=cast.colleague, author_name="Bo Berg", text="Tillägg")
        with django_assert_max_num_queries(15) as asked:
            assert client.get(urls[page]).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_logging_a_contact_asks_few_queries(client, cast, django_assert_max_num_queries):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Kort")
    with django_assert_max_num_queries(27):
        assert client.post(log_url(cast.asa), data | {"origin": "file"}, headers=HTMX).status_code == 200
