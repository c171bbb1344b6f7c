"""/metrics, as Prometheus asks it."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from delivery.models import Job, Mail, ScheduledRun
from delivery.services.documents import document_issue
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-this-test"


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def ask(client, token=TOKEN):
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def samples(client):
    """Everything measured: (name, labels) → value."""
    answer = ask(client)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value for family in families for each in family.samples
    }


def test_without_a_token_set_there_is_no_such_page(client):
    assert ask(client, "").status_code == 404


@pytest.mark.parametrize("shown", ["", "another", TOKEN + "x", "å"])
def test_only_who_shows_the_token_may_read(client, token, shown):
    assert ask(client, shown).status_code == 401
    assert ask(client).status_code == 200


def test_it_is_asked_by_address_and_without_tls(client, token, settings):
    settings.SECURE_SSL_REDIRECT = True
    for path in ("/metrics", "/healthz"):
        assert client.get(
            path, headers={"Host": "172.18.0.5:8000", "Authorization": f"Bearer {TOKEN}"}
        ).status_code in {
            200,
            503,
        }
    assert client.get("/tillganglighet/", headers={"Host": "172.18.0.5:8000"}).status_code == 400


def test_it_counts_requests_by_route_and_not_by_whom_they_were_about(client, token, cast):
    def counted(status):
        labels = (("method", "GET"), ("route", "participants:file"), ("status", status))
        return samples(client).get(("jobbspar_requests_total", labels), 0)

    before = counted("200"), counted("404")
    person = str(cast.person.public_id)
    client.force_login(cast.coach)
    client.get(f"/deltagare/{person}/")
    client.force_login(cast.outsider)
    client.get(f"/deltagare/{person}/")
    client.generic("X" * 40, "/deltagare/")
    assert (counted("200"), counted("404")) == (before[0] + 1, before[1] + 1)
    text = ask(client).content.decode()
    assert person not in text
    assert "XXX" not in text
    assert ("jobbspar_request_seconds_count", (("route", "participants:file"),)) in samples(client)


def test_it_tells_how_the_background_work_is(client, token):
    owner = UserFactory(given_name="Alma", family_name="Öst")
    waited = timezone.now() - dt.timedelta(minutes=7)
    Job.objects.create(kind="x", owner=owner, owner_name="Alma Öst", queued_at=waited)
    Job.objects.create(kind="x", state="failed", error="y", finished_at=timezone.now())
    for minutes, ok in ((9, True), (4, True), (1, False)):
        ended = timezone.now() - dt.timedelta(minutes=minutes)
        ScheduledRun.objects.create(name="delivery.clean_job_files", started_at=ended, finished_at=ended, ok=ok)
    document_issue(kind="certificate", series="INTYG", actor=None)
    mail = {"kind": "x", "recipient": "per.po@example.org", "reference": uuid.uuid4()}
    Mail.objects.create(**mail, created_at=waited, give_up_at=timezone.now())
    found = samples(client)
    assert found["jobbspar_jobs", (("state", "queued"),)] == 1
    assert found["jobbspar_jobs", (("state", "failed"),)] == 1
    assert found["jobbspar_jobs", (("state", "running"),)] == 0
    assert found["jobbspar_job_waiting_seconds", ()] == pytest.approx(7 * 60, abs=30)
    assert found["jobbspar_mails", (("state", "waiting"),)] == 1
    assert found["jobbspar_mail_waiting_seconds", ()] == pytest.approx(7 * 60, abs=30)
    age = found["jobbspar_scheduled_run_age_seconds", (("task", "delivery.clean_job_files"),)]
    assert age == pytest.approx(4 * 60, abs=30)
    assert found["jobbspar_documents", (("kind", "certificate"), ("made", "no"))] == 1
    assert found["jobbspar_database_bytes", ()] > 1e6
    assert found["jobbspar_healthy", (("check", "database"),)] == 1
    text = ask(client).content.decode()
    assert "Alma" not in text
    assert "per.po" not in text


def test_it_asks_the_database_few_questions_however_many_rows(client, token, django_assert_max_num_queries):
    for number in range(50):
        Job.objects.create(kind=f"kind {number}")
        ScheduledRun.objects.create(name=f"task {number}")
        document_issue(kind=f"kind {number}", series="X", actor=None)
    with django_assert_max_num_queries(12):
        assert ask(client).status_code == 200
