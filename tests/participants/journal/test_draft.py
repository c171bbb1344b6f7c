"""Drafts: what is typed survives a lost connection, a new sign-in, two windows and the end of the session."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import JournalDraft, JournalEntry
from tests.beside import wait_until_somebody_waits
from tests.factories import EnrolmentFactory, JournalEntryFactory, days_ago
from tests.participants.journal.pages import HTMX, draft_url, entry_url, fields, form_of, journal_url, log_url, typed

pytestmark = pytest.mark.django_db


def autosave(client, enrolment, data, **more):
    return client.post(draft_url(enrolment), data | more, headers=HTMX)


def seen_in(answer) -> str:
    """The version that the answer gives the form."""
    _before, _name, after = answer.content.decode().partition('name="draft_seen" value="')
    return after.partition('"')[0]


def in_another_browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_typed_is_kept_and_is_there_in_another_browser(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Halva tank", kind="meeting", occurred_on=days_ago(4).isoformat())
    answer = autosave(client, cast.asa, data)
    assert f"Utkast sparat {timezone.localtime():%H}:" in answer.content.decode()
    page = in_another_browser(cast.coach).get(journal_url(cast.asa))
    shown = form_of(page)
    assert (shown["text"], shown["kind"], shown["occurred_on"]) == ("Halva tank", "meeting", days_ago(4).isoformat())
    assert "Ditt utkast från" in page.content.decode()
    file_page = in_another_browser(cast.coach).get(reverse("participants:file", args=[cast.person.public_id]))
    assert form_of(file_page)["text"] == "Halva tank"


def test_even_half_a_date_is_kept(client, cast):
    client.force_login(cast.coach)
    autosave(client, cast.asa, fields(text="Hej", kind="", occurred_on="2026-0"))
    draft = JournalDraft.objects.get()
    assert (draft.kind, draft.occurred_on, draft.text) == ("", "2026-0", "Hej")
    assert client.get(journal_url(cast.asa)).status_code == 200


def test_a_draft_is_its_authors_alone(client, cast):
    JournalDraft.objects.create(author=cast.coach, enrolment=cast.asa, text="Bara mitt")
    client.force_login(cast.colleague)
    assert "Bara mitt" not in client.get(journal_url(cast.asa)).content.decode()


def test_saving_the_entry_takes_the_draft_away(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Klar text")
    data["draft_seen"] = seen_in(autosave(client, cast.asa, data))
    client.post(log_url(cast.asa), data | {"text": "Helt omskriven"})
    assert not JournalDraft.objects.exists()
    assert JournalEntry.objects.get().text == "Helt omskriven"


def test_a_draft_that_arrives_after_the_entry_does_not_come_back_to_life(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Klar text")
    client.post(log_url(cast.asa), data)
    assert autosave(client, cast.asa, data).status_code == 200
    assert not JournalDraft.objects.exists()


def test_emptying_the_text_leaves_no_draft(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Ångrar mig")
    data["draft_seen"] = seen_in(autosave(client, cast.asa, data))
    autosave(client, cast.asa, data, text=" ")
    assert not JournalDraft.objects.exists()


def test_the_draft_can_be_thrown_away(client, cast):
    client.force_login(cast.coach)
    autosave(client, cast.asa, typed(client, cast.asa, text="Bort med det"))
    url = reverse("participants:contact_draft_discard", args=[cast.person.public_id])
    answer = client.post(
        url, {"draft_seen": form_of(client.get(journal_url(cast.asa)))["draft_seen"], "origin": "file"}
    )
    assert answer.url.startswith(reverse("participants:file", args=[cast.person.public_id]))
    assert not JournalDraft.objects.exists()


def test_a_draft_that_another_window_has_written_on_is_not_thrown_away_unseen(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Första")
    old = seen_in(autosave(client, cast.asa, data))
    autosave(client, cast.asa, data, text="Första och mer", draft_seen=old)
    url = reverse("participants:contact_draft_discard", args=[cast.person.public_id])
    answer = client.post(url, {"draft_seen": old})
    assert answer.status_code == 409
    assert "Första och mer" in answer.content.decode()
    assert JournalDraft.objects.get().text == "Första och mer"


def test_what_cannot_be_stored_is_said_and_the_text_stays_in_the_page(client, cast):
    client.force_login(cast.coach)
    for text in ("x" * 20_001, "noll\x00"):
        answer = autosave(client, cast.asa, fields(text=text))
        assert 'data-state="offline"' in answer.content.decode()
    assert not JournalDraft.objects.exists()


def test_a_draft_begun_in_an_enrolment_that_has_ended_follows_to_the_next(client, cast):
    client.force_login(cast.coach)
    autosave(client, cast.asa, typed(client, cast.asa, text="Påbörjad"))
    cast.asa.end, cast.asa.closure_reason = days_ago(1), "other"
    cast.asa.save()
    new = EnrolmentFactory(participant=cast.person, unit=cast.centrum, start=days_ago(0))
    shown = form_of(client.get(journal_url(cast.asa)))
    assert shown["text"] == "Påbörjad"
    client.post(log_url(cast.asa), shown | {"kind": "event"})
    assert JournalEntry.objects.get().enrolment == new
    assert not JournalDraft.objects.exists()


# --- Two windows --------------------------------------------------------------------------------------------------


@pytest.fixture
def two_windows(client, cast):
    """Two tabs opened on the same empty journal; the first one's text is the draft."""
    client.force_login(cast.coach)
    first, second = typed(client, cast.asa, text="Den långa texten i första fönstret"), typed(client, cast.asa)
    first["draft_seen"] = seen_in(autosave(client, cast.asa, first))
    return first, second


