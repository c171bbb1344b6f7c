"""A joint review, planned and told of in the participant's file."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.file import ParticipantFile
from participants.joint_reviews import services
from participants.joint_reviews.forms import HELD, EndForm, PlanForm
from participants.models import JointReview
from participants.opening import opened_file, touched_file
from participants.permissions import can_run_case
from participants.revolving import round_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
PLAN = "plan"


@read_or_write
def joint_review(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Plan it or move it (`step` is plan); once it is planned, write down what came of it."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="joint_review")
    if not can_run_case(request.user, file.latest):
        raise PermissionDenied
    planned = JointReview.objects.filter(enrolment=file.latest, held_on=None, called_off_on=None).first()
    planning = request.POST.get("step") == PLAN
    if posted and planned is None and not planning:  # sent twice
        messages.info(request, _("It is written down already what came of the joint review."))
        return redirect("participants:file", public_id)
    if planned:
        planned.enrolment = file.latest
    plan = PlanForm(request.POST if posted and planning else None, initial={"due": planned.due} if planned else None)
    end = EndForm(request.POST if posted and not planning else None, review=planned) if planned else None
    if posted and planning and plan.is_valid():
        services.joint_review_plan(enrolment=file.latest, due=plan.cleaned_data["due"], actor=request.user)
        messages.success(request, _("The joint review is planned. It stands in Min dag when it is due."))
        return redirect("participants:file", public_id)
    if posted and not planning and end.is_valid():
        return _ended(request, file, planned, end)
    context = {
        "file": file,
        "planned": planned,
        "plan": plan,
        "end": end,
        "form": end if posted and not planning else plan,
        "round": round_of(file.participant, file.latest.start, request.user, as_of=timezone.localdate()),
    }
    return render(request, "participants/joint_reviews/review.html", context, status=422 if posted else 200)


def _ended(request: HttpRequest, file: ParticipantFile, planned: JointReview, form: EndForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        services.joint_review_end(
            review=planned,
            day=said["day"],
            held=said["act"] == HELD,
            outcome=said["outcome"],
            actor=request.user,
        )
    except services.ReviewEnded:
        messages.info(request, _("It is written down already what came of the joint review."))
    else:
        messages.success(request, _("Saved."))
    return redirect("participants:file", file.public_id)
