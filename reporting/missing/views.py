"""What is missing for a question, and the list of each gap. The address is the question."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import AccessLogEntry, User
from participants.querysets import CASE_ROLES
from reporting import permissions
from reporting.forms import QuestionForm
from reporting.lists import listed, look_log, question_asked
from reporting.missing import find_gap, missing_in


@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """Every gap that spoils the figures of a period: how many, what it does to them, what to do."""
    if not permissions.can_see_internal_figures(request.user):
        raise PermissionDenied
    form = QuestionForm(request.GET, user=request.user)
    context = {"form": form}
    if form.is_valid():
        found = missing_in(form.question)
        context |= {
            "question": form.question,
            "query": urlencode(form.question.address),
            "gaps": [each for each in found if each.count],
            "whole": [each for each in found if not each.count],
            "total": sum(each.count for each in found),
        }
    return render(request, "reporting/missing/page.html", context)


@require_safe
def missing_list(request: HttpRequest, key: str) -> HttpResponse:
    """Those who have one gap, each with the way to the page where it is mended: the ones the user may see by name,
    the others by how many they are."""
    form, denied = question_asked(request, "reporting:missing")
    if denied:
        return denied
    gap = find_gap(key)
    if gap is None:
        raise Http404
    question = form.question
    found = listed(gap.rows(question), gap.listing, request.user, request.GET)
    for row in found.rows:
        row.mended_at = gap.mended_at(row)
    opened = AccessLogEntry.Act.OPENED
    look_log(request, question, opened, "missing_list", gap=key, rows=found.shown, hidden=found.hidden)
    context = {
        "question": question,
        "query": urlencode(question.address),
        "gap": gap,
        "label": gap.words(),
        **found.context,
        "counted": gap.listing.counted % {"count": found.total},
        "template": gap.listing.template,
        "worked_at": gap.worked_at(question) if gap.worked_at and request.user.reach.has(*CASE_ROLES) else "",
    }
    return render(request, "reporting/missing/list.html", context)


def certificates_counted(user: User, start: dt.date | None, end: dt.date | None) -> str:
    """For `competence.listing.coverage`: the list of employments without a certificate, of these days or as usual."""
    if not permissions.can_see_internal_figures(user):
        return ""
    address = reverse("reporting:missing_list", args=["certificate"])
    return f"{address}?{urlencode({'period': f'{start}..{end}'})}" if start and end and start <= end else address
