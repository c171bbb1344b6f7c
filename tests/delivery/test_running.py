"""What happens to a job in a worker's hands. The database is committed to, as in a worker."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Unit
from delivery import kinds
from delivery.models import Job, ScheduledRun
from delivery.querysets import IllegalTransition
from delivery.running import job_run
from delivery.services.jobs import job_claim, job_enqueue, job_lock, jobs_requeue_stale
from delivery.states import JobState
from tests.delivery.conftest import until
from tests.delivery.job_kinds import rows_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]


@pytest.fixture(autouse=True)
def short_intervals(settings):
    settings.JOB_HEARTBEAT_SECONDS = 0.1


def enqueue(owner, kind, **params):
    return job_enqueue(kind=f"test_{kind}", owner=owner, params=params)


def in_thread(work, *arguments, **options):
    """Run in another thread, with a database connection of its own, as another worker would."""

    def run():
        try:
            work(*arguments, **options)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def run(job):
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


def test_a_job_that_goes_well_is_done_with_its_result(coach):
    job = run(enqueue(coach, "insert_slowly", rows=3))
    assert (job.state, job.progress, job.result, job.attempts) == (JobState.DONE, 100, {"rows": 3}, 1)
    assert job.finished_at
    assert rows_of(job) == 3


def test_a_refusal_is_told_in_its_own_words_stores_nothing_and_is_not_tried_again(coach):
    job = run(enqueue(coach, "refuse"))
    assert (job.state, job.error, job.attempts, rows_of(job)) == (JobState.FAILED, "Filen är tom.", 1, 0)


def test_an_unforeseen_error_is_tried_again_and_then_told_plainly_with_a_reference(coach):
    job = run(enqueue(coach, "break_off"))
    assert (job.state, job.error, job.attempts) == (JobState.QUEUED, "", 1)
    run(job)
    assert (job.state, job.attempts, rows_of(job)) == (JobState.FAILED, 2, 0)
    assert str(job.public_id) in job.error
    assert "secret-of-a-person" not in job.error
    assert "RuntimeError" not in job.error


def test_a_broken_rule_of_the_database_leaves_no_value_in_the_users_words(coach):
    job = run(enqueue(coach, "break_constraint"))
    assert job.state == JobState.FAILED
    assert "900101-2384" not in job.error


@pytest.mark.deep
def test_a_statement_that_outlasts_the_time_limit_is_broken_off_and_told_plainly(coach):
    job = run(enqueue(coach, "sleep_in_sql_too_long", seconds=30))
    assert (job.state, job.attempts, rows_of(job)) == (JobState.FAILED, 1, 0)
    assert job.error == "Det tog för lång tid och avbröts. Ingenting har sparats."


@pytest.mark.deep
def test_heart_and_progress_are_seen_while_the_work_waits_for_one_statement(coach):
    job = enqueue(coach, "sleep_in_sql", seconds=2)
    worker = in_thread(job_run, job_id=job.pk)
    seen = until(lambda: Job.objects.filter(pk=job.pk, progress=7).first())
    assert seen.progress_text == "asleep"
    until(lambda: Job.objects.filter(pk=job.pk, heartbeat_at__gt=seen.heartbeat_at).exists(), seconds=1)
    assert rows_of(job) == 0, "what is not done is not seen"
    worker.join()
    job.refresh_from_db()
    assert (job.state, rows_of(job)) == (JobState.DONE, 1)


def test_of_several_workers_one_gets_the_job(coach):
    job = enqueue(coach, "insert_slowly", rows=4, pause=0.05)
    workers = [in_thread(job_run, job_id=job.pk) for _ in range(4)]
    for worker in workers:
        worker.join()
    job.refresh_from_db()
    assert (job.state, job.attempts, rows_of(job)) == (JobState.DONE, 1, 4)


def test_a_finished_job_is_not_run_again(coach):
    job = run(enqueue(coach, "insert_slowly", rows=2))
    run(job)
    assert (job.attempts, rows_of(job)) == (1, 2)


def test_a_worker_that_lost_its_claim_stores_nothing(coach):
    job = enqueue(coach, "sleep_in_python", seconds=1)
    worker = in_thread(job_run, job_id=job.pk)
    until(lambda: Job.objects.filter(pk=job.pk, state=JobState.RUNNING).exists())
    Job.objects.filter(pk=job.pk).update(claim=uuid.uuid4())
    worker.join()
    job.refresh_from_db()
    assert (job.state, rows_of(job)) == (JobState.RUNNING, 0), "it is for the holder of the claim to end it"


def test_a_worker_does_not_begin_while_another_transaction_works_on_the_job(coach):
    job = enqueue(coach, "insert_slowly", rows=1)
    with transaction.atomic():
        assert job_lock(job_id=job.pk)
        in_thread(job_run, job_id=job.pk).join()
    job.refresh_from_db()
    assert (job.state, rows_of(job)) == (JobState.RUNNING, 0)


def test_who_lost_the_right_meanwhile_is_refused(coach):
    job = enqueue(coach, "insert_slowly", rows=1)
    coach.is_active = False
    coach.save()
    run(job)
    assert (job.state, rows_of(job)) == (JobState.FAILED, 0)
    assert job.error == "Du har inte längre rätt att göra detta."


def test_a_kind_that_this_version_does_not_know_is_told_plainly(coach):
    job = enqueue(coach, "insert_slowly", rows=1)
    Job.objects.filter(pk=job.pk).update(kind="of_yesterday")
    assert run(job).state == JobState.FAILED
    assert job.error == "Den här versionen av systemet känner inte till den här sortens jobb."


def test_the_history_names_who_asked_also_for_copy_and_which_job_it_was(coach, monkeypatch):
    def copy_and_save(job, progress):
        with connection.cursor() as cursor, cursor.copy("COPY accounts_unit (code) FROM STDIN") as copy:
            copy.write_row(["COPIED"])
        Unit.objects.create(code="SAVED")

    kind = kinds.JobKind(code="test_copy", label="", run=copy_and_save, time_limit=9, can_start=lambda user: True)
    monkeypatch.setitem(kinds._kinds, kind.code, kind)
    job = run(enqueue(coach, "copy"))
    assert job.state == JobState.DONE
    events = Unit.pgh_event_model.objects.filter(code__in=["COPIED", "SAVED"])
    assert [event.pgh_context["name"] for event in events] == ["Alma Öst", "Alma Öst"]
    assert {event.pgh_context["job"] for event in events} == {str(job.public_id)}


def stale(owner, kind="insert_slowly", attempts=1):
    """A running job whose worker has not been heard from for an hour."""
    job = enqueue(owner, kind, rows=2)
    job_claim(job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1), attempts=attempts)
    return job


def test_a_job_whose_worker_died_is_queued_again_and_sent(coach, broker):
    job = stale(coach)
    broker.empty()
    assert jobs_requeue_stale().startswith("requeued 1")
    job.refresh_from_db()
    assert (job.state, job.claim) == (JobState.QUEUED, None)
    assert [args for args, *_ in broker.messages()] == [[job.pk]]
    assert (run(job).state, job.attempts, rows_of(job)) == (JobState.DONE, 2, 2)


def test_a_silent_job_is_left_alone_while_its_transaction_lives(coach):
    job = stale(coach)
    with transaction.atomic():
        job_lock(job_id=job.pk)
        in_thread(jobs_requeue_stale).join()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_job_that_keeps_killing_its_workers_is_given_up_with_a_reference(coach):
    job = stale(coach, attempts=3)
    jobs_requeue_stale()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert str(job.public_id) in job.error


def test_a_running_job_that_is_heard_from_is_left_alone(coach):
    job = enqueue(coach, "insert_slowly", rows=1)
    job_claim(job_id=job.pk)
    assert jobs_requeue_stale() == "requeued 0, sent again 0"
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_waiting_job_whose_message_was_lost_is_sent_again_once_a_while(coach, broker):
    job = enqueue(coach, "insert_slowly", rows=1)
    broker.empty()
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    assert jobs_requeue_stale() == "requeued 0, sent again 1"
    assert jobs_requeue_stale() == "requeued 0, sent again 0"
    assert [args for args, *_ in broker.messages()] == [[job.pk]]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (JobState.DONE, JobState.RUNNING),
        (JobState.FAILED, JobState.QUEUED),
        (JobState.QUEUED, JobState.DONE),
    ],
)
def test_a_move_that_the_table_does_not_know_is_an_error(source, target):
    with pytest.raises(IllegalTransition):
        Job.objects.move(source, target)


def test_a_row_named_after_a_job_is_counted_once(coach):
    """The measure of the tests above can see a doubled row."""
    job = enqueue(coach, "insert_slowly", rows=1)
    ScheduledRun.objects.create(name=f"row of {job.pk}")
    assert rows_of(run(job)) == 2
