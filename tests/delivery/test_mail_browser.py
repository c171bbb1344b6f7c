"""The outbox and the demo's sent mail in a real browser."""

import pytest
from playwright.sync_api import expect

from delivery.mail import demo
from delivery.models import Mail
from tests.browser import both_widths, check, desk_first
from tests.delivery.mail_server import CLOSE
from tests.delivery.test_mail import ask, attempt
from tests.delivery.test_pages_browser import opened

__all__ = ["opened"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
@both_widths
def test_an_administrator_finds_what_did_not_go_out_and_sends_it_again(opened, administrator, mail_server, width):
    attempt(ask())
    mail_server.answers["MAIL"] = "451 4.3.0 later"
    attempt(ask())
    mail_server.answers = {"RCPT": "550 5.1.1 unknown"}
    attempt(ask(recipient="en.mycket.lang.adress@forskolan-i-norra-bjorkakra.example.org"))
    mail_server.answers = {"END": CLOSE}
    attempt(ask())
    page = opened(administrator, "/administration/", width)
    page.get_by_role("link", name="Mejl").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    check(page, "mail-list")
    page.get_by_role("link", name="Visa det som behöver ses över").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("tbody tr a").first.click()
    expect(page.get_by_role("heading", name="Det kan ha kommit fram")).to_be_visible()
    check(page, "mail-uncertain")
    page.get_by_role("link", name="Skicka igen").click()
    check(page, "mail-again")
    page.get_by_role("button", name="Skicka igen").click()
    expect(page.get_by_text("Mejlet är på väg igen.")).to_be_visible()
    check(page, "mail-resent")
    assert Mail.objects.filter(state="waiting", attempts=0).count() == 1


@pytest.mark.deep
@desk_first
def test_an_empty_outbox(opened, administrator, width):
    check(opened(administrator, "/administration/utskick/", width), "mail-empty")


@pytest.mark.deep
@desk_first
def test_the_demo_shows_its_sent_mail_from_the_account_menu(opened, coach, width, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.DEMO_MAIL_FOLDER, settings.DEMO = demo.BACKEND, tmp_path / "mail", True
    page = opened(coach, "/", width)
    page.locator(".menu > summary").click()
    page.get_by_role("link", name="Skickade mejl").click()
    expect(page.get_by_text("Inga mejl än")).to_be_visible()
    check(page, "sent-mail-empty")
    attempt(ask(params={"text": f"Hur går det? Svara här:\n\nhttps://jobb.example.se/uppfoljning/{'a1B2' * 16}/"}))
    page.reload()
    expect(page.get_by_role("link", name="https://jobb.example.se/uppfoljning/")).to_be_visible()
    check(page, "sent-mail")
