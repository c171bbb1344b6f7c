"""Contact, personal details and another number in a real browser, on a desk and on a phone, checked with axe."""

import pytest
from playwright.sync_api import expect

from participants.models import NumberQuestion, Participant, ProtectedAccess
from tests.browser import both_widths, check, desk_first, listen, sign_in
from tests.participants.person.pages import address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(page, live_server):
    """Signs a user in and opens an address: `at(user, "/deltagare/")`."""
    complaints = listen(page)

    def open_page(user, where):
        sign_in(page, live_server.url, user)
        page.goto(live_server.url + where)

    yield open_page
    assert [each for each in complaints if "status of 409" not in each] == []


@pytest.mark.deep
@both_widths
def test_a_coach_changes_contact_facts_and_number(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    Participant.objects.filter(pk=cast.bertil.participant_id).update(identity_number="199005172383")
    at(cast.coach, address(cast.asa, "file"))
    page.get_by_role("link", name="Ändra kontaktuppgifterna").click()
    page.get_by_label("Telefon", exact=True).fill("ring hem")
    page.get_by_label("Vill bli nådd").select_option("Sms")
    page.get_by_label("Behöver tolk på").select_option("somaliska")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".error-summary")).to_be_focused()
    check(page, "contact-wrong")
    Participant.objects.filter(pk=cast.person.pk).update(phone="08-465 004 01")
    page.get_by_label("Telefon", exact=True).fill("070-174 06 05")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("alert")).to_contain_text("Någon annan har ändrat")
    check(page, "contact-overtaken")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("#contact")).to_contain_text("070-174 06 05")
    check(page, "contact-saved")
    page.get_by_role("link", name="Ändra personuppgifterna").click()
    check(page, "facts")
    page.get_by_label("Utbildning").select_option("Gymnasium")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("#case")).to_contain_text("Gymnasium")
    page.get_by_role("link", name="Ändra personuppgifterna").click()
    page.get_by_role("link", name="Byt nummer").click()
    page.get_by_label("Nytt personnummer").fill("900517-2383")
    page.get_by_role("button", name="Spara numret").click()
    expect(page.get_by_role("link", name="Öppna akten för Bertil Bodin")).to_be_visible()
    check(page, "number-taken")
    page.get_by_label("Nytt personnummer").fill("19910203-2381")
    page.get_by_role("button", name="Spara numret").click()
    check(page, "number-doubted")
    page.get_by_label("Jag har kontrollerat").check()
    page.get_by_role("button", name="Spara numret").click()
    expect(page.locator("#number")).to_contain_text("Sparat")
    check(page, "facts-number-saved")


@pytest.mark.deep
@desk_first
def test_the_pages_of_the_protected_and_of_the_administrator(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    at(cast.coach, address(cast.protected_centrum, "contact"))
    check(page, "contact-protected")
    question = NumberQuestion.objects.create(
        participant=cast.person,
        known_on=cast.protected_norr.participant,
        asked_by=cast.coach,
        asked_by_name="Alma Alm",
    )
    at(cast.administrator, "/administration/")
    check(page, "administration-waiting")
    page.get_by_role("link", name="Nummer på två personer").click()
    check(page, "number-questions")
    page.goto(page.url.split("/administration/")[0] + question.get_absolute_url())
    check(page, "number-question")
    page.get_by_label("Vad gjordes?").fill("Samma person.")
    page.get_by_role("button", name="Markera som klar").click()
    check(page, "number-questions-done")
