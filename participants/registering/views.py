"""Whether somebody who is being registered is known already, while it is typed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from participants.permissions import can_register_participants
from participants.registering.forms import PersonSection
from participants.registering.telling import shown_write


@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """Who may be the person that is being typed, while it is typed. Nothing new to tell: nothing is changed."""
    if not can_register_participants(request.user):
        raise PermissionDenied
    section = PersonSection(request.POST, user=request.user, live=True)
    section.is_valid()
    shown_write(request, section)
    if section.asks == request.POST.get(section.add_prefix("asked"), ""):
        return HttpResponse(status=204)
    return render(request, "participants/registering/_alike.html", {"section": section})
