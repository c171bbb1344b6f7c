"""The reports in a real browser: what a manager does before the committee meets."""

import io

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from delivery.models import Job
from delivery.running import job_run
from tests.browser import both_widths, check, desk_first, listen, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUARTER = "?period=2026Q1&as_of=2026-04-15"


@pytest.fixture
def opened(page, live_server):
    """Opens the reports page as a user, in a window of a width; the browser may complain of nothing."""
    complaints = listen(page)

    def as_user(user, width=1280, query=QUARTER):
        sign_in(page, live_server.url, user)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + reverse("reporting:figures") + query)
        return page

    yield as_user
    assert not complaints


@pytest.mark.deep
@desk_first
def test_a_manager_reads_the_quarter_and_opens_the_list_behind_a_number(opened, cast, acceptance_quarter, width):
    page = opened(cast.head, width)
    check(page, "reports")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kvartal 1 2026")
    results = page.get_by_role("region", name="Resultat vid avslut")
    results.get_by_role("row", name="D. Slutfört uppdrag").get_by_role("link").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("D. Slutfört uppdrag")
    expect(page.locator(".count")).to_have_text("3 deltagare")
    expect(page.locator(".more-hidden")).to_have_text("1 fler som du inte har behörighet att se.")
    expect(page.locator("tbody tr")).to_have_count(2)
    check(page, "reports-list")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kvartal 1 2026")


@pytest.mark.deep
@desk_first
def test_the_workbook_is_downloaded(opened, cast, acceptance_quarter, width):
    page = opened(cast.head, width)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename == "jobbspar-2026Q1.xlsx"
    workbook = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert workbook.worksheets[0]["D2"].value == 48


@pytest.mark.deep
@both_widths
def test_the_quarter_is_made_as_a_pdf_and_found_again(opened, cast, acceptance_quarter, width):
    page = opened(cast.head, width)
    page.get_by_role("button", name="PDF").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gör en sifferrapport som PDF")
    job_run(job_id=Job.objects.get().pk)
    with page.expect_download() as download:
        page.get_by_role("link", name="Ladda ner PDF:en").click()  # the page has noticed by itself
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    check(page, "reports-pdf-made")
    page.get_by_role("link", name="Rapporter som PDF").click()
    expect(page.locator("tbody tr")).to_contain_text("Greta Gran")
    check(page, "reports-pdf-list")


@pytest.mark.deep
@desk_first
def test_choosing_another_period_changes_the_page_and_its_address(opened, cast, acceptance_quarter, width):
    page = opened(cast.head, width)
    expect(page.get_by_label("Från", exact=True)).to_be_hidden()
    page.get_by_label("Period", exact=True).select_option("2026T1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tertial 1 2026")
    assert "period=2026T1" in page.url
    page.get_by_label("Period", exact=True).select_option("Egna datum")
    expect(page.get_by_label("Från", exact=True)).to_have_value("2026-01-01")
    page.get_by_label("Till", exact=True).fill("2026-01-31")
    page.get_by_role("button", name="Visa").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 januari 2026 – 31 januari 2026")
    check(page, "reports-own-dates")


@pytest.mark.deep
@desk_first
def test_a_wrong_date_is_said_at_its_field(opened, cast, width):
    page = opened(cast.head, width, "?period=2026Q1&as_of=2025-12-31")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    check(page, "reports-wrong")
    page.locator("[data-error-summary] a").click()
    expect(page.get_by_label("Läget den")).to_be_focused()


@pytest.mark.deep
@desk_first
def test_an_analyst_and_an_empty_period_are_told_what_to_do(opened, cast, width):
    check(opened(cast.analyst, width), "reports-analyst")
    check(opened(cast.analyst, width, "definitioner/"), "reports-definitions")
    check(opened(cast.head, width, "?period=1999Q1"), "reports-empty")


@pytest.mark.deep
def test_it_works_without_javascript(browser, cast, acceptance_quarter, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, cast.head)
    page.goto(live_server.url + reverse("reporting:figures") + QUARTER)
    page.get_by_label("Period", exact=True).select_option("2026Q2")
    page.get_by_role("button", name="Visa").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kvartal 2 2026")
    context.close()
