"""Numbers that stand on two people: an administrator finds out why. By case number and unit, never by name."""

import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AccessLogEntry, Unit
from participants.models import Enrolment, NumberQuestion, Participant
from participants.opening import participant_log
from participants.permissions import can_handle_number_questions
from participants.person.forms import OutcomeForm
from participants.services.questions import question_handle

PAGE_SIZE = 50


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, and what is handled."""
    _check(request)
    page = Paginator(NumberQuestion.objects.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "participants/person/questions.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The two files by unit and case number; what was done is written down here."""
    _check(request)
    found = get_object_or_404(NumberQuestion.objects.select_related("participant", "known_on"), public_id=public_id)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        handled = question_handle(question=found, actor=request.user, outcome=form.cleaned_data["outcome"])
        if handled.handled_by_id == request.user.pk:
            return redirect("number_questions:list")
        found.refresh_from_db()  # another administrator was quicker: both texts stand on the page
    sides = [_side(each) for each in (found.participant, found.known_on)]
    if request.method != "POST":
        for side in sides:
            codes = sorted({each.unit.code for each in side["enrolments"]})
            opened = AccessLogEntry.Act.OPENED
            participant_log(request, side["person"].public_id, opened, units=codes, part="number_question")
    context = {"question": found, "sides": sides, "form": form}
    return render(request, "participants/person/question.html", context, status=422 if form.is_bound else 200)


def _check(request: HttpRequest) -> None:
    if not can_handle_number_questions(request.user):
        raise PermissionDenied


def _side(participant: Participant) -> dict:
    enrolments = (
        Enrolment.objects.filter(participant=participant)
        .select_related("coach")
        .prefetch_related(Prefetch("unit", queryset=Unit.objects.named()))
        .order_by("-start")
    )
    return {"person": participant, "enrolments": list(enrolments)}
