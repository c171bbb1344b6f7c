"""The steps of a referral: each asks once, on a page of its own, on which day and, where it is needed, why."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.models import Referral
from participants.permissions import can_handle_referral
from participants.referrals import services
from participants.referrals.forms import ActForm, UndoForm
from participants.referrals.opening import referral_opened, referral_touched
from participants.referrals.queue import thoughts, why
from participants.referrals.states import Act, act_of, may_become
from vocabulary.codes import ReferralState

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def referral_act(request: HttpRequest, public_id: uuid.UUID, slug: str) -> HttpResponse:
    """Assess, accept, return, decline, or note that it was withdrawn."""
    act = act_of(slug)
    if act is None:
        raise Http404
    found = _opened(request, public_id, part=slug)
    if found.state == act.state:  # sent twice, or a colleague did the same
        return _done(request, found, act)
    if not may_become(found, act.state):
        return _overtaken(request, found)
    out_of_order = services.is_out_of_order(found, act.state, request.user)
    if request.method != "POST":
        form = ActForm(act=act, referral=found, out_of_order=out_of_order)
        return _act_page(request, found, act, form)
    if out_of_order and "out_of_order" not in request.POST:
        # One click on the referral's page, which cannot know it: asked for the first time, nothing is wrong yet.
        form = ActForm(act=act, referral=found, out_of_order=True, initial={"day": request.POST.get("day")})
        form.fields["out_of_order"].widget.attrs["autofocus"] = True
        return _act_page(request, found, act, form, status=422)
    form = ActForm(request.POST, act=act, referral=found, out_of_order=out_of_order)
    if not form.is_valid():
        return _act_page(request, found, act, form, status=422)
    said = form.cleaned_data
    try:
        moved = services.referral_move(
            referral=found,
            actor=request.user,
            state=act.state,
            day=said["day"],
            seen=_state(said["seen"]),
            reason=said.get("reason", ""),
            out_of_order=said.get("out_of_order", ""),
        )
    except services.NobodyKnown:
        messages.warning(request, _("Write who it is first. Then the referral can be accepted."))
        return redirect("referrals:person", public_id)
    except (services.ReferralMoved, services.EnrolledAlready):
        found.refresh_from_db()
        return _overtaken(request, found)
    except services.OutOfOrder:  # somebody came before meanwhile
        form = ActForm(request.POST, act=act, referral=found, out_of_order=True)
        form.is_valid()
        return _act_page(request, found, act, form, status=422)
    return _done(request, moved, act)


@read_or_write
def referral_undo(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Undo the latest step, which was wrong, with a reason."""
    found = _opened(request, public_id, part="undo")
    if found.state == ReferralState.RECEIVED:
        messages.info(request, _("There is nothing to undo: the referral waits in the queue."))
        return HttpResponseRedirect(found.get_absolute_url())
    posted = request.method == "POST"
    form = UndoForm(request.POST if posted else None, auto_id="act_%s", initial={"seen": found.state})
    if posted and form.is_valid():
        try:
            services.referral_undo(
                referral=found,
                actor=request.user,
                reason=form.cleaned_data["reason"],
                seen=_state(form.cleaned_data["seen"]),
            )
        except (services.ReferralMoved, services.EnrolledAlready):
            return _overtaken(request, found)
        messages.success(request, _("Undone. The referral is where it was before."))
        return HttpResponseRedirect(found.get_absolute_url())
    back = services.state_before(found)
    context = {"referral": found, "form": form, "back": back}
    return render(request, "participants/referrals/undo.html", context, status=422 if posted else 200)


def _opened(request: HttpRequest, public_id: uuid.UUID, *, part: str) -> Referral:
    posted = request.method == "POST"
    found = referral_touched(request, public_id) if posted else referral_opened(request, public_id, part=part)
    if not can_handle_referral(request.user, found):
        raise PermissionDenied
    return found


def _state(text: str) -> ReferralState | None:
    return ReferralState(text) if text in ReferralState.values else None


def _act_page(request: HttpRequest, found: Referral, act: Act, form: ActForm, *, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "referral": found,
        "act": act,
        "form": form,
        "why": why(found, today),
        "thoughts": thoughts(found, today) if act.state == ReferralState.ACCEPTED else [],
        "first_who": act.state == ReferralState.ACCEPTED and found.participant_id is None,
    }
    return render(request, "participants/referrals/act.html", context, status=status)


def _done(request: HttpRequest, found: Referral, act: Act) -> HttpResponse:
    said = {
        ReferralState.ASSESSING: _("The referral is being assessed."),
        ReferralState.ACCEPTED: _("The referral is accepted. The person can be enrolled."),
        ReferralState.RETURNED: _("The referral is returned."),
        ReferralState.DECLINED: _("The referral is declined."),
        ReferralState.WITHDRAWN: _("The referral is withdrawn."),
    }
    messages.success(request, said[act.state])
    return HttpResponseRedirect(found.get_absolute_url())


def _overtaken(request: HttpRequest, found: Referral) -> HttpResponse:
    messages.warning(request, _("The referral has changed meanwhile. Nothing was saved. This is how it stands."))
    return HttpResponseRedirect(found.get_absolute_url())
