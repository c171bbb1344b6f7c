import time
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied

from delivery.models import Job
from delivery.services.jobs import NewFile, UnknownKind, job_enqueue
from delivery.states import JobState

pytestmark = pytest.mark.django_db


def enqueue(owner, **params):
    return job_enqueue(kind="test_insert_slowly", owner=owner, params={"rows": 1, **params})


def test_it_stores_who_asked_and_what_for_and_sends_only_the_key(coach, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(coach, unit="JC-CENTRUM")
    job.refresh_from_db()
    assert (job.state, job.owner, job.owner_name) == (JobState.QUEUED, coach, "Alma Öst")
    assert job.sent_at is not None
    [(args, kwargs, _)] = broker.messages()
    assert (args, kwargs) == ([job.pk], {})


def test_nothing_is_sent_before_the_transaction_is_committed(coach, broker):
    job = enqueue(coach)
    assert broker.messages() == []
    assert Job.objects.get(pk=job.pk).sent_at is None


def test_what_is_handed_in_is_stored_with_the_job_without_its_path(coach):
    file = NewFile(name="C:\\Users\\alma\\register.csv", media_type="text/csv", content=b"a;b")
    job = job_enqueue(kind="test_make_file", owner=coach, files=[file])
    stored = job.files.get()
    assert (stored.name, bytes(stored.content), stored.size, stored.role) == ("register.csv", b"a;b", 3, "input")
    assert stored.sha256 == sha256(b"a;b").hexdigest()


@pytest.mark.parametrize("kind", ["test_by_the_system", "test_insert_slowly"])
def test_a_user_without_the_right_to_the_kind_starts_nothing(coach, kind):
    coach.is_active = kind != "test_insert_slowly"
    with pytest.raises(PermissionDenied):
        job_enqueue(kind=kind, owner=coach)
    assert not Job.objects.exists()


def test_the_system_may_start_what_no_user_may(db):
    assert job_enqueue(kind="test_by_the_system", owner=None).owner_name == ""


def test_an_unknown_kind_is_refused_and_nothing_stored(coach):
    with pytest.raises(UnknownKind):
        job_enqueue(kind="no_such_kind", owner=coach)
    assert not Job.objects.exists()


@pytest.mark.deep
@pytest.mark.parametrize("fault", ["stop", "freeze"])
def test_a_broker_that_is_down_or_hangs_costs_no_more_than_three_seconds(
    coach, broker, fault, django_capture_on_commit_callbacks
):
    getattr(broker, fault)()
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(coach)
    assert time.monotonic() - began < 3
    job.refresh_from_db()
    assert (job.state, job.sent_at) == (JobState.QUEUED, None)
