"""A follow-up in the participant's file: planned, looked at, answered after a call, read, withdrawn."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from participants.opening import opened_file, touched_file
from placements.forms import AnswerForm, PlanForm
from placements.models import Placement
from placements.period import Period, period_of
from placements.permissions import can_follow_up
from placements.services import answers, followups
from placements.views.opening import PART, OpenedFollowUp, opened_followup


def followup_plan(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Plan a follow-up of one of the placements that the user may follow up."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part=PART)
    writable = [enrolment for enrolment in file.enrolments if can_follow_up(request.user, enrolment)]
    if not writable:
        raise PermissionDenied
    rows = Placement.objects.filter(enrolment__in=writable).select_related("workplace", "enrolment__participant")
    form = PlanForm(request.POST if posted else None, placements=list(rows.order_by("-start", "-pk")))
    if posted and form.is_valid():
        followup = followups.followup_plan(actor=request.user, **form.cleaned_data)
        return redirect("placements:followup", public_id, followup.public_id)
    return render(request, "placements/plan.html", {"file": file, "form": form}, status=422 if posted else 200)


@require_safe
def followup_detail(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """What is asked, of whom, what became of the link, and the answer."""
    opened = opened_followup(request, public_id, followup_id)
    return render(request, "placements/followup.html", _detail(opened))


def _detail(opened: OpenedFollowUp) -> dict:
    sendings = opened.sendings()
    link, mail = sendings[0] if sendings else (None, None)
    return {
        "file": opened.file,
        "followup": opened.followup,
        "placement": opened.placement,
        "answer": opened.answer,
        "may_write": opened.may_write,
        "may_amend": opened.may_amend(timezone.localdate()),
        "link": link,
        "mail": mail,
        "seen": mail.public_id if mail else "",  # what whoever sends again knows of
        "earlier": sendings[1:],
        "reminders": list(opened.followup.reminders.select_related("mail", "text_message")),
        "replies": list(opened.answer.replies.select_related("mail")) if opened.answer else [],
        "may_reply": opened.may_write and opened.may_be_replied,
        "opinion": opened.opinion,
        "may_mend_opinion": opened.may_mend_opinion(timezone.localdate()),
        "period": _period(opened),
    }


def _period(opened: OpenedFollowUp) -> Period:
    return Period(*opened.answer.days) if opened.answer else period_of(opened.followup, timezone.localdate())


def answer_file(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Write down what the supervisor said in a call, or mend it the same day."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    followup, answer = opened.followup, opened.answer
    back = redirect("placements:followup", public_id, followup_id)
    if not followup.is_open and not opened.may_amend(timezone.localdate()):
        messages.warning(request, _("The follow-up cannot be answered here: it is filed or withdrawn."))
        return back
    options = {"period": _period(opened), "name": followup.participant.given_name}
    context = {"file": opened.file, "followup": followup, "answer": answer, "period": options["period"]}
    if request.method != "POST":
        context["form"] = AnswerForm.of(answer, **options)
        return render(request, "placements/answer.html", context)
    form = AnswerForm(request.POST, **options)
    if not form.is_valid():
        return render(request, "placements/answer.html", context | {"form": form}, status=422)
    filed = {"said": form.said, "period": form.period, "version": form.cleaned_data["version"]}
    try:
        answers.answer_file_by_staff(followup=followup, author=request.user, **filed)
    except answers.AnswerChanged as changed:
        data = request.POST.copy()
        data["version"] = changed.answer.version
        context |= {"form": AnswerForm(data, **options), "changed": changed.answer}
        return render(request, "placements/answer.html", context, status=409)
    except (answers.AnswerStands, answers.FollowUpClosed):
        # Nothing that was typed is thrown away: it stays on the page, below what has happened.
        return render(request, "placements/answer.html", context | {"form": form, "too_late": True}, status=409)
    messages.success(request, _("The answer is saved, and the follow-up is filed."))
    return back


@require_POST
def answer_read(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Mark the answer as read, if it is still the wording that the page showed."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    version = request.POST.get("version", "")
    if opened.answer and version.isascii() and version.isdigit():
        try:
            answers.answer_mark_read(answer=opened.answer, version=int(version), actor=request.user)
        except answers.AnswerChanged:
            messages.warning(request, _("The supervisor has changed the answer meanwhile. Read it as it stands now."))
        else:
            messages.success(request, _("The answer is marked as read. From now on it cannot be changed."))
    return redirect("placements:followup", public_id, followup_id)


def followup_withdraw(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Asks, in words of the thing, and withdraws the follow-up."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    if request.method != "POST" and not opened.followup.is_open:
        return redirect("placements:followup", public_id, followup_id)
    if request.method != "POST":
        context = {"file": opened.file, "followup": opened.followup, "placement": opened.placement}
        return render(request, "placements/followup_withdraw.html", context)
    try:
        followups.followup_withdraw(followup=opened.followup)
    except followups.FollowUpFiled:
        messages.warning(request, _("The follow-up has been answered, so it cannot be withdrawn."))
    else:
        messages.success(request, _("The follow-up is withdrawn. Its link no longer holds."))
    return redirect("placements:followup", public_id, followup_id)
