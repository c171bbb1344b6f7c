"""Logging a contact in a real browser: by keyboard alone, with errors, with drafts, with and without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import JournalDraft, JournalEntry
from tests.browser import both_widths, check, desk_first, listen, sign_in
from tests.factories import JournalEntryFactory, days_ago
from tests.participants.journal.pages import entry_url, journal_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file_url(cast) -> str:
    return reverse("participants:file", args=[cast.person.public_id])


@pytest.fixture
def opened(page, live_server, cast):
    """Opens an address as the coach, in a window of a width; the browser may complain of nothing."""
    complaints = listen(page)
    sign_in(page, live_server.url, cast.coach)

    def at(address, width=1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + address)
        return page

    at.complaints = complaints
    yield at
    assert not at.complaints, "\n".join(at.complaints)


def tab_to(page, selector):
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reached {selector}.")


def fill(page, text, kind="Möte"):
    page.get_by_role("radio", name=kind, exact=True).check()
    page.get_by_label("Vad hände?").fill(text)


@desk_first
@pytest.mark.parametrize("place", ["file", pytest.param("journal", marks=pytest.mark.deep)])
def test_a_contact_is_logged_by_keyboard_without_leaving_the_page(opened, cast, file_url, place, width):
    JournalEntryFactory(enrolment=cast.asa, author=cast.colleague, occurred_on=days_ago(3), text="Äldre anteckning")
    page = opened(file_url if place == "file" else journal_url(cast.asa), width)
    check(page, f"journal-{place}")
    address = page.url
    tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowRight")  # the second kind
    tab_to(page, "[name=text]")
    page.keyboard.type("Vi gick igenom schemat.\nHen börjar på måndag.")
    page.keyboard.press("Control+Enter")
    said = page.locator("#journal-said")
    expect(said).to_have_text(re.compile(r"^\s*Sparat \d\d:\d\d: möte \d{4}-\d\d-\d\d\s*$"))
    newest = page.locator(".timeline > li").first
    expect(newest).to_contain_text("Vi gick igenom schemat.")
    expect(page.get_by_label("Vad hände?")).to_have_value("")
    expect(page.get_by_role("radio", name="Samtal", exact=True)).to_be_focused()
    assert page.url == address
    entry = JournalEntry.objects.get(author=cast.coach)
    assert (entry.kind, entry.text) == ("meeting", "Vi gick igenom schemat.\nHen börjar på måndag.")
    check(page, f"journal-{place}-saved")
    # And once more: the fresh form is as good as the first.
    fill(page, "Ett samtal till", "Samtal")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(newest).to_contain_text("Ett samtal till")
    assert JournalEntry.objects.filter(author=cast.coach).count() == 2


@pytest.mark.deep
@desk_first
def test_an_error_is_said_and_what_was_typed_stays(opened, cast, file_url, width):
    page = opened(file_url, width)
    page.get_by_label("Datum").fill("2999-01-01")
    page.get_by_label("Vad hände?").fill("Det här får inte försvinna")
    page.keyboard.press("Control+Enter")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("framtiden")
    check(page, "journal-wrong")
    expect(page.get_by_label("Vad hände?")).to_have_value("Det här får inte försvinna")
    summary.get_by_role("link").first.click()
    page.get_by_role("radio", name="Telefonsamtal").check()
    page.get_by_label("Datum").fill(days_ago(1).isoformat())
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("#timeline")).to_contain_text("Det här får inte försvinna")
    opened.complaints[:] = [line for line in opened.complaints if "422" not in line]


@pytest.mark.deep
def test_a_double_click_makes_one_entry(opened, cast, file_url):
    page = opened(file_url)
    fill(page, "En gång")
    page.get_by_role("button", name="Spara", exact=True).dblclick()
    expect(page.locator("#timeline")).to_contain_text("En gång")
    page.wait_for_load_state("networkidle")
    assert JournalEntry.objects.count() == 1


@pytest.mark.deep
@both_widths
def test_the_draft_is_there_after_a_reload_and_can_be_thrown_away(opened, cast, file_url, width):
    page = opened(file_url, width)
    fill(page, "Halvfärdigt")
    expect(page.locator("#journal-draft")).to_have_text(re.compile(r"^\s*Utkast sparat \d\d:\d\d\s*$"))
    page.reload()
    expect(page.get_by_label("Vad hände?")).to_have_value("Halvfärdigt")
    expect(page.get_by_role("radio", name="Möte", exact=True)).to_be_checked()
    check(page, "journal-draft")
    page.get_by_label("Vad hände?").press("Control+End")
    with page.expect_response("**/utkast/"):
        page.keyboard.type(" och mer")
        page.keyboard.press("Tab")  # leaving the field saves at once
    expect(page.locator("#journal-draft")).to_contain_text("Utkast sparat")
    assert JournalDraft.objects.get().text == "Halvfärdigt och mer"
    page.get_by_role("button", name="Kasta utkastet").click()
    check(page, "journal-draft-throw")
    page.get_by_role("dialog").get_by_role("button", name="Kasta").click()
    expect(page.get_by_label("Vad hände?")).to_have_value("")
    assert not JournalDraft.objects.exists()


@pytest.mark.deep
def test_no_contact_with_the_server_is_said_and_the_draft_saved_when_it_is_back(opened, cast, file_url):
    page = opened(file_url)
    page.route("**/utkast/", lambda route: route.abort())
    fill(page, "På tåget")
    expect(page.locator("#journal-draft")).to_contain_text("Utkastet är inte sparat")
    page.unroute("**/utkast/")
    expect(page.locator("#journal-draft")).to_contain_text("Utkast sparat", timeout=15000)
    assert JournalDraft.objects.get().text == "På tåget"
    opened.complaints[:] = [
        line for line in opened.complaints if "ERR_FAILED" not in line and not line.startswith("htmx:")
    ]


@pytest.mark.deep
@pytest.mark.parametrize("act", ["typing", "saving"])
def test_when_the_session_ends_the_text_stays_and_goes_on_after_signing_in(opened, live_server, cast, file_url, act):
    page = opened(file_url)
    fill(page, "Skrivet när sessionen tog slut")
    page.wait_for_timeout(1500)
    page.context.clear_cookies(name="sessionid")
    notice = page.locator("[data-signed-out]")
    expect(notice).to_be_hidden()
    if act == "typing":
        page.get_by_label("Vad hände?").press_sequentially(" och lite till")
    else:
        page.get_by_role("button", name="Spara", exact=True).click()
    expect(notice).to_be_visible()
    expect(page.get_by_label("Vad hände?")).to_have_value(re.compile("^Skrivet när sessionen tog slut"))
    check(page, f"journal-signed-out-{act}")
    link = notice.get_by_role("link")
    assert link.get_attribute("target") == "_blank"
    # Signed in again in another tab, which also replaces the form token.
    sign_in(page, live_server.url, cast.coach)
    page.context.clear_cookies(name="csrftoken")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(notice).to_be_hidden()
    expect(page.locator("#journal-draft")).to_contain_text("Utkast sparat")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("#timeline")).to_contain_text("Skrivet när sessionen tog slut")
    assert JournalEntry.objects.count() == 1
    assert not JournalDraft.objects.exists()
    opened.complaints[:] = [line for line in opened.complaints if "401" not in line and "403" not in line]


@pytest.mark.deep
def test_a_form_token_that_another_tab_replaced_is_renewed_unseen(opened, cast, file_url):
    page = opened(file_url)
    page.get_by_role("radio", name="Möte", exact=True).check()
    page.get_by_label("Vad hände?").fill("Sparas ändå")
    page.wait_for_timeout(1500)
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("#timeline")).to_contain_text("Sparas ändå")
    assert JournalEntry.objects.count() == 1
    opened.complaints[:] = [line for line in opened.complaints if "403" not in line]


@pytest.mark.deep
@desk_first
def test_two_windows_both_keep_their_text(opened, live_server, cast, file_url, width):
    page = opened(file_url, width)
    other = page.context.new_page()
    other.goto(live_server.url + file_url)
    fill(other, "Den långa texten i det andra fönstret")
    expect(other.locator("#journal-draft")).to_contain_text("Utkast sparat")
    page.bring_to_front()
    fill(page, "Kort")
    expect(page.locator("#journal-draft")).to_contain_text("Ett annat fönster sparade ett utkast")
    expect(page.locator("#journal-draft")).to_contain_text("Den långa texten i det andra fönstret")
    check(page, "journal-two-windows")
    page.get_by_role("button", name="Lägg ihop båda texterna").click()
    expect(page.get_by_label("Vad hände?")).to_have_value("Kort\n\nDen långa texten i det andra fönstret")
    assert JournalDraft.objects.get().text == "Kort\n\nDen långa texten i det andra fönstret"


@pytest.mark.deep
@desk_first
def test_changing_adding_and_history(opened, cast, width):
    entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach, text="Möte med handledaren på Ekbacken.")
    page = opened(entry_url("edit", entry), width)
    check(page, "journal-edit")
    page.get_by_label("Vad hände?").fill("Möte med handledaren på Björken. Hen börjar på måndag.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/journal/**")
    page.locator(f'a[href="{entry_url("add", entry)}"]').click()
    check(page, "journal-add")
    page.get_by_label("Tillägg").fill("Rättelse: på tisdag.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".addition")).to_contain_text("Rättelse: på tisdag.")
    check(page, "journal-added")
    page.get_by_role("link", name=re.compile("^ändrad")).click()
    expect(page.locator("del").first).to_contain_text("Ekbacken.")
    expect(page.locator("ins").first).to_contain_text("Björken.")
    check(page, "journal-history")


@pytest.mark.deep
@desk_first
def test_it_works_without_javascript(browser, live_server, cast, file_url, width):
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900}, locale="sv-SE")
    page = context.new_page()
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + file_url)
    page.get_by_label("Vad hände?").fill("Utan skript")
    page.get_by_role("button", name="Spara", exact=True).click()
    assert page.locator(".error-summary").inner_text()
    assert page.get_by_label("Vad hände?").input_value() == "Utan skript"
    page.get_by_role("radio", name="Möte", exact=True).check()
    page.get_by_role("button", name="Spara", exact=True).click()
    assert page.url.startswith(live_server.url + file_url)
    assert "Sparat" in page.locator("#journal-said").inner_text()
    assert "Utan skript" in page.locator("#timeline").inner_text()
    assert JournalEntry.objects.count() == 1
    # The session ends; what is sent is there after signing in.
    page.goto(live_server.url + file_url)
    page.get_by_label("Vad hände?").fill("Sent på kvällen")
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Spara", exact=True).click()
    assert "logga-in" in page.url
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + journal_url(cast.asa))
    assert page.get_by_label("Vad hände?").input_value() == "Sent på kvällen"
    page.get_by_role("button", name="Kasta utkastet").click()
    assert page.get_by_label("Vad hände?").input_value() == ""
    context.close()
