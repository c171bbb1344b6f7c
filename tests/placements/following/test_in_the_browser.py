"""What came after the answer, in real browsers: never came, in English and without reminders on a phone; moved,
replied to and spoken of by the participant at the desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from placements.models import FollowUp, ParticipantOpinion, Supervisor
from placements.services.links import REPLY_KIND
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import FollowUpFactory, days_ago
from tests.placements.conftest import GOOD, LINK, ask, placement_of, written
from tests.placements.test_in_the_browser import on_a_phone

__all__ = ["on_a_phone"]
pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]
PHONE = 360


def test_who_never_came_ends_kindly_at_360_points(on_a_phone, asked):
    page = on_a_phone(asked.page, PHONE)
    expect(page.get_by_text("Inget avslutas innan ni har pratat.")).to_be_hidden()
    page.get_by_label("Nej, aldrig").check()
    expect(page.get_by_text("Inget avslutas innan ni har pratat.")).to_be_visible()
    check(page, "supervisor-never-came")
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_text("Jobbcoachen får veta det nu")).to_be_visible()
    check(page, "supervisor-thanks-never-came")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_in_english_and_without_reminders_with_no_script(on_a_phone, asked):
    page = on_a_phone(asked.page, PHONE, script=False)
    page.get_by_role("link", name="In English").click()
    page.get_by_role("link", name="I do not want reminders").click()
    for target in page.locator("main :is(a, button), header a").all():
        assert target.bounding_box()["height"] >= 44
    page.get_by_role("button", name="Stop the reminders").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You get no reminders")
    page.get_by_role("link", name="Back to the follow-up").click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Very well").check()
    page.get_by_role("button", name="File the follow-up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. The follow-up is filed.")
    assert Supervisor.objects.get(pk=asked.supervisor.pk).no_reminders


@desk_first
def test_moved_replied_to_and_spoken_of(page, live_server, on_a_phone, client, asked, cast, width):
    later = ask(FollowUpFactory(placement=placement_of(cast.asa, name="Verkstan"), due=days_ago(-3)), cast.coach)
    client.post(asked.page, GOOD)
    complaints = listen(page)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + later.coach_page())
    page.get_by_role("link", name="Flytta till en annan dag").click()
    page.get_by_label("Ny dag").fill(days_ago(-9).isoformat())
    check(page, "coach-move")
    page.get_by_role("button", name="Flytta").click()
    expect(page.get_by_text("ska vara klar senast").first).to_be_visible()
    assert FollowUp.objects.get(pk=later.followup.pk).day_is_set

    page.goto(live_server.url + asked.coach_page())
    page.get_by_role("link", name="Svara handledaren").click()
    page.get_by_label("Ditt svar").fill("Tack! Vi ses på torsdag.")
    check(page, "coach-reply")
    page.get_by_role("button", name="Skicka svaret").click()
    expect(page.get_by_text("är på väg till Lena Holm")).to_be_visible()
    page.get_by_role("link", name="Skriv in vad deltagaren tycker").click()
    page.get_by_label("Nej, eller inte om allt").check()
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv vad deltagaren inte håller med om.")
    page.get_by_label("Med deltagarens egna ord").fill("Jag vill börja tidigare.")
    check(page, "coach-opinion")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Jag vill börja tidigare.")).to_be_visible()
    check(page, "coach-replied")
    assert not ParticipantOpinion.objects.get().agrees

    mail = next(mail for mail in asked.mails() if mail.kind == REPLY_KIND)
    theirs = on_a_phone(LINK.search(written(mail).body).group(), PHONE)
    expect(theirs.get_by_text("Tack! Vi ses på torsdag.")).to_be_visible()
    check(theirs, "supervisor-reply")
    page.goto(live_server.url + reverse("day:day"))
    assert not complaints