def test_a_second_window_does_not_overwrite_the_firsts_text(client, cast, two_windows):
    _first, second = two_windows
    answer = autosave(client, cast.asa, second, text="Kort")
    html = answer.content.decode()
    assert "Den långa texten i första fönstret" in html
    assert "Ett annat fönster sparade ett utkast" in html
    assert JournalDraft.objects.get().text == "Den långa texten i första fönstret"
    # Typing on does not repeat the message.
    version = JournalDraft.objects.get().saved_at.isoformat()
    assert autosave(client, cast.asa, second, text="Kortare", other_seen=version).status_code == 204


def test_both_texts_can_be_put_together(client, cast, two_windows):
    first, second = two_windows
    answer = autosave(client, cast.asa, second, text="Kort", choice="both")
    assert answer.headers["HX-Retarget"] == "#journal-form"
    shown = form_of(answer)
    assert shown["text"] == "Kort\n\nDen långa texten i första fönstret"
    assert shown["token"] == second["token"]
    assert JournalDraft.objects.get().text == shown["text"]
    # The first window's text stands in the draft, so going on there overwrites nothing unseen.
    again = autosave(client, cast.asa, first, text=f"{first['text']} och mer")
    assert "Ett annat fönster" in again.content.decode()


def test_the_second_window_can_take_over_the_draft_it_was_shown(client, cast, two_windows):
    first, second = two_windows
    version = JournalDraft.objects.get().saved_at.isoformat()
    assert (
        "Utkast sparat"
        in autosave(client, cast.asa, second, text="Kort", choice="mine", other_seen=version).content.decode()
    )
    assert JournalDraft.objects.get().text == "Kort"
    # What it was shown is not what is there: asked again.
    stale = autosave(client, cast.asa, first, choice="mine", other_seen=version)
    assert "Ett annat fönster" in stale.content.decode()
    assert JournalDraft.objects.get().text == "Kort"


def test_saving_in_one_window_leaves_the_others_draft(client, cast, two_windows):
    _first, second = two_windows
    answer = client.post(log_url(cast.asa), second | {"text": "Kort"}, headers=HTMX)
    assert JournalEntry.objects.get().text == "Kort"
    assert form_of(answer)["text"] == "Den långa texten i första fönstret"


