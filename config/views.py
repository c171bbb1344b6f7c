"""The pages of the house itself, which belong to no app."""

import logging
import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.http import require_safe

from accounts import municipal
from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from config.navigation import MENU
from delivery.faults import name_of

logger = logging.getLogger("jobbspar.faults")
#: What is away is usually back within this many seconds: a restart takes two.
RETRY_AFTER = 30


@require_safe
def start(request):
    """Where a user's work is: the first entry of the menu that is theirs."""
    for entry in MENU:
        if entry.begins_for(request.user):
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


def server_error(request):
    """An error nobody foresaw: 500, or 503 when it is the database that is away, full, or far too slow.

    Both pages need no database. The transaction of the request was rolled back: what was sent is not half stored.
    """
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return defaults.server_error(request)
    logger.error("the database does not serve: %s", name_of(error))
    page = render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})
