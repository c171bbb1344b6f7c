"""Two files become one, and two again, in a real browser, on a desk and on a phone, checked with axe."""

import pytest
from playwright.sync_api import expect

from participants.models import Enrolment, Merge, NumberQuestion
from tests.browser import both_widths, check, listen, sign_in
from tests.factories import days_ago
from tests.participants.person.pages import address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(page, live_server):
    """Signs a user in and opens an address: `at(user, "/deltagare/")`."""
    complaints = listen(page)

    def open_page(user, where):
        sign_in(page, live_server.url, user)
        page.goto(live_server.url + where)

    yield open_page
    assert [each for each in complaints if "status of 409" not in each] == []


@pytest.mark.deep
@both_widths
def test_a_manager_makes_two_files_one_and_two_again(page, at, cast, pair, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(cast.manager, address(pair.enrolment, "facts"))
    page.get_by_role("link", name="Har personen två akter?").click()
    check(page, "same-person")
    page.get_by_role("link", name="Jämför Asa Öström").click()
    page.get_by_role("button", name="Visa numren").click()  # asks nothing: nothing is done
    expect(page.locator("main")).to_contain_text("19900577-2380")
    check(page, "compare")
    page.get_by_label("Hur vet du att det är samma person?").fill("Samma namn och adress.")
    page.get_by_role("button", name="Slå ihop akterna").click()
    page.get_by_role("dialog").get_by_role("button", name="Slå ihop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Åsa Öhrström")
    expect(page.locator("#timeline")).to_contain_text("slogs ihop")
    page.get_by_role("link", name="Två akter om samma person slogs ihop").click()
    check(page, "merge-merged")
    page.get_by_label("Varför var det fel?").fill("Det var systrar.")
    page.get_by_role("button", name="Dela upp i två akter igen").click()
    page.get_by_role("dialog").get_by_role("button", name="Dela upp").click()
    expect(page.locator(".lead")).to_have_text("Ångrad")
    check(page, "merge-undone")
    assert pair.read().old.merged_into is None


@pytest.mark.deep
@both_widths
def test_what_is_proposed_hindered_and_left_to_the_administrator(page, at, cast, pair, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(cast.coach, pair.compare())
    page.get_by_role("button", name="Föreslå sammanslagning").click()
    expect(page.locator(".error-summary")).to_be_focused()
    check(page, "compare-wrong")
    page.get_by_label("Hur vet du att det är samma person?").fill("Samma namn och adress.")
    page.get_by_role("button", name="Föreslå sammanslagning").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Åsa Öhrström")
    at(cast.manager, "/deltagare/")
    page.get_by_role("link", name="1 förslag till sammanslagning").click()
    check(page, "merges")
    page.goto(page.url.split("/sammanslagningar/")[0] + Merge.objects.get().get_absolute_url())
    check(page, "merge-waiting")
    Enrolment.objects.filter(pk=pair.earlier.pk).update(start=days_ago(100), end=None, closure_reason="")
    page.get_by_role("link", name="Jämför och besluta").click()
    check(page, "compare-hindered")
    Merge.objects.update(for_administrator=True)
    question = NumberQuestion.objects.create(
        participant=pair.asa, known_on=pair.old, asked_by=cast.coach, asked_by_name="Alma Alm"
    )
    at(cast.administrator, Merge.objects.get().get_absolute_url())
    check(page, "merge-blind")
    at(cast.administrator, question.get_absolute_url())
    check(page, "question-same")
    page.get_by_role("link", name="Slå ihop akterna").click()
    check(page, "of-question")
