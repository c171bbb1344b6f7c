"""Taking the list out as a file: at once when it is small, else in the background. Either way the access log knows
who took how many out, of which choices, with which columns; of identity numbers, whose."""

import json
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.log import access_log_write, access_log_write_each
from accounts.models import AccessLogEntry, User
from delivery.kinds import JobKind, JobRefused
from delivery.models import Job, JobFile
from delivery.services.jobs import NewFile, job_enqueue, job_file_add
from participants.listing.files import MEDIA_TYPES, ListFile
from participants.listing.question import ListQuestion
from participants.listing.saved import NEVER_KEPT, choices_of
from participants.permissions import can_export_list

LIST_EXPORT = "list_export"
#: As many rows are made while somebody waits.
AT_ONCE = 2000
#: Long enough to fetch it the day after, no longer: whoever still needs it asks again.
KEPT_HOURS = 24


def list_export(*, file: ListFile, form: str, **detail) -> bytes:
    """The file's bytes, once it is written down who takes what out."""
    list_export_log(file=file, form=form, **detail)
    return file.written(form)


def list_export_log(*, file: ListFile, form: str, **detail) -> None:
    """Write down that the file's reader takes it out; without what was searched for."""
    access_log_write(
        actor=file.user,
        act=AccessLogEntry.Act.EXPORTED,
        subject_kind="participant_list",
        choices=choices_of(file.question),
        search=file.question.filters.search_kind or "",
        columns=[column.key for column in file.columns],
        form=form,
        rows=file.count,
        left_out=file.left_out,
        **detail,
    )
    if file.with_numbers:
        seen = file.rows.values_list("participant__public_id", "unit__code").iterator(chunk_size=1000)
        access_log_write_each(
            actor=file.user,
            act=AccessLogEntry.Act.UNMASKED,
            subjects=((public_id, {"units": [code], "export": True, **detail}) for public_id, code in seen),
            subject_kind="participant",
        )


def list_export_enqueue(*, file: ListFile, keys: list[str], form: str) -> Job:
    """Ask for the file to be made in the background. What was searched for goes along as a file of the job, which is
    gone when the job is done: a job's row holds no personal data."""
    params = file.question.params
    searched = params.get(NEVER_KEPT, "")
    asked = {name: params.getlist(name) for name in params if name not in (NEVER_KEPT, "page")}
    search = NewFile(name="fraga.json", media_type="application/json", content=json.dumps(searched).encode())
    return job_enqueue(
        kind=LIST_EXPORT,
        owner=file.user,
        params={"asked": asked, "columns": keys, "form": form, "with_numbers": file.with_numbers},
        files=[search] if searched else (),
    )


def run(job: Job, progress) -> dict[str, Any]:
    """Make the file as its owner may see the list now. Returns how many rows it has."""
    if not can_export_list(job.owner):
        raise JobRefused(_("You no longer have the right to do this."))
    question = _asked(job)
    if not question.is_understood:
        raise JobRefused(_("What the list was narrowed by is no longer there for you. Ask for the file again."))
    file = ListFile(question, keys=job.params["columns"], with_numbers=job.params["with_numbers"])
    progress(1, _("Writing the file"))
    list_export_log(file=file, form=job.params["form"], job=str(job.public_id))
    content = file.written(job.params["form"], lambda percent: progress(percent, _("Writing the file")))
    name = file_name(job.params["form"])
    job_file_add(job=job, name=name, media_type=MEDIA_TYPES[job.params["form"]], content=content)
    return {"rows": file.count, "left_out": file.left_out}


def _asked(job: Job) -> ListQuestion:
    owner: User = job.owner
    params = QueryDict(mutable=True)
    for name, values in job.params["asked"].items():
        params.setlist(name, values)
    searches = job.files.filter(role=JobFile.Role.INPUT)
    for search in searches:
        params[NEVER_KEPT] = json.loads(search.content)
    searches.delete()
    return ListQuestion(owner, params)


def file_name(form: str) -> str:
    """Says nothing about anybody."""
    return f"lista-{timezone.localdate():%Y-%m-%d}.{form}"


LIST_EXPORT_KIND = JobKind(
    code=LIST_EXPORT,
    label=gettext_lazy("Take a list out"),
    run=run,
    time_limit=10 * 60,
    can_start=can_export_list,
    result_template="participants/listing/file_made.html",
    kept_hours=KEPT_HOURS,
)
