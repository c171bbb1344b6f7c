"""What the worker is told to do: three lines each; the state is in the rows."""

from celery import shared_task

from delivery.running import job_run
from delivery.scheduled import scheduled_task
from delivery.services.jobs import TASK, job_files_clean, jobs_requeue_stale


@shared_task(name=TASK, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_job(job_id: int) -> None:
    job_run(job_id=job_id)


@scheduled_task("delivery.requeue_stale_jobs")
def requeue_stale_jobs() -> str:
    return jobs_requeue_stale()


@scheduled_task("delivery.clean_job_files")
def clean_job_files() -> str:
    return job_files_clean()
