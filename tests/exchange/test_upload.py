"""The administrator's page: choose the files, get a report, store."""

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Unit
from delivery.models import Job
from delivery.running import job_run
from delivery.states import JobState
from exchange.jobs import CHECK, STORE
from participants.models import Participant

pytestmark = pytest.mark.django_db(transaction=True)

UNITS = "unit;name;legal_basis\nJC;Jobbcenter;labour_market\n"
PARTICIPANTS = "participant;identity_number;given_name;family_name\np1;19920314-2386;Amina;Warsame\n"
WRONG = "participant;identity_number;given_name;family_name\np1;19920314-2387;Amina;Warsame\n"


def files(**contents):
    return [SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in contents.items()]


def upload(client, **contents):
    return client.post(reverse("exchange:register"), {"files": files(**contents), "source": "register"})


def worked(job):
    """The job, after a worker has done it."""
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator)
    return cast.administrator


def test_it_checks_first_and_stores_only_when_told(client, administrator):
    response = upload(client, units=UNITS, participants=PARTICIPANTS)
    job = Job.objects.get(kind=CHECK)
    assert response.url == job.get_absolute_url()
    before = Participant.objects.count()
    assert worked(job).state == JobState.DONE
    assert Participant.objects.count() == before
    page = client.get(job.get_absolute_url()).content.decode()
    assert "participants.csv" in page
    store = reverse("exchange:register_store", args=[job.public_id])
    assert store in page

    stored = client.post(store)
    second = Job.objects.get(kind=STORE)
    assert stored.url == second.get_absolute_url()
    assert worked(second).state == JobState.DONE
    assert Participant.objects.filter(identity_number="199203142386").exists()
    assert Unit.objects.filter(code="JC").exists()


def test_the_report_follows_the_order_of_the_register_and_the_menu_shows_where_one_is(client, administrator):
    enrolments = "enrolment;participant;unit;start\nx1;p1;JC;2026-01-12\n"
    upload(client, enrolments=enrolments, participants=PARTICIPANTS, units=UNITS)
    page = client.get(worked(Job.objects.get()).get_absolute_url()).content.decode()
    assert re.findall(r'<th scope="row">(\w+)\.csv', page) == ["units", "participants", "enrolments"]
    start = client.get(reverse("exchange:register")).content.decode()
    assert '<a href="/administration/" aria-current="true">' in start


def test_pressing_store_twice_makes_one_job(client, administrator):
    upload(client, units=UNITS)
    job = worked(Job.objects.get(kind=CHECK))
    store = reverse("exchange:register_store", args=[job.public_id])
    assert client.post(store).url == client.post(store).url
    assert Job.objects.filter(kind=STORE).count() == 1


def test_errors_are_shown_by_row_and_column_and_cannot_be_stored(client, administrator):
    upload(client, participants=WRONG)
    job = worked(Job.objects.get(kind=CHECK))
    page = client.get(job.get_absolute_url()).content.decode()
    assert "identity_number" in page
    assert "19920314" not in page
    store = reverse("exchange:register_store", args=[job.public_id])
    assert store not in page
    assert client.post(store).url == job.get_absolute_url()
    assert not Job.objects.filter(kind=STORE).exists()
    assert "2387" not in json.dumps(job.result)


def test_a_file_that_is_no_text_is_told_in_plain_words(client, administrator):
    broken = [SimpleUploadedFile("participants.csv", b"\xff\xfe\x00\x01")]
    client.post(reverse("exchange:register"), {"files": broken, "source": "register"})
    job = worked(Job.objects.get(kind=CHECK))
    said = job.error or job.result["errors"][0]["message"]
    assert "UTF-8" in said
    assert said in html.unescape(client.get(job.get_absolute_url()).content.decode())


@pytest.mark.parametrize(
    "chosen",
    [
        [],
        ["notes.txt"],
        ["participants.csv", "register.xlsx"],
        ["one.xlsx", "two.xlsx"],
        ["units.csv", "units.csv"],
    ],
)
def test_a_wrong_choice_is_told_at_the_field_and_makes_no_job(client, administrator, chosen):
    data = {"files": [SimpleUploadedFile(name, b"x") for name in chosen], "source": "procapita"}
    response = client.post(reverse("exchange:register"), data)
    assert response.status_code == 422
    assert response.context["form"].errors["files"]
    assert "procapita" in response.content.decode()
    assert not Job.objects.exists()


def test_too_large_files_are_sent_to_the_command(client, administrator, settings):
    settings.REGISTER_UPLOAD_LIMIT = 10
    response = upload(client, units=UNITS)
    assert response.status_code == 422
    assert "load_register" in response.content.decode()


@pytest.mark.parametrize("who", ["coach", "coordinator", "manager", "head", "analyst"])
def test_only_administrators_reach_it(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("exchange:register")).status_code == 403
    assert upload(client, units=UNITS).status_code == 403
    assert not Job.objects.exists()


def test_another_administrators_check_cannot_be_stored(client, cast):
    from accounts.models import Role
    from tests.factories import UserFactory

    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    upload(client, units=UNITS)
    job = worked(Job.objects.get(kind=CHECK))
    client.force_login(cast.administrator)
    assert client.post(reverse("exchange:register_store", args=[job.public_id])).status_code == 404
