"""The pages of the house itself, which belong to no app."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views import defaults
from django.views.decorators.http import require_safe

from accounts import municipal
from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from config.navigation import MENU


@require_safe
def start(request):
    """Where a user's work is: the first entry of the menu that is theirs."""
    for entry in MENU:
        if entry.shown_to(request.user):
            return redirect(entry.url_name)
    return render(request, "no_role.html", status=403)


@login_not_required
@require_safe
def accessibility(request):
    """The accessibility statement that the act on accessibility to digital public service asks for."""
    return render(
        request,
        "accessibility.html",
        {"contact": municipal.value_of(municipal.ACCESSIBILITY_CONTACT.key)},
    )


def permission_denied(request, exception):
    """403 for every page, written down as a denied attempt: who, where, and on what."""
    if request.user.is_authenticated:
        access_log_write(
            actor=request.user,
            act=AccessLogEntry.Act.DENIED,
            subject=request.resolver_match.kwargs.get("public_id"),
            subject_kind="page",
            request_id=request.id,
            page=request.resolver_match.view_name,
        )
    return defaults.permission_denied(request, exception)
