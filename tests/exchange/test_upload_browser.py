"""Taking a register in, in a real browser: what an administrator does on the day the old system is left."""

import contextlib
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Unit
from delivery.models import Job, JobFile
from delivery.running import job_run
from delivery.states import JobState
from exchange.jobs import CHECK, STORE
from participants.models import Participant
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import EnrolmentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RIGHT = {
    "units.csv": "unit;name;legal_basis\nJC;Jobbcenter;labour_market\n",
    "participants.csv": (
        "participant;identity_number;given_name;family_name\n"
        "p1;19920314-2386;Amina;Warsame\np2;19850423-9875;Åsa;Öberg\n"
    ),
    "employers.csv": "employer;name;kind\ne1;Ekbackens förskola;department\n",
}
WRONG = {
    "participants.csv": (
        "participant;identity_number;given_name;family_name;gender;protection\n"
        "p1;19920314-2387;Amina;Warsame;woman;none\n"
        "p2;;;Öberg;kvinna;none\n"
        "p2;;Åsa;Öberg;woman;hemlig\n"
    ),
}


@pytest.fixture
def opened(page, live_server, cast, settings):
    """Opens the page on which a register is chosen; the browser may complain of nothing."""
    settings.JOB_HEARTBEAT_SECONDS = 0.1
    complaints = listen(page)

    def at(width=1280):
        sign_in(page, live_server.url, cast.administrator)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + reverse("exchange:register"))
        return page

    at.complaints = complaints
    yield at
    assert not at.complaints, "\n".join(at.complaints)


def choose(page, folder: Path, contents: dict[str, str], source="procapita") -> None:
    """Choose the files and press the button, as one does."""
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    page.get_by_label("Filer").set_input_files([folder / name for name in contents])
    page.get_by_label("Källa").fill(source)
    page.get_by_role("button", name="Kontrollera filerna").click()


def work() -> None:
    """Do what waits, as a worker does."""
    for job in Job.objects.filter(state=JobState.QUEUED):
        job_run(job_id=job.pk)


@contextlib.contextmanager
def work_held_up():
    """A worker begins with what waits, and cannot go on before the block ends: the participants are locked."""

    def in_a_thread():
        work()
        connection.close()

    thread = threading.Thread(target=in_a_thread)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE participants_participant IN EXCLUSIVE MODE")
            cursor.execute("LOCK TABLE exchange_registerkey IN ACCESS EXCLUSIVE MODE")
        thread.start()
        yield
    thread.join(timeout=60)


@pytest.mark.deep
@desk_first
def test_a_register_is_chosen_checked_followed_and_stored(opened, tmp_path, width):
    page = opened(width)
    check(page, "register")
    choose(page, tmp_path, RIGHT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontrollera ett register")
    expect(page.get_by_text("Väntar", exact=True)).to_be_visible()
    check(page, "register-waiting")
    with work_held_up():
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "30", timeout=15000)
        expect(page.get_by_text("30 % klart.")).to_be_visible()
        expect(page.locator("#job-said")).to_have_text("Kontrollera ett register: Pågår")
        check(page, "register-running")
        page.reload()
        expect(page.get_by_text("30 % klart.")).to_be_visible()
    expect(page.get_by_role("heading", name="Registret är utan fel")).to_be_visible(timeout=15000)
    expect(page.locator("#job-said")).to_have_text("Kontrollera ett register: Klart")
    expect(page.get_by_role("row", name="participants.csv")).to_have_text("participants.csv2200")
    check(page, "register-checked")
    assert not Participant.objects.filter(family_name="Warsame").exists()

    page.get_by_role("button", name="Spara registret").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Spara ett register")
    assert Job.objects.filter(kind=STORE).count() == 1
    work()
    expect(page.get_by_role("heading", name="Registret är sparat")).to_be_visible(timeout=15000)
    check(page, "register-stored")
    assert Participant.objects.filter(family_name="Warsame").exists()
    assert Unit.objects.filter(code="JC").exists()

    page.go_back()
    expect(page.get_by_text("Du har redan valt att spara det.")).to_be_visible()
    expect(page.get_by_role("button", name="Spara registret")).to_have_count(0)
    page.get_by_role("link", name="Visa hur det gick").click()
    page.get_by_role("link", name="Läs in ett register till").click()
    latest = page.get_by_role("region", name="Senaste registren").locator("tbody tr")
    expect(latest).to_have_count(2)
    expect(latest.first).to_contain_text("Sparat")
    expect(latest.last).to_contain_text("Inga fel")
    expect(latest.first).to_contain_text("procapita")
    expect(latest.first).to_contain_text("Ingrid Is")
    check(page, "register-latest")


@pytest.mark.deep
@desk_first
def test_errors_stand_by_file_row_and_column_and_say_what_to_do(opened, tmp_path, width):
    page = opened(width)
    choose(page, tmp_path, WRONG)
    work()
    expect(page.get_by_role("heading", name="fel: inget är sparat")).to_be_visible(timeout=15000)
    errors = page.get_by_role("region", name="Fel", exact=True).locator("tbody tr")
    expect(errors.first).to_contain_text("participants.csv")
    expect(errors.first).to_contain_text("identity_number")
    check(page, "register-errors")
    assert "2387" not in page.content()
    page.get_by_role("link", name="Välj filer").click()
    expect(page.get_by_role("region", name="Senaste registren").locator("tbody tr").first).to_contain_text("fel")
    check(page, "register-latest-errors")


