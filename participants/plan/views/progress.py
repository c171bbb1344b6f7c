"""What becomes of a plan: a milestone reached, an activity ended, a review held, the plan closed."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.plan.content import late_ones
from participants.plan.forms_progress import (
    REVISE,
    ActivityDropForm,
    ActivityEndForm,
    CloseForm,
    MilestoneDoneForm,
    ReviewForm,
)
from participants.plan.reading import PlanCase, ShownActivity
from participants.plan.services import progress, reviews, versions
from participants.plan.views.opening import opened_plan, plan_to_write, read_or_write

# --- Milestones ---------------------------------------------------------------------------------------------------


@read_or_write
def milestone_done(request: HttpRequest, public_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """One click: reached today. The page of its own asks for the day and for what shows it."""
    case, words = _milestone(request, public_id, key)
    if request.method == "POST" and "done_on" not in request.POST:
        progress.milestone_mark_done(milestone=words.row, actor=request.user)
        return _milestone_answer(request, public_id, key, _("The milestone is reached."))
    form = MilestoneDoneForm(
        request.POST if request.method == "POST" else None,
        enrolment=case.enrolment,
        initial={"done_on": words.row.done_on or timezone.localdate(), "evidence": words.row.evidence},
    )
    if request.method != "POST" or not form.is_valid():
        context = {"file": case.file, "case": case, "words": words, "form": form}
        return render(request, "participants/plan/milestone.html", context, status=422 if form.is_bound else 200)
    progress.milestone_mark_done(milestone=words.row, actor=request.user, **form.cleaned_data)
    messages.success(request, _("The milestone is reached."))
    return HttpResponseRedirect(f"{case.part_address}#milestone-{key}")


@require_POST
def milestone_undo(request: HttpRequest, public_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Take back, the same day, that the milestone is reached."""
    _case, words = _milestone(request, public_id, key)
    try:
        progress.milestone_undo(milestone=words.row)
    except progress.DayIsOver:
        messages.warning(request, _("It was marked another day, and can no longer be undone."))
        return _milestone_answer(request, public_id, key, "")
    return _milestone_answer(request, public_id, key, _("The milestone is not reached."))


def _milestone(request: HttpRequest, public_id: uuid.UUID, key: uuid.UUID):
    """A milestone of the plan that holds, or 404."""
    case = _plan_that_holds(request, public_id)
    words = case.milestone(key)
    if words is None:
        raise Http404
    return case, words


def _milestone_answer(request: HttpRequest, public_id: uuid.UUID, key: uuid.UUID, said: str) -> HttpResponse:
    """The milestone's row as it is now, or without a script the page it stands on."""
    case = opened_plan(request, public_id)
    if request.htmx:
        context = {"case": case, "file": case.file, "words": case.milestone(key), "answer": True}
        return render(request, "participants/plan/_milestone.html", context)
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(f"{case.part_address}#milestone-{key}")


def _plan_that_holds(request: HttpRequest, public_id: uuid.UUID) -> PlanCase:
    """The case, for those who may write it; 404 where no version is decided."""
    case = plan_to_write(request, public_id)
    if case.current is None:
        raise Http404
    return case


# --- Activities ---------------------------------------------------------------------------------------------------


def _activity(request: HttpRequest, public_id: uuid.UUID, key: uuid.UUID) -> tuple[PlanCase, ShownActivity]:
    case = plan_to_write(request, public_id)
    shown = case.activity(key)
    if shown is None:
        raise Http404
    shown.row.enrolment = case.enrolment
    return case, shown


