"""The five stories of the acceptance cases, played in the browser from the first event to the last.

The quarter is loaded without the story's person. Every event is done on its day on the page that the product has for
it, and in the end all figures are those that were tallied by hand, so the person counts as in the cases.
(tests/test_stories.py plays in a quarter that came with the register, the person too.)

Where a story is not about the booking itself, what a register would bring of a placement is put there by a factory.
"""

import datetime as dt
import json
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import AccessLogEntry, Role
from participants.models import JournalEntry
from placements.models import Placement, Workplace
from tests.competence.certificates import TASKS
from tests.factories import GradeTermFactory, PlacementFactory, UnitFactory, UserFactory
from tests.register import cases, expected

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]

PRELIMINARY, FINAL = cases()["meta"]["snapshots"].values()
#: The cases register neither education nor target group, which enrolling asks for.
NOT_REGISTERED = {"active_by_education", "active_by_target_group"}
KITCHEN = ("Öva yrkessvenska i ett kök", "Klarar ett arbetspass på svenska")


@pytest.fixture
def phone(browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    yield context.new_page()
    context.close()


def figures_are_as_tallied(story, capsys) -> None:
    """On both snapshot days, as a report of that day would say."""
    for day in (PRELIMINARY, FINAL):
        story.clock.on(day)
        capsys.readouterr()
        call_command("statistics", "2026Q1", as_of=str(day), format="json")
        said, wanted = json.loads(capsys.readouterr().out)["tables"], expected(day)
        for table in wanted.keys() - NOT_REGISTERED:
            assert said[table] == wanted[table], (table, day)


def behind(story, row: str, region: str = "Resultat vid avslut"):
    """The list behind the total of a row of the manager's report on the final day."""
    page = story.go(reverse("reporting:figures") + f"?period=2026Q1&as_of={FINAL}", story.manager)
    page.get_by_role("region", name=region).get_by_role("row", name=row).get_by_role("link").last.click()
    return page


def placed(story, form: str, workplace: str, start: str, end: str, grade: str = "", **fields) -> Placement:
    """What the register brings of a placement."""
    placement = PlacementFactory(
        enrolment=story.enrolment, workplace=Workplace.objects.get(name=workplace), form=form, start=start, end=end,
        **fields,
    )  # fmt: skip
    if grade:
        GradeTermFactory(placement=placement, grade=grade)
    placement.refresh_from_db()
    return placement


def test_amina_from_a_referral_to_a_school_kitchen(begun, phone, capsys):
    story = begun("S1")
    purpose = "Rusta för arbete i kök, språkutveckling"
    referral = story.referred("2025-09-15", source="Socialtjänsten", group="Försörjningsstöd", purpose=purpose)
    story.accepted(referral, "2025-09-22")
    story.enrolled(
        "2025-10-01", referral=referral, **{
            "Utbildning": "Utbildningen inte bedömd",
            "Tid utan arbete före inskrivningen": "Mer än 24 månader",
        },
    )  # fmt: skip
    levels = {"Höra och förstå": "B1", "Läsa": "A2", "Samtala": "B1", "Skriva": "A2"}
    story.mapped(
        "2025-10-08", work="Bageri i åtta år", levels=levels, goal="Restaurang- och köksbiträden m.fl. (9412)"
    )
    practice, hygiene, job = "Klara språkpraktik 12 veckor", "Hygienutbildning", "Arbetsmarknadsanställning 6 månader"
    story.planned(
        "2025-10-20",
        goal="Anställning som köksbiträde senast 2026-09-30",
        by="2026-09-30",
        milestones={practice: "2026-01-30", hygiene: "2026-03-31", job: "2026-07-31"},
        activities={
            "Språkpraktik": KITCHEN,
            "Kommunal arbetsmarknadsanställning": ("Få en aktuell referens", "Klarar alla stationer i köket"),
        },
    )
    practice_place = story.booked(
        "2025-10-22", "Språkpraktik", "Skolkök Ekbacken", "2025-11-03", "2026-01-30",
        union="2025-10-24", agreed="2025-10-29",
    )  # fmt: skip
    meeting = ("Trepartssamtal", "2026-01-30")
    link = story.asked(practice_place, *meeting, "2026-01-19", supervisor="Lena Ek")
    story.answered(link, "2026-01-28", phone)
    story.reached(practice, "2026-01-28")
    employment = story.booked(
        "2026-01-21", "Kommunal arbetsmarknadsanställning", "Skolkök Ekbacken", "2026-02-02", "2026-07-31",
        union="2026-01-26", agreed="2026-01-28", grade="75",
    )  # fmt: skip
    story.placement_ended(practice_place, "2026-01-30", result="Uppnått", value="Ja")
    story.activity_ended("Språkpraktik", "2026-01-30", "Uppnått")
    link = story.asked(
        employment, "Uppföljning av anställning efter en månad", "2026-03-02", "2026-02-23", supervisor="Lena Ek"
    )
    story.answered(link, "2026-03-02", phone)
    page = story.go(story.of("part", "plan"), on="2026-03-31")
    expect(page.locator(".plan-milestone").filter(has_text=practice)).to_contain_text("Klart 2026-01-28")
    page = story.go(story.of("part", "placeringar"))
    expect(page.get_by_role("row", name=re.compile("Arbetsmarknadsanställning"))).to_contain_text("75 %")
    assert story.enrolment.is_open
    assert employment.union_consulted < employment.start
    figures_are_as_tallied(story, capsys)
    page = behind(story, "Serviceförvaltningen", "Levererade arbetsmarknadsanställningar")
    expect(page.locator("tbody")).to_contain_text("Amina Warsame")

    page = story.go("/samrad/", UserFactory(role=Role.UNION_REPRESENTATIVE))
    row = page.get_by_role("row", name=re.compile("Skolkök Ekbacken.*Arbetsmarknadsanställning"))
    expect(row).to_contain_text("2026-01-26, Kommunal")
    expect(page.locator("main")).not_to_contain_text("Amina")
    story.placement_ended(employment, "2026-07-31", result="Uppnått", value="Delvis")
    employment.refresh_from_db()
    assert (employment.result, employment.state_on(dt.date(2026, 8, 1))) == ("met", "ended")
    lacking = story.go(reverse("day:list", args=["saknar-mervardesbedomning"]), on="2026-08-03")
    expect(lacking.locator("main")).not_to_contain_text("Amina")


def test_jonas_from_the_activity_responsibility_to_studies(begun, capsys):
    story = begun("S2")
    referral = story.referred("2025-08-18", source="Annan", group="Kommunalt aktivitetsansvar")
    story.accepted(referral, "2025-08-20")
    story.enrolled("2025-08-25", referral=referral, told="fyllde 20", Målgrupp="Kommunalt aktivitetsansvar")
    story.mapped("2025-08-29", work="Inget arbete än", goal="Motorfordonsmekaniker och fordonsreparatörer (7231)")
    aim = ("Pröva att meka med andra", "Kommer i tid fem dagar i rad")
    story.planned(
        "2025-09-05", goal="Börja på yrkesvux, fordonsteknik", by="2026-01-31",
        milestones={"Söka till yrkesvux": "2025-11-15"}, activities={"Arbetsträning": aim},
    )  # fmt: skip
    placed(story, "work_training", "Cykelverkstaden", "2025-09-10", "2026-01-09")
    story.reached("Söka till yrkesvux", "2025-11-12")
    story.activity_ended("Arbetsträning", "2026-01-09", "Uppnått")
    story.noted("2026-01-12", "Började på Komvux yrkes, fordonsteknik, med studiemedel.", kind="Händelse")
    story.closed("2026-01-16", reason="Studier", aid=True, counts_as="Räknas som B, började studera")
    assert (story.enrolment.end - story.enrolment.start).days == 144
    figures_are_as_tallied(story, capsys)
    expect(behind(story, "B. Började studera").locator("tbody")).to_contain_text("Jonas Lind")
    story.asked_after("2026-04-16", "Studerar")


def test_leila_from_an_employment_to_her_certificate_and_a_job(begun, phone, capsys):
    story = begun("S3")
    story.enrolled("2025-03-03")
    story.mapped("2025-03-17", work="Kök på hotell i två år")
    purpose = ("Få aktuell erfarenhet av storkök", "Referens och kompetensintyg")
    story.planned(
        "2025-04-01", goal="Arbete i kök", by="2026-03-31", milestones={"Klara sex månader i köket": "2026-03-13"},
        activities={"Kommunal arbetsmarknadsanställning": purpose},
    )  # fmt: skip
    kitchen = ("Skolkök Ekbacken", "Köksbiträde")
    story.place_made("2025-08-25", *kitchen, "Kök och måltid", supervisor="Lena Ek", course="Handledare steg 1")
    employment = story.booked(
        "2025-08-27", "Kommunal arbetsmarknadsanställning", kitchen[0], "2025-09-15", "2026-03-13",
        union="2025-09-01", agreed="2025-09-03", grade="100", place=kitchen[1],
    )  # fmt: skip
    assert (employment.place.title, employment.seat) == (kitchen[1], 1)
    story.week_marked("2025-W38", "2025-09-22")
    by_herself, shows = "Självständigt", "Självständigt och visar andra"
    hygiene, cold, stores = "Följer rutiner för hygien", "Förbereder råvaror", "Tar emot varor"
    start = {hygiene: "Med handledning", cold: "Med handledning", stores: "Inte prövat"}
    story.assessed(employment, "I början", "2025-09-26", phone, start)
    mid = {hygiene: by_herself, cold: "Med visst stöd", stores: "Inte prövat"}
    story.assessed(employment, "Mitt i", "2025-12-10", phone, mid)
    link = story.asked(employment, "Slutuppföljning av anställning", "2026-03-13", "2026-03-02")
    lacking = story.go(reverse("day:list", args=["slutar-utan-intyg"]), on="2026-03-02")
    expect(lacking.locator("main")).to_contain_text("saknas: handledarens underskrift, arbetsuppgifter")
    story.answered(link, "2026-03-10", phone)
    final = story.assessed(employment, "I slutet", "2026-03-10", phone, {hygiene: shows, cold: by_herself})
    page = story.go(reverse("assessing:progress", args=[story.person.public_id, employment.pk]))
    expect(page.locator("main")).to_contain_text(hygiene)
    story.reached("Klara sex månader i köket", "2026-03-13")
    story.placement_ended(employment, "2026-03-13", result="Uppnått", value="Ja")
    employment.refresh_from_db()
    assert (employment.result, employment.state_on(dt.date(2026, 3, 16))) == ("met", "ended")
    story.activity_ended("Kommunal arbetsmarknadsanställning", "2026-03-13", "Uppnått")
    story.closed(
        "2026-03-16", reason="Arbete", job=("Nystartsjobb", "2026-03-16"),
        counts_as="Räknas som A, började arbeta, först den 15 april 2026",
    )  # fmt: skip

    version = story.certified(employment, "2026-03-20", tasks=TASKS)
    assert (version.document.number, version.assessment) == ("INTYG-2026-00001", final)
    assert (version.issued - employment.end).days == 7
    said = {each["text"]: each["level"] for each in version.content["modules"][0]["statements"]}
    assert list(said.values()) == [4, 3]
    story.checked(version, phone, "Intyget är giltigt")
    # Four weeks later: she had done more than the paper tells.
    more = "Hon har också ansvarat för specialkosten. Hon har lagat och serverat mat till 120 barn."
    second = story.certified(employment, "2026-04-17", tasks=more, why="Specialkosten saknades.")
    assert (second.version, second.content["replaces"]) == (2, {"version": 1, "issued": "2026-03-20"})
    story.checked(version, phone, "Intyget är ersatt")
    story.checked(second, phone, "Intyget är giltigt")
    page = story.go(story.of("part", "kompetens"))
    row = page.get_by_role("row").filter(has_text="INTYG-2026-00001")
    expect(row).to_contain_text("Ersatt")

    figures_are_as_tallied(story, capsys)
    expect(behind(story, "A. Började arbeta").locator("tbody")).to_contain_text("Leila Haddad")
    story.asked_after("2026-06-14", "I arbete")


def test_per_from_an_order_to_a_statement_seen_by_the_named_only(begun, capsys):
    story = begun("S4")
    order = "Arbetsförmågebedömning, skriftligt utlåtande"
    referral = story.referred("2026-01-08", source="Arbetsförmedlingen", protected=True, order=order)
    colleague = UserFactory(role=Role.JOB_COACH, unit=story.coach.memberships.get().unit)
    outsider = UserFactory(role=Role.JOB_COACH, unit=UnitFactory(code="NORR"))
    page = story.go(reverse("referrals:queue"), colleague)
    expect(page.locator("main")).not_to_contain_text("Per Ek")
    story.accepted(referral, "2026-01-09")
    story.enrolled("2026-01-12", referral=referral, Målgrupp="Annan")
    story.noted(
        "2026-02-25", "Utlåtandet är lämnat.", kind="Skickat dokument", document="Utlåtande om arbetsförmåga",
        to="Arbetsförmedlingen",
    )  # fmt: skip
    assert JournalEntry.objects.get().kind == "document"
    story.closed("2026-02-27", reason="Uppdraget slutfört", counts_as="Räknas som D, slutfört uppdrag")
    assert (story.enrolment.end - story.enrolment.start).days == 46
    for user in (colleague, outsider):
        page = story.go(story.of("file"), user)
        expect(page.get_by_role("heading", level=1)).to_contain_text("finns inte")
        for words in (story.name, story.number):
            page = story.go(reverse("participants:list") + f"?q={words}", user)
            expect(page.locator("tbody tr")).to_have_count(0)
    assert AccessLogEntry.objects.filter(act="denied", subject=story.person.public_id).count() == 2
    figures_are_as_tallied(story, capsys)
    page = behind(story, "D. Slutfört uppdrag")
    expect(page.locator(".count")).to_have_text("3 deltagare")
    expect(page.locator("tbody")).not_to_contain_text("Per Ek")


def test_sara_from_her_first_enrolment_to_a_job_that_must_last_a_month(begun, capsys):
    story = begun("S5")
    for start, end in (("2023-05-08", "2023-11-30"), ("2024-09-02", "2025-02-28"), ("2025-11-24", "2026-01-20")):
        story.enrolled(start)
        story.closed(end, reason="Avbruten i förtid", counts_as="Räknas som E")
    referral = story.referred("2026-01-26", source="Socialtjänsten", group="Försörjningsstöd")
    story.accepted(referral, "2026-01-28")
    aim = "Hitta något som känns viktigt."
    story.enrolled("2026-02-02", referral=referral, told="inskrivning nummer 4", motivation=aim)
    page = story.go(story.of("plan_write"), on="2026-02-09")
    expect(page.get_by_role("group", name="Insats 1")).to_contain_text(aim)
    page = story.go(story.of("joint_review"), on="2026-03-04")
    page.get_by_label("Vad bestämdes, eller varför ställdes den in?").fill("Söker butiksjobb med stöd varje vecka.")
    page.get_by_role("button", name="Spara").click()
    story.closed(
        "2026-03-27", reason="Arbete", job=("Utan stöd", "2026-03-23"),
        counts_as="Räknas som A, började arbeta, först den 22 april 2026",
    )  # fmt: skip
    assert story.person.enrolments.count() == 4
    figures_are_as_tallied(story, capsys)
    expect(behind(story, "A. Började arbeta").locator("tbody")).to_contain_text("Sara Nyberg")
    page = story.go(reverse("reporting:list", args=["revolving"]) + f"?period=2026Q1&as_of={FINAL}", story.manager)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Sara Nyberg")
    story.asked_after("2026-06-25", "I arbete")
