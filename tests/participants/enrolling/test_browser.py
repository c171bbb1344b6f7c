"""From a referral to an enrolment that rests and is reviewed, in a real browser at both widths, checked with axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import JointReview, Pause, ServiceAgreement
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import ParticipantFactory
from tests.participants.enrolling.pages import accepted, closed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
@desk_first
def test_who_goes_round_is_enrolled_preventively_and_rests(page, live_server, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    complaints = listen(page)
    person = ParticipantFactory(given_name="Sara", family_name="Nyberg")
    closed(person, cast.centrum, 900, 700)
    closed(person, cast.centrum, 400, 300)
    referral = accepted(cast, participant=person, target_group="preventive", service_registration="not_registered")
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + referral.get_absolute_url())
    page.get_by_role("link", name="Skriv in", exact=True).click()
    check(page, "enrol")
    page.get_by_role("button", name="Skriv in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Snurrar runt: inskrivning nummer 3")
    check(page, "enrol-told")
    page.get_by_label("Syfte med en motivationshöjande insats").fill("Hitta något som känns meningsfullt.")
    page.get_by_role("button", name="Skriv in", exact=True).click()
    expect(page.get_by_text("Sara Nyberg är inskriven")).to_be_visible()
    check(page, "enrolled")
    page.get_by_role("link", name="Anteckna överenskommelsen").click()
    page.get_by_label("Med vem på Arbetsförmedlingen?").fill("Ann Ask")
    page.get_by_label("Om vad?").fill("Arbetsträning i kök")
    check(page, "agreement")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Gör vilande").click()
    page.get_by_label("Bortrest").check()
    check(page, "pause")
    page.get_by_role("button", name="Gör vilande").click()
    page.get_by_role("link", name="Skriv vad det ledde till").click()
    check(page, "joint-review")
    page.get_by_label("Vad bestämdes, eller varför ställdes den in?").fill("Ny inriktning.")
    page.get_by_role("button", name="Spara").click()
    check(page, "file-of-case")
    page.get_by_role("link", name="Återuppta").click()
    check(page, "resume")
    assert (Pause.objects.count(), ServiceAgreement.objects.count(), JointReview.objects.count()) == (1, 1, 1)
    page.goto(live_server.url + reverse("participants:facts", args=[person.public_id]))
    check(page, "facts-of-case")
    page.get_by_role("link", name="Rätta första dagen").click()
    page.get_by_label("Rätt första dag").fill("2020-01-01")
    page.get_by_role("button", name="Spara dagen").click()
    check(page, "first-day-refused")
    page.goto(live_server.url + reverse("participants:new"))
    check(page, "enrol-new")
    assert complaints == []
