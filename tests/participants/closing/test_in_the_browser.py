"""Closing an enrolment and answering the aftercare in a real browser, checked with axe."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from participants.models import Aftercare, Enrolment
from tests.browser import both_widths, check, desk_first, listen, sign_in
from tests.factories import EnrolmentFactory, FollowUpFactory, days_ago
from tests.placements.conftest import placement_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(page, live_server):
    """Signs a user in and opens an address; the browser has nothing to complain about."""
    complaints = listen(page)

    def open_page(user, address):
        sign_in(page, live_server.url, user)
        page.goto(live_server.url + address)

    yield open_page
    assert not complaints


@pytest.mark.deep
@desk_first
def test_the_sentence_follows_the_choice_and_the_page_asks_before_it_closes(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    placement = placement_of(cast.asa, start=days_ago(30))
    FollowUpFactory(placement=placement, due=timezone.localdate() + dt.timedelta(days=9))
    FollowUpFactory(placement=placement, due=days_ago(9))
    at(cast.coach, reverse("participants:file", args=[cast.person.public_id]))
    page.get_by_role("link", name="Avsluta inskrivningen").click()
    check(page, "close")
    page.get_by_label("Arbete", exact=True).check()
    sentence = page.locator("#closure-result")
    expect(sentence).to_contain_text("tills det är ifyllt när jobbet börjar")
    page.get_by_label("Vilken form har jobbet?").select_option("nystartsjobb")
    page.get_by_label("Jobbets första dag").fill(timezone.localdate().isoformat())
    page.keyboard.press("Tab")
    expect(sentence).to_contain_text("Räknas som A, började arbeta, först den")
    page.get_by_label("Vilken form har jobbet?").select_option("municipal_employment")
    expect(sentence).to_contain_text("en kommunal anställning är aldrig arbete")
    page.get_by_label("Vilken form har jobbet?").select_option("nystartsjobb")
    page.get_by_role("button", name="Gå vidare").click()
    expect(page.locator(".error-summary")).to_be_focused()
    check(page, "close-refused")
    page.get_by_label("Delvis uppnått").check()
    page.get_by_role("button", name="Gå vidare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avsluta inskrivningen för Åsa Öhrström?")
    check(page, "close-confirm")
    page.get_by_role("button", name="Ändra").click()
    expect(page.get_by_label("Delvis uppnått")).to_be_checked()
    page.get_by_role("button", name="Gå vidare").click()
    page.get_by_role("button", name="Avsluta inskrivningen").click()
    expect(page.get_by_text("Inskrivningen är avslutad. Efteruppföljning:")).to_be_visible()
    check(page, "closed-file")
    page.get_by_role("link", name="Visa", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avslutet")
    page.get_by_label("Vilken form har jobbet?").select_option("municipal_employment")
    expect(page.get_by_role("status").filter(has_text="aldrig arbete")).to_be_visible()
    check(page, "closure")


@pytest.mark.deep
@both_widths
def test_the_aftercare_is_answered_in_one_click(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    for name, days in (("Ask", 110), ("Björk", 95), ("Cedersund", 370)):
        EnrolmentFactory(
            unit=cast.centrum, coach=cast.coach, start=days_ago(500), end=days_ago(days),
            closure_reason="studies", study_aid=True, participant__family_name=name,
            participant__phone="070-174 06 51",
        )  # fmt: skip
    at(cast.coach, reverse("participants:aftercare_list"))
    expect(page.locator("tbody tr")).to_have_count(3)
    check(page, "aftercare-list")
    row = page.get_by_role("row").filter(has_text="Ask")
    row.get_by_role("button", name="Studerar").click()
    expect(row.get_by_role("status")).to_have_text("Sparat")
    expect(row.get_by_role("link", name=re.compile("Rätta"))).to_be_focused()
    assert Aftercare.objects.get().status == "studies"
    check(page, "aftercare-answered")
    row.get_by_role("link", name=re.compile("Rätta")).click()
    page.get_by_label("Inget av detta").check()
    check(page, "aftercare-correct")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Anna Ask")
    page.goto(page.url.split("/deltagare")[0] + reverse("participants:aftercare_list"))
    page.get_by_role("link", name="Anna Björk", exact=True).click()
    check(page, "file-asks")
    page.get_by_role("button", name="Inte nådd").click()
    expect(page.locator(".aftercare-answer").first).to_contain_text("Sparat")
    assert sorted(Aftercare.objects.values_list("status", flat=True)) == ["neither", "not_reached"]


@pytest.mark.deep
def test_it_is_closed_and_answered_without_script(browser, live_server, cast):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + reverse("participants:enrolment_close", args=[cast.person.public_id]))
    page.get_by_label("Studier").check()
    page.get_by_label("Inskrivningens sista dag").fill(days_ago(1).isoformat())
    page.get_by_role("button", name="Gå vidare").click()
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Gå vidare").click()
    expect(page.locator("main")).to_contain_text("Räknas som B, började studera.")
    page.get_by_role("button", name="Avsluta inskrivningen").click()
    row = Enrolment.objects.get(pk=cast.asa.pk)
    assert (row.end, row.closure_reason, row.study_aid) == (days_ago(1), "studies", True)
    page.context.close()
