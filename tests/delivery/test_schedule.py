"""Scheduled tasks, their rows, and what the health page says about them."""

from datetime import time, timedelta

import pytest
from celery.schedules import crontab
from django.utils import timezone

from delivery import health
from delivery.models import Job, JobFile, ScheduledRun
from delivery.scheduled import scheduled_task
from delivery.services.jobs import job_enqueue, job_file_add
from delivery.states import JobState
from delivery.tasks import clean_job_files, requeue_stale_jobs

pytestmark = pytest.mark.django_db


def ago(**duration):
    return timezone.now() - timedelta(**duration)


def ran(name, started_at, ok=True, detail=""):
    return ScheduledRun.objects.create(
        name=name,
        started_at=started_at,
        finished_at=None if ok is None else started_at,
        ok=ok,
        detail=detail,
    )


@pytest.fixture
def schedule(settings):
    settings.CELERY_BEAT_SCHEDULE = {"often": {"task": "often", "schedule": 30.0}}
    settings.SCHEDULED_RUN_GRACE_SECONDS = 60


def test_a_run_leaves_a_row_that_says_what_was_done():
    requeue_stale_jobs()
    run = ScheduledRun.objects.get(name="delivery.requeue_stale_jobs")
    assert (run.ok, run.detail) == (True, "requeued 0, sent again 0")
    assert run.finished_at >= run.started_at


def test_a_run_that_fails_leaves_a_row_without_the_values_of_the_error():
    @scheduled_task("test.fails")
    def fails():
        raise ValueError("900101-2384")

    with pytest.raises(ValueError, match="900101"):
        fails()
    run = ScheduledRun.objects.get(name="test.fails")
    assert (run.ok, run.detail) == (False, "ValueError")
    assert run.finished_at


@pytest.mark.usefixtures("schedule")
def test_a_task_that_runs_when_it_should_is_well():
    ran("often", ago(seconds=20))
    assert health.scheduled_runs().ok


@pytest.mark.usefixtures("schedule")
def test_a_run_that_is_missing_shows():
    ran("often", ago(minutes=10))
    check = health.scheduled_runs()
    assert not check.ok
    assert check.detail.startswith("often: no run since")


@pytest.mark.usefixtures("schedule")
def test_a_task_that_never_ran_shows_once_the_schedule_has_lived_for_its_interval():
    ran("another", ago(seconds=20))
    assert health.scheduled_runs().ok
    ran("another", ago(minutes=10))
    assert not health.scheduled_runs().ok


@pytest.mark.usefixtures("schedule")
def test_a_schedule_that_never_began_shows(monkeypatch):
    monkeypatch.setattr(health, "LOOKING_SINCE", ago(seconds=1))
    assert health.scheduled_runs().ok
    monkeypatch.setattr(health, "LOOKING_SINCE", ago(minutes=10))
    assert not health.scheduled_runs().ok


@pytest.mark.usefixtures("schedule")
@pytest.mark.parametrize("running", [True, False])
def test_a_failed_run_shows_until_the_next_one_goes_well(running):
    ran("often", ago(seconds=50), ok=False, detail="ValueError")
    if running:
        ran("often", ago(seconds=20), ok=None)
    check = health.scheduled_runs()
    assert (check.ok, check.detail) == (False, "often: failed (ValueError)")
    ran("often", ago(seconds=10))
    assert health.scheduled_runs().ok


def test_a_nightly_task_is_not_late_in_the_evening_but_two_days_later(settings):
    nightly = {"task": "a_nightly_task", "schedule": crontab(hour=3, minute=15)}
    settings.CELERY_BEAT_SCHEDULE = {"nightly": nightly}
    run = ran(nightly["task"], timezone.localtime().replace(hour=3, minute=15, second=1) - timedelta(days=1))
    late_today = timezone.localtime().time() > time(3, 20)  # the grace is five minutes
    assert health.scheduled_runs().ok is not late_today
    ScheduledRun.objects.filter(pk=run.pk).update(started_at=run.started_at - timedelta(days=2))
    assert not health.scheduled_runs().ok


def test_jobs_that_nobody_helps_show(coach):
    job = job_enqueue(kind="test_insert_slowly", owner=coach)
    assert health.jobs().ok
    Job.objects.filter(pk=job.pk).update(queued_at=ago(hours=1))
    assert (health.jobs().ok, health.jobs().detail) == (False, "1 stuck")


def test_every_task_of_the_schedule_exists_and_keeps_its_runs(settings):
    from config.celery import app

    app.loader.import_default_modules()  # as a worker does
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        app.tasks[entry["task"]]()
        assert ScheduledRun.objects.get(name=entry["task"]).ok


def test_the_health_page_tells_of_a_missing_run(client, schedule):
    ran("often", ago(minutes=10))
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"]["scheduled_runs"]["ok"] is False


def finished(owner, days):
    job = job_enqueue(kind="test_insert_slowly", owner=owner)
    for role in JobFile.Role:
        job_file_add(job=job, role=role, name=role, media_type="text/csv", content=b"x")
    if days is not None:
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=ago(days=days))
    return job


@pytest.mark.parametrize(
    ("days", "left"), [(None, {"input", "output"}), (0, {"input", "output"}), (2, {"output"}), (8, set())]
)
def test_files_are_deleted_when_their_time_is_over(coach, days, left):
    job = finished(coach, days)
    clean_job_files()
    assert set(job.files.values_list("role", flat=True)) == left


def test_old_run_rows_are_deleted_but_never_the_newest_of_a_task():
    for days in (100, 90, 80):
        ran("yearly", ago(days=days))
    clean_job_files()
    assert [run.started_at.date() for run in ScheduledRun.objects.filter(name="yearly")] == [ago(days=80).date()]