@read_or_write
def activity_end(request: HttpRequest, public_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """An activity ends with its outcome; of one that has ended, what was said is corrected."""
    case, shown = _activity(request, public_id, key)
    form = ActivityEndForm(request.POST if request.method == "POST" else None, activity=shown.row)
    context = {"file": case.file, "case": case, "shown": shown, "form": form, "seen": progress.seen_of(shown.row)}
    if request.method != "POST":
        return render(request, "participants/plan/activity_end.html", context)
    context["seen"] = request.POST.get("seen", "")
    if not form.is_valid():
        return render(request, "participants/plan/activity_end.html", context, status=422)
    try:
        progress.activity_end(
            activity=shown.row, actor=request.user, seen=request.POST.get("seen", ""), **form.cleaned_data
        )
    except progress.ActivityChanged as changed:
        context |= {"changed": changed.activity, "seen": progress.seen_of(changed.activity)}
        return render(request, "participants/plan/activity_end.html", context, status=409)
    messages.success(request, _("Saved. What came of the activity stands in the plan."))
    return HttpResponseRedirect(case.part_address)


@read_or_write
def activity_drop(request: HttpRequest, public_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """An activity will not come to be."""
    case, shown = _activity(request, public_id, key)
    form = ActivityDropForm(request.POST if request.method == "POST" else None)
    context = {"file": case.file, "case": case, "shown": shown, "form": form}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "participants/plan/activity_drop.html", context, status=status)
    try:
        progress.activity_drop(
            activity=shown.row, actor=request.user, why=form.cleaned_data["why"], booked=bool(shown.bookings)
        )
    except progress.ActivityBooked:
        form.add_error(None, _("Something is booked for it, so it ends with an outcome."))
        return render(request, "participants/plan/activity_drop.html", context, status=422)
    except progress.ActivityChanged:
        messages.warning(request, _("The activity has ended meanwhile. Nothing was saved."))
    else:
        messages.success(request, _("The activity is dropped."))
    return HttpResponseRedirect(case.part_address)


@require_POST
def activity_reopen(request: HttpRequest, public_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Take back, the same day, that an activity has ended or was dropped."""
    case, shown = _activity(request, public_id, key)
    if case.current is None:
        raise PermissionDenied
    try:
        progress.activity_reopen(activity=shown.row)
    except progress.DayIsOver:
        messages.warning(request, _("It was said another day, and can no longer be undone."))
    else:
        messages.success(request, _("The activity goes on."))
    return HttpResponseRedirect(case.part_address)


# --- Reviews, closing ---------------------------------------------------------------------------------------------


@read_or_write
def plan_review(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The plan was gone through: what was said, when it is done next, and whether it is to be revised."""
    case = plan_to_write(request, public_id)
    if case.review is None:
        messages.info(request, _("No plan is decided, so there is none to go through. Write it and decide it first."))
        return HttpResponseRedirect(case.part_address)
    case.review.enrolment = case.enrolment
    form = ReviewForm(request.POST if request.method == "POST" else None, review=case.review)
    context = {"file": case.file, "case": case, "form": form, "late": late_ones(case.milestones)}
    if request.method != "POST":
        return render(request, "participants/plan/review.html", context)
    seen = request.POST.get("review", "")
    if seen != str(case.review.public_id):
        return _review_changed(request, case, seen)
    if not form.is_valid():
        return render(request, "participants/plan/review.html", context, status=422)
    said = {name: form.cleaned_data[name] for name in ("held_on", "said", "next_due")}
    try:
        reviews.plan_review_hold(review=case.review, actor=request.user, **said)
    except reviews.ReviewChanged:
        return _review_changed(request, case, seen)
    messages.success(request, _("It is written down that the plan was gone through."))
    if form.cleaned_data["then"] == REVISE and case.may_write:
        return HttpResponseRedirect(case.address("plan_write"))
    return HttpResponseRedirect(case.part_address)


def _review_changed(request: HttpRequest, case: PlanCase, seen: str) -> HttpResponse:
    """The same form again says that it is saved; another's review is shown beside what was typed, which stays."""
    held = next((each for each in case.reviews_held if str(each.public_id) == seen), None)
    if held is not None and held.said == request.POST.get("said", "").replace("\r\n", "\n").strip():
        messages.success(request, _("It is written down that the plan was gone through."))
        return HttpResponseRedirect(case.part_address)
    form = ReviewForm(request.POST, review=case.review)
    context = {"file": case.file, "case": case, "form": form, "changed": True, "held": held}
    return render(request, "participants/plan/review.html", context, status=409)


@read_or_write
def plan_close(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close the plan although the enrolment goes on (or was closed elsewhere): every activity gets an outcome."""
    case = plan_to_write(request, public_id)
    if case.current is None:
        messages.info(request, _("No plan is decided, so there is none to close."))
        return HttpResponseRedirect(case.part_address)
    form = CloseForm(
        request.POST if request.method == "POST" else None,
        enrolment=case.enrolment,
        decided_on=case.current.decided_on,
        activities=[each.row for each in case.going_on],
    )
    left = [each for each in case.milestones if not each.is_done]
    context = {"file": case.file, "case": case, "form": form, "left": left}
    if request.method != "POST" or not form.is_valid():
        return render(request, "participants/plan/close.html", context, status=422 if form.is_bound else 200)
    try:
        versions.plan_close(
            version=case.current,
            actor=request.user,
            closed_on=form.cleaned_data["closed_on"],
            note=form.cleaned_data["note"],
            outcomes=form.outcomes,
        )
    except versions.PlanChanged:
        return render(request, "participants/plan/close.html", context | {"changed": True}, status=409)
    messages.success(request, _("The plan is closed."))
    return HttpResponseRedirect(case.part_address)
