"""A mapping in the browser: saved as it is typed, gone through and completed; whole at a desk and on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import Mapping
from tests.browser import both_widths, check, listen, sign_in
from tests.factories import days_ago
from tests.participants.mapping.conftest import completed_mapping, part
from tests.participants.mapping.test_reading import FIRST, SECOND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
def test_a_mapping_is_saved_as_it_is_typed_and_completed(page, live_server, cast):
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    complaints = listen(page)
    page.goto(live_server.url + part(cast.asa))
    page.get_by_role("button", name="Börja kartläggningen").click()
    page.get_by_label("Vad har du arbetat med?").fill("Bageri i åtta år")
    expect(page.get_by_text(re.compile("Sparat"))).to_be_visible(timeout=20_000)
    assert Mapping.objects.get().sections.get(key="arbete").answers == {"work_experience": "Bageri i åtta år"}
    check(page, "mapping-write")
    page.get_by_role("link", name="Intressen och mål").click()
    page.get_by_label("Vilka yrken siktar du på?").fill("Bagare och konditorer (7612)")
    page.get_by_role("button", name="Spara och gå vidare").click()
    page.get_by_label("Vad är du bra på?").fill("Noggrann och snabb")
    page.get_by_role("button", name="Spara och gå igenom").click()
    check(page, "mapping-complete")
    page.get_by_role("button", name="Fastställ kartläggningen").click()
    expect(page.get_by_text("Kartläggningen är fastställd.")).to_be_visible()
    assert not complaints


@pytest.mark.deep
@both_widths
def test_the_pages_of_a_mapping_are_whole(page, live_server, cast, width):
    first = completed_mapping(cast.asa, cast.coach, days_ago(40), **FIRST, halsa={"health_work": "Inga tunga lyft"})
    completed_mapping(cast.asa, cast.coach, days_ago(2), **SECOND)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    complaints = listen(page)
    of = [cast.person.public_id]
    page.goto(live_server.url + part(cast.asa))
    check(page, "mapping-part")
    page.get_by_role("button", name="Kartlägg på nytt").click()
    for name, address in {
        "mapping-language": reverse("mapping:section", args=[*of, "sprak"]),
        "mapping-digital": reverse("mapping:section", args=[*of, "digitalt"]),
        "mapping-obstacles": reverse("mapping:section", args=[*of, "hinder"]),
        "mapping-goals": reverse("mapping:section", args=[*of, "mal"]),
        "mapping-health": reverse("mapping:health_open", args=of),
        "mapping-look-through": reverse("mapping:complete", args=of),
        "mapping-discard": reverse("mapping:discard", args=of),
        "mapping-read": reverse("mapping:read", args=[*of, first.public_id]),
        "mapping-progress": reverse("mapping:progress", args=of),
        "mapping-blank": reverse("mapping:blank", args=of),
    }.items():
        page.goto(live_server.url + address)
        check(page, name)
    sign_in(page, live_server.url, cast.administrator)
    for name in ("list", "create"):
        page.goto(live_server.url + reverse(f"mapping_questions:{name}"))
        check(page, f"mapping-questions-{name}")
    assert not complaints
