"""How a worker runs a job: claims it, beats the heart beside the work, ends it in one of the known ways."""

import logging
import threading

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from accounts.history import set_transaction_context
from delivery import kinds
from delivery.faults import name_of, storage_is_full
from delivery.models import Job
from delivery.permissions import can_start_job
from delivery.services.jobs import ClaimLost, job_claim, job_fail, job_finish, job_hold, job_try_again
from delivery.states import JobState

logger = logging.getLogger(__name__)


class Progress:
    """How far the work has come, told by the handler, shown to the user while the work is not yet stored.

    A thread with a database connection of its own writes it every few seconds, and is the job's heartbeat:
    it beats also while the handler waits for one long statement.
    """

    def __init__(self, job: Job):
        self._job = job
        self._said = (0, "")
        self._stopped = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.pk}", daemon=True)

    def __call__(self, percent: float, text: str = "") -> None:
        """Say that `percent` (0–100) is done, and in a few words what is going on (no personal data).

        Raises ClaimLost when the job was given to another worker, so that the work ends here.
        """
        if self._lost.is_set():
            raise ClaimLost(self._job.public_id)
        # 100 is said by the row that says "done".
        self._said = (min(99, max(0, int(percent))), str(text)[:200])

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc_info):
        self._stopped.set()
        self._thread.join()

    def _beat(self) -> None:
        # A thread has a Django connection of its own, so what is written here is seen at once.
        try:
            while not self._stopped.wait(settings.JOB_HEARTBEAT_SECONDS):
                self._write()
        finally:
            connection.close()

    def _write(self) -> None:
        percent, text = self._said
        mine = Job.objects.filter(pk=self._job.pk, state=JobState.RUNNING, claim=self._job.claim)
        try:
            if not mine.update(heartbeat_at=timezone.now(), progress=percent, progress_text=text):
                self._lost.set()
        except DatabaseError as error:
            # The database is away: the work will notice by itself. Try again with a new connection.
            logger.warning("job %s: no heartbeat (%s)", self._job.public_id, name_of(error))
            connection.close()


def job_run(*, job_id: int) -> None:
    """Run the job if it is waiting; otherwise do nothing. Raises nothing that the work raised: how it
    went is in the row, the traceback in the log."""
    job = job_claim(job_id=job_id)
    if job is None:
        return
    fields = {"job": str(job.public_id), "kind": job.kind, "attempt": job.attempts}
    _log(logging.INFO, "begins", fields)
    try:
        with Progress(job) as progress:
            _work(job, progress)
    except ClaimLost:
        _log(logging.WARNING, "given up: the worker was taken for dead", fields)
    except kinds.JobRefused as refusal:
        job_fail(job=job, error=str(refusal))
        _log(logging.INFO, "refused", fields)
    except Exception as error:
        # After an interruption the connection may be in the middle of a statement: take a new one.
        if not connection.in_atomic_block:
            connection.close()
        _log(logging.ERROR, f"broke off ({name_of(error)})", fields, exc_info=True)
        _broke_off(job, error)
    else:
        _log(logging.INFO, "done", fields)


def _broke_off(job: Job, error: Exception) -> None:
    """What becomes of a job whose work raised something that nobody foresaw."""
    kind = kinds.find(job.kind)
    in_steps = kind is not None and kind.in_steps
    if _took_too_long(error):
        kept = _("It took too long and was broken off. What is done is kept.")
        job_fail(job=job, error=kept if in_steps else _("It took too long and was broken off. Nothing was stored."))
    elif storage_is_full(error):
        job_try_again(job=job, error=_no_room(job))
    elif in_steps:
        job_try_again(job=job, error=_broken_between_steps(job))
    else:
        job_try_again(job=job)


def _work(job: Job, progress: Progress) -> None:
    """Do the work and mark the job as done in one transaction: both are stored, or neither. Of work in steps each is
    a transaction, and the last one marks the job as done."""
    kind = kinds.find(job.kind)
    if kind is None:
        raise kinds.JobRefused(_("This version of the system does not know this kind of job."))
    while not _step(job, kind, progress):
        pass


def _step(job: Job, kind: kinds.JobKind, progress: Progress) -> bool:
    """Do the work, or a step of it; whether the job is done."""
    with transaction.atomic(durable=True):
        _bound_statements(kind.time_limit)
        job_hold(job=job)
        # Asked anew before each step: it may have been taken away meanwhile.
        job.owner = job.owner and type(job.owner).objects.get(pk=job.owner_id)
        if job.owner is not None and not can_start_job(job.owner, kind):
            raise kinds.JobRefused(_("You no longer have the right to do this."))
        set_transaction_context(actor=job.owner, source="job", job=str(job.public_id))
        result = kind.run(job, progress)
        if kind.in_steps and result is kinds.MORE:
            return False
        job_finish(job=job, result=result)
    return True


def _bound_statements(seconds: int) -> None:
    """For this transaction: statements may take as long as the job, not longer; and when the worker is
    killed in the middle of one, the database notices within seconds and lets go of the job's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
            " set_config('client_connection_check_interval', '2s', true)",
            [f"{seconds}s", f"{seconds}s"],
        )


def _log(level: int, what: str, fields: dict, **options) -> None:
    text = "job %(job)s (%(kind)s, attempt %(attempt)s) " + what
    logger.log(level, text, fields, extra={"fields": fields}, **options)


def _no_room(job: Job) -> str:
    return _(
        "The server has no room left, so nothing was stored. Tell your administrator, with the reference "
        "%(reference)s, and ask for it again when there is room."
    ) % {"reference": job.public_id}


def _broken_between_steps(job: Job) -> str:
    return _(
        "Something went wrong. What was done before is kept, the rest can be asked for again. Tell your "
        "administrator, with the reference %(reference)s."
    ) % {"reference": job.public_id}


def _took_too_long(error: BaseException) -> bool:
    causes = (error, error.__cause__, error.__context__)
    return any(isinstance(cause, SoftTimeLimitExceeded | QueryCanceled) for cause in causes)
