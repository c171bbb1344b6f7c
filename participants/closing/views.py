"""Closing an enrolment, completing the closure, and taking it back. The result is shown before anything is saved."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants import permissions, providers
from participants.aftercare import points_of
from participants.closing import services
from participants.closing.case import ClosedCase, annulled_in, closed_case, facts_of, history_of
from participants.closing.forms import AnnulForm, ClosureForm, DetailsForm, fields_of
from participants.file import ParticipantFile
from participants.models import Enrolment
from participants.opening import opened_file, touched_file
from participants.results import Closure, Outcome, outcome_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])

#: What a form is sent for. To look at what follows from a choice stores nothing.
DETAILS, RESULT, CHANGE, SAVE = "details", "result", "change", "save"


def _opened(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile:
    if request.method == "POST":
        return touched_file(request, public_id)
    return opened_file(request, public_id, part="closure")


# --- Closing ------------------------------------------------------------------------------------------------------


@read_or_write
def enrolment_close(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Reason, last day, what belongs to the reason, what must be ended too; a page that asks; then it is done."""
    file = _opened(request, public_id)
    enrolment = next((each for each in file.enrolments if each.end is None), None)
    if not permissions.can_write_closure(request.user, enrolment or file.latest):
        raise PermissionDenied
    if enrolment is None:
        return _closed_already(request, file)
    context = {"file": file, "enrolment": enrolment, "today": timezone.localdate()}
    if enrolment.start > context["today"]:
        return render(request, "participants/closure/too_early.html", context)
    took_over = enrolment.assignments.get(end=None).start
    if request.method != "POST":
        form = ClosureForm(enrolment=enrolment, took_over=took_over)
        return _close_page(request, form, providers.endings(enrolment, form.last_day), context)
    form = ClosureForm(request.POST, enrolment=enrolment, took_over=took_over)
    wrong, step = not form.is_valid(), request.POST.get("step")
    if request.htmx and step in (DETAILS, RESULT):
        return _follow(request, form, step)
    endings = providers.endings(enrolment, form.last_day, request.POST)
    if [ending for ending in endings if not ending.form.is_valid()] or wrong:
        return _close_page(request, form, endings, context, status=422)
    if step == CHANGE or (form.details and request.POST.get("details_for") != form.reason):
        return _close_page(request, form, endings, context)
    if step == SAVE and request.POST.getlist("told") == _keys(endings):
        return _close(request, form, endings, context)
    return _confirm(request, form, endings, context, again=step == SAVE)


def _close(request: HttpRequest, form: ClosureForm, endings: list, context: dict) -> HttpResponse:
    closed = {"end": form.cleaned_data["end"], "closure": form.closure}
    try:
        enrolment = services.enrolment_close(enrolment=form.enrolment, actor=request.user, endings=endings, **closed)
    except services.ClosedAlready:
        return _closed_already(request, context["file"])
    except services.EndingChanged:
        endings = providers.endings(form.enrolment, closed["end"], request.POST)
        for ending in endings:
            ending.form.is_valid()
        return _close_page(request, form, endings, context | {"overtaken": True}, status=409)
    asked = points_of(enrolment, (), timezone.localdate())
    said = _("The enrolment is closed.")
    if asked:
        days = ", ".join(date_format(point.due) for point in asked)
        said += " " + _("The aftercare asks on %(days)s.") % {"days": days}
    messages.success(request, said)
    return redirect("participants:file", context["file"].public_id)


def _close_page(
    request: HttpRequest, form: ClosureForm, endings: list, context: dict, status: int = 200
) -> HttpResponse:
    forms = [form, *(ending.form for ending in endings)]
    context |= {"form": form, "endings": endings, "forms": forms, "outcome": _outcome(form)}
    context["wrong"] = any(each.errors for each in forms)
    return render(request, "participants/closure/close.html", context, status=status)


def _confirm(request: HttpRequest, form: ClosureForm, endings: list, context: dict, *, again: bool) -> HttpResponse:
    """What will be done, in words of the thing. `again`: something else goes on than what was told before."""
    end, closure = form.cleaned_data["end"], form.closure
    context |= {
        "facts": facts_of(end, closure),
        "outcome": outcome_of(closure, context["today"]),
        "endings": [(ending.title, ending.told()) for ending in endings],
        "told": _keys(endings),
        "points": points_of(_as_closed(form), (), context["today"]),
        "typed": _typed(request),
        "again": again,
    }
    return render(request, "participants/closure/confirm.html", context)


def _as_closed(form: ClosureForm) -> Enrolment:
    """The enrolment as it will be; nothing is stored."""
    said = form.closure
    return Enrolment(
        participant=form.enrolment.participant,
        start=form.enrolment.start,
        end=form.cleaned_data["end"],
        closure_reason=said.reason,
        job_start=said.job_start,
        job_end=said.job_end,
        job_form=said.job_form,
        study_aid=said.study_aid,
        job_employer=said.job_employer,
    )


def _follow(request: HttpRequest, form: DetailsForm, step: str) -> HttpResponse:
    """What follows from what is chosen so far: the fields that belong to the reason, or the sentence."""
    name = "_details" if step == DETAILS else "_result"
    context = {"form": form, "outcome": _outcome(form)}
    form.errors.clear()  # nobody has said yet that it is finished
    return render(request, f"participants/closure/{name}.html", context)


