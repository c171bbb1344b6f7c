"""What is done to jobs: asked for, claimed, finished, put back, sent again, cleaned up.

The row is the truth; the broker only carries keys. Who may change a running job is decided by two things
together: the **claim**, drawn anew whenever a worker takes the job, and the **lock**, held by the transaction
in which the work is done. Nobody takes a running job from its worker while the lock is held, and nobody
finishes a job without its claim, so that a job is never done by two workers and its outcome is stored once.
"""

import hashlib
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delivery import kinds
from delivery.broker import task_send
from delivery.models import Job, JobFile, ScheduledRun
from delivery.permissions import can_start_job
from delivery.states import JobState

logger = logging.getLogger(__name__)

TASK = "delivery.run_job"
# The hard limit kills the worker's process; the soft one, before it, lets the job end in plain words.
HARD_LIMIT_AFTER_SECONDS = 30
RESEND_AT_MOST = 100
_LOCK_SPACE = 0x4A4F42  # "JOB": our own space of advisory locks


class UnknownKind(LookupError):
    """No app of this version has registered the kind."""


class ClaimLost(Exception):
    """The job is no longer this worker's: it was taken for dead and the job given back."""


@dataclass(frozen=True)
class NewFile:
    """A file to be handed in with a job."""

    name: str
    media_type: str
    content: bytes


@transaction.atomic
def job_enqueue(*, kind: str, owner, params: dict | None = None, files: Iterable[NewFile] = ()) -> Job:
    """Store a job to be done in the background, and tell a worker when the transaction is committed.

    `owner` None is the system itself; `params` must be JSON without personal data. Raises UnknownKind, and
    PermissionDenied when the owner may not start this kind. A broker that is down raises nothing: the row
    waits, and `jobs_requeue_stale` sends the message later.
    """
    job_kind = kinds.find(kind)
    if job_kind is None:
        raise UnknownKind(kind)
    if owner is not None and not can_start_job(owner, job_kind):
        raise PermissionDenied
    job = Job.objects.create(
        kind=kind,
        owner=owner,
        owner_name=owner.get_full_name() if owner else "",
        params=params or {},
        max_attempts=job_kind.max_attempts,
    )
    for file in files:
        job_file_add(
            job=job, role=JobFile.Role.INPUT, name=file.name, media_type=file.media_type, content=file.content
        )
    transaction.on_commit(lambda: job_send(job=job), robust=True)
    return job


def job_file_add(*, job: Job, name: str, media_type: str, content: bytes, role: str = JobFile.Role.OUTPUT) -> JobFile:
    """Store a file with the job; without `role`, one that the job made. A path in the name is cut off."""
    return JobFile.objects.create(
        job=job,
        role=role,
        name=PurePath(name.replace("\\", "/")).name[-200:] or "fil",
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def job_send(*, job: Job, pause: int = 0) -> bool:
    """Send the message that tells a worker to run the job, in `pause` seconds; whether it was sent."""
    kind = kinds.find(job.kind)
    limit = kind.time_limit if kind else None
    sent = task_send(
        TASK,
        key=job.pk,
        countdown=pause or None,
        soft_time_limit=limit,
        time_limit=limit + HARD_LIMIT_AFTER_SECONDS if limit else None,
    )
    if sent:
        Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(sent_at=timezone.now())
    return sent


def job_claim(*, job_id: int) -> Job | None:
    """Take a waiting job for this worker; None if it is not waiting (another has it, or it is finished)."""
    claim, now = uuid.uuid4(), timezone.now()
    moved = Job.objects.filter(pk=job_id).move(
        JobState.QUEUED,
        JobState.RUNNING,
        claim=claim,
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat_at=now,
        progress=0,
        progress_text="",
    )
    return Job.objects.select_related("owner").get(pk=job_id, claim=claim) if moved else None


def job_lock(*, job_id: int) -> bool:
    """Take the job's lock for the rest of the running transaction; False if another transaction holds it.

    The database lets it go by itself when the transaction ends, also when its worker was killed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, job_id % 2**31])
        return cursor.fetchone()[0]


def job_hold(*, job: Job) -> None:
    """Make sure, in the transaction that will do the work, that the job is this worker's and stays so.

    Raises ClaimLost otherwise.
    """
    if not job_lock(job_id=job.pk) or not _mine(job).exists():
        raise ClaimLost(job.public_id)


def job_finish(*, job: Job, result: dict | None) -> None:
    """Mark the job as done, in the transaction that did the work. Raises ClaimLost if it is not ours."""
    if not _mine(job).move(JobState.RUNNING, JobState.DONE, result=result or {}, progress=100, progress_text=""):
        raise ClaimLost(job.public_id)


def job_fail(*, job: Job, error: str) -> bool:
    """Mark the job as failed, with the reason in plain words; False if it is no longer this worker's."""
    return bool(_mine(job).move(JobState.RUNNING, JobState.FAILED, error=error, progress_text=""))


@transaction.atomic
def job_try_again(*, job: Job, error: str = "") -> bool:
    """After a worker's death or an unforeseen error: back to the queue while attempts are left, then failed.

    `error` says why in plain words, where that is known. False if the job is no longer this worker's. The pause
    before the next attempt grows with each.
    """
    if job.attempts >= job.max_attempts:
        return job_fail(job=job, error=error or unforeseen_error(job))
    moved = _mine(job).move(
        JobState.RUNNING, JobState.QUEUED, queued_at=timezone.now(), sent_at=None, progress=0, progress_text=""
    )
    if moved:
        pause = settings.JOB_RETRY_SECONDS * job.attempts
        transaction.on_commit(lambda: job_send(job=job, pause=pause), robust=True)
    return bool(moved)


def jobs_requeue_stale() -> str:
    """Give jobs whose worker died, or whose message was lost, to another worker; says what was done.

    Run every half minute. A job whose lock is held is left alone however long it has been silent: its
    worker's transaction is alive in the database. A message sent twice is harmless (`job_claim`).
    """
    now = timezone.now()
    requeued = 0
    for job in Job.objects.stale(now):
        with transaction.atomic():
            if job_lock(job_id=job.pk) and job_try_again(job=job):
                requeued += 1
                logger.warning("job %s taken from a dead worker", job.public_id)
    resent = 0
    # The oldest first and not all: in a long queue most have a message that only waits for its turn.
    for job in Job.objects.unsent(now)[:RESEND_AT_MOST]:
        if not job_send(job=job):
            break
        resent += 1
    return f"requeued {requeued}, sent again {resent}"


def job_files_clean() -> str:
    """Delete the files of finished jobs that are past their time, and old run rows; says what was done."""
    now = timezone.now()
    files, _by_model = JobFile.objects.outlived(now).delete()
    runs, _by_model = ScheduledRun.objects.outlived(now).delete()
    return f"deleted {files} files, {runs} run rows"


def unforeseen_error(job: Job) -> str:
    """What the user reads when the cause is not theirs: that nothing was stored, and what to refer to."""
    tries = ngettext("It was tried once.", "It was tried %(count)d times.", job.attempts) % {"count": job.attempts}
    return "{} {} {}".format(
        _("Something went wrong and nothing was stored."),
        tries,
        _("Tell your administrator, with the reference %(reference)s.") % {"reference": job.public_id},
    )


def _mine(job: Job):
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, claim=job.claim)
