import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from delivery.models import Job
from delivery.services.jobs import job_enqueue, job_file_add
from delivery.states import JobState

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def job_of(owner, state=JobState.QUEUED, **fields) -> Job:
    job = job_enqueue(kind="test_insert_slowly", owner=owner, params={"rows": 1})
    now = timezone.now()
    if state == JobState.RUNNING:
        fields |= {"claim": uuid.uuid4(), "heartbeat_at": now}
    elif state != JobState.QUEUED:
        fields |= {"finished_at": now}
    Job.objects.filter(pk=job.pk).update(state=state, **fields)
    job.refresh_from_db()
    return job


def page(client, user, job, name="job_detail", **options):
    client.force_login(user)
    return client.get(reverse(f"delivery:{name}", args=[job.public_id]), **options)


def test_the_owner_sees_state_and_progress_and_a_link_that_works_without_javascript(client, coach):
    job = job_of(coach, JobState.RUNNING, progress=40, progress_text="40 av 100 rader")
    html = page(client, coach, job).content.decode()
    assert "Pågår" in html
    assert "40 av 100 rader" in html
    assert 'value="40"' in html
    assert f'<a href="{job.get_absolute_url()}">Visa hur långt det har kommit nu</a>' in html
    assert f'hx-get="{reverse("delivery:job_state", args=[job.public_id])}" hx-trigger="every 2s"' in html


def test_a_failed_job_says_why_and_is_not_asked_for_again(client, coach):
    job = job_of(coach, JobState.FAILED, error="Filen <b>är</b> tom.")
    html = page(client, coach, job).content.decode()
    assert "Filen &lt;b&gt;är&lt;/b&gt; tom." in html
    assert "hx-get" not in html


@pytest.mark.parametrize("name", ["job_detail", "job_state"])
def test_for_others_the_job_does_not_exist(client, coach, other_coach, name):
    job_of(other_coach)
    assert page(client, other_coach, job_of(coach), name).status_code == 404


def test_nobody_sees_a_job_without_signing_in(client, coach):
    response = client.get(job_of(coach).get_absolute_url())
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_an_administrator_sees_how_anybodys_job_went_but_not_what_came_of_it(client, coach, administrator):
    job = job_of(coach, JobState.DONE)
    job_file_add(job=job, name="namn.csv", media_type="text/csv", content=b"x")
    html = page(client, administrator, job).content.decode()
    assert "Klart" in html
    assert "namn.csv" not in html


def test_polling_brings_the_part_that_changes_and_says_a_new_state_aloud_once(client, coach):
    job = job_of(coach, JobState.RUNNING, progress=40)
    html = page(client, coach, job, "job_state", headers=HTMX, query_params={"seen": "queued"}).content.decode()
    assert "<html" not in html
    assert 'role="status" id="job-said" hx-swap-oob="true">' in html
    again = page(client, coach, job, "job_state", headers=HTMX, query_params={"seen": "running"}).content.decode()
    assert "job-said" not in again


@pytest.mark.parametrize(
    ("state", "error", "status"),
    [(JobState.RUNNING, "", 200), (JobState.DONE, "", 286), (JobState.FAILED, "Filen är tom.", 286)],
)
def test_polling_stops_when_the_job_is_finished(client, coach, state, error, status):
    job = job_of(coach, state, error=error)
    response = page(client, coach, job, "job_state", headers=HTMX)
    assert response.status_code == status
    assert error in response.content.decode()


def test_the_part_that_changes_is_no_page_of_its_own(client, coach):
    job = job_of(coach)
    assert page(client, coach, job, "job_state").url == job.get_absolute_url()


def download(client, user, job, file):
    client.force_login(user)
    return client.get(reverse("delivery:job_file", args=[job.public_id, file.public_id]))


def test_the_owner_downloads_a_file_and_the_access_log_knows(client, coach):
    job = job_of(coach, JobState.DONE)
    file = job_file_add(job=job, name="över.csv", media_type="text/csv", content=b"a;b\n")
    assert "över.csv" in page(client, coach, job).content.decode()
    response = download(client, coach, job, file)
    assert b"".join(response.streaming_content) == b"a;b\n"
    assert response["Content-Disposition"].startswith("attachment;")
    entry = AccessLogEntry.objects.get(act=AccessLogEntry.Act.DOWNLOADED)
    assert (entry.actor, entry.subject) == (coach, file.public_id)


@pytest.mark.parametrize("who", ["other_coach", "administrator"])
def test_nobody_else_gets_the_file_and_nothing_is_logged_as_downloaded(client, coach, who, request):
    user = request.getfixturevalue(who)
    own = job_of(user, JobState.DONE)
    job_file_add(job=own, name="eget.csv", media_type="text/csv", content=b"own")
    job = job_of(coach, JobState.DONE)
    file = job_file_add(job=job, name="svar.csv", media_type="text/csv", content=b"x")
    assert download(client, user, job, file).status_code == 404
    assert download(client, user, own, file).status_code == 404
    assert not AccessLogEntry.objects.filter(act=AccessLogEntry.Act.DOWNLOADED).exists()


def test_the_list_holds_my_jobs_and_nobody_elses(client, coach, administrator):
    mine, other = job_of(administrator), job_of(coach)
    client.force_login(administrator)
    html = client.get(reverse("delivery:job_list")).content.decode()
    assert mine.get_absolute_url() in html
    assert other.get_absolute_url() not in html


def test_an_empty_list_says_what_it_is_for(client, coach):
    client.force_login(coach)
    assert "Du har inga jobb" in client.get(reverse("delivery:job_list")).content.decode()


def test_the_list_costs_as_many_queries_for_50_jobs_as_for_5(client, coach):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("delivery:job_list"))
        return len(captured)

    client.force_login(coach)
    for _ in range(5):
        job_of(coach)
    few = queries()
    for _ in range(45):
        job_of(coach)
    assert queries() == few
