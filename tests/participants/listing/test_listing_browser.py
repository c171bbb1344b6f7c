"""The list's flags, saved filters and file in a real browser, on a desk and on a phone, checked with axe."""

import pytest
from playwright.sync_api import expect

from participants.models import SavedFilter
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import EnrolmentFactory, days_ago

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
@desk_first
def test_a_manager_looks_into_the_silent_saves_that_and_takes_it_out(page, live_server, cast, width):
    complaints = listen(page)
    page.set_viewport_size({"width": width, "height": 900})
    for number in range(6):
        EnrolmentFactory(unit=cast.centrum, coach=cast.colleague, last_activity_on=days_ago(number * 10))
    SavedFilter.objects.create(user=cast.manager, name="Avslutade", choices={"status": ["closed"]})
    sign_in(page, live_server.url, cast.manager)
    page.goto(f"{live_server.url}/deltagare/")

    page.get_by_label("Status").select_option(label="Inskriven")
    page.wait_for_url("**status=active**")
    page.get_by_role("link", name="Ingen kontakt på länge 4").click()
    expect(page.locator("#count")).to_have_text("4 deltagare")
    check(page, "listing-flag")
    # The flag stays when something else is chosen, also without a new page.
    page.get_by_label("Jobbcoach").select_option(label="Bo Berg")
    expect(page.locator("#count")).to_have_text("3 deltagare")
    expect(page.locator(".flag.chosen")).to_contain_text("Ingen kontakt på länge 3")

    page.get_by_role("link", name="Spara det här filtret").click()
    check(page, "listing-save")
    page.get_by_role("textbox", name="Namn").fill("Bos tysta")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("nav.saved-filters [aria-current]")).to_have_text("Bos tysta")
    page.get_by_role("link", name="Hantera").click()
    check(page, "listing-saved")
    page.get_by_role("link", name="Bos tysta", exact=True).click()

    page.get_by_role("link", name="Excel eller CSV").click()
    check(page, "listing-file")
    page.get_by_label("Telefon").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Ladda ner").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert not complaints
