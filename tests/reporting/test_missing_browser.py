"""What is missing, in a real browser: from the figures to the gap, to its list, to the file where it is mended."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import Referral
from tests.browser import both_widths, check, listen, sign_in
from tests.factories import EnrolmentFactory, FollowUpFactory, ParticipantFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
@both_widths
def test_a_manager_finds_a_gap_and_the_way_to_mend_it(page, cast, live_server, width):
    complaints = listen(page)
    closure = EnrolmentFactory(
        participant=ParticipantFactory(given_name="Örjan", family_name="Ek", gender="man", education="primary"),
        unit=cast.centrum,
        coach=cast.coach,
        start=dt.date(2025, 11, 3),
        end=dt.date(2026, 3, 6),
        closure_reason="work",
        job_form="osa",
    )
    FollowUpFactory(placement__enrolment=closure, due=dt.date(2026, 3, 2))
    Referral.objects.create(unit=cast.centrum, source="self", received="2026-02-02", decision="accepted")
    sign_in(page, live_server.url, cast.manager)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + reverse("reporting:figures") + "?period=2026Q1&as_of=2026-04-15")
    page.get_by_role("link", name="Se vad som saknas").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad som saknas")
    check(page, "missing")
    for gap in ("Mottagen anvisning", "Uppföljning som inte är inlämnad"):
        page.get_by_role("link", name=gap).click()
        check(page, f"missing-{gap.split()[0].lower()}")
        page.go_back()
    page.get_by_role("link", name="utan dagen då jobbet började").click()
    expect(page.locator(".count")).to_have_text("1 avslut")
    check(page, "missing-list")
    page.get_by_role("link", name="Örjan Ek").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avslutet")
    expect(page.locator("main")).to_contain_text("Örjan Ek")
    page.go_back()
    page.goto(live_server.url + reverse("reporting:missing") + "?period=1999Q1")
    expect(page.get_by_role("heading", name="Inget saknas", exact=True)).to_be_visible()
    check(page, "missing-nothing")
    assert not complaints
