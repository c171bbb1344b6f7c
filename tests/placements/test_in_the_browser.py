"""A follow-up in real browsers: planned and sent by the coach, answered on a phone, read by the coach."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from placements.models import FollowUp, FollowUpAnswer
from placements.services.links import last_mail
from tests.browser import check, desk_first, listen, phone_first, sign_in
from tests.factories import FollowUpFactory, days_ago
from tests.placements.conftest import LINK, ask, placement_of, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def on_a_phone(browser, live_server):
    """Opens a path as somebody without an account: `on_a_phone(path, width)`, `script=False` with JavaScript off
    (axe is a script of its own, so what it looks at has it on)."""
    contexts = []

    def open_page(path, width=390, *, script=True):
        size = {"width": width, "height": 800}
        contexts.append(browser.new_context(java_script_enabled=script, viewport=size, locale="sv-SE"))
        page = contexts[-1].new_page()
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@phone_first
def test_a_supervisor_answers_with_one_thumb(on_a_phone, asked, width):
    page = on_a_phone(asked.page, width)
    page.get_by_role("group", name="Har Åsa kommit").get_by_label("Ja").check()
    page.get_by_label("Hur många timmar").fill("42,5")
    page.get_by_label("Vad fungerar bra?").fill("Hon är alltid i tid.")
    check(page, "supervisor")
    for target in page.locator("main :is(.choices label, button, input[type=text], textarea)").all():
        assert target.bounding_box()["height"] >= 44
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("alert")).to_contain_text("Välj hur det går.")
    expect(page.get_by_label("Vad fungerar bra?")).to_have_value("Hon är alltid i tid.")
    check(page, "supervisor-error")
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_label("Bra", exact=True).check()
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack! Uppföljningen är inlämnad.")
    check(page, "supervisor-thanks")
    page.get_by_role("link", name="Ändra svaret").click()
    page.get_by_label("Nej, aldrig").check()
    expect(page.get_by_label("Vad fungerar bra?")).to_be_hidden()
    page.get_by_role("button", name="Lämna in ändringen").click()
    expect(page.get_by_text("Nej, aldrig")).to_be_visible()
    assert FollowUpAnswer.objects.get().no_show


@pytest.mark.deep
def test_links_that_do_not_hold_are_plain_pages(on_a_phone, asked):
    type(asked.link).objects.update(valid_until=days_ago(1))
    page = on_a_phone(asked.page)
    check(page, "supervisor-expired")
    page.get_by_role("button", name="Skicka en ny länk till mig").click()
    check(page, "supervisor-renewed")
    check(on_a_phone("/uppfoljning/fel/"), "supervisor-closed")


@pytest.mark.deep
@desk_first
def test_a_three_party_meeting_is_planned_sent_answered_and_read(page, live_server, on_a_phone, cast, width):
    placement = placement_of(cast.asa, start=days_ago(60))
    placement.supervisor = None
    placement.save()
    earlier = ask(FollowUpFactory(placement=placement_of(cast.asa, name="Verkstan"), due=days_ago(3)), cast.coach)
    complaints = listen(page)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + reverse("participants:part", args=[cast.person.public_id, "placeringar"]))
    check(page, "coach-part")
    page.get_by_role("link", name="Planera en uppföljning").click()
    page.get_by_label("Placering").select_option(str(placement.public_id))
    page.get_by_label("Sorts uppföljning").select_option(label="Trepartssamtal")
    page.get_by_label("Senast").fill(days_ago(-2).isoformat())
    check(page, "coach-plan")
    page.get_by_role("button", name="Planera uppföljningen").click()
    page.get_by_role("link", name="Skriv in handledaren").click()
    page.get_by_label("Namn").last.fill("Lena Ek")
    page.get_by_label("E-postadress").fill("lena.ek@koket.example")
    check(page, "coach-supervisor")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("button", name="Skicka länken").click()
    expect(page.get_by_text("På väg")).to_be_visible()
    check(page, "coach-sent")

    followup = FollowUp.objects.get(kind="three_party_meeting", placement=placement)
    (path,) = [match.group() for match in LINK.finditer(written(last_mail(followup)).body)]
    answer = on_a_phone(path, script=False)
    answer.get_by_label("Ja", exact=True).check()
    answer.get_by_label("Mycket bra").check()
    answer.get_by_label("Har du önskemål").fill("Gärna en vecka till.")
    answer.get_by_role("button", name="Lämna in").click()
    expect(answer.get_by_text("Gärna en vecka till.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Inte läst")).to_be_visible()
    check(page, "coach-answer")
    page.get_by_role("button", name="Markera som läst").click()
    expect(page.get_by_text("Läst av Alma Alm")).to_be_visible()
    page.goto(live_server.url + reverse("participants:file", args=[cast.person.public_id]))
    entry = page.get_by_role("listitem").filter(has_text="Gärna en vecka till.")
    expect(entry.get_by_role("link", name="Uppföljt: Trepartssamtal")).to_be_visible()
    assert earlier.fresh().filed is None
    assert not complaints
