"""Opening the plan of a participant's file: in scope or not found, allowed or refused, and in the access log."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.views.decorators.http import require_http_methods

from accounts.models import AccessLogEntry
from participants.opening import opened_file, touched_file
from participants.plan.permissions import can_write_plan
from participants.plan.reading import SLUG, PlanCase, case_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def opened_plan(request: HttpRequest, public_id: uuid.UUID, *, act=AccessLogEntry.Act.OPENED, **detail) -> PlanCase:
    """The plan that the address is about; 404 where there is no such enrolment in the reader's scope. An act on a
    page whose opening is written down already (POST) is not written down again."""
    if request.method == "POST":
        file = touched_file(request, public_id)
    else:
        file = opened_file(request, public_id, act=act, part=SLUG, **detail)
    case = case_of(file, request.GET)
    if case is None:
        raise Http404
    return case


def plan_to_write(request: HttpRequest, public_id: uuid.UUID) -> PlanCase:
    """The plan, for those who may write it. Whether the enrolment is closed is for the page to say."""
    case = opened_plan(request, public_id)
    if not can_write_plan(request.user, case.enrolment):
        raise PermissionDenied
    return case
