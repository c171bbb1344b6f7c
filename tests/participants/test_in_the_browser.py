"""The list and the file in a real browser, on a desk and on a phone, checked with axe."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import AccessLogEntry
from participants.models import ProtectedAccess
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import (
    CertificateFactory,
    EnrolmentFactory,
    FollowUpFactory,
    GradeTermFactory,
    JournalEntryFactory,
    PlacementFactory,
    days_ago,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(page, live_server):
    """Signs a user in and opens an address: `at(user, "/deltagare/")`. The browser has nothing to complain about."""
    complaints = listen(page)

    def open_page(user, address):
        sign_in(page, live_server.url, user)
        page.goto(live_server.url + address)

    yield open_page
    assert not complaints


@pytest.fixture
def people(cast):
    """A unit with some life in it: a page and more of participants, one of them protected and known to the coach."""
    for number in range(55):
        EnrolmentFactory(
            unit=cast.centrum,
            coach=cast.coach if number % 2 else cast.colleague,
            participant__family_name=f"Andersson {number:02}",
            last_activity_on=days_ago(number),
            **({"end": days_ago(4), "closure_reason": "work"} if number % 5 == 0 else {}),
        )
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    return cast


@pytest.mark.deep
@desk_first
def test_the_list_is_searched_while_typing(page, at, people, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(people.coach, "/deltagare/?show=all")
    check(page, "list")
    assert page.locator("tbody tr").count() == 50
    page.get_by_label("Sök", exact=True).press_sequentially("bertil", delay=20)
    page.wait_for_url(re.compile("q=bertil"))
    page.get_by_role("link", name="Bertil Bodin").wait_for()
    assert page.locator("tbody tr").count() == 1
    assert page.get_by_role("status").filter(has_text="1 deltagare").count() == 1
    check(page, "list-searched")
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.goto(page.url.split("?")[0] + "?show=all&q=finns-inte")
    check(page, "list-no-hits")


@pytest.mark.deep
@desk_first
def test_a_choice_filters_at_once_and_a_chip_takes_it_away(page, at, people, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(people.coach, "/deltagare/?show=all")
    page.get_by_label("Status").select_option("closed")
    page.wait_for_url(re.compile("status=closed"))
    page.locator("#count", has_text="11 deltagare").wait_for()
    check(page, "list-filtered")
    page.get_by_role("link", name=re.compile("Status: Avslutad")).click()
    page.locator("#count", has_text="58 deltagare").wait_for()


@pytest.mark.deep
@desk_first
def test_a_row_leads_to_the_file_by_mouse_and_by_keyboard(page, at, people, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(people.coach, "/deltagare/?show=all&q=bodin")
    page.locator("tbody tr td").nth(1).click(position={"x": 5, "y": 5}, force=True)  # the name's link covers it
    page.wait_for_url(re.compile(str(people.bertil.participant.public_id)))
    page.go_back()
    page.get_by_role("link", name="Bertil Bodin").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(str(people.bertil.participant.public_id)))


@pytest.fixture
def asa(cast):
    """A participant with something of everything."""
    person = cast.person
    person.phone, person.email, person.street_address, person.postal_code, person.city = (
        "070-123 45 67", "asa@example.org", "Ågatan 1", "123 45", "Björkåkra",
    )  # fmt: skip
    person.save()
    EnrolmentFactory(
        participant=person, unit=cast.centrum, coach=cast.colleague, start=days_ago(900), end=days_ago(700),
        closure_reason="studies",
    )  # fmt: skip
    ended = PlacementFactory(enrolment=cast.asa, start=days_ago(55), end=days_ago(30), result="met")
    GradeTermFactory(placement=ended)
    CertificateFactory(placement=ended, issued=days_ago(28))
    ongoing = PlacementFactory(enrolment=cast.asa, start=days_ago(20), end=days_ago(-40))
    GradeTermFactory(placement=ongoing, grade="0.75")
    FollowUpFactory(placement=ended, due=days_ago(40), filed=days_ago(40))
    FollowUpFactory(placement=ongoing, due=days_ago(2))
    FollowUpFactory(placement=ongoing, due=days_ago(-30))
    for day in range(25):
        JournalEntryFactory(enrolment=cast.asa, author=cast.coach, occurred_on=days_ago(day + 3))
    return cast.asa


@desk_first
def test_the_file_and_all_its_parts(page, at, cast, asa, width):
    page.set_viewport_size({"width": width, "height": 900})
    file = reverse("participants:file", args=[asa.participant.public_id])
    at(cast.manager, file)
    check(page, "file-manager")
    at(cast.coach, file)
    check(page, "file")
    page.get_by_role("link", name="Visa äldre").click()
    page.wait_for_url(re.compile("shown=40"))
    assert page.locator("ol.timeline > li").count() > 20
    for tab in ("Placeringar", "Kompetens", "Journal", "Översikt"):
        page.get_by_role("navigation", name="Aktens delar").get_by_role("link", name=tab).click()
        page.wait_for_load_state()
        check(page, f"file-{tab.lower()}")
    at(cast.manager, f"{file}atkomst/")
    check(page, "file-access")


@pytest.mark.deep
@desk_first
def test_the_number_is_shown_in_place_and_written_down(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(cast.coach, reverse("participants:file", args=[cast.person.public_id]))
    page.get_by_role("button", name=re.compile("Visa personnumret")).click()
    number = cast.person.identity_number
    expect(page.locator(":focus")).to_have_text(f"{number[:8]}-{number[8:]}")
    assert AccessLogEntry.objects.filter(act="unmasked", subject=cast.person.public_id).count() == 1
    check(page, "file-unmasked")


@pytest.mark.deep
@desk_first
def test_a_protected_person_cannot_be_mistaken(page, at, people, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(people.coach, reverse("participants:file", args=[people.protected_centrum.participant.public_id]))
    assert page.locator("p.protected").is_visible()
    check(page, "file-protected")
    at(people.manager, reverse("participants:protected"))
    check(page, "protected-list")


def test_everything_works_without_javascript(browser, live_server, people):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, people.coach)
    page.goto(f"{live_server.url}/deltagare/?show=all")
    page.get_by_label("Sök", exact=True).fill("bertil")
    page.get_by_role("button", name="Visa", exact=True).click()
    assert page.locator("tbody tr").count() == 1
    page.get_by_role("link", name="Bertil Bodin").click()
    page.get_by_role("button", name=re.compile("Visa personnumret")).click()
    number = people.bertil.participant.identity_number
    page.get_by_text(f"{number[:8]}-{number[8:]}").wait_for()
    context.close()
