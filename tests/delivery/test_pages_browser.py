"""The pages of background jobs in a real browser: the list, and a job in each of its states."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from delivery.models import Job
from delivery.running import job_run
from delivery.services.jobs import job_enqueue
from delivery.states import JobState
from tests.browser import check, desk_first, listen, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(page, live_server):
    """Opens an address as a user, in a window of a width; the browser may complain of nothing."""
    complaints = listen(page)

    def as_user(user, address, width=1280):
        sign_in(page, live_server.url, user)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + address)
        return page

    yield as_user
    assert not complaints, "\n".join(complaints)


def asked(owner, kind, **params) -> Job:
    return job_enqueue(kind=f"test_{kind}", owner=owner, params=params)


def done(owner, kind, **params) -> Job:
    """A job that a worker has tried as often as it may be."""
    job = asked(owner, kind, **params)
    for _attempt in range(job.max_attempts):
        job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.deep
@desk_first
def test_my_jobs_are_found_in_the_menu_with_their_states(opened, coach, width):
    done(coach, "insert_slowly", rows=1)
    done(coach, "refuse")
    asked(coach, "insert_slowly", rows=1)
    page = opened(coach, "/", width)
    page.locator(".menu > summary").click()
    page.get_by_role("link", name="Mina jobb").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mina jobb")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    for row, state in zip(rows.all(), ["Väntar", "Misslyckades", "Klart"], strict=True):
        expect(row).to_contain_text(state)
    check(page, "jobs")
    rows.last.click()
    expect(page.get_by_text("Klart", exact=True)).to_be_visible()
    check(page, "job-done")


@pytest.mark.deep
@desk_first
def test_an_empty_list_says_what_it_is_for(opened, coach, width):
    check(opened(coach, reverse("delivery:job_list"), width), "jobs-empty")


@pytest.mark.deep
@desk_first
def test_a_refused_job_says_why_in_plain_words(opened, coach, width):
    page = opened(coach, done(coach, "refuse").get_absolute_url(), width)
    expect(page.get_by_role("heading", name="Det gick inte")).to_be_visible()
    expect(page.get_by_text("Filen är tom.")).to_be_visible()
    check(page, "job-refused")


@pytest.mark.deep
@desk_first
def test_an_unforeseen_error_says_that_nothing_is_stored_and_what_to_refer_to(opened, coach, width):
    job = done(coach, "break_off")
    page = opened(coach, job.get_absolute_url(), width)
    expect(page.get_by_text("Något gick fel och ingenting har sparats.")).to_be_visible()
    expect(page.get_by_text(str(job.public_id))).to_be_visible()
    assert "secret-of-a-person" not in page.content()
    check(page, "job-failed")


@pytest.mark.deep
@desk_first
def test_a_job_that_no_worker_takes_says_so_after_a_while(opened, coach, width, settings):
    job = asked(coach, "insert_slowly", rows=1)
    page = opened(coach, job.get_absolute_url(), width)
    expect(page.get_by_text("Väntar på sin tur.")).to_be_visible()
    expect(page.get_by_text("Det tar längre tid än vanligt")).to_have_count(0)
    check(page, "job-waiting")
    Job.objects.update(queued_at=timezone.now() - timedelta(seconds=settings.JOB_RESEND_SECONDS + 1))
    expect(page.get_by_role("heading", name="Det tar längre tid än vanligt")).to_be_visible(timeout=15000)
    check(page, "job-waiting-long")
    job_run(job_id=job.pk)
    expect(page.get_by_text("Klart", exact=True)).to_be_visible(timeout=15000)


@pytest.mark.deep
@desk_first
def test_a_job_whose_worker_fell_silent_says_that_it_begins_again(opened, coach, width, settings):
    job = asked(coach, "insert_slowly", rows=1)
    silent = timezone.now() - timedelta(seconds=settings.JOB_STALE_SECONDS + 1)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, claim=uuid.uuid4(), heartbeat_at=silent, started_at=silent, progress=40
    )
    page = opened(coach, job.get_absolute_url(), width)
    expect(page.get_by_text("Arbetet har inte hörts av på ett tag.")).to_be_visible()
    check(page, "job-silent")


@pytest.mark.deep
@desk_first
def test_an_administrator_is_told_who_sees_the_outcome(opened, coach, administrator, width):
    page = opened(administrator, done(coach, "insert_slowly", rows=1).get_absolute_url(), width)
    expect(page.get_by_text("Resultatet ser bara den som bad om det: Alma Öst.")).to_be_visible()
    check(page, "job-of-another")
