"""What the worker is told to do: three lines each; the state is in the rows."""

from celery import shared_task

from delivery.running import job_run
from delivery.scheduled import scheduled_task
from delivery.services import mail
from delivery.services.jobs import TASK, job_files_clean, jobs_requeue_stale


@shared_task(name=TASK, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_job(job_id: int) -> None:
    job_run(job_id=job_id)


@shared_task(
    name=mail.TASK,
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    soft_time_limit=mail.SOFT_LIMIT_SECONDS,
    time_limit=mail.HARD_LIMIT_SECONDS,
)
def send_mail(mail_id: int) -> None:
    mail.mail_send(mail_id=mail_id)


@scheduled_task("delivery.requeue_stale_jobs")
def requeue_stale_jobs() -> str:
    return jobs_requeue_stale()


@scheduled_task("delivery.clean_job_files")
def clean_job_files() -> str:
    return job_files_clean()


@scheduled_task("delivery.send_due_mails")
def send_due_mails() -> str:
    return mail.mails_send_due()