def test_an_answer_that_was_lost_on_the_way_is_no_conflict(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Jag skriv")
    autosave(client, cast.asa, data)  # its answer, with the version, never arrives
    assert "Utkast sparat" in autosave(client, cast.asa, data, text="Jag skriver vidare").content.decode()
    assert JournalDraft.objects.get().text == "Jag skriver vidare"


# --- The session ends ---------------------------------------------------------------------------------------------


def test_htmx_is_told_so_and_does_not_get_the_sign_in_page(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Mitt i")
    client.logout()
    for url in (draft_url(cast.asa), log_url(cast.asa)):
        answer = client.post(url, data, headers=HTMX)
        assert (answer.status_code, answer.content) == (401, b"")
    assert not JournalEntry.objects.exists()


def test_what_is_sent_after_the_session_has_ended_is_there_after_signing_in(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="En timmes arbete", kind="phone")
    client.logout()
    answer = client.post(log_url(cast.asa), data)
    assert answer.status_code == 302
    assert "next=" + journal_url(cast.asa) in answer.url
    assert "En timmes" not in answer.content.decode()
    client.force_login(cast.coach)
    page = client.get(journal_url(cast.asa))
    assert form_of(page)["text"] == "En timmes arbete"
    assert "Ditt utkast från" in page.content.decode()
    assert not JournalEntry.objects.exists()


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_being_saved_at_that_moment_is_not_in_its_way(client, cast, beside):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Från den utloggade fliken.")
    with transaction.atomic():
        autosave(client, cast.asa, typed(client, cast.asa, text="Från ett annat fönster."))
        answer = beside(Client().post, log_url(cast.asa), data)
        wait_until_somebody_waits()
    assert answer.result(timeout=20).status_code == 302
    assert JournalDraft.objects.get().text == "Från ett annat fönster.\n\nFrån den utloggade fliken."


def test_it_is_put_below_a_draft_that_holds_something_else(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Sent omsider")
    JournalDraft.objects.create(author=cast.coach, enrolment=cast.asa, text="Utkast från ett annat fönster")
    client.logout()
    client.post(log_url(cast.asa), data)
    assert JournalDraft.objects.get().text == "Utkast från ett annat fönster\n\nSent omsider"


@pytest.mark.parametrize("page", ["edit", "add"])
def test_a_change_or_an_addition_is_kept_too(client, cast, page):
    entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach)
    client.force_login(cast.coach)
    data = form_of(client.get(entry_url(page, entry))) | {"text": "Rättelse på kvällen"}
    client.logout()
    client.post(entry_url(page, entry), data)
    assert JournalDraft.objects.get().text == "Rättelse på kvällen"
    entry.refresh_from_db()
    assert entry.text == "Vi pratade om praktiken."


def test_nothing_is_kept_for_a_ticket_that_is_false_or_anothers_or_of_no_use(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Obehörigt")
    elsewhere = typed(client, cast.bertil, text="Fel person")
    client.logout()
    client.post(log_url(cast.asa), data | {"writer": data["writer"][:-3] + "abc"})
    client.post(log_url(cast.asa), {name: value for name, value in data.items() if name != "writer"})
    client.post(log_url(cast.asa), elsewhere)
    cast.coach.memberships.all().delete()
    client.post(log_url(cast.asa), data)
    assert not JournalDraft.objects.exists()


def test_nothing_is_kept_for_a_user_who_is_no_longer_active(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Slutat")
    cast.coach.is_active = False
    cast.coach.save()
    assert client.post(log_url(cast.asa), data).status_code == 302
    assert not JournalDraft.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_that_another_user_opened_is_not_taken_for_ones_own(client, cast, headers):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Almas ord")
    client.force_login(cast.colleague)  # on the same computer, in another tab
    answer = client.post(log_url(cast.asa), data, headers=headers)
    assert answer.status_code == 422
    assert "Någon annan var inloggad" in answer.content.decode()
    assert form_of(answer)["text"] == "Almas ord"
    autosave(client, cast.asa, data)
    assert not JournalDraft.objects.exists()
    assert not JournalEntry.objects.exists()


def test_after_signing_in_again_the_page_gets_a_fresh_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.coach)
    answer = client.get(draft_url(cast.asa), headers=HTMX)
    assert 'hx-swap-oob="outerHTML:[name=csrfmiddlewaretoken]"' in answer.content.decode()
    token = answer.content.decode().partition('value="')[2].partition('"')[0]
    assert client.post(draft_url(cast.asa), fields(text="Vidare"), headers=HTMX).status_code == 403
    data = fields(text="Vidare", csrfmiddlewaretoken=token)
    assert client.post(draft_url(cast.asa), data, headers=HTMX).status_code == 200


def test_an_address_that_is_only_followed_leads_to_the_journal(client, cast):
    client.force_login(cast.coach)
    for url in (log_url(cast.asa), draft_url(cast.asa)):
        assert client.get(url).url == journal_url(cast.asa)
