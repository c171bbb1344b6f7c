"""Changing an entry the same day, adding to it later, and its history: it is an official record."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from participants.models import JournalAddition, JournalEntry
from participants.permissions import can_edit_entry
from tests.factories import JournalEntryFactory, days_ago
from tests.participants.journal.pages import entry_url, form_of, journal_url, log

pytestmark = pytest.mark.django_db

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def entry(cast) -> JournalEntry:
    return JournalEntryFactory(enrolment=cast.asa, author=cast.coach, text="Vi pratade om praktiken på Ekbacken.")


@pytest.fixture
def yesterdays(cast) -> JournalEntry:
    """Written one second before this day began."""
    midnight = dt.datetime.combine(timezone.localdate(), dt.time.min, tzinfo=STOCKHOLM)
    return JournalEntryFactory(enrolment=cast.asa, author=cast.coach, created_at=midnight - dt.timedelta(seconds=1))


def change(client, entry, **values):
    return client.post(entry_url("edit", entry), form_of(client.get(entry_url("edit", entry))) | values)


def test_the_author_changes_it_the_same_day_and_it_says_so(client, cast, entry):
    client.force_login(cast.coach)
    answer = change(client, entry, text="Vi pratade om praktiken på Björken.", kind="phone")
    assert answer.status_code == 302
    entry.refresh_from_db()
    assert (entry.text, entry.kind) == ("Vi pratade om praktiken på Björken.", "phone")
    assert entry.edited_at is not None
    page = client.get(answer.url.partition("#")[0]).content.decode()
    said = page.index('<span class="saved" role="status">Sparat</span>')
    assert page.index(f'id="entry-{entry.public_id}"') < said < page.index("på Björken.")  # beside the entry
    assert page.count("Sparat") == 1
    assert f"ändrad {timezone.localtime(entry.edited_at):%H:%M}" in page
    assert entry_url("history", entry) in page


def test_saving_without_a_change_is_no_change(client, cast, entry):
    client.force_login(cast.coach)
    change(client, entry)
    entry.refresh_from_db()
    assert entry.edited_at is None


def test_a_day_that_was_wrong_is_no_longer_the_last_activity(client, cast, entry):
    """Somebody who has not been heard from for weeks must not look as if they had."""
    client.force_login(cast.coach)
    log(client, cast.asa, text="I går, trodde jag.", occurred_on=days_ago(1))
    late = JournalEntry.objects.get(text="I går, trodde jag.")
    JournalEntry.objects.filter(pk=entry.pk).update(occurred_on=days_ago(50))
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == days_ago(1)
    change(client, late, occurred_on=days_ago(40))
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == days_ago(40)
    change(client, late, occurred_on=days_ago(2))
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == days_ago(2)


def test_what_is_wrong_in_a_change_is_said_and_kept(client, cast, entry):
    client.force_login(cast.coach)
    answer = change(client, entry, occurred_on="2999-01-01", text="Ny text")
    assert answer.status_code == 422
    assert form_of(answer)["text"] == "Ny text"
    entry.refresh_from_db()
    assert entry.text == "Vi pratade om praktiken på Ekbacken."


def test_the_last_activity_follows_a_later_date(client, cast, entry):
    client.force_login(cast.coach)
    change(client, entry, occurred_on=days_ago(1).isoformat())
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == days_ago(1)


@pytest.mark.parametrize("who", ["colleague", "coordinator", "manager", "head"])
def test_nobody_else_changes_it(client, cast, entry, who):
    client.force_login(cast.users[who])
    assert client.get(entry_url("edit", entry)).status_code == 403
    assert client.post(entry_url("edit", entry), {"text": "Nej"}).status_code == 403
    entry.refresh_from_db()
    assert entry.text == "Vi pratade om praktiken på Ekbacken."


def test_an_author_who_no_longer_works_in_the_unit_does_not_change_it(client, cast, entry):
    cast.coach.memberships.update(unit=cast.norr)
    client.force_login(cast.coach)
    assert client.get(entry_url("edit", entry)).status_code == 404


def test_the_day_after_it_can_only_be_added_to(client, cast, yesterdays):
    client.force_login(cast.coach)
    assert client.get(entry_url("edit", yesterdays)).status_code == 403
    page = client.get(journal_url(cast.asa)).content.decode()
    assert entry_url("edit", yesterdays) not in page
    assert entry_url("add", yesterdays) in page


def test_what_was_changed_over_midnight_is_kept_as_an_addition_to_save(client, cast, yesterdays):
    client.force_login(cast.coach)
    answer = client.post(
        entry_url("edit", yesterdays),
        {"kind": "phone", "occurred_on": "2026-01-01", "text": "Rättelse efter midnatt"},
    )
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Dagen är slut" in html
    assert form_of(answer)["text"] == "Rättelse efter midnatt"
    assert yesterdays.text in html
    client.post(entry_url("add", yesterdays), form_of(answer))
    assert JournalAddition.objects.get().text == "Rättelse efter midnatt"
    yesterdays.refresh_from_db()
    assert (yesterdays.text, yesterdays.edited_at) == ("Vi pratade om praktiken.", None)


@pytest.mark.parametrize(
    ("written", "at", "allowed"),
    [
        ("2026-03-10 23:50", "2026-03-10 23:59", True),
        ("2026-03-10 23:50", "2026-03-11 00:10", False),
        ("2026-03-11 00:05", "2026-03-11 23:59", True),
        # In summer midnight is 22.00 in UTC, in winter 23.00.
        ("2026-07-10 23:50", "2026-07-11 00:10", False),
        ("2026-07-11 00:30", "2026-07-11 23:30", True),
        # The clock is turned: a day of 23 hours, and one of 25.
        ("2026-03-29 00:10", "2026-03-29 23:50", True),
        ("2026-03-28 23:50", "2026-03-29 00:10", False),
        ("2026-03-29 23:50", "2026-03-30 00:10", False),
        ("2026-10-25 00:10", "2026-10-25 23:50", True),
        ("2026-10-24 23:50", "2026-10-25 00:10", False),
        ("2026-10-25 23:50", "2026-10-26 00:10", False),
    ],
)
def test_the_day_is_the_calendar_day_in_stockholm(cast, written, at, allowed):
    written, at = (dt.datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM) for moment in (written, at))
    entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach, created_at=written.astimezone(dt.UTC))
    entry.refresh_from_db()
    assert can_edit_entry(cast.coach, entry, timezone.localdate(at)) is allowed


# --- Two windows --------------------------------------------------------------------------------------------------


def test_the_second_of_two_changes_is_refused_with_both_texts_on_the_page(client, cast, entry):
    client.force_login(cast.coach)
    first, second = (form_of(client.get(entry_url("edit", entry))) for _tab in range(2))
    client.post(entry_url("edit", entry), first | {"text": "Från första fönstret"})
    answer = client.post(entry_url("edit", entry), second | {"text": "Från andra fönstret"})
    assert answer.status_code == 409
    assert "Från första fönstret" in answer.content.decode()
    assert form_of(answer)["text"] == "Från andra fönstret"
    entry.refresh_from_db()
    assert entry.text == "Från första fönstret"
    # Having seen it, the author may save; the other wording is in the history.
    assert client.post(entry_url("edit", entry), form_of(answer)).status_code == 302
    assert [event.text for event in entry.events.order_by("pgh_id")][1:] == [
        "Från första fönstret",
        "Från andra fönstret",
    ]


def test_a_change_that_is_sent_twice_is_one_change(client, cast, entry):
    client.force_login(cast.coach)
    data = form_of(client.get(entry_url("edit", entry))) | {"text": "En gång"}
    assert [client.post(entry_url("edit", entry), data).status_code for _time in range(2)] == [302, 302]
    assert entry.events.count() == 2


# --- Adding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coach", "colleague", "coordinator"])
def test_whoever_may_write_adds_at_any_time(client, cast, yesterdays, who):
    client.force_login(cast.users[who])
    data = form_of(client.get(entry_url("add", yesterdays))) | {"text": "Rättelse: det var på tisdagen."}
    assert [client.post(entry_url("add", yesterdays), data).status_code for _time in range(2)] == [302, 302]
    addition = JournalAddition.objects.get()  # sent twice, added once
    assert (addition.author, addition.author_name) == (cast.users[who], cast.users[who].full_name)
    html = client.get(journal_url(cast.asa)).content.decode()
    assert f"Tillägg av {cast.users[who].full_name}" in html
    assert html.index(yesterdays.text) < html.index("Rättelse: det var på tisdagen.")


def test_the_same_words_on_another_day_are_another_addition(client, cast, yesterdays):
    """Nobody answers twice: both are written down."""
    client.force_login(cast.coach)
    for _time in range(2):
        shown = form_of(client.get(entry_url("add", yesterdays)))
        client.post(entry_url("add", yesterdays), shown | {"text": "Ringde, inget svar."})
    assert JournalAddition.objects.count() == 2


def test_an_addition_that_is_sent_again_with_other_words_loses_neither(client, cast, yesterdays):
    client.force_login(cast.coach)
    shown = form_of(client.get(entry_url("add", yesterdays)))
    for text in ("Ringde, inget svar.", "Ringde, inget svar. Skickade sms."):
        client.post(entry_url("add", yesterdays), shown | {"text": text})
    assert JournalAddition.objects.count() == 2


def test_managers_do_not_add(client, cast, entry):
    client.force_login(cast.manager)
    assert client.get(entry_url("add", entry)).status_code == 403
    assert client.post(entry_url("add", entry), {"text": "Nej"}).status_code == 403
    assert not JournalAddition.objects.exists()


def test_an_empty_addition_is_refused(client, cast, entry):
    client.force_login(cast.coach)
    assert client.post(entry_url("add", entry), {"text": " "}).status_code == 422
    assert not JournalAddition.objects.exists()


# --- History ------------------------------------------------------------------------------------------------------


def test_the_history_keeps_who_and_when_also_by_name(client, cast):
    client.force_login(cast.coach)
    log(client, cast.asa, text="Första ordalydelsen")
    entry = JournalEntry.objects.get()
    change(client, entry, text="Andra ordalydelsen")
    client.force_login(cast.colleague)
    client.post(entry_url("add", entry), form_of(client.get(entry_url("add", entry))) | {"text": "Tillagt"})
    events = list(entry.events.order_by("pgh_id"))
    assert [(event.pgh_label, event.text) for event in events] == [
        ("insert", "Första ordalydelsen"),
        ("update", "Andra ordalydelsen"),
    ]
    for event in events:
        assert (event.pgh_context["user"], event.pgh_context["name"]) == (cast.coach.pk, "Alma Alm")
        assert event.pgh_context["source"] == "web"
    added = entry.additions.get().events.get()
    assert (added.pgh_context["user"], added.pgh_context["name"]) == (cast.colleague.pk, "Bo Berg")


def test_the_history_page_shows_each_wording_and_what_was_changed(client, cast, entry):
    client.force_login(cast.coach)
    change(
        client, entry, text="Vi pratade om praktiken på Björken.", kind="phone", occurred_on=days_ago(2).isoformat()
    )
    client.force_login(cast.manager)  # who may read the journal may read its history
    html = " ".join(client.get(entry_url("history", entry)).content.decode().split())
    for gone, new in (("Ekbacken.", "Björken."), ("Samtal", "Telefonsamtal")):
        assert gone in html.partition("<del>")[2]
        assert new in html.partition("<ins>")[2]
    assert f"<del>{days_ago(3):%Y-%m-%d}</del>" in html
    assert "Vi pratade om praktiken på Ekbacken." in html
    assert "Alma Alm" in html


def test_the_application_cannot_delete_the_history(entry):
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        entry.events.all().delete()
