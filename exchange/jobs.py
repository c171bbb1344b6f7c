"""Loading a register in the background: first checked, then, when the administrator says so, stored."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.kinds import JobKind, JobRefused
from delivery.models import Job, JobFile
from delivery.services.jobs import NewFile, job_enqueue
from delivery.states import JobState
from exchange.permissions import can_load_register
from exchange.services import RegisterUnreadable, register_load

CHECK = "register_check"
STORE = "register_store"


def register_check_enqueue(*, owner, files: list, source: str) -> Job:
    """Ask for a dry run of the uploaded `files`. Returns the job, whose page shows the report."""
    handed_in = [NewFile(name=file.name.lower(), media_type="", content=file.read()) for file in files]
    return job_enqueue(kind=CHECK, owner=owner, params={"source": source}, files=handed_in)


@transaction.atomic
def register_store_enqueue(*, checked: Job, owner) -> Job:
    """Ask for what `checked` found to be right to be stored; the files are those of the dry run.

    Asked twice (two clicks, two tabs), the job that is already there is returned; one that failed is asked for anew.
    """
    Job.objects.select_for_update(of=("self",)).get(pk=checked.pk)
    if job := storing_of(checked):
        return job
    params = {"source": checked.params["source"], "checked": str(checked.public_id)}
    return job_enqueue(kind=STORE, owner=owner, params=params)


def storing_of(checked: Job) -> Job | None:
    """The job that stores, or has stored, what this dry run checked; None if there is none or it failed."""
    jobs = Job.objects.filter(owner=checked.owner, kind=STORE, params__checked=str(checked.public_id))
    return jobs.exclude(state=JobState.FAILED).first()


def files_of(job: Job) -> QuerySet[JobFile]:
    """The register's files that are still kept: the job's own, or those of the dry run before it."""
    files = JobFile.objects.filter(role=JobFile.Role.INPUT)
    checked = job.params.get("checked")
    return files.filter(job__public_id=checked, job__owner=job.owner) if checked else files.filter(job=job)


def files_kept_until(job: Job) -> datetime | None:
    """When the files of a job that has ended are deleted at the earliest; None if they are gone."""
    file = files_of(job).without_content().select_related("job").first()
    return file and file.job.finished_at + timedelta(hours=settings.JOB_INPUT_KEPT_HOURS)


def register_jobs(user) -> QuerySet[Job]:
    """Checked and stored registers that the user may know of, newest first, with their `error_count`."""
    jobs = Job.objects.visible_to(user).filter(kind__in=[CHECK, STORE])
    return jobs.annotate(error_count=F("result__error_count")).defer("result")


def run(job: Job, progress) -> dict:
    """The work of the job: write its files to a folder and load them. Returns the report."""
    with tempfile.TemporaryDirectory(prefix="register-") as scratch:
        path = _unpack(job, Path(scratch))
        try:
            report = register_load(
                path=path,
                source=job.params["source"],
                dry_run=job.kind == CHECK,
                actor=job.owner,
                origin="job",
                progress=progress,
            )
        except RegisterUnreadable as unreadable:
            raise JobRefused(str(unreadable)) from unreadable
    return report.as_dict()


def _unpack(job: Job, folder: Path) -> Path:
    """The register's files in `folder`; the folder or the workbook to load."""
    paths = []
    for file in files_of(job).iterator(chunk_size=1):
        path = folder / file.name
        path.write_bytes(file.content)
        paths.append(path)
    if not paths:
        raise JobRefused(_("The files are no longer kept. Choose them again."))
    return paths[0] if paths[0].suffix == ".xlsx" else folder


_SHARED = {
    "run": run,
    "time_limit": 15 * 60,
    "can_start": can_load_register,
    "result_template": "exchange/load_result.html",
    "failed_template": "exchange/load_failed.html",
}
REGISTER_CHECK = JobKind(code=CHECK, label=gettext_lazy("Check a register"), **_SHARED)
REGISTER_STORE = JobKind(code=STORE, label=gettext_lazy("Store a register"), **_SHARED)
