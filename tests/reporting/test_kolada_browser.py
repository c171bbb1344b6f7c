"""The yearly answer in a real browser: a manager fills in what is missing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reporting.models import KoladaAnswer
from tests.browser import both_widths, check, listen, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
@both_widths
def test_a_manager_fills_in_the_year_and_is_told_what_is_wrong(page, live_server, cast, acceptance_quarter, width):
    complaints = listen(page)
    sign_in(page, live_server.url, cast.head)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}{reverse('reporting:kolada')}?year=2026&as_of=2026-04-15")
    expect(page.get_by_text("9 av 46 svar saknas.")).to_be_visible()
    page.get_by_label("U40000 kvinnor").fill("12,5")
    page.get_by_label("U40000 män").fill("många")
    page.get_by_label("U40000 totalt").fill("15")
    row = page.get_by_role("row", name="N40450").first
    row.get_by_text("Skriv ett eget värde").click()
    row.get_by_label("Totalt").fill("30")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    check(page, "kolada-wrong")
    page.locator("[data-error-summary] a").click()
    expect(page.get_by_label("U40000 män")).to_be_focused()
    page.get_by_label("U40000 män").fill("3,5")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("4 värden sparade.")).to_be_visible()
    expect(page.get_by_text("8 av 46 svar saknas.")).to_be_visible()
    expect(page.get_by_text("Kvinnor och män är 16 tillsammans, men totalen är 15.")).to_be_visible()
    expect(row).to_contain_text("uträknat: 28")
    check(page, "kolada")
    assert KoladaAnswer.objects.count() == 4
    assert not complaints
