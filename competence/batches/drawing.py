"""Drawing the documents of a round: a few jobs go through them side by side, each document once.

A job of its own for each document, as for single certificates, costs a third of the drawing itself. These jobs draw
some and then stand in the queue again, so that others who wait for a document get their turn.
"""

import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction

from competence.certifying.services import certificate_render, certificate_render_enqueue
from competence.models import CertificateVersion, IssueBatch, ItemState
from delivery import kinds
from delivery.models import Document, Job
from delivery.services.jobs import ClaimLost, job_enqueue
from delivery.states import JobState

logger = logging.getLogger(__name__)

KIND = "certificate_round_draw"
#: So many go side by side when everything is issued; with fewer processes the others find nothing left to do.
SIDE_BY_SIDE = 4
#: What one job draws before others get their turn, and in one transaction: a worker that dies loses no more.
BEFORE_OTHERS, AT_A_TIME = 24, 6


def draw_enqueue(batch: IssueBatch) -> Job:
    """Have documents of the round drawn. The system's own job: it is done even if the issuer leaves meanwhile."""
    return job_enqueue(kind=KIND, owner=None, params={"round": str(batch.public_id)})


def undrawn(batch: IssueBatch):
    """The certificates of the round that are issued and wait for one of these jobs."""
    return batch.items.filter(
        state=ItemState.ISSUED, version__document__made_at=None, version__document__job__kind=KIND
    )


def draw_all(batch: IssueBatch) -> None:
    """Have all that are not drawn yet drawn side by side, whatever has become of the jobs before."""
    if count := undrawn(batch).count():
        jobs = [draw_enqueue(batch) for _number in range(min(SIDE_BY_SIDE, 1 + count // BEFORE_OTHERS))]
        _hand_over(undrawn(batch), jobs[-1])


def is_at_work(batch: IssueBatch) -> bool:
    """Whether a job draws, or will."""
    jobs = Job.objects.filter(kind=KIND, params__round=str(batch.public_id))
    return jobs.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).exists()


def run_step(job: Job, _progress) -> dict:
    """Draw the next few documents; MORE until there are none, or others get their turn."""
    batch = IssueBatch.objects.filter(public_id=job.params["round"]).first()
    if batch is None:
        return {"drawn": 0}
    items = list(_free(undrawn(batch)).order_by("pk").values_list("pk", "version_id")[:AT_A_TIME])
    # Read after they are held: another job may just have drawn them.
    versions = CertificateVersion.objects.filter(pk__in=[version for _item, version in items])
    for version in versions.select_related("document").order_by("document__number"):
        _draw(version)
    job.drawn = getattr(job, "drawn", 0) + len(items)
    if items and job.drawn < BEFORE_OTHERS:
        return kinds.MORE
    if items and undrawn(batch).exists():
        _hand_over(undrawn(batch).filter(version__document__job=job), draw_enqueue(batch))
    return {"drawn": job.drawn}


def _free(items):
    """Held to the end of the transaction, but for those that another job is drawing at this moment."""
    return items.select_for_update(of=("self",), skip_locked=True, no_key=True)


def _hand_over(items, job: Job) -> None:
    """From now on this job is to draw them; those that another is drawing stay as they are, so nobody waits."""
    versions = list(_free(items).values_list("version_id", flat=True))
    Document.objects.filter(certificate_version__in=versions).update(job=job)


def _draw(version: CertificateVersion) -> None:
    """Draw it; one that cannot be drawn gets a job of its own, which tries again, says why, and hinders no other."""
    try:
        with transaction.atomic():
            certificate_render(version=version)
    except (ClaimLost, SoftTimeLimitExceeded, DatabaseError):
        raise
    except Exception:
        logger.exception("document %s", version.document.number)
        Document.objects.filter(pk=version.document_id).update(job=None)
        certificate_render_enqueue(version=version)
