"""Faults that really happen: workers killed, brokers stopped, messages lost. Real processes, real servers."""

import time

import pytest
from django.urls import reverse

from delivery.models import Job
from delivery.services.jobs import job_enqueue, job_send
from delivery.states import JobState
from tests.delivery.conftest import until
from tests.delivery.job_kinds import rows_of


def enqueue(owner, kind, **params) -> Job:
    return job_enqueue(kind=f"test_{kind}", owner=owner, params=params)


def reached(job, state=JobState.RUNNING, **conditions) -> bool:
    return Job.objects.filter(pk=job.pk, state=state, **conditions).exists()


def outcome(job):
    """Wait for the end of the job; its state, its attempts, and the rows it left."""
    until(lambda: Job.objects.get(pk=job.pk).is_finished, seconds=120)
    job.refresh_from_db()
    return job.state, job.attempts, rows_of(job)


def test_a_real_worker_does_what_was_asked(coach, workers):
    job = enqueue(coach, "insert_slowly", rows=3)
    workers.worker(wait=False)
    assert outcome(job) == (JobState.DONE, 1, 3)


@pytest.mark.deep
@pytest.mark.parametrize("halt_at", [0, 10, 19])
def test_a_worker_killed_at_any_point_loses_and_doubles_nothing(coach, workers, halt_at):
    job = enqueue(coach, "insert_slowly", rows=20, halt_at=halt_at)
    first = workers.worker()
    until(lambda: reached(job, progress=5 * halt_at))
    workers.kill(first)
    workers.worker(beat=True)
    assert outcome(job) == (JobState.DONE, 2, 20)


@pytest.mark.deep
def test_a_worker_killed_inside_one_long_statement_lets_go_of_the_job_at_once(coach, workers):
    job = enqueue(coach, "sleep_in_sql_at_first", seconds=300)
    first = workers.worker()
    until(lambda: reached(job, progress__gt=0))
    workers.kill(first)
    workers.worker(beat=True)
    # Within the two minutes of `outcome`, not after the five that the dead worker's statement would have slept.
    assert outcome(job) == (JobState.DONE, 2, 1)


@pytest.mark.deep
def test_a_killed_child_process_is_replaced_and_the_job_ends_once(coach, workers):
    job = enqueue(coach, "insert_slowly", rows=20, halt_at=10)
    workers.beat()
    worker = workers.worker()
    until(lambda: reached(job, progress=50))
    workers.kill_children(worker)
    assert outcome(job) == (JobState.DONE, 2, 20)


@pytest.mark.deep
def test_users_go_on_while_the_broker_is_down_and_their_jobs_run_when_it_is_back(coach, workers, broker, client):
    workers.worker(beat=True)
    broker.stop()
    client.force_login(coach)
    began = time.monotonic()
    jobs = [enqueue(coach, "insert_slowly", rows=2) for _ in range(5)]
    for job in jobs:
        assert "Väntar" in client.get(job.get_absolute_url()).content.decode()
    assert time.monotonic() - began < 5
    time.sleep(3)
    broker.start()
    assert [outcome(job) for job in jobs] == [(JobState.DONE, 1, 2)] * 5


@pytest.mark.deep
def test_a_job_whose_message_is_lost_is_sent_again(coach, workers, broker):
    job = enqueue(coach, "insert_slowly", rows=2)
    broker.empty()
    first = workers.worker()
    time.sleep(1)
    assert reached(job, state=JobState.QUEUED)
    workers.kill(first)
    workers.worker(beat=True)
    assert outcome(job) == (JobState.DONE, 1, 2)


@pytest.mark.deep
def test_of_two_workers_with_the_same_message_one_does_the_job(coach, workers):
    job = enqueue(coach, "insert_slowly", rows=20, pause=0.1)
    for _ in range(5):
        assert job_send(job=job)
    workers.worker("--hostname", "one@%h", wait=False)
    workers.worker("--hostname", "two@%h")
    assert outcome(job) == (JobState.DONE, 1, 20)


@pytest.mark.deep
def test_a_paused_worker_keeps_its_job_and_ends_it_once(coach, workers):
    """A machine that sleeps for longer than the heartbeat may be silent: its transaction still holds the job."""
    job = enqueue(coach, "insert_slowly", rows=100, pause=0.1)
    first = workers.worker("--hostname", "one@%h")
    until(lambda: reached(job, progress__gt=0))
    workers.pause(first)
    workers.worker("--hostname", "two@%h", beat=True)
    time.sleep(6)
    assert reached(job, attempts=1)
    workers.go_on(first)
    assert outcome(job) == (JobState.DONE, 1, 100)


@pytest.mark.deep
@pytest.mark.parametrize("kind", ["sleep_in_python", "sleep_in_sql_too_long"])
def test_a_job_that_takes_too_long_is_broken_off_and_says_so(coach, workers, client, kind):
    job = enqueue(coach, kind, seconds=40)
    workers.worker()
    assert outcome(job) == (JobState.FAILED, 1, 0)
    client.force_login(coach)
    page = client.get(reverse("delivery:job_detail", args=[job.public_id])).content.decode()
    assert "Det tog för lång tid och avbröts. Ingenting har sparats." in page
    # The worker is well afterwards.
    assert outcome(enqueue(coach, "insert_slowly", rows=1))[0] == JobState.DONE


@pytest.mark.deep
def test_a_job_that_kills_every_worker_is_given_up(coach, workers):
    job = enqueue(coach, "kill_worker")
    workers.worker(beat=True)
    state, attempts, rows = outcome(job)
    assert (state, attempts, rows) == (JobState.FAILED, 3, 0)
    assert str(job.public_id) in job.error