def _closed_already(request: HttpRequest, file: ParticipantFile) -> HttpResponse:
    """Whoever comes too late, or sends a form twice, is led to what stands."""
    messages.info(request, _("The enrolment is closed already. This is what is registered."))
    return redirect("participants:closure", file.public_id)


def _outcome(form: DetailsForm) -> Outcome | None:
    """The result of what is typed; None as long as there is no reason, or something that cannot be read."""
    if not form.reason or set(form.errors) & set(fields_of(form.reason)):
        return None
    return outcome_of(form.closure, timezone.localdate())


def _keys(endings: list) -> list[str]:
    return [ending.key for ending in endings]


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, for a page that asks before it is stored."""
    left_out = {"csrfmiddlewaretoken", "step", "told"}
    return [(name, value) for name in request.POST if name not in left_out for value in request.POST.getlist(name)]


# --- Completing ---------------------------------------------------------------------------------------------------


@read_or_write
def closure(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is registered of a closure: to read, and to complete with what was not known then."""
    file = _opened(request, public_id)
    case = _case_or_404(request, file)
    form = DetailsForm.of(case.enrolment) if case.may_write and case.fields else None
    seen = str(services.Known.of(case.enrolment))
    if request.method != "POST":
        return _closure_page(request, file, case, {"form": form, "seen": seen})
    if not case.may_write:
        raise PermissionDenied
    if form is None:
        messages.info(request, _("There is nothing to complete."))
        return HttpResponseRedirect(case.address)
    form = DetailsForm.of(case.enrolment, request.POST)
    whole, step = form.is_valid(), request.POST.get("step")
    if request.htmx and step == RESULT:
        return _follow(request, form, step)
    if not whole or step == CHANGE:
        context = {"form": form, "seen": request.POST.get("seen", "")}
        return _closure_page(request, file, case, context, status=200 if whole else 422)
    if step != SAVE:
        context = {
            "file": file,
            "case": case,
            "facts": facts_of(case.enrolment.end, form.closure),
            "outcome": _outcome(form),
            "typed": _typed(request),
        }
        return render(request, "participants/closure/complete_confirm.html", context)
    try:
        services.closure_complete(enrolment=case.enrolment, closure=form.closure, seen=request.POST.get("seen", ""))
    except services.ClosureChanged as changed:
        if changed.enrolment.end is None:
            messages.warning(request, _("The closure has been taken back meanwhile. Nothing was saved."))
            return redirect("participants:file", public_id)
        context = {"form": form, "seen": str(services.Known.of(changed.enrolment)), "overtaken": True}
        return _closure_page(request, file, case, context, status=409)
    messages.success(request, _("Saved. %(result)s") % {"result": _outcome(form)})
    return HttpResponseRedirect(case.address)


def _closure_page(
    request: HttpRequest, file: ParticipantFile, case: ClosedCase, context: dict, status: int = 200
) -> HttpResponse:
    form = context["form"]
    context |= {
        "file": file,
        "case": case,
        "facts": facts_of(case.enrolment.end, Closure.of(case.enrolment)),
        "outcome": _outcome(form) if form and form.is_bound else case.outcome,
        "history": history_of(case.enrolment),
        "annulled": annulled_in([case.enrolment]),
        "others": [each for each in file.enrolments if each.end and each.pk != case.enrolment.pk],
    }
    return render(request, "participants/closure/closure.html", context, status=status)


def _case_or_404(request: HttpRequest, file: ParticipantFile) -> ClosedCase:
    """The closed enrolment of the file that the address names, or the latest."""
    case = closed_case(file, request.GET.get("inskrivning", ""))
    if case is None:
        raise Http404
    return case


# --- Taking back --------------------------------------------------------------------------------------------------


@read_or_write
def closure_annul(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A manager says why the closure was wrong, and the enrolment goes on."""
    file = _opened(request, public_id)
    case = closed_case(file, request.GET.get("inskrivning", ""))
    if case is None and annulled_in(file.enrolments):
        messages.info(request, _("The closure has been taken back already."))
        return redirect("participants:file", public_id)
    if case is None:
        raise Http404
    if not case.may_annul:
        raise PermissionDenied
    posted = request.method == "POST"
    form = AnnulForm(request.POST if posted else None)
    later = [each for each in file.enrolments if each.start > case.enrolment.start]
    context = {"file": file, "case": case, "form": form, "later": later[-1] if later else None}
    context["seen"] = str(services.Known.of(case.enrolment))
    context["facts"] = facts_of(case.enrolment.end, Closure.of(case.enrolment))
    if not posted or not form.is_valid():
        return render(request, "participants/closure/annul.html", context, status=422 if posted else 200)
    try:
        services.closure_annul(
            enrolment=case.enrolment,
            actor=request.user,
            why=form.cleaned_data["why"],
            seen=request.POST.get("seen", ""),
        )
    except services.ClosureChanged as changed:
        if changed.enrolment.end is None:
            messages.info(request, _("The closure has been taken back already."))
            return redirect("participants:file", public_id)
        return render(request, "participants/closure/annul.html", context | {"overtaken": True}, status=409)
    except services.EnrolledAgain:
        # Where the later enrolment is another unit's, nothing tells of it.
        return render(request, "participants/closure/annul.html", context | {"impossible": True}, status=409)
    messages.success(request, _("The closure is taken back, and the enrolment goes on."))
    return redirect("participants:file", public_id)
