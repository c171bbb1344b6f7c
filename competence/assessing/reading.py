"""An assessment in the participant's file: read, completed, signed on paper, reviewed, corrected; its link; how
things have moved between the stages."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competence.assessing import links, services
from competence.assessing.forms import CorrectForm, PaperForm
from competence.assessing.opening import OpenedAssessment, opened_assessment
from competence.assessing.progress import progress_of
from competence.assessing.said import Shortcoming, shortcomings
from competence.assessing.sheet import Sheet
from competence.models import Assessment, AssessmentState, SignedBy
from competence.opening import opened_placement
from placements.changing import Overtaken

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def assessment(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """What it says, where it stands, and what comes next."""
    return _page(request, opened_assessment(request, public_id, assessment_id))


@require_POST
def complete(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Say that it is whole; what is missing is said on the page."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    try:
        services.assessment_complete(
            assessment=opened.assessment, actor=request.user, seen=_number(request.POST.get("seen", ""))
        )
    except services.NotComplete as lacks:
        return _page(request, opened, missing=lacks.missing, status=422)
    except Overtaken:
        messages.warning(request, _("It has been changed since you opened the page. Look through it once more."))
    except services.OtherState:
        messages.warning(request, _("The assessment is signed, or has been thrown away."))
    return _back(opened)


@require_POST
def reopen(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Take it back to draft, as long as nobody has signed."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    try:
        services.assessment_reopen(assessment=opened.assessment)
    except services.OtherState:
        messages.warning(request, _("The assessment is signed. A change is a correction of it."))
        return _back(opened)
    return redirect("assessing:write", public_id, assessment_id)


@read_or_write
def sign(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Write down that the supervisor has signed on paper: who, which day."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    if opened.assessment.state != AssessmentState.COMPLETED:
        return _back(opened)
    posted = request.method == "POST"
    form = PaperForm(request.POST if posted else None, assessment=opened.assessment)
    if posted and form.is_valid():
        supervisor = opened.placement.supervisor
        name = form.cleaned_data["name"]
        try:
            services.assessment_sign(
                assessment=opened.assessment,
                how=SignedBy.PAPER,
                name=name,
                day=form.cleaned_data["day"],
                supervisor=supervisor if supervisor and supervisor.name == name else None,
                seen=form.cleaned_data["seen"],
            )
        except services.CannotSign as reason:
            form.add_error("day", str(reason))
        except (Overtaken, services.OtherState, services.NotComplete):
            messages.warning(request, _("It has been changed since you opened the page. Look through it once more."))
            return _back(opened)
        else:
            messages.success(request, _("The signature is recorded. The assessment is locked."))
            return _back(opened)
    context = opened.context | {"form": form}
    return render(request, "competence/assessing/sign.html", context, status=422 if posted else 200)


@require_POST
def review(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Say that the signed assessment has been gone through."""
    opened = opened_assessment(request, public_id, assessment_id)
    if not opened.may_review:
        raise PermissionDenied
    try:
        services.assessment_review(assessment=opened.assessment, actor=request.user)
    except services.OtherState:
        messages.warning(request, _("Only a signed assessment is reviewed."))
    return _back(opened)


@read_or_write
def correct(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Say why a signed assessment is corrected, and begin the new version."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    if not opened.assessment.is_locked:
        return _back(opened)
    posted = request.method == "POST"
    form = CorrectForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            new = services.assessment_correct(
                assessment=opened.assessment, why=form.cleaned_data["why"], actor=request.user
            )
        except services.OtherState as later:
            messages.warning(request, _("There is a later version of the assessment already."))
            return redirect("assessing:assessment", public_id, later.assessment.public_id)
        return redirect("assessing:write", public_id, new.public_id)
    context = opened.context | {"form": form}
    return render(request, "competence/assessing/correct.html", context, status=422 if posted else 200)


# --- The link -----------------------------------------------------------------------------------------------------


@require_POST
def link_send(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Mail the supervisor the link, for the first time or again."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    try:
        links.assessment_link_send(
            assessment=opened.assessment, actor=request.user, seen=request.POST.get("mail", "")
        )
    except links.NothingToSend:
        messages.warning(request, _("Nothing was sent: it is signed, or nobody is there to write to."))
    return _back(opened)


@read_or_write
def link_withdraw(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Asks, in words of the thing, and withdraws the link."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    if request.method != "POST":
        return render(request, "competence/assessing/link_withdraw.html", opened.context)
    links.assessment_link_withdraw(assessment=opened.assessment)
    messages.success(request, _("The link is withdrawn. Whoever opens it sees that it no longer holds."))
    return _back(opened)


# --- Between the stages -------------------------------------------------------------------------------------------


@require_safe
def progress(request: HttpRequest, public_id: uuid.UUID, placement_id: int) -> HttpResponse:
    """How much support was needed from stage to stage."""
    file, placement = opened_placement(request, public_id, placement_id)
    context = {"file": file, "placement": placement, "progress": progress_of(placement)}
    return render(request, "competence/assessing/progress.html", context)


# --- What they share ----------------------------------------------------------------------------------------------


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _back(opened: OpenedAssessment) -> HttpResponse:
    return redirect("assessing:assessment", opened.file.public_id, opened.assessment.public_id)


def _page(
    request: HttpRequest, opened: OpenedAssessment, *, missing: list[Shortcoming] | None = None, status: int = 200
) -> HttpResponse:
    current = opened.assessment
    sheet = Sheet(current, with_before=True)
    if missing is None and current.state == AssessmentState.DRAFT:
        missing = shortcomings(current)
    sendings = links.sendings_of(current)
    link, mail = sendings[0] if sendings else (None, None)
    versions = Assessment.objects.filter(placement=current.placement_id, stage=current.stage).order_by("-version")
    context = opened.context | {
        "sheet": sheet,
        "view": sheet.view,
        "missing": missing or [],
        "refused": status == 422,
        "link": link,
        "mail": mail,
        "seen": mail.public_id if mail else "",
        "versions": list(versions),
        "grades": list(current.language_grades.order_by("skill", "-graded_on")),
        "signed_stages": len(
            {*Assessment.objects.holding().filter(placement=current.placement_id).values_list("stage")}
        ),
    }
    return render(request, "competence/assessing/assessment.html", context, status=status)
