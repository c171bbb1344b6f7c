"""Who is asked, and the link that is mailed to them."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from placements.forms import ChooseSupervisorForm, SupervisorForm
from placements.models import Supervisor
from placements.services import links, supervisors
from placements.views.opening import opened_followup


def supervisor_choose(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Choose one of the workplace's supervisors, or enter one."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    placement = opened.placement
    known = list(Supervisor.objects.at(placement.workplace_id).here_on(timezone.localdate()))
    choosing = request.method == "POST" and "choose" in request.POST
    entering = request.method == "POST" and not choosing
    initial = {"supervisor": str(placement.supervisor.public_id)} if placement.supervisor else {}
    choose = ChooseSupervisorForm(request.POST if choosing else None, supervisors=known, initial=initial)
    enter = SupervisorForm(request.POST if entering else None)
    if choosing and choose.is_valid():
        chosen = choose.cleaned_data["supervisor"]
        try:
            sent = supervisors.placement_choose_supervisor(placement=placement, supervisor=chosen, actor=request.user)
        except supervisors.SupervisorLeft:
            choose.add_error("supervisor", _("%(name)s has left. Choose somebody else.") % {"name": chosen.name})
        else:
            return _saved(request, public_id, followup_id, sent)
    if entering and enter.is_valid():
        sent = supervisors.placement_enter_supervisor(placement=placement, actor=request.user, **enter.cleaned_data)
        return _saved(request, public_id, followup_id, sent)
    context = {"file": opened.file, "followup": opened.followup, "placement": placement}
    context |= {"choose": choose if known else None, "enter": enter}
    status = 422 if request.method == "POST" else 200
    return render(request, "placements/supervisor_choose.html", context, status=status)


def supervisor_correct(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Correct the name, the address or the telephone of the placement's supervisor."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    placement = opened.placement
    if placement.supervisor is None:
        return redirect("placements:supervisor_choose", public_id, followup_id)
    posted = request.method == "POST"
    # Of a copy: a form that is wrong would leave its values in the placement's own.
    form = SupervisorForm(
        request.POST if posted else None, instance=Supervisor.objects.get(pk=placement.supervisor_id)
    )
    if posted and form.is_valid():
        sent = supervisors.placement_correct_supervisor(placement=placement, actor=request.user, **form.cleaned_data)
        return _saved(request, public_id, followup_id, sent)
    context = {"file": opened.file, "followup": opened.followup, "placement": placement, "form": form}
    return render(request, "placements/supervisor_correct.html", context, status=422 if posted else 200)


def _saved(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID, sent: int) -> HttpResponse:
    text = _("The supervisor is saved.")
    if sent:
        text += " " + ngettext(
            "The old link no longer holds, and a new one is on its way.",
            "The old links no longer hold, and %(count)s new ones are on their way.",
            sent,
        ) % {"count": sent}
    messages.success(request, text)
    return redirect("placements:followup", public_id, followup_id)


@require_POST
def link_send(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Mail the link, for the first time or again."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    try:
        links.link_send(followup=opened.followup, actor=request.user, seen=request.POST.get("seen", ""))
    except links.NothingToSend:
        messages.warning(
            request,
            _("Nothing was sent: the follow-up is filed or withdrawn, or nobody is there to write to."),
        )
    return redirect("placements:followup", public_id, followup_id)


def link_withdraw(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Asks, in words of the thing, and withdraws the link."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    if request.method != "POST":
        context = {"file": opened.file, "followup": opened.followup, "placement": opened.placement}
        return render(request, "placements/link_withdraw.html", context)
    links.link_withdraw(followup=opened.followup)
    messages.success(request, _("The link is withdrawn. Whoever opens it sees that it no longer holds."))
    return redirect("placements:followup", public_id, followup_id)
