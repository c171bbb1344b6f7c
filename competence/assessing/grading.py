"""Levels of language in the participant's file: graded in an assessment or by themselves, and withdrawn."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competence.assessing import grades
from competence.assessing.forms import LanguageForm, WithdrawForm
from competence.assessing.opening import opened_assessment
from competence.models import Assessment, LanguageGrade
from competence.opening import PART
from competence.permissions import can_write_assessment
from participants.file import ParticipantFile, case_to_write_in
from participants.models import Enrolment
from participants.opening import opened_file, touched_file

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def grade(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Levels that were judged by themselves: by a teacher, in a test."""
    file = _opened(request, public_id)
    case = case_to_write_in(file)
    if not can_write_assessment(request.user, case):
        raise PermissionDenied
    return _grade(request, file, case, None)


@read_or_write
def grade_in_assessment(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Levels that were judged in an assessment."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    return _grade(request, opened.file, opened.placement.enrolment, opened.assessment)


@read_or_write
def withdraw(request: HttpRequest, public_id: uuid.UUID, grade_id: uuid.UUID) -> HttpResponse:
    """Say that a level was wrong, and why."""
    file = _opened(request, public_id)
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    found = get_object_or_404(LanguageGrade, public_id=grade_id, enrolment__in=cases)
    if not can_write_assessment(request.user, cases[found.enrolment_id]):
        raise PermissionDenied
    posted = request.method == "POST"
    form = WithdrawForm(request.POST if posted else None)
    if posted and form.is_valid():
        grades.language_grade_withdraw(grade=found, why=form.cleaned_data["why"])
        messages.success(request, _("The level is withdrawn."))
        return redirect("participants:part", public_id, PART)
    context = {"file": file, "grade": found, "form": form}
    return render(request, "competence/assessing/grade_withdraw.html", context, status=422 if posted else 200)


def _opened(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile:
    if request.method == "POST":
        return touched_file(request, public_id)
    return opened_file(request, public_id, part=PART)


def _grade(
    request: HttpRequest, file: ParticipantFile, case: Enrolment, assessment: Assessment | None
) -> HttpResponse:
    posted = request.method == "POST"
    form = LanguageForm(request.POST if posted else None, assessor=request.user.full_name)
    if posted and form.is_valid():
        token = form.cleaned_data["token"]
        said = {name: form.cleaned_data[name] for name in ("graded_on", "assessor", "how")}
        try:
            grades.language_grades_record(
                enrolment=case, levels=form.levels, token=token, actor=request.user, assessment=assessment, **said
            )
        except grades.CannotGrade as reason:
            form.add_error("graded_on", str(reason))
        else:
            messages.success(request, _("The levels of language are saved."))
            if assessment:
                return redirect("assessing:assessment", file.public_id, assessment.public_id)
            return redirect("participants:part", file.public_id, PART)
    context = {"file": file, "form": form, "assessment": assessment}
    return render(request, "competence/assessing/grade.html", context, status=422 if posted else 200)
