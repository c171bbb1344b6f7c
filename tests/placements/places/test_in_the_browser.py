"""The place bank, the matching, the week and the month in a browser: whole at a desk and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from placements.models import PlacementAttendance, PlaceOffer
from tests.browser import both_widths, check, listen, sign_in
from tests.factories import WorkplaceFactory, days_ago
from tests.placements.groups.conftest import activity_of
from tests.placements.marking.conftest import last_week, scheduled
from tests.placements.places.conftest import on, place_of, trained

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]


@both_widths
def test_a_place_is_offered_becomes_a_place_and_suits_somebody(page, live_server, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    complaints = listen(page)
    activity_of(cast.asa, form="work_training")
    page.goto(live_server.url + reverse("offers:new"))
    page.get_by_label("Er organisation").fill("Café Lindblom")
    page.get_by_role("button", name="Skicka erbjudandet").click()
    expect(page.get_by_role("alert")).to_contain_text("Något behöver rättas")
    check(page, "offer-wrong")
    assert page.get_by_label("Er organisation").input_value() == "Café Lindblom"
    page.get_by_label("Arbetsplats").fill("Caféet på torget")
    page.get_by_label("Ditt namn").fill("Sara Lindblom")
    page.get_by_label("Din e-postadress").fill("sara@cafe.example")
    page.get_by_label("Vad finns det att göra?").fill("Hjälpa till i köket.")
    page.get_by_role("button", name="Skicka erbjudandet").click()
    expect(page.get_by_role("heading", name="Tack!")).to_be_visible()
    check(page, "offer-thanks")

    sign_in(page, live_server.url, cast.coordinator)
    page.goto(live_server.url + reverse("offers:list"))
    check(page, "offers")
    page.get_by_role("link", name="Café Lindblom").click()
    check(page, "offer")
    page.get_by_role("link", name="Lägg in arbetsgivaren och gör en plats av det").click()
    page.get_by_role("button", name="Lägg in och beskriv platsen").click()
    expect(page.get_by_role("alert")).to_contain_text("Välj vilket slag av arbetsgivare")
    check(page, "offer-enter")
    page.get_by_label("Slag").select_option("private")
    page.get_by_role("button", name="Lägg in och beskriv platsen").click()
    page.get_by_label("Vad platsen heter").fill("Köksbiträde")
    page.get_by_label("Yrkesområde").select_option(index=1)
    page.get_by_label("Samtala").select_option("A2")
    page.get_by_label("Från").first.fill("08:00")
    page.get_by_role("button", name="Lägg in i platsbanken").click()
    expect(page.get_by_role("alert")).to_contain_text("Ange båda tiderna")
    page.get_by_label("Till", exact=True).first.fill("12:00")
    check(page, "place-form")
    page.get_by_role("button", name="Lägg in i platsbanken").click()
    expect(page.get_by_text("Platsen finns nu i platsbanken.")).to_be_visible()
    check(page, "place")
    assert PlaceOffer.objects.get().state == "taken_up"

    page.get_by_role("link", name="Vem den passar").click()
    check(page, "whom-it-suits")
    page.get_by_role("link", name="Åsa Öhrström", exact=True).click()
    expect(page.get_by_text("nivån är inte kartlagd")).to_be_visible()
    check(page, "places-that-suit")
    page.get_by_role("link", name="Boka Köksbiträde").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/placeringar/ny/" in page.url
    page.goto(live_server.url + reverse("places:vacancy"))
    check(page, "vacancy")
    page.goto(live_server.url + reverse("places:list") + "?q=kök")
    check(page, "places")
    assert complaints == []


@both_widths
def test_a_week_is_marked_and_the_month_handed_over(page, live_server, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    shop = WorkplaceFactory(name="Snickeriet")
    on(place_of(shop, supervisor=trained(shop)), cast.bertil)
    placement = scheduled(cast.asa, start=days_ago(70))
    sign_in(page, live_server.url, cast.coach)
    complaints = listen(page)
    page.goto(live_server.url + reverse("marking:week") + f"?vecka={last_week().key}")
    check(page, "week")
    page.get_by_label("Åsa Öhrström").first.select_option("sick_reported")
    page.get_by_role("button", name="Övriga var närvarande").click()
    expect(page.get_by_text("2 tillfällen är markerade.")).to_be_visible()
    assert [each.status for each in PlacementAttendance.objects.order_by("day")] == ["sick_reported", "present"]
    check(page, "week-marked")
    page.get_by_role("link", name="Extra tillfälle").first.click()
    page.get_by_label("Från").fill("13:00")
    page.get_by_role("button", name="Spara tillfället").click()
    expect(page.get_by_role("alert")).to_contain_text("Ange klockslaget.")
    check(page, "extra-session")
    page.get_by_label("Till", exact=False).last.fill("15:00")
    page.get_by_role("button", name="Spara tillfället").click()
    expect(page.get_by_text("utöver schemat").first).to_be_visible()
    check(page, "week-with-an-extra-session")
    page.goto(live_server.url + reverse("monthly:basis_list", args=[placement.enrolment.participant.public_id]))
    check(page, "basis-list")
    page.get_by_role("button", name="Gör underlaget").click()
    page.get_by_label("Vem fick det?").fill("Socialtjänsten, Karin Ek")
    page.get_by_role("button", name="Anteckna").click()
    expect(page.get_by_text("Det är antecknat vem som fick det.")).to_be_visible()
    check(page, "basis")
    page.get_by_role("link", name="Ta tillbaka").click()
    check(page, "basis-withdraw")
    page.goto(live_server.url + reverse("feeds:page"))
    page.get_by_role("button", name="Skaffa en adress").click()
    check(page, "feed")
    sign_in(page, live_server.url, cast.manager)
    page.goto(live_server.url + reverse("monthly:files"))
    page.get_by_role("button", name="Gör filen").click()
    check(page, "benefit-file")
    page.goto(live_server.url + reverse("monthly:files"))
    check(page, "benefit-files")
    assert complaints == []
