"""The five stories of the acceptance cases, played in the browser as far as the product reaches.

Each begins with the acceptance quarter loaded as a municipality would load it, and ends with what the story
must hold.
"""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import AccessLogEntry, Role, Unit
from delivery.models import Mail
from delivery.models.job import Job
from delivery.running import job_run
from delivery.states import JobState
from participants.models import Enrolment, Participant, ProtectedAccess
from placements.models import FollowUp
from tests.browser import check, listen, sign_in
from tests.competence.certificates import TASKS, assessed
from tests.factories import UnitFactory, UserFactory, days_ago
from tests.pdf import text_of
from tests.placements.conftest import LINK, written
from tests.register import UNIT, write_register

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]

QUARTER = "?period=2026Q1&as_of={}"
PRELIMINARY, FINAL = QUARTER.format("2026-04-15"), QUARTER.format("2026-04-30")


@pytest.fixture
def played(page, live_server, tmp_path, capsys):
    """Opens pages as a coach, a manager or an outsider of the quarter's unit: `played(user, address)`."""
    write_register(tmp_path)
    call_command("load_register", str(tmp_path))
    capsys.readouterr()
    page.set_viewport_size({"width": 1280, "height": 900})
    complaints = listen(page)

    def open_page(user, address):
        sign_in(page, live_server.url, user)
        page.goto(live_server.url + address)
        return page

    yield open_page
    assert not [said for said in complaints if "404" not in said]  # that a person is not there is an answer


@pytest.fixture
def coach(played):
    user = UserFactory(given_name="Maria", family_name="Lind", role=Role.JOB_COACH, unit=Unit.objects.get(code=UNIT))
    Enrolment.objects.update(coach=user)
    return user


@pytest.fixture
def manager(played):
    return UserFactory(given_name="Karin", family_name="Öberg", role=Role.MANAGER)


def person(name: str) -> Participant:
    given, _, family = name.rpartition(" ")
    return Participant.objects.get(given_name=given, family_name=family)


def part(name: str, slug: str) -> str:
    return reverse("participants:part", args=[person(name).public_id, slug])


def work() -> None:
    """What a worker does with everything that was asked for."""
    for job in Job.objects.filter(state=JobState.QUEUED):
        job_run(job_id=job.pk)


def begin_open(name: str) -> None:
    """The latest enrolment of the story's person goes on: the story closes it here."""
    latest = person(name).enrolments.latest("start")
    latest.end, latest.closure_reason, latest.job_start, latest.job_end, latest.job_form = None, "", None, None, ""
    latest.study_aid = None
    latest.save()


def close(page, name: str, *, day: str, reason: str, counts_as: str, job=None, aid: bool | None = None) -> None:
    """Close the enrolment through its page, on the page of a coach who is signed in. `job`: its form and first day;
    `counts_as` is what the page must say before anything is saved."""
    address = reverse("participants:enrolment_close", args=[person(name).public_id])
    page.goto(page.url.split("/deltagare")[0] + address)
    page.get_by_label("Inskrivningens sista dag").fill(day)
    page.get_by_label(reason, exact=True).check()
    if job:
        page.get_by_label("Vilken form har jobbet?").select_option(label=job[0])
        page.get_by_label("Jobbets första dag").fill(job[1])
    if aid is not None:
        page.get_by_label("Ja" if aid else "Nej", exact=True).check()
    page.get_by_role("button", name="Gå vidare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Avsluta inskrivningen för {name}?")
    expect(page.locator("main")).to_contain_text(counts_as)
    page.get_by_role("button", name="Avsluta inskrivningen").click()
    expect(page.locator("main")).to_contain_text("Inskrivningen är avslutad.")


def behind(page, region: str, row: str):
    """Open the list behind the total of a row of a table of the report."""
    page.get_by_role("region", name=region).get_by_role("row", name=row).get_by_role("link").last.click()


