"""Beginning an assessment in the participant's file, filling it in, choosing its area, throwing it away."""

import contextlib
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from competence.assessing import services
from competence.assessing.forms import AreaForm, StatementForm, statement_forms
from competence.assessing.links import draft_discard
from competence.assessing.opening import OpenedAssessment, opened_assessment
from competence.assessing.sheet import Sheet
from competence.models import Assessment, AssessmentStage, AssessmentState
from competence.opening import PART, opened_placement
from competence.permissions import can_write_assessment
from participants import journal
from participants.file import file_for

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def begin(request: HttpRequest, public_id: uuid.UUID, placement_id: int, stage: str) -> HttpResponse:
    """Begin the assessment of a stage, or go on with the one that is at work."""
    _file, placement = opened_placement(request, public_id, placement_id, quiet=True)
    if not can_write_assessment(request.user, placement.enrolment):
        raise PermissionDenied
    if stage not in AssessmentStage.values:
        raise Http404
    try:
        assessment = services.assessment_begin(placement=placement, stage=stage, actor=request.user)
    except services.CannotBegin as reason:
        messages.warning(request, str(reason))
        return redirect("participants:part", public_id, PART)
    except services.AssessmentSigned as signed:
        return redirect("assessing:assessment", public_id, signed.assessment.public_id)
    return redirect("assessing:write", public_id, assessment.public_id)


@read_or_write
def write(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Fill in the draft. What is chosen is saved as it is chosen; the button leads on to look through it."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    if opened.assessment.state != AssessmentState.DRAFT:
        return redirect("assessing:assessment", public_id, assessment_id)
    sheet = Sheet(opened.assessment, with_before=True)
    if request.method != "POST":
        return _page(request, opened, sheet, statement_forms(sheet, sheet.lines))
    forms = statement_forms(sheet, sheet.lines, request.POST)
    try:
        _save(opened.assessment, forms, request.user, _window(request))
    except services.OtherState:
        messages.warning(request, _("The assessment has been completed or thrown away meanwhile. Nothing was saved."))
        return redirect("participants:part", public_id, PART)
    wrong = [form for form in forms.values() if form.errors or form.kept is not None]
    status = 409 if any(form.kept is not None for form in wrong) else 422 if wrong else 200
    if request.htmx:
        context = opened.context | _counted(forms) | {"wrong": wrong, "forms": forms.values()}
        return render(request, "competence/assessing/_saved.html", context, status=422 if wrong else 200)
    if wrong:
        return _page(request, opened, sheet, forms, wrong=wrong, status=status)
    if request.POST.get("go") == "on":
        return redirect("assessing:assessment", public_id, assessment_id)
    messages.success(request, _("Saved."))
    return redirect("assessing:write", public_id, assessment_id)


def keep(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> str:
    """What is sent after the session has ended is kept for the user who opened the page; where to go after signing
    in. A ticket that is false or old, who may not write there any more, what is no draft now: nothing is kept."""
    key = journal.writer_of(request.POST.get("writer", ""), public_id)
    writer = User.objects.filter(pk=key, is_active=True).first() if key else None
    file = file_for(writer, public_id) if writer else None
    rows = Assessment.objects.filter(public_id=assessment_id, state=AssessmentState.DRAFT)
    assessment = rows.filter(placement__enrolment__in=file.enrolments).first() if file else None
    if assessment and can_write_assessment(writer, assessment.placement.enrolment):
        sheet = Sheet(assessment)
        with contextlib.suppress(services.OtherState):
            _save(assessment, statement_forms(sheet, sheet.lines, request.POST), writer, _window(request))
    return reverse("assessing:write", args=[public_id, assessment_id])


write.when_signed_out = keep


@read_or_write
def area(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Choose the occupational area of a draft."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    form = AreaForm(request.POST if request.method == "POST" else None, assessment=opened.assessment)
    if request.method == "POST" and form.is_valid():
        with contextlib.suppress(services.OtherState):
            services.area_choose(assessment=opened.assessment, area=form.cleaned_data["area"], actor=request.user)
        return redirect("assessing:write", public_id, assessment_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "competence/assessing/area.html", opened.context | {"form": form}, status=status)


@read_or_write
def discard(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Asks, in words of the thing, and throws the draft away."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    if request.method != "POST":
        return render(request, "competence/assessing/discard.html", opened.context)
    try:
        draft_discard(assessment=opened.assessment)
    except services.OtherState:
        messages.warning(request, _("The assessment is completed, so it cannot be thrown away."))
        return redirect("assessing:assessment", public_id, assessment_id)
    messages.success(request, _("The draft is thrown away."))
    return redirect("participants:part", public_id, PART)


# --- What they share ----------------------------------------------------------------------------------------------


def _save(
    assessment: Assessment, forms: dict[str, StatementForm], actor: User, window: uuid.UUID | None
) -> services.Saved:
    """Save everything that can be read; each form then says what is stored, or what somebody else has said."""
    valid = {code: form for code, form in forms.items() if form.is_valid()}
    saved = services.assessment_save(
        assessment=assessment,
        said={code: form.said for code, form in valid.items()},
        was={code: form.cleaned_data["was"] for code, form in valid.items()},
        actor=actor,
        window=window,
    )
    for form in valid.values():
        form.take(saved.said, saved.kept)
    assessment.edited_at, assessment.edited_by_name = saved.assessment.edited_at, saved.assessment.edited_by_name
    return saved


def _window(request: HttpRequest) -> uuid.UUID | None:
    with contextlib.suppress(ValueError):
        return uuid.UUID(request.POST.get("window", ""))
    return None


def _counted(forms: dict[str, StatementForm]) -> dict:
    return {
        "total": len(forms),
        "filled": sum(form.typed.level is not None for form in forms.values()),
        "lacking": [form for form in forms.values() if form.lacks_evidence],
    }


def _page(
    request: HttpRequest, opened: OpenedAssessment, sheet: Sheet, forms, *, wrong=(), status=200
) -> HttpResponse:
    groups = [{"module": each.module, "forms": [forms[line.code] for line in each.lines]} for each in sheet.modules]
    context = (
        opened.context
        | _counted(forms)
        | {
            "sheet": sheet,
            "groups": groups,
            "wrong": wrong,
            "window": _window(request) or uuid.uuid4(),
            "writer": journal.writer_ticket(opened.file),
        }
    )
    return render(request, "competence/assessing/write.html", context, status=status)
