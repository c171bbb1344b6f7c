"""A plan in a real browser: written, decided, followed up, and looked at with axe."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import Enrolment, Milestone, PlanVersion
from tests.browser import both_widths, check, desk_first, listen, sign_in
from tests.factories import days_ago
from tests.participants.plan.plans import activity, address, decided, drafted, in_days, milestone, part, typed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(page, live_server):
    """Signs a user in and opens an address; the browser has nothing to complain about."""
    complaints = listen(page)

    def open_page(user, where):
        sign_in(page, live_server.url, user)
        page.goto(live_server.url + where)

    yield open_page
    assert not [said for said in complaints if "409" not in said]  # that another was quicker is an answer


@pytest.mark.deep
@desk_first
def test_a_plan_is_written_keeps_itself_and_is_decided(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(cast.coach, part(cast.asa))
    page.get_by_role("link", name="Skriv planen").click()
    page.get_by_label("Vad är målet?").fill("Anställning som köksbiträde senast i september")
    page.get_by_label("Ska vara nått senast").fill(in_days(200))
    expect(page.locator("#draft-state")).to_contain_text("Utkastet är sparat")
    first = page.get_by_role("group", name="Delmål 1")
    first.get_by_label("Delmål").fill("Klara språkpraktik 12 veckor")
    first.get_by_label("Senast").fill(in_days(90))
    page.get_by_role("button", name="Lägg till ett delmål").click()
    second = page.get_by_role("group", name="Delmål 2")
    expect(second.get_by_label("Delmål")).to_be_focused()
    expect(first.get_by_label("Delmål")).to_have_value("Klara språkpraktik 12 veckor")
    page.get_by_role("group", name="Insats 1").get_by_label("Insatsform").select_option("language_internship")
    check(page, "plan-write")
    page.get_by_role("button", name="Gå vidare och besluta").click()
    expect(page.locator(".error-summary")).to_be_focused()
    check(page, "plan-write-refused")
    second.get_by_role("button", name="Ta bort").click()
    expect(page.get_by_role("group", name="Delmål 2")).to_have_count(0)
    practice = page.get_by_role("group", name="Insats 1")
    practice.get_by_label("Syfte").fill("Öva yrkessvenska i ett kök")
    practice.get_by_label("Förväntat utfall").fill("Klarar ett arbetspass på svenska")
    expect(page.get_by_label("Deltagarens kommentar")).to_be_hidden()
    page.get_by_label("Instämmer, med en kommentar").check()
    page.get_by_label("Deltagarens kommentar").fill("Gärna nära hemmet.")
    page.get_by_label("Hur sas det?").select_option("meeting")
    page.get_by_label("Vilken dag?").fill(days_ago(0).isoformat())
    page.get_by_role("button", name="Gå vidare och besluta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Besluta planen för Åsa Öhrström?")
    check(page, "plan-decide")
    page.get_by_role("button", name="Besluta planen").click()
    expect(page.get_by_text("Planen är beslutad.")).to_be_visible()
    row = page.locator(".plan-milestone").filter(has_text="Klara språkpraktik")
    row.get_by_role("button", name="Klart").click()
    expect(row).to_contain_text(f"Klart {days_ago(0)}")
    expect(row.get_by_role("link", name="Dag och underlag")).to_be_focused()
    check(page, "plan-part")
    row.get_by_role("button", name="Ångra").click()
    expect(row.get_by_role("button", name="Klart")).to_be_focused()
    assert Milestone.objects.get().done_on is None


@pytest.mark.deep
@both_widths
def test_everything_else_of_a_plan_is_looked_at(page, at, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    rows = [
        milestone(),
        milestone("Hygienutbildning", due=in_days(-3)),
        milestone("Arbetsmarknadsanställning 6 månader"),
    ]
    practice = activity(purpose="Öva yrkessvenska i ett kök och visa att hen klarar tempot under en hel dag.")
    long_ago = (days_ago(0) - dt.timedelta(days=50)).isoformat()
    decided(cast.asa, cast.coach, rows, [practice, activity("course")], decided_on=long_ago, review_on=in_days(-2))
    words = "Klara språkpraktik 12 veckor på Ekbacken"
    decided(cast.asa, cast.coach, [rows[0] | {"text": words}, *rows[1:]], review_on=in_days(10))
    drafted(cast.asa, cast.colleague, typed([milestone("Något nytt")], goal="Anställning i kök eller bageri"))
    at(cast.coach, part(cast.asa))
    check(page, "plan-full")
    page.get_by_role("link", name="Skriv in uppföljningen").click()
    check(page, "plan-review")
    page.go_back()
    page.get_by_role("link", name="Avsluta Kurs").click()
    page.get_by_label("Delvis uppnått").check()
    check(page, "plan-activity-end")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Avsluta planen").click()
    check(page, "plan-close")
    page.go_back()
    page.get_by_role("link", name="Vad version 2 ändrade").click()
    check(page, "plan-compared")
    page.get_by_role("link", name="Som den beslutades").click()
    check(page, "plan-version")
    at(cast.coach, address("plan_write", cast.asa))
    drafted(cast.asa, cast.colleague, typed([milestone("Ännu nyare")], goal="Anställning i bageri"))
    page.get_by_label("Vad är målet?").fill("Anställning i kök")
    expect(page.locator("#draft-state")).to_contain_text("Bo Berg sparade andra ändringar")
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.get_by_role("heading", name="Bo Berg sparade andra ändringar")).to_be_visible()
    check(page, "plan-conflict")
    page.get_by_role("button", name="Spara utkastet").click()
    assert PlanVersion.objects.get(state="draft").typed["goal"] == "Anställning i kök"
    page.get_by_role("link", name="Kasta utkastet").click()
    check(page, "plan-discard")
    at(cast.manager, reverse("unit:outcomes") + f"?fran={days_ago(9)}&form=")
    expect(page.get_by_role("heading", name="Alla insatsformer")).to_be_visible()
    check(page, "plan-outcomes")
    at(cast.coach, reverse("participants:enrolment_close", args=[cast.person.public_id]))
    check(page, "plan-enrolment-close")


@pytest.mark.deep
def test_a_plan_is_written_and_decided_without_script(browser, live_server, cast):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + address("plan_write", cast.asa))
    page.get_by_label("Vad är målet?").fill("Arbete i kök")
    page.get_by_role("button", name="Lägg till ett delmål").click()
    for number, text in ((1, "Språkpraktik"), (2, "Hygienutbildning")):
        row = page.get_by_role("group", name=f"Delmål {number}")
        row.get_by_label("Delmål").fill(text)
        row.get_by_label("Senast").fill(in_days(60))
    page.get_by_label("Ska vara nått senast").fill(in_days(100))
    page.get_by_label("Instämmer", exact=True).check()
    page.get_by_label("Hur sas det?").select_option("paper")
    page.get_by_label("Vilken dag?").fill(days_ago(0).isoformat())
    page.get_by_role("button", name="Gå vidare och besluta").click()
    page.get_by_role("button", name="Besluta planen").click()
    page.locator(".plan-milestone").filter(has_text="Språkpraktik").get_by_role("button", name="Klart").click()
    assert Milestone.objects.filter(done_on=days_ago(0)).count() == 1
    assert Enrolment.objects.get(pk=cast.asa.pk).plans.get().state == "decided"
    page.context.close()
