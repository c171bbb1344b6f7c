"""The page of a placement, and the pages of its acts: one form each, and one service."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from placements.booking import acts
from placements.booking.acts import Act
from placements.booking.rules import Refused
from placements.booking.told import page_context
from placements.booking.views.opening import OpenedPlacement, opened_placement
from placements.changing import Overtaken
from placements.schedule_forms import more_rows, rows_of, rows_typed
from placements.services.schedules import hours_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def placement(request: HttpRequest, public_id: uuid.UUID, placement_id: uuid.UUID) -> HttpResponse:
    """Where it stands, what is lacking, what comes next, and everything about it."""
    opened = opened_placement(request, public_id, placement_id)
    context = {"file": opened.file} | page_context(opened.placement, request.user)
    return render(request, "placements/booking/placement.html", context)


def _act(request: HttpRequest, public_id: uuid.UUID, placement_id: uuid.UUID, act: Act) -> HttpResponse:
    """The page of an act. One that is not offered as the placement stands leads back, unless it was sent: then its
    service says what it has against it, or that it is done already."""
    opened = opened_placement(request, public_id, placement_id, act=act)
    if request.method != "POST":
        if act not in acts.offered(opened.placement):
            messages.info(request, _("That cannot be done with the placement as it is now."))
            return redirect("booking:placement", public_id, placement_id)
        return _page(request, opened, act, act.form(placement=opened.placement))
    form = act.form(request.POST, placement=opened.placement)
    if not form.is_valid():
        return _page(request, opened, act, form, status=422)
    return _done(request, opened, act, form, form.given)


def _done(request: HttpRequest, opened: OpenedPlacement, act: Act, form, given: dict, **more) -> HttpResponse:
    """Do it, or say why it is refused; nothing that was typed is lost."""
    if act.by_actor:
        given["actor"] = request.user
    try:
        act.do(placement=opened.placement, **given)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _page(request, opened, act, form, status=422, **more)
    except Overtaken as overtaken:
        data = request.POST.copy()
        data["seen"] = overtaken.row.revision
        now = opened_placement(request, opened.file.public_id, opened.placement.public_id)
        form = act.form(data, placement=now.placement)
        return _page(request, now, act, form, status=409, overtaken=True, **more)
    messages.success(request, act.said)
    return redirect("booking:placement", opened.file.public_id, opened.placement.public_id)


def _page(request: HttpRequest, opened: OpenedPlacement, act: Act, form, *, status=200, **more) -> HttpResponse:
    context = {"file": opened.file, "placement": opened.placement, "act": act, "form": form}
    return render(request, act.template, context | more, status=status)


@read_or_write
def union(request, public_id, placement_id):
    """Write down that the union was consulted, or why not."""
    return _act(request, public_id, placement_id, acts.UNION)


@read_or_write
def supervisor(request, public_id, placement_id):
    """Choose who leads the work, or say why nobody trained does."""
    return _act(request, public_id, placement_id, acts.SUPERVISOR)


@read_or_write
def checklist(request, public_id, placement_id):
    """Fill in the checklist of the working environment."""
    return _act(request, public_id, placement_id, acts.CHECKLIST)


@read_or_write
def agree(request, public_id, placement_id):
    """Write down that everybody has agreed."""
    return _act(request, public_id, placement_id, acts.AGREE)


@read_or_write
def days(request, public_id, placement_id):
    """Change the days before it begins, or the last one to an earlier day."""
    return _act(request, public_id, placement_id, acts.DAYS)


@read_or_write
def facts(request, public_id, placement_id):
    """Change what it is for, and on what terms."""
    return _act(request, public_id, placement_id, acts.FACTS)


@read_or_write
def grade(request, public_id, placement_id):
    """Change what part of full time it is, from a day."""
    return _act(request, public_id, placement_id, acts.GRADE)


@read_or_write
def extend(request, public_id, placement_id):
    """Let it go on longer than was agreed."""
    return _act(request, public_id, placement_id, acts.EXTEND)


@read_or_write
def end(request, public_id, placement_id):
    """End it, and say what came of it."""
    return _act(request, public_id, placement_id, acts.END)


@read_or_write
def interrupt(request, public_id, placement_id):
    """End it before its days or its purpose were done, and say why."""
    return _act(request, public_id, placement_id, acts.INTERRUPT)


@read_or_write
def values(request, public_id, placement_id):
    """Assess what value it added, for both."""
    return _act(request, public_id, placement_id, acts.VALUES)


@read_or_write
def cancel(request, public_id, placement_id):
    """Cancel it before it begins, and say why."""
    return _act(request, public_id, placement_id, acts.CANCEL)


@read_or_write
def restore(request, public_id, placement_id):
    """Take back a cancellation that was a mistake, before the first day."""
    return _act(request, public_id, placement_id, acts.RESTORE)


@read_or_write
def annul(request, public_id, placement_id):
    """A manager says why the end was wrong, and the placement goes on."""
    return _act(request, public_id, placement_id, acts.ANNUL)


@read_or_write
def schedule(request, public_id, placement_id):
    """Change the hours of the week, from a day."""
    act = acts.SCHEDULE
    opened = opened_placement(request, public_id, placement_id, act=act)
    posted, more = request.method == "POST", "more" in request.POST
    if not posted:
        if act not in acts.offered(opened.placement):
            messages.info(request, _("That cannot be done with the placement as it is now."))
            return redirect("booking:placement", public_id, placement_id)
        schedules = list(opened.placement.schedules.all())
        rows = rows_of(hours_of(schedules[-1] if schedules else None))
        return _page(request, opened, act, act.form(placement=opened.placement), rows=rows)
    data = more_rows(request.POST) if more else request.POST
    form, rows = act.form(data, placement=opened.placement), rows_typed(data)
    if more:
        return _page(request, opened, act, form, rows=rows, asked_for_more=True)
    if not form.is_valid() & rows.is_valid():
        return _page(request, opened, act, form, rows=rows, status=422)
    return _done(request, opened, act, form, form.given | {"hours": rows.hours}, rows=rows)
