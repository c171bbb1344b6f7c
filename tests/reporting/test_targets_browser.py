"""The targets in a real browser: entered by a manager, then read against what was delivered."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from placements.models import Employer
from reporting.periods import Period
from reporting.targets.services import Entered, targets_save
from tests.browser import both_widths, check, listen, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUARTER = Period.parse("2026Q1")


@pytest.mark.deep
@both_widths
def test_a_manager_sets_targets_beside_another_editor_and_opens_a_list(
    page, live_server, cast, acceptance_quarter, width
):
    complaints = listen(page)
    sign_in(page, live_server.url, cast.head)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}{reverse('reporting:targets')}?period=2026Q1")
    check(page, "targets-empty")
    page.get_by_role("link", name="Ange mål").click()
    field = page.get_by_label("Serviceförvaltningen")
    field.fill("sju")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(field).to_have_value("sju")

    field.fill("7")
    service = Employer.objects.get(code="SERV")
    targets_save(period=QUARTER, entered={service.pk: Entered(5, "")})
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".field-wrong")).to_contain_text("har sparat 5 sedan du öppnade sidan, du har skrivit 7")
    check(page, "targets-change")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".messages")).to_contain_text("Målen är sparade.")
    expect(page.locator(".target-changes")).to_contain_text("Senast ändrat av Greta Gran")
    page.get_by_text("Alla ändringar").click()
    check(page, "targets")

    line = page.get_by_role("row", name="Serviceförvaltningen").first
    expect(line).to_contain_text("71,4")
    line.get_by_role("link").first.click()
    expect(page.locator(".count")).to_have_text("5 placeringar")
    page.go_back()
    page.get_by_label("Period", exact=True).select_option("2026Q2")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mål: kvartal 2 2026")
    assert not complaints
