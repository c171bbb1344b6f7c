"""Asked by a link, and answered with one thumb, in a real browser."""

import pytest
from playwright.sync_api import expect

from participants.models import Aftercare
from tests.browser import check, listen, sign_in
from tests.participants.asking.conftest import LINK, Asked, leave, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
def test_a_coach_asks_and_the_person_answers_on_the_phone(page, browser, live_server, cast, settings):
    settings.PUBLIC_ADDRESS = live_server.url
    complaints = listen(page)
    case = Asked(leave(cast.asa), None)
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    page.goto(f"{live_server.url}/deltagare/efteruppfoljning/")
    page.get_by_role("button", name="Skicka länk med mejl").click()
    expect(page.get_by_role("button", name="Skicka igen")).to_be_focused()
    check(page, "asking-sent")
    (path,) = LINK.findall(written(case.mails()[0]).body)

    phone = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False).new_page()
    phone.goto(live_server.url + path)
    question = phone.get_by_role("button", name="Jag arbetar")
    box = question.bounding_box()
    assert box["height"] >= 44
    assert box["y"] + box["height"] < 640  # within the thumb's reach, without scrolling
    question.click()
    expect(phone.get_by_role("heading")).to_have_text("Tack för ditt svar")
    assert Aftercare.objects.get().by_person
    phone.context.close()

    page.set_viewport_size({"width": 390, "height": 844})
    for name, address in (("asking-thanks", path), ("asking-question", f"{path}?andra")):
        page.goto(live_server.url + address)
        check(page, name)
    page.goto(live_server.url + case.staff_page())
    check(page, "asking-staff")
    assert not complaints
