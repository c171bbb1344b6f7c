"""The week of a coach, or of the unit: everybody at a workplace, marked in one page with the keyboard alone."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.log import access_log_write_each
from accounts.models import AccessLogEntry
from participants.opening import KIND, opened_file, touched_file
from participants.permissions import can_have_digest
from placements.booking.rules import Refused
from placements.marking.forms import STAFF, ExtraForm, SessionsForm
from placements.marking.permissions import can_mark, can_see_week
from placements.marking.services import MarkedOtherwise, attendance_mark, rest_present, session_add
from placements.marking.week import OWN, UNIT, Row, Week, placements_in, rows_of
from placements.models import Placement

PAGE_SIZE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest) -> HttpResponse:
    """Who was to be at which workplace in a week, and who came. `visa=enheten` shows everybody whom the user sees."""
    user, today = request.user, timezone.localdate()
    if not can_see_week(user):
        raise PermissionDenied
    chosen = Week.parse(request.GET.get("vecka", ""), today)
    if chosen is None:
        raise Http404
    has_own = can_have_digest(user)
    own = has_own and request.GET.get("visa", OWN) != UNIT
    page = Paginator(placements_in(user, chosen, own=own), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of(page.object_list, chosen, user, today)
    forms = {row.placement.pk: _form(request, row) for row in rows if row.may_mark}
    context = {"week": chosen, "own": own, "has_own": has_own, "page": page, "today": today}
    if request.method == "POST":
        return _mark(request, rows, forms, context)
    _write_down(request, rows)
    return render(request, "placements/marking/week.html", context | _table(rows, forms, chosen))


def _form(request: HttpRequest, row: Row, data=None) -> SessionsForm:
    posted = request.method == "POST"
    return SessionsForm(
        data or (request.POST if posted else None),
        planned=row.planned,
        today=row.today,
        choices=STAFF,
        prefix=str(row.placement.public_id),
    )


def _table(rows: list[Row], forms: dict[int, SessionsForm], week: Week) -> dict:
    """The rows of the page: of each placement a cell for each day, with the form's fields or with what is marked."""
    # A weekend on which nobody is to be anywhere takes no room from the days on which somebody is.
    days = [day for day in week.days if day.isoweekday() <= 5 or any(row.on(day) for row in rows)]
    lines = []
    for row in rows:
        form = forms.get(row.placement.pk)
        cells = [
            [(each, form.cell(each.key) if form and each.session.day <= row.today else None) for each in row.on(day)]
            for day in days
        ]
        lines.append((row, cells))
    return {
        "lines": lines,
        "days": [(day, week.free(day)) for day in days],
        "may_mark": any(form.planned for form in forms.values()),
        "has_extra": any(each.is_extra for row in rows for each in row.planned),
    }


def _write_down(request: HttpRequest, rows: list[Row]) -> None:
    """Each look at somebody's attendance is a look at the file."""
    people = {row.placement.enrolment.participant.public_id: {"part": "attendance"} for row in rows}
    access_log_write_each(
        actor=request.user, act=AccessLogEntry.Act.OPENED, subjects=people.items(), subject_kind=KIND
    )


def _mark(request: HttpRequest, rows: list[Row], forms: dict[int, SessionsForm], context: dict) -> HttpResponse:
    status, number, overtaken = 302, 0, {}
    for row in rows:
        form = forms.get(row.placement.pk)
        if form is None:
            continue
        if not form.is_valid():
            status = 422
            continue
        marks = rest_present(row.planned, form.marks, row.today) if "rest" in request.POST else form.marks
        try:
            number += attendance_mark(placement=row.placement, marks=marks, seen=form.seen, actor=request.user)
        except MarkedOtherwise as meanwhile:
            status, overtaken[row.placement.pk] = 409, meanwhile.keys
    if status == 302:
        words = ngettext("%(count)s session is marked.", "%(count)s sessions are marked.", number)
        messages.success(request, words % {"count": number} if number else _("Nothing was changed."))
        return redirect(request.get_full_path())
    if overtaken:
        rows = rows_of([row.placement for row in rows], context["week"], request.user, context["today"])
        forms = {row.placement.pk: _again(request, row, overtaken) for row in rows if row.may_mark}
    context |= {"overtaken": bool(overtaken)} | _table(rows, forms, context["week"])
    return render(request, "placements/marking/week.html", context, status=status)


def _again(request: HttpRequest, row: Row, overtaken: dict[int, set[str]]) -> SessionsForm:
    """The form with what was chosen; beside what somebody has marked otherwise meanwhile stands what is stored."""
    form = _form(request, row, _form(request, row).sent_again(row.planned))
    form.tell_overtaken(overtaken.get(row.placement.pk, ()))
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def extra(request: HttpRequest, public_id: uuid.UUID, placement_id: uuid.UUID) -> HttpResponse:
    """Mark a session that no schedule plans; from the placement's page or from a week (`dag`: its first day)."""
    posted, today = request.method == "POST", timezone.localdate()
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="attendance")
    found = Placement.objects.filter(enrolment__in=file.enrolments).select_related("workplace", "enrolment")
    placement = get_object_or_404(found, public_id=placement_id)
    if not can_mark(request.user, placement.enrolment):
        raise PermissionDenied
    form = ExtraForm(request.POST if posted else None, initial={"day": _first_offered(request, placement, today)})
    if posted and form.is_valid():
        try:
            session_add(
                placement=placement,
                session=form.session,
                status=form.cleaned_data["status"],
                actor=request.user,
            )
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("The extra session is marked."))
            return redirect(f"{reverse('marking:week')}?vecka={Week.of(form.session.day).key}&visa={UNIT}")
    context = {"file": file, "placement": placement, "form": form}
    return render(request, "placements/marking/extra.html", context, status=422 if posted else 200)


def _first_offered(request: HttpRequest, placement: Placement, today: dt.date) -> dt.date:
    """The day that the address names, or today; within the placement's days."""
    try:
        day = dt.date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        day = today
    return max(min(day, today, placement.end or today), placement.start)
