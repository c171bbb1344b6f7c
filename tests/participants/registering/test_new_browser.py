"""A coach registers somebody and is asked whether it is the same person, on a desk and on a phone, with axe."""

import pytest
from playwright.sync_api import expect

from participants.models import Participant, Referral
from tests.browser import check, desk_first, listen, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
@desk_first
def test_a_coach_is_shown_who_is_known_while_typing(page, live_server, cast, width):
    Participant.objects.filter(pk=cast.person.pk).update(identity_number="199005172383")
    page.set_viewport_size({"width": width, "height": 900})
    complaints = listen(page)
    sign_in(page, live_server.url, cast.coach)
    page.goto(f"{live_server.url}/anvisningar/")
    page.get_by_role("link", name="Registrera en anvisning").click()
    check(page, "new-empty")
    page.get_by_label("Förnamn").fill("Asa")
    page.get_by_label("Efternamn").fill("Öström")
    page.get_by_label("Födelsedatum").fill("1990-05-17")
    expect(page.locator("#person-alike")).to_contain_text("Samma födelsedatum, liknande namn")
    page.get_by_label("Det är ingen av dem").check()
    page.get_by_label("Personnummer", exact=True).fill("900517-2383")
    expect(page.locator("#person-alike")).to_contain_text("Samma personnummer")
    check(page, "new-alike")
    page.get_by_label("Förnamn").press("Enter")  # saves, and chooses nobody
    expect(page.locator(".error-summary")).to_be_focused()
    check(page, "new-wrong")
    page.get_by_role("button", name="Välj den här personen").click()
    expect(page.locator("#person")).to_contain_text("Åsa Öhrström")
    page.get_by_label("Vem anvisar?").select_option("Socialtjänsten")
    check(page, "new-chosen")
    page.get_by_role("button", name="Registrera", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Åsa Öhrström")
    assert Referral.objects.get().participant == cast.person
    assert complaints == []
