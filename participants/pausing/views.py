"""Pausing an enrolment and resuming it, from the participant's file."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.file import ParticipantFile
from participants.opening import opened_file, touched_file
from participants.pausing import services
from participants.pausing.forms import PauseForm, ResumeForm
from participants.permissions import can_run_case

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def pause(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let the enrolment rest for a while."""
    file = _opened(request, public_id)
    enrolment = file.latest
    if enrolment.end is not None:
        messages.info(request, _("The enrolment is closed already."))
        return redirect("participants:file", public_id)
    posted = request.method == "POST"
    form = PauseForm(request.POST if posted else None, enrolment=enrolment)
    if posted and form.is_valid():
        try:
            made = services.pause_begin(enrolment=enrolment, actor=request.user, **form.cleaned_data)
        except services.PausedThen as before:
            told = _("The enrolment is paused already from %(day)s. Choose other days, or resume first.")
            form.add_error("start", told % {"day": date_format(before.pause.start)})
        except services.NotOpen:
            messages.info(request, _("The enrolment is closed already."))
            return redirect("participants:file", public_id)
        else:
            messages.success(request, _("The enrolment is paused from %(day)s.") % {"day": date_format(made.start)})
            return redirect("participants:file", public_id)
    context = {"file": file, "enrolment": enrolment, "form": form}
    return render(request, "participants/pausing/pause.html", context, status=422 if posted else 200)


@read_or_write
def resume(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Go on again."""
    file = _opened(request, public_id)
    current = file.latest.pause_to_end
    if current is None:
        messages.info(request, _("The enrolment is not paused."))
        return redirect("participants:file", public_id)
    posted = request.method == "POST"
    form = ResumeForm(request.POST if posted else None, pause=current)
    if posted and form.is_valid():
        try:
            services.pause_end(pause=current, resumes=form.cleaned_data["resumes"], actor=request.user)
        except services.PauseChanged:
            messages.info(request, _("The pause has been ended already."))
        else:
            day = date_format(form.cleaned_data["resumes"])
            messages.success(request, _("The enrolment goes on again from %(day)s.") % {"day": day})
        return redirect("participants:file", public_id)
    context = {"file": file, "pause": current, "form": form}
    return render(request, "participants/pausing/resume.html", context, status=422 if posted else 200)


def _opened(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile:
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="pause")
    if not can_run_case(request.user, file.latest):
        raise PermissionDenied
    return file
