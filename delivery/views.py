"""The pages on which a user follows what was asked to be done in the background."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseStopPolling

from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from delivery import kinds
from delivery.downloads import file_download
from delivery.models import Job, JobFile
from delivery.permissions import can_see_outcome, can_take_files
from delivery.states import JobState

PAGE_SIZE = 50


@require_safe
def job_list(request):
    """What I have asked for, the newest first."""
    jobs = Job.objects.filter(owner=request.user).defer("params", "result")
    page = Paginator(jobs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "delivery/job_list.html", {"page": page})


@require_safe
def job_detail(request, public_id):
    """One job: how far it has come, how it went, what came of it."""
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    return render(request, "delivery/job_detail.html", _state_context(request, job))


@require_safe
def job_state(request, public_id):
    """The part of the job's page that changes, asked for every two seconds until the job is finished."""
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    if not request.htmx:
        return redirect(job)
    context = _state_context(request, job)
    # The state is said aloud only when it is another than the page has said before.
    context["announce"] = request.GET.get("seen") != job.state
    response = render(request, "delivery/_job_state.html", context)
    return HttpResponseStopPolling(response.content) if job.is_finished else response


@require_safe
def job_file(request, public_id, file_id):
    """The bytes of a file that belongs to a job, as a download; written down in the access log."""
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    if not can_take_files(request.user, job):
        raise Http404
    file = get_object_or_404(job.files, public_id=file_id)
    access_log_write(
        actor=request.user,
        act=AccessLogEntry.Act.DOWNLOADED,
        subject=file.public_id,
        subject_kind="job_file",
        request_id=getattr(request, "id", ""),
        job=str(job.public_id),
        kind=job.kind,
        role=file.role,
    )
    return file_download(file)


def _state_context(request, job: Job) -> dict:
    """What the template of a job's state needs; the outcome only for who may see it."""
    outcome = can_see_outcome(request.user, job)
    context = {"job": job, "outcome": outcome, "outputs": (), "result_template": "", "failed_template": ""}
    context |= {"announce": False, "kept_hours": kinds.hours_kept(job.kind)}
    context["kept_days"] = context["kept_hours"] // 24
    if can_take_files(request.user, job):
        context["outputs"] = job.files.filter(role=JobFile.Role.OUTPUT).without_content()
    if outcome and (kind := kinds.find(job.kind)):
        context["result_template"] = kind.result_template if job.state == JobState.DONE else ""
        context["failed_template"] = kind.failed_template if job.state == JobState.FAILED else ""
    return context