def test_amina_is_followed_up_and_counts_as_delivered_but_not_as_work(
    played, coach, manager, page, browser, live_server
):
    played(coach, part("Amina Warsame", "placeringar"))
    expect(page.get_by_role("row", name=re.compile("Arbetsmarknadsanställning"))).to_contain_text("75 %")
    page.get_by_role("link", name="Planera en uppföljning").click()
    placement = person("Amina Warsame").enrolments.get().placements.get(form="municipal_employment")
    page.get_by_label("Placering").select_option(str(placement.public_id))
    page.get_by_label("Sorts uppföljning").select_option(label="Trepartssamtal")
    page.get_by_label("Senast").fill("2026-12-31")
    page.get_by_role("button", name="Planera uppföljningen").click()
    page.get_by_role("link", name="Skriv in handledaren").click()
    page.get_by_label("Namn").last.fill("Lena Ek")
    page.get_by_label("E-postadress").fill("lena.ek@ekbacken.example")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("button", name="Skicka länken").click()
    mail = Mail.objects.get()
    message = written(mail)
    assert "Amina" not in message.subject + message.body
    (path,) = [match.group() for match in LINK.finditer(message.body)]

    phone = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()
    phone.goto(live_server.url + path)
    expect(phone.get_by_text("Skolkök Ekbacken").first).to_be_visible()
    assert "Warsame" not in phone.content()
    phone.get_by_label("Ja", exact=True).check()
    phone.get_by_label("Mycket bra").check()
    phone.get_by_role("button", name="Lämna in").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Tack!")
    phone.context.close()

    page.reload()
    page.get_by_role("button", name="Markera som läst").click()
    expect(page.get_by_text("Läst av Maria Lind")).to_be_visible()
    assert FollowUp.objects.filter(kind="three_party_meeting", filed__isnull=False).count() == 2

    played(manager, reverse("reporting:figures") + FINAL)
    behind(page, "Levererade arbetsmarknadsanställningar", "Serviceförvaltningen")
    expect(page.locator("tbody")).to_contain_text("Amina Warsame")
    played(manager, reverse("reporting:figures") + FINAL)
    behind(page, "Resultat vid avslut", "A. Började arbeta")
    expect(page.locator(".count")).to_have_text("11 deltagare")
    expect(page.locator("tbody")).not_to_contain_text("Amina Warsame")


def test_jonas_left_for_studies_after_144_days(played, coach, manager, page):
    begin_open("Jonas Lind")
    played(coach, reverse("participants:list"))
    close(page, "Jonas Lind", day="2026-01-16", reason="Studier", aid=True, counts_as="Räknas som B, började studera")
    played(manager, reverse("reporting:figures") + FINAL)
    behind(page, "Resultat vid avslut", "B. Började studera")
    page.get_by_role("link", name="Jonas Lind").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jonas Lind")
    expect(page.locator("main")).to_contain_text("Studier")
    enrolment = person("Jonas Lind").enrolments.get()
    assert (enrolment.end - enrolment.start).days == 144


