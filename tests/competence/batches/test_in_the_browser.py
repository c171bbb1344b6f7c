"""A round in a real browser: who is ready, started once, followed while it works, printed."""

import threading

import pytest
from django.db import connections
from playwright.sync_api import expect

from competence.models import CertificateVersion
from delivery.models import Job
from tests.browser import both_widths, check, listen, sign_in
from tests.competence.certificates import drafted, ended_placement, work
from tests.factories import EnrolmentFactory

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]


def work_beside() -> None:
    """Do what waits, as a worker does, on a connection of its own."""

    def act():
        while Job.objects.filter(state="queued").exists():
            work()
        connections.close_all()

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


@both_widths
def test_a_round_from_who_is_ready_to_the_zip(cast, live_server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    complaints = listen(page)
    for given in ("Dana", "Erik"):
        case = EnrolmentFactory(
            unit=cast.centrum, coach=cast.coach, participant__given_name=given, participant__family_name="Dahl"
        )
        drafted(ended_placement(case), cast.coach)
    ended_placement(cast.bertil)
    sign_in(page, live_server.url, cast.manager)
    page.goto(f"{live_server.url}/intyg/")
    page.get_by_role("link", name="Utfärda för alla som är klara").click()
    expect(page.get_by_text("2 intyg är klara att utfärdas.")).to_be_visible()
    check(page, "round-new")
    page.get_by_role("button", name="Utfärda 2 intyg").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "round-ask")
    page.get_by_role("dialog").get_by_role("button", name="Utfärda").click()
    expect(page.get_by_text("0 av 2 utfärdade")).to_be_visible()
    check(page, "round-waiting")
    work_beside()
    expect(page.get_by_role("link", name="2 dokument att skriva ut (zip)")).to_be_visible(timeout=15_000)
    # The list below it tells the same, without being asked anew.
    expect(page.get_by_role("row").filter(has_text="INTYG-")).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("Väntar")
    check(page, "round-done")
    with page.expect_download() as download:
        page.get_by_role("link", name="2 dokument att skriva ut (zip)").click()
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_role("link", name="Omgångar").click()
    check(page, "round-list")
    assert CertificateVersion.objects.count() == 2
    assert not complaints


def test_without_a_script_it_starts_and_is_followed_by_a_link(cast, live_server, browser):
    drafted(ended_placement(cast.asa), cast.coach)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, cast.coach)
    page.goto(f"{live_server.url}/intyg/omgangar/ny/")
    page.get_by_role("button", name="Utfärda 1 intyg").click()
    expect(page.get_by_text("0 av 1 utfärdade")).to_be_visible()
    work_beside()
    page.get_by_role("link", name="Visa hur långt det har kommit nu").click()
    expect(page.get_by_role("link", name="1 dokument att skriva ut (zip)")).to_be_visible()
    context.close()