@pytest.mark.deep
@desk_first
def test_a_wrong_choice_is_said_at_the_field_and_what_was_typed_stays(opened, tmp_path, width):
    page = opened(width)
    choose(page, tmp_path, {"anteckningar.csv": "x"})
    opened.complaints.clear()  # the browser's own word about the 422
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text("anteckningar.csv")
    expect(page.get_by_label("Källa")).to_have_value("procapita")
    check(page, "register-wrong-choice")
    choose(page, tmp_path, RIGHT, source="pro capita")
    opened.complaints.clear()
    expect(page.locator("[data-error-summary] li")).to_have_count(2)
    expect(page.locator("[data-error-summary]")).to_contain_text("Välj filerna igen")
    check(page, "register-wrong-source")


@pytest.mark.deep
def test_two_tabs_store_once_and_both_show_how_it_went(opened, tmp_path):
    page = opened()
    choose(page, tmp_path, RIGHT)
    work()
    expect(page.get_by_role("button", name="Spara registret")).to_be_visible(timeout=15000)
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        tab.get_by_role("button", name="Spara registret").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Spara ett register")
    assert page.url == other.url
    work()
    for tab in (page, other):
        expect(tab.get_by_role("heading", name="Registret är sparat")).to_be_visible(timeout=15000)
    assert Job.objects.count() == 2


@pytest.mark.deep
@desk_first
def test_what_changed_after_the_check_is_said_when_storing(opened, tmp_path, width):
    page = opened(width)
    choose(page, tmp_path, RIGHT)
    work()
    page.get_by_role("button", name="Spara registret").click(timeout=15000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Spara ett register")
    work()
    page.get_by_role("link", name="Läs in ett register till").click(timeout=15000)
    choose(page, tmp_path, {"enrolments.csv": "enrolment;participant;unit;start\nn1;p1;JC;2026-01-12\n"})
    work()
    expect(page.get_by_role("button", name="Spara registret")).to_be_visible(timeout=15000)
    amina = Participant.objects.get(family_name="Warsame")
    own = EnrolmentFactory(participant=amina, unit=Unit.objects.get(code="JC"))  # by a colleague, meanwhile
    page.get_by_role("button", name="Spara registret").click()
    work()
    expect(page.get_by_role("heading", name="fel: inget är sparat")).to_be_visible(timeout=15000)
    expect(page.get_by_text("har ändrats sedan registret kontrollerades")).to_be_visible()
    check(page, "register-changed")
    assert list(amina.enrolments.all()) == [own]


@pytest.mark.deep
@desk_first
def test_a_storing_that_failed_is_tried_again_with_the_same_files(opened, tmp_path, width):
    page = opened(width)
    choose(page, tmp_path, RIGHT)
    work()
    page.get_by_role("button", name="Spara registret").click(timeout=15000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Spara ett register")
    Job.objects.filter(kind=STORE).update(
        state=JobState.FAILED,
        error="Det tog för lång tid och avbröts. Ingenting har sparats.",
        finished_at=timezone.now(),
    )
    again = page.get_by_role("button", name="Försök spara igen")
    expect(again).to_be_visible(timeout=15000)
    check(page, "register-failed")
    again.click()
    expect(page.get_by_text("Väntar", exact=True)).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="Registret är sparat")).to_be_visible(timeout=15000)
    assert list(Job.objects.filter(kind=STORE).values_list("state", flat=True)) == [JobState.DONE, JobState.FAILED]


@pytest.mark.deep
def test_files_that_are_no_longer_kept_are_chosen_again(opened, tmp_path):
    page = opened()
    choose(page, tmp_path, RIGHT)
    work()
    store = page.get_by_role("button", name="Spara registret")
    expect(store).to_be_visible(timeout=15000)
    JobFile.objects.all().delete()
    store.click()  # on the page as it was before
    expect(page.get_by_role("heading", level=1)).to_have_text("Läs in ett register")
    expect(page.get_by_text("Filerna finns inte kvar. Välj dem igen.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Filerna finns inte kvar. Välj dem igen.")).to_be_visible()
    expect(store).to_have_count(0)
    check(page, "register-gone")


@pytest.mark.deep
def test_it_works_without_javascript(browser, cast, live_server, tmp_path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, cast.administrator)
    page.goto(live_server.url + reverse("exchange:register"))
    choose(page, tmp_path, RIGHT)
    look = page.get_by_role("link", name="Visa hur långt det har kommit nu")
    look.click()
    expect(page.get_by_text("Väntar på sin tur.")).to_be_visible()
    work()
    look.click()
    page.get_by_role("button", name="Spara registret").click()
    work()
    look.click()
    expect(page.get_by_role("heading", name="Registret är sparat")).to_be_visible()
    assert Job.objects.get(kind=CHECK).state == JobState.DONE
    context.close()