def test_leila_gets_her_certificate_and_counts_as_work_on_the_day_her_month_is_full(played, coach, manager, page):
    employment = person("Leila Haddad").enrolments.get().placements.get(form="municipal_employment")
    employment.certificate.versions.all().delete()  # the story writes it here, not in the older system
    employment.certificate.delete()
    assessed(employment, day=employment.end)
    played(coach, part("Leila Haddad", "kompetens"))
    page.get_by_role("link", name=re.compile("Skriv intyg")).click()
    page.get_by_label("Det här har arbetet handlat om", exact=True).fill(TASKS)
    page.get_by_role("button", name="Spara utkastet").click()
    page.get_by_label("Deltagaren har läst det").fill(days_ago(0).isoformat())
    page.get_by_role("button", name="Gå vidare och utfärda").click()
    page.get_by_role("button", name="Utfärda intyget").click()
    work()
    link = page.get_by_role("link", name=re.compile(r"Ladda ner INTYG-\d{4}-00001"))
    with page.expect_download() as download:
        link.click(timeout=15000)
    read = text_of(download.value.path().read_bytes())
    assert "Leila Haddad" in read
    assert "19800922" not in read
    code = re.search(r"(?<![\w-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}(?![\w-])", read).group()
    page.context.clear_cookies()
    page.goto(page.url.split("/deltagare")[0].split("/intyg")[0] + reverse("competence:verification_form"))
    page.locator("form [name=kod]").fill(code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(re.compile("giltigt", re.I))
    assert "Leila" not in page.content()

    begin_open("Leila Haddad")
    played(coach, reverse("participants:list"))
    close(
        page, "Leila Haddad", day="2026-03-16", reason="Arbete", job=("Nystartsjobb", "2026-03-16"),
        counts_as="Räknas som A, började arbeta: jobbet hade varat en månad den 15 april 2026.",
    )  # fmt: skip
    for question, days in ((QUARTER.format("2026-04-14"), 0), (PRELIMINARY, 1)):
        played(manager, reverse("reporting:figures") + question)
        behind(page, "Resultat vid avslut", "A. Började arbeta")
        assert page.locator("tbody").get_by_text("Leila Haddad").count() == days


def test_per_is_counted_everywhere_and_seen_by_nobody_who_is_not_named(played, coach, manager, page):
    begin_open("Per Ek")
    per = person("Per Ek")
    named = ProtectedAccess.objects.create(participant=per, user=coach)
    played(coach, reverse("participants:list"))
    close(page, "Per Ek", day="2026-02-27", reason="Uppdraget slutfört", counts_as="Räknas som D, slutfört uppdrag")
    named.delete()
    outsider = UserFactory(role=Role.JOB_COACH, unit=UnitFactory(code="NORR"))
    address = reverse("participants:file", args=[per.public_id])
    for user in (coach, outsider):
        played(user, address)
        expect(page.get_by_role("heading", level=1)).to_contain_text("finns inte")
        for words in ("Per Ek", "19680207-2394"):
            played(user, reverse("participants:list") + f"?q={words}")
            expect(page.locator("tbody tr")).to_have_count(0)
    assert AccessLogEntry.objects.filter(act="denied", subject=per.public_id).count() == 2
    played(manager, reverse("reporting:figures") + FINAL)
    behind(page, "Resultat vid avslut", "D. Slutfört uppdrag")
    expect(page.locator(".count")).to_have_text("3 deltagare")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator(".more-hidden")).to_contain_text("1 fler")


def test_sara_counts_once_by_her_last_closure_and_is_flagged(played, coach, manager, page):
    begin_open("Sara Nyberg")
    played(coach, reverse("participants:list"))
    close(
        page, "Sara Nyberg", day="2026-03-27", reason="Arbete", job=("Utan stöd", "2026-03-23"),
        counts_as="Räknas som A, började arbeta: jobbet hade varat en månad den 22 april 2026.",
    )  # fmt: skip
    for question, row in ((PRELIMINARY, "Ej fastställt"), (FINAL, "A. Började arbeta")):
        played(manager, reverse("reporting:figures") + question)
        behind(page, "Resultat vid avslut", row)
        assert page.locator("tbody").get_by_text("Sara Nyberg").count() == 1
    played(manager, reverse("reporting:list", args=["revolving"]) + FINAL)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Sara Nyberg")
    check(page, "story-revolving")


def test_the_manager_takes_the_quarter_to_the_committee(played, manager, page):
    played(manager, reverse("reporting:figures") + FINAL)
    page.get_by_role("button", name="PDF").click()
    work()
    with page.expect_download() as download:
        page.get_by_role("link", name="Ladda ner PDF:en").click(timeout=15000)
    read = text_of(download.value.path().read_bytes())
    assert "Deltagare under perioden" in read
    assert "67,9" in read
