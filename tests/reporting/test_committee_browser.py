"""Reports to the committee in a real browser: written, frozen, published; two who write at once."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from delivery.models import Job
from delivery.running import job_run
from reporting.models import Report
from reporting.periods import Period
from reporting.question import Question
from reporting.services.reports import report_comment_save, report_start
from tests.browser import both_widths, check, desk_first, listen, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(page, live_server):
    """Opens a page as a user, in a window of a width; the browser may complain of nothing."""
    complaints = listen(page)

    def at(user, address, width=1280):
        sign_in(page, live_server.url, user)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + address)
        return page

    yield at
    # The browser tells of the 401 of whoever was signed out on purpose, and of the 403 of whose token went with it.
    assert not [each for each in complaints if not re.search("status of 40[13]", each)]


@pytest.fixture
def draft(cast) -> Report:
    return report_start(
        actor=cast.head,
        kind="quarterly",
        title="Kvartalsrapport, kvartal 1 2026",
        case_number="AMN 2026/114",
        question=Question(Period.parse("2026Q1"), dt.date(2026, 4, 15)),
        with_units=False,
        sections=["participants", "outcomes"],
    )


def save(report, user, text, seen=0) -> None:
    report_comment_save(report=report, section="outcomes", text=text, author=user, seen=seen, window=uuid.uuid4())


def run_jobs() -> None:
    for job in Job.objects.filter(state="queued"):
        job_run(job_id=job.pk)


@pytest.mark.deep
@desk_first
def test_a_head_writes_about_the_quarter_and_freezes_the_report(opened, cast, acceptance_quarter, width):
    page = opened(cast.head, reverse("reporting:figures") + "?period=2026Q1&as_of=2026-04-15", width)
    page.get_by_role("link", name="Skriv en nämndrapport om det här").click()
    expect(page.get_by_label("Titel")).to_have_value("Kvartalsrapport, kvartal 1 2026")
    page.get_by_label("Årsanalys").check()
    expect(page.get_by_label("Titel")).to_have_value(re.compile("Årsanalys, år"))
    page.go_back()
    page.get_by_role("link", name="Skriv en nämndrapport om det här").click()
    check(page, "committee-new")
    page.get_by_label("Intyg", exact=True).uncheck()
    page.get_by_role("button", name="Börja på rapporten").click()

    comment = page.get_by_label("Kommentar: Resultat")
    comment.fill("Resultaten är bättre.\n\n- fler började arbeta")
    expect(page.locator("#state-outcomes")).to_contain_text("Sparat")
    page.reload()
    expect(comment).to_have_value("Resultaten är bättre.\n\n- fler började arbeta")
    check(page, "committee-draft")

    page.get_by_role("link", name="Lås rapporten").click()
    page.get_by_role("button", name="Lås rapporten").click()
    expect(page.get_by_text("Får inte publiceras")).to_be_visible()
    expect(page.locator("#of-report")).to_contain_text("Görs")
    expect(page.get_by_role("listitem").filter(has_text="fler började arbeta")).to_be_visible()
    check(page, "committee-frozen")


@pytest.mark.deep
@both_widths
def test_a_frozen_report_is_prepared_looked_at_and_published(opened, cast, acceptance_quarter, draft, width):
    page = opened(cast.head, f"{draft.get_absolute_url()}las/", width)
    check(page, "committee-freeze")
    page.get_by_role("button", name="Lås rapporten").click()
    run_jobs()
    expect(page.locator("#of-report").get_by_role("link", name="PDF")).to_be_visible()  # it has noticed by itself
    check(opened(cast.head, reverse("reporting:report_list"), width), "committee-list")
    page.get_by_role("link", name=draft.title).click()
    page.get_by_role("button", name="Förbered publicering").click()
    run_jobs()
    page.goto(page.url.split("/jobb/")[0] + draft.get_absolute_url())
    page.get_by_role("link", name="Granska och publicera").click()
    check(page, "committee-prepared")
    page.get_by_role("link", name="Publicera", exact=True).click()
    check(page, "committee-publish")
    page.get_by_role("button", name="Publicera").click()
    expect(page.get_by_role("heading", name="Värden som är dolda")).to_be_visible()
    run_jobs()
    expect(page.locator("#of-report").get_by_role("link", name="PDF")).to_be_visible()
    address = page.url
    check(opened(cast.analyst, reverse("reporting:figures"), width), "committee-analyst")
    page.get_by_role("link", name=draft.title).click()
    assert page.url == address
    check(page, "committee-published")


@pytest.mark.deep
@both_widths
def test_two_who_write_in_one_section_see_each_other_and_choose(opened, cast, draft, width):
    page = opened(cast.head, draft.get_absolute_url(), width)
    save(draft, cast.head, "Hennes text")
    comment = page.get_by_label("Kommentar: Resultat")
    comment.press_sequentially("Min text")
    both = page.get_by_role("button", name="Båda, min sist")
    expect(both).to_be_visible()
    expect(comment).to_have_value("Min text")
    expect(comment).to_be_focused()
    check(page, "committee-two-editors")
    both.click()
    expect(comment).to_have_value("Hennes text\n\nMin text")
    expect(both).to_be_hidden()
    expect(comment).to_be_focused()
    page.keyboard.press("Control+End")
    with page.expect_response(lambda answer: "/kommentar/" in answer.url):
        comment.press_sequentially(" och mer")
    page.reload()
    expect(comment).to_have_value("Hennes text\n\nMin text och mer")


@pytest.mark.deep
@pytest.mark.parametrize("gone", [{"name": "sessionid"}, {}], ids=["the session", "all cookies"])
def test_what_is_written_while_signed_out_is_saved_after_signing_in_again(gone, opened, live_server, cast, draft):
    page = opened(cast.head, draft.get_absolute_url())
    comment = page.get_by_label("Kommentar: Resultat")
    comment.fill("Först")
    expect(page.locator("#state-outcomes")).to_contain_text("Sparat")
    cookies = page.context.cookies()
    page.context.clear_cookies(**gone)
    comment.fill("Kvar")
    notice = page.locator("#comment-outcomes [data-signed-out]")
    expect(notice).to_be_visible()
    expect(page.locator("#state-outcomes")).to_be_empty()  # what was saved before is not what stands here
    page.context.add_cookies(cookies)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#state-outcomes")).to_contain_text("Sparat")
    expect(notice).to_be_hidden()
    assert draft.comments.get().text == "Kvar"


@pytest.mark.deep
def test_who_leaves_the_page_in_the_middle_of_a_word_finds_it_again(opened, live_server, cast, draft):
    page = opened(cast.head, draft.get_absolute_url())
    page.get_by_label("Kommentar: Resultat").press_sequentially("Mitt i ett or")
    page.goto(live_server.url + reverse("reporting:report_list"))
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name=draft.title).click()
    expect(page.get_by_label("Kommentar: Resultat")).to_have_value("Mitt i ett or")


@pytest.mark.deep
def test_a_comment_is_written_and_saved_without_javascript(browser, cast, draft, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, cast.head)
    page.goto(live_server.url + draft.get_absolute_url())
    save(draft, cast.head, "Hennes text")
    page.get_by_label("Kommentar: Resultat").fill("Min text")
    page.locator("#comment-outcomes").get_by_role("button", name="Spara").click()
    page.get_by_role("button", name="Bara min").click()
    expect(page.get_by_label("Kommentar: Resultat")).to_have_value("Min text")
    page.goto(live_server.url + reverse("reporting:report_new"))
    page.get_by_label("Årsanalys").check()
    page.get_by_role("button", name="Föreslå period och titel").click()
    expect(page.get_by_label("Titel")).to_have_value(re.compile("Årsanalys, år"))
    context.close()
