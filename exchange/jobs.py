"""Loading a register in the background: first checked, then, when the administrator says so, stored."""

import tempfile
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.kinds import JobKind, JobRefused
from delivery.models import Job, JobFile
from delivery.services import NewFile, job_enqueue
from delivery.states import JobState
from exchange.permissions import may_load_register
from exchange.services import RegisterUnreadable, register_load

KIND = "register_load"


def register_check_enqueue(*, owner, files: list, source: str) -> Job:
    """Ask for a dry run of the uploaded `files`. Returns the job, whose page shows the report."""
    handed_in = [NewFile(name=file.name.lower(), media_type="", content=file.read()) for file in files]
    return job_enqueue(kind=KIND, owner=owner, params={"source": source, "dry_run": True}, files=handed_in)


@transaction.atomic
def register_store_enqueue(*, checked: Job, owner) -> Job:
    """Ask for what `checked` found to be right to be stored; the files are those of the dry run.

    Asked twice (two clicks, two tabs), the job that is already there is returned.
    """
    Job.objects.select_for_update(of=("self",)).get(pk=checked.pk)
    earlier = Job.objects.filter(owner=owner, kind=KIND, params__checked=str(checked.public_id))
    if job := earlier.exclude(state=JobState.FAILED).first():
        return job
    params = {"source": checked.params["source"], "dry_run": False, "checked": str(checked.public_id)}
    return job_enqueue(kind=KIND, owner=owner, params=params)


def run(job: Job, progress) -> dict:
    """The work of the job: write its files to a folder and load them. Returns the report."""
    with tempfile.TemporaryDirectory(prefix="register-") as scratch:
        path = _unpack(job, Path(scratch))
        try:
            report = register_load(
                path=path,
                source=job.params["source"],
                dry_run=job.params["dry_run"],
                actor=job.owner,
                origin="job",
                progress=progress,
            )
        except RegisterUnreadable as unreadable:
            raise JobRefused(str(unreadable)) from unreadable
    return report.as_dict()


def _unpack(job: Job, folder: Path) -> Path:
    """The job's files (or those of the dry run before it) in `folder`; the folder or the workbook to load."""
    files = JobFile.objects.filter(role=JobFile.Role.INPUT)
    checked = job.params.get("checked")
    files = files.filter(job__public_id=checked, job__owner=job.owner) if checked else files.filter(job=job)
    paths = []
    for file in files.iterator(chunk_size=1):
        path = folder / file.name
        path.write_bytes(file.content)
        paths.append(path)
    if not paths:
        raise JobRefused(_("The files are no longer kept. Choose them again."))
    return paths[0] if paths[0].suffix == ".xlsx" else folder


REGISTER_LOAD = JobKind(
    code=KIND,
    label=gettext_lazy("Load a register"),
    run=run,
    time_limit=15 * 60,
    may_start=may_load_register,
    result_template="exchange/load_result.html",
)
