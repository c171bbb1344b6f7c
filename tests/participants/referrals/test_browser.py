"""The queue and a referral's way in a real browser, at both widths, checked with axe."""

import pytest
from playwright.sync_api import expect

from participants.models import Referral
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import days_ago
from tests.participants.referrals.pages import QUEUE, referral_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
@desk_first
def test_somebody_is_taken_out_of_order_and_accepted(page, live_server, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    complaints = listen(page)
    referral_of(cast, received=days_ago(20))
    referral_of(cast, participant=None, reference="Skolan 12", target_group="preventive", received=days_ago(40))
    referral_of(cast, received=days_ago(200), decision="accepted", decided_on=days_ago(190))
    later = referral_of(
        cast, participant=cast.person, order="Bedöm arbetsförmågan.", service_registration="not_registered",
        referrer_name="Siv Sand", referrer_phone="040-12 34 56", assessing_since=None,
    )  # fmt: skip
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + QUEUE)
    check(page, "queue")
    page.get_by_role("link", name="Åsa Öhrström").click()
    check(page, "referral")
    page.get_by_role("button", name="Börja bedöma").click()
    expect(page.get_by_label("Varför före de andra?")).to_be_focused()
    check(page, "referral-out-of-order")
    page.get_by_label("Varför före de andra?").fill("Har en plats som börjar på måndag.")
    page.get_by_role("button", name="Börja bedöma").click()
    page.get_by_role("link", name="Ta emot", exact=True).click()
    check(page, "referral-accept")
    page.get_by_role("button", name="Ta emot", exact=True).click()
    expect(page.get_by_text("Anvisningen är mottagen. Personen kan skrivas in.")).to_be_visible()
    check(page, "referral-accepted")
    assert Referral.objects.get(pk=later.pk).decision == "accepted"
    page.get_by_role("link", name="Ändra anvisningen").click()
    check(page, "referral-edit")
    assert complaints == []
