"""Registering somebody by hand: the person, and the referral by which they come."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from participants.models import Participant
from participants.permissions import can_register_participants
from participants.registering.forms import PersonSection, ReceivedForm, unjudged
from participants.registering.services import NumberTaken, referral_receive
from participants.registering.telling import number_told, shown_write


@require_http_methods(["GET", "HEAD", "POST"])
def participant_new(request: HttpRequest) -> HttpResponse:
    """Who it is, whether the person is known already, and who asks which unit to take the person on."""
    _check(request)
    data = request.POST if request.method == "POST" else None
    section = PersonSection(data, user=request.user)
    form = ReceivedForm(data, user=request.user)
    if section.is_step:
        unjudged(form)
    elif data is not None and all([section.is_valid(), form.is_valid()]):
        try:
            registered = referral_receive(section=section, actor=request.user, **form.cleaned_data)
        except NumberTaken:
            section = section.again()
        else:
            return _registered(request, registered)
    shown_write(request, section)
    context = {"section": section, "form": form}
    return render(request, "participants/registering/new.html", context, status=422 if section.is_bound else 200)


@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """Who may be the person that is being typed, while it is typed. Nothing new to tell: nothing is changed."""
    _check(request)
    section = PersonSection(request.POST, user=request.user, live=True)
    section.is_valid()
    shown_write(request, section)
    if section.asks == request.POST.get(section.add_prefix("asked"), ""):
        return HttpResponse(status=204)
    return render(request, "participants/registering/_alike.html", {"section": section})


def _check(request: HttpRequest) -> None:
    if not can_register_participants(request.user):
        raise PermissionDenied


def _registered(request: HttpRequest, registered) -> HttpResponse:
    person = registered.participant
    messages.success(request, _("The referral of %(name)s is registered.") % {"name": person.full_name})
    number_told(request, registered)
    if Participant.objects.visible_to(request.user).filter(pk=person.pk).exists():
        return redirect("participants:file", person.public_id)
    return redirect("participants:new")
