"""Who is wanted by two units: an administrator finds out who is to answer. By case number and unit, never by name."""

import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AccessLogEntry, Unit
from participants.models import Enrolment, EnrolmentQuestion
from participants.opening import participant_log
from participants.permissions import can_handle_enrolment_questions
from participants.person.forms import OutcomeForm
from participants.services.questions import question_handle

PAGE_SIZE = 50


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, and what is handled."""
    _check(request)
    page = Paginator(EnrolmentQuestion.objects.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "participants/enrolling/questions.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The unit that wanted to enrol, and where the person is enrolled; what was done is written down here."""
    _check(request)
    rows = EnrolmentQuestion.objects.select_related("participant")
    named = rows.prefetch_related(Prefetch("unit", queryset=Unit.objects.named()))
    found = get_object_or_404(named, public_id=public_id)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        handled = question_handle(question=found, actor=request.user, outcome=form.cleaned_data["outcome"])
        if handled.handled_by_id == request.user.pk:
            return redirect("enrolment_questions:list")
        found = get_object_or_404(named, public_id=public_id)  # another was quicker: both texts stand on the page
    enrolments = list(
        Enrolment.objects.filter(participant=found.participant)
        .select_related("coach")
        .prefetch_related(Prefetch("unit", queryset=Unit.objects.named()))
        .order_by("-start")
    )
    if request.method != "POST":
        codes = sorted({each.unit.code for each in enrolments})
        detail = {"units": codes, "part": "enrolment_question"}
        participant_log(request, found.participant.public_id, AccessLogEntry.Act.OPENED, **detail)
    context = {"question": found, "enrolments": enrolments, "form": form}
    return render(request, "participants/enrolling/question.html", context, status=422 if form.is_bound else 200)


def _check(request: HttpRequest) -> None:
    if not can_handle_enrolment_questions(request.user):
        raise PermissionDenied
