"""The pages of a placement: whole at a desk and on a phone, nothing for axe; booked without a script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from placements.models import Placement
from tests.browser import both_widths, check, listen, sign_in
from tests.factories import FollowUpFactory, days_ago
from tests.placements.booking.conftest import (
    EMPLOYMENT,
    book_address,
    kitchen_of,
    placement_of,
    settled,
)
from tests.placements.booking.conftest import (
    page as address_of,
)
from tests.placements.groups.conftest import activity_of

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]


@both_widths
def test_the_pages_of_a_placement_are_whole(page, live_server, cast, width):
    kitchen = kitchen_of(capacity=3)
    kitchen_of("Norrlagers terminal")
    activity = activity_of(cast.asa, form=EMPLOYMENT)
    at = {"at": kitchen.workplace, "place": kitchen.place}
    to_come = placement_of(cast.asa, activity=activity, seat=1, **at)
    going = settled(placement_of(cast.asa, activity=activity, seat=2, start=days_ago(40), **at), cast.coach)
    FollowUpFactory(placement=going, due=days_ago(-20))
    going.extensions.create(
        end_before=days_ago(10), end_after=days_ago(-100), decided_on=days_ago(12), why="Går bra", by=cast.coach,
        by_name="Alma Alm",
    )  # fmt: skip
    ended = placement_of(cast.bertil, start=days_ago(50), end=days_ago(5), result="met", union_consulted=days_ago(60))
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    complaints = listen(page)
    file = reverse("booking:book", args=[cast.person.public_id])
    pages = {
        "booking-nothing": reverse("booking:book", args=[cast.bertil.participant.public_id]),
        "booking-where": file,
        "booking-book": book_address(activity, kitchen.place),
        "booking-part": reverse("participants:part", args=[cast.person.public_id, "placeringar"]),
        "booking-to-come": address_of(to_come),
        "booking-going-on": address_of(going),
        "booking-ended": address_of(ended),
        "booking-schedule": address_of(going, "schedule"),
        "booking-union": address_of(to_come, "union"),
        "booking-checklist": address_of(to_come, "checklist"),
        "booking-end": address_of(going, "end"),
        "booking-values": address_of(ended, "values"),
        "booking-cancel": address_of(to_come, "cancel"),
    }
    for name, address in pages.items():
        page.goto(live_server.url + address)
        check(page, name)
    page.goto(live_server.url + book_address(activity, kitchen.place))
    page.get_by_label("Första dagen").fill(days_ago(500).isoformat())
    page.get_by_role("button", name="Boka placeringen").click()
    check(page, "booking-refused")
    sign_in(page, live_server.url, cast.manager)
    page.goto(live_server.url + address_of(ended, "annul"))
    check(page, "booking-annul")
    sign_in(page, live_server.url, cast.union_representative)
    page.goto(live_server.url + reverse("booking:consultations"))
    check(page, "consultations")
    assert not complaints


def test_a_placement_is_booked_without_a_script(browser, live_server, cast):
    kitchen = kitchen_of()
    activity_of(cast.asa, form=EMPLOYMENT)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + reverse("booking:book", args=[cast.person.public_id]))
    page.get_by_label("Plats, arbetsplats eller arbetsgivare").fill("ekback")
    page.get_by_role("button", name="Sök").last.click()
    page.get_by_role("link", name="Köksbiträde").click()
    page.get_by_label("Sysselsättningsgrad, procent").fill("50")
    page.get_by_label("Avtal").select_option("bea")
    page.get_by_label("Vem betalar").select_option("municipality")
    page.get_by_label("Vilket värde ska den ge deltagaren?").fill("Referens")
    page.get_by_label("Vilket värde ska den ge arbetsplatsen?").fill("Hjälp")
    page.get_by_role("button", name="Fler rader").click()
    row = page.get_by_role("group", name="Rad 8", exact=True)
    row.get_by_label("Veckodag").select_option(label="Lördag")
    row.get_by_label("Från").fill("10:00")
    row.get_by_label("Till").fill("12:00")
    page.get_by_role("button", name="Boka placeringen").click()
    expect(page.get_by_text("Placeringen är bokad.")).to_be_visible()
    placement = Placement.objects.get()
    assert (placement.place, placement.schedules.get().hours.count()) == (kitchen.place, 6)
    context.close()
