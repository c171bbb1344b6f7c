"""Min dag and handing over in a real browser, checked with axe."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from participants.models import Aftercare, Deputy, Handover
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import EnrolmentFactory, FollowUpFactory, PlacementFactory, days_ago

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(page, live_server):
    """Signs a user in and opens an address; the browser has nothing to complain about."""
    complaints = listen(page)

    def open_page(user, address):
        sign_in(page, live_server.url, user)
        page.goto(live_server.url + address)

    yield open_page
    assert not complaints


def busy(cast):
    """Alma's day: late and due follow-ups, a handover, somebody to ask, a placement that ends."""
    today = timezone.localdate()
    placement = PlacementFactory(enrolment=cast.asa, workplace__name="Köket på Ekbacken", end=today)
    for days in (12, 3, 0, -4):
        FollowUpFactory(placement=placement, due=days_ago(days))
    other = EnrolmentFactory(unit=cast.centrum, coach=cast.coach, participant__given_name="Fatima")
    Handover.objects.create(
        enrolment=other, from_coach=cast.colleague, from_name="Bo Berg", to_coach=cast.coach, to_name="Alma Alm",
        note="Vill helst bli uppringd efter tre.",
    )  # fmt: skip
    EnrolmentFactory(
        unit=cast.centrum, coach=cast.coach, participant__given_name="Gustav", participant__phone="070-123 45 67",
        start=days_ago(300), end=days_ago(95), closure_reason="studies", study_aid=True,
    )  # fmt: skip
    Deputy.objects.create(
        absent=cast.colleague, deputy=cast.coach, unit=cast.centrum, start=today, end=today + dt.timedelta(days=5),
        made_by=cast.colleague, made_by_name="Bo Berg",
    )  # fmt: skip


@desk_first
def test_a_day_is_read_and_done_row_by_row(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    busy(cast)
    at(cast.coach, "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Min dag")
    check(page, "min-dag")
    page.get_by_role("button", name="Studerar").click()
    row = page.locator(".day-rows li", has_text="Gustav")
    expect(row).to_contain_text("Sparat")
    assert Aftercare.objects.get().status == "studies"
    row.get_by_role("button", name="Ångra").click()
    expect(row.get_by_role("button", name="I arbete")).to_be_focused()
    assert not Aftercare.objects.exists()
    page.get_by_role("button", name=re.compile("Markera som läst")).click()
    fatima = page.locator(".day-rows li", has_text="Vill helst bli uppringd")
    expect(fatima.get_by_role("button", name="Ångra")).to_be_focused()
    check(page, "min-dag-done")
    page.get_by_role("link", name=re.compile("^Följ upp")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("uppföljning", ignore_case=True)


@desk_first
@pytest.mark.deep
def test_a_manager_sees_the_unit_and_hands_over(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    busy(cast)
    for number in range(5):
        EnrolmentFactory(unit=cast.centrum, coach=cast.colleague, participant__family_name=f"Bodin{number}")
    at(cast.manager, "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobbcenter Centrum")
    check(page, "unit")
    page.get_by_role("link", name=re.compile("Lämna över från Bo Berg")).click()
    page.get_by_role("button", name="Gå vidare").click()
    expect(page.locator(".error-summary")).to_be_focused()
    check(page, "hand-over-refused")
    page.get_by_label(re.compile("Alma Alm")).first.check()
    page.get_by_label("Anteckning till dem som tar över").fill("Bo är borta till hösten.")
    page.get_by_role("button", name="Gå vidare").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lämna över 6 deltagare från Bo Berg?")
    check(page, "hand-over-confirm")
    page.get_by_role("button", name="Lämna över").click()
    expect(page.locator(".messages")).to_contain_text("6 deltagare är överlämnade.")
    page.goto(page.url.split("/enheten")[0] + reverse("deputies:deputies"))
    check(page, "deputies")
