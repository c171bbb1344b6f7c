"""The page on which the first day of an enrolment is corrected."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AccessLogEntry
from participants.enrolling.services import EnrolledAlready, NotFree
from participants.file import ParticipantFile
from participants.first_day import services
from participants.first_day.forms import FirstDayForm
from participants.models import Enrolment
from participants.opening import enrolment_asked, opened_file, participant_log, touched_file
from participants.permissions import can_edit_person


@require_http_methods(["GET", "HEAD", "POST"])
def first_day(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the first day of the enrolment that begins on the day `inskrivning` of the address, else of the open or
    latest one."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="first_day")
    enrolment = enrolment_asked(request, file)
    if not can_edit_person(request.user, enrolment):
        raise PermissionDenied
    form = FirstDayForm(request.POST if posted else None, enrolment=enrolment)
    if posted and form.is_valid():
        return _correct(request, file, enrolment, form)
    return _page(request, file, enrolment, form, status=422 if posted else 200)


def _page(
    request: HttpRequest, file: ParticipantFile, enrolment: Enrolment, form: FirstDayForm, status: int, **more
) -> HttpResponse:
    context = {"file": file, "enrolment": enrolment, "form": form, **more}
    return render(request, "participants/first_day/correct.html", context, status=status)


def _correct(request: HttpRequest, file: ParticipantFile, enrolment: Enrolment, form: FirstDayForm) -> HttpResponse:
    standing: list[str] = []
    try:
        services.first_day_correct(
            enrolment=enrolment, actor=request.user, units=file.unit_codes, **form.cleaned_data
        )
    except services.FirstDayChanged as changed:
        now = date_format(changed.enrolment.start)
        messages.warning(
            request, _("Somebody else has corrected the first day to %(day)s. Nothing was saved.") % {"day": now}
        )
        return redirect("participants:file", file.public_id)
    except services.AfterItsEnd as ended:
        told = _("The enrolment has ended before that, or another unit took over: on %(day)s.")
        form.add_error("day", told % {"day": date_format(ended.last)})
    except EnrolledAlready as enrolled:
        told = _("The person is enrolled on some of these days already, by an enrolment that begins on %(day)s.")
        form.add_error("day", told % {"day": date_format(enrolled.enrolment.start)})
    except NotFree:
        participant_log(request, file.public_id, AccessLogEntry.Act.DENIED)
        form.add_error("day", _("The day cannot be saved. The administrator has been told, and finds out why."))
    except services.StandsBefore as stands:
        standing = stands.what
        form.add_error("day", _("Something of the enrolment stands before that day. See below."))
    else:
        day = date_format(form.cleaned_data["day"])
        messages.success(request, _("The enrolment begins on %(day)s now.") % {"day": day})
        return redirect("participants:file", file.public_id)
    return _page(request, file, enrolment, form, status=422, standing=standing)
