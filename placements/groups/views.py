"""The pages of groups: which there are, one group, its sessions, who has a seat, who came."""

import uuid
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry, Unit
from participants.agreements.rules import AgreementMissing
from participants.models import Activity, ActivityState
from participants.opening import opened_file, touched_file
from participants.querysets import CASE_ROLES
from placements.groups import permissions, services, told
from placements.groups.forms import (
    SHORT,
    CancelForm,
    EndForm,
    GroupForm,
    LeaveForm,
    MarkForm,
    ScheduleForm,
    SeatForm,
)
from placements.models import Group, GroupPlace, GroupSession
from vocabulary.codes import AttendanceStatus

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
OVER = "avslutade"


def _units(request: HttpRequest) -> list[Unit]:
    return Unit.objects.in_scope(request.user.reach.scope(*CASE_ROLES)).by_name()


def _group(request: HttpRequest, public_id: uuid.UUID, *, opening: bool = False) -> Group:
    """The group, or 404 and a denied attempt in the log. With `opening` the look is written down: the page names
    people. PermissionDenied for those who never see a person."""
    if not permissions.can_see_groups(request.user):
        raise PermissionDenied
    rows = Group.objects.visible_to(request.user).select_related("form", "leader", "unit")
    group = rows.prefetch_related("unit__terms").filter(public_id=public_id).first()
    log = partial(
        access_log_write, actor=request.user, subject=public_id, subject_kind="group", request_id=request.id
    )
    if group is None:
        log(act=AccessLogEntry.Act.DENIED)
        raise Http404
    if opening and request.method != "POST":
        log(act=AccessLogEntry.Act.OPENED)
    return group


def _refuse_over(request: HttpRequest, error: str, group: Group) -> HttpResponse:
    messages.warning(request, error)
    return redirect("groups:group", group.public_id)


# --- The groups ---------------------------------------------------------------------------------------------------


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """The groups of the user's units: those that go on, or (`visa=avslutade`) those that have ended."""
    if not permissions.can_see_groups(request.user):
        raise PermissionDenied
    today, over = timezone.localdate(), request.GET.get("visa") == OVER
    rows = Group.objects.visible_to(request.user)
    rows = rows.filter(end__lt=today) if over else rows.going_on(today)
    units = {unit.pk: unit for unit in _units(request)}
    groups = list(told.with_counts(rows, today).select_related("form", "leader").order_by("name", "pk")[:200])
    for group in groups:
        group.unit = units[group.unit_id]
    context = {"groups": groups, "units": units, "over": over, "today": today}
    return render(request, "placements/groups/list.html", context)


@read_or_write
def group_create(request: HttpRequest) -> HttpResponse:
    """Start a group in one of the user's units."""
    if not permissions.can_start_group(request.user):
        raise PermissionDenied
    posted = request.method == "POST"
    form = GroupForm(request.POST if posted else None, units=_units(request))
    if posted and form.is_valid():
        group = services.group_create(unit=form.chosen_unit, token=form.cleaned_data["token"], facts=form.facts)
        messages.success(request, _("The group is there. Plan its sessions next."))
        return redirect("groups:group", group.public_id)
    return render(request, "placements/groups/form.html", {"form": form}, status=422 if posted else 200)


@require_safe
def group_detail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who is in it, the sessions to come and the latest, with who came."""
    group, today = _group(request, public_id, opening=True), timezone.localdate()
    sessions = list(group.sessions.order_by("-day", "-begins"))
    been = [session for session in sessions if session.day <= today]
    latest = been[: told.LATEST][::-1]
    seats, hidden = told.seats_of(group, latest, request.user, today)
    late = set(told.unmarked_sessions(today).filter(group=group).values_list("pk", flat=True))
    for session in sessions:
        session.is_unmarked = session.pk in late
    taken = services.most_taken(group.places.taken_on(today), today, today)
    context = {
        "group": group,
        "taken": taken,
        "free": max(group.seats - taken, 0),
        "today": today,
        "coming": [session for session in sessions if session.day > today][::-1],
        "been": been,
        "latest": latest,
        "seats": [seat for seat in seats if seat.place.end is None or seat.place.end >= today],
        "left": [seat for seat in seats if seat.place.end and seat.place.end < today],
        "hidden": hidden,
        "short": SHORT,
        "key": [(SHORT[status], status.label) for status in AttendanceStatus],
        "may_seat": permissions.can_seat_in(request.user, group),
    }
    return render(request, "placements/groups/group.html", context)


@read_or_write
def group_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what a group is."""
    group, posted = _group(request, public_id), request.method == "POST"
    form = GroupForm(request.POST if posted else None, instance=group, units=[group.unit])
    context, status = {"form": form, "group": group}, 200
    if posted:
        status = 422
        if form.is_valid():
            try:
                services.group_change(group=group, facts=form.facts, seen=form.cleaned_data["seen"])
            except services.GroupChanged as changed:
                data = request.POST.copy()
                data["seen"] = changed.group.revision
                context["form"] = GroupForm(data, instance=changed.group, units=[group.unit])
                context["overtaken"], status = changed.group, 409
            except services.GroupFull as full:
                form.add_error("seats", _("%(taken)s seats are taken at the same time.") % {"taken": full.taken})
            except services.OutsideGroup as outside:
                form.add_error("start" if outside.early else "end", outside_words(outside))
            else:
                messages.success(request, _("The group is saved."))
                return redirect("groups:group", public_id)
    return render(request, "placements/groups/form.html", context, status=status)


def outside_words(outside: services.OutsideGroup) -> str:
    """Why the days cannot be changed, and what to do, beside the day that is wrong."""
    if outside.early:
        return _("Somebody has a seat before this day. Choose an earlier day, or move their days first.")
    return _("Somebody has a seat outside these days. End the group instead, or move their days first.")


@read_or_write
def group_end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks for the last day, says what follows, and ends the group."""
    group, posted = _group(request, public_id), request.method == "POST"
    form = EndForm(request.POST if posted else None, group=group)
    if posted and form.is_valid():
        try:
            services.group_end(group=group, day=form.cleaned_data["end"])
        except services.OutsideGroup:
            form.add_error(
                "end", _("Attendance is marked at a later session. Choose the day of that one, or a later day.")
            )
        else:
            said = _("The group ends on %(day)s.") % {"day": date_format(form.cleaned_data["end"])}
            messages.success(request, said)
            return redirect("groups:group", public_id)
    context = {"form": form, "group": group}
    return render(request, "placements/groups/end.html", context, status=422 if posted else 200)


# --- Sessions -----------------------------------------------------------------------------------------------------


@read_or_write
def sessions_plan(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Plan sessions by a schedule."""
    group, posted = _group(request, public_id), request.method == "POST"
    form = ScheduleForm(request.POST if posted else None, group=group)
    if posted and form.is_valid():
        data = form.cleaned_data
        try:
            new = services.sessions_plan(group=group, days=data["days"], begins=data["begins"], ends=data["ends"])
        except services.OutsideGroup:
            form.add_error("last", _("The group has got other days meanwhile. Look at them and try again."))
        else:
            words = ngettext("%(count)s session is planned.", "%(count)s sessions are planned.", new)
            messages.success(request, words % {"count": new})
            return redirect("groups:group", public_id)
    context = {"form": form, "group": group}
    return render(request, "placements/groups/schedule.html", context, status=422 if posted else 200)


def _session(request: HttpRequest, public_id: uuid.UUID, session_id: uuid.UUID, *, opening: bool = False):
    group = _group(request, public_id, opening=opening)
    session = get_object_or_404(GroupSession, group=group, public_id=session_id)
    session.group = group
    return session


@read_or_write
def attendance(request: HttpRequest, public_id: uuid.UUID, session_id: uuid.UUID) -> HttpResponse:
    """Who came to a session, marked for everybody in one form."""
    session, posted = _session(request, public_id, session_id, opening=True), request.method == "POST"
    today = timezone.localdate()
    rows, more = _rows(session, request)
    context = {"group": session.group, "session": session, "forms": rows, "more": more, "today": today}
    if not posted:
        return render(request, "placements/groups/attendance.html", context)
    if [form for form in rows if not form.is_valid()]:
        return render(request, "placements/groups/attendance.html", context, status=422)
    marks = {form.place: form.cleaned_data["status"] for form in rows if form.prefix_was_sent}
    if "rest" in request.POST:
        marks = {place: status or AttendanceStatus.PRESENT for place, status in marks.items()}
    seen = {form.place.pk: form.cleaned_data["seen"] for form in rows}
    try:
        services.attendance_mark(session=session, marks=marks, seen=seen, actor=request.user)
    except services.SessionCancelled:
        return _refuse_over(request, _("The session is cancelled, so nobody is marked."), session.group)
    except services.SessionToCome:
        return _refuse_over(request, _("The session has not been yet. Mark it on the day."), session.group)
    except services.MarkedOtherwise as overtaken:
        return _overtaken(request, session, rows, overtaken.places, context)
    messages.success(request, _("The attendance of %(day)s is saved.") % {"day": date_format(session.day)})
    return redirect("groups:group", public_id)


def _rows(session: GroupSession, request: HttpRequest) -> tuple[list[MarkForm], int]:
    """A form for each participant with a seat on the day whom the user may see; and how many more there are."""
    places = GroupPlace.objects.filter(group=session.group).taken_on(session.day)
    seen = places.visible_to(request.user).select_related("enrolment__participant")
    marked = dict(session.attendance.values_list("place_id", "status"))
    rows = []
    for place in seen.order_by("enrolment__participant__sort_name", "pk"):
        form = MarkForm(
            request.POST if request.method == "POST" else None, place=place, status=marked.get(place.pk, "")
        )
        form.prefix_was_sent = f"{form.prefix}-seen" in request.POST  # who got a seat meanwhile is not marked blindly
        rows.append(form)
    return rows, places.count() - len(rows)


def _overtaken(request, session, rows, places, context) -> HttpResponse:
    """Somebody else marked some of them otherwise: what was chosen stays, and beside it stands what is stored."""
    marked = dict(session.attendance.values_list("place_id", "status"))
    data = request.POST.copy()
    for form in rows:
        data[f"{form.prefix}-seen"] = marked.get(form.place.pk, "")
    again = []
    for form in rows:
        new = MarkForm(data, place=form.place, status=marked.get(form.place.pk, ""))
        if form.place.pk in places:
            status = marked.get(form.place.pk, "")
            label = AttendanceStatus(status).label if status else _("Not marked")
            new.add_error("status", _("Marked meanwhile as: %(status)s.") % {"status": label})
        again.append(new)
    return render(
        request, "placements/groups/attendance.html", context | {"forms": again, "overtaken": True}, status=409
    )


@read_or_write
def session_cancel(request: HttpRequest, public_id: uuid.UUID, session_id: uuid.UUID) -> HttpResponse:
    """Asks why, and cancels the session."""
    session, posted = _session(request, public_id, session_id), request.method == "POST"
    form = CancelForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            services.session_cancel(session=session, why=form.cleaned_data["why"])
        except services.SessionMarked:
            error = _("Attendance is marked at the session. Take the marks away first, if it did not take place.")
            form.add_error(None, error)
        else:
            said = _("The session of %(day)s is cancelled.") % {"day": date_format(session.day)}
            messages.success(request, said)
            return redirect("groups:group", public_id)
    context = {"form": form, "group": session.group, "session": session}
    return render(request, "placements/groups/cancel.html", context, status=422 if posted else 200)


@require_POST
def session_restore(request: HttpRequest, public_id: uuid.UUID, session_id: uuid.UUID) -> HttpResponse:
    """The session takes place after all."""
    session = _session(request, public_id, session_id)
    services.session_restore(session=session)
    said = _("The session of %(day)s takes place after all.") % {"day": date_format(session.day)}
    messages.success(request, said)
    return redirect("groups:group", public_id)


# --- Seats --------------------------------------------------------------------------------------------------------


@read_or_write
def seat_from_group(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give a seat in this group to one of the unit's participants whose plan holds such an activity."""
    group = _group(request, public_id, opening=True)
    if not permissions.can_seat_in(request.user, group):
        raise PermissionDenied
    activities = told.activities_to_seat(request.user, group)
    if request.method != "POST":  # what is sent twice still finds whom it gave the seat
        activities = told.without_seat(activities, group)
    return _seat_page(request, [group], list(activities), {"group": group, "back": "group"})


@read_or_write
def seat_from_file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the participant a seat in a group that fits one of the plan's activities."""
    file = (
        touched_file(request, public_id)
        if request.method == "POST"
        else opened_file(request, public_id, part="groups")
    )
    cases = [each for each in file.enrolments if each.end is None and permissions.can_take_seat(request.user, each)]
    if not any(permissions.can_take_seat(request.user, each) for each in file.enrolments):
        raise PermissionDenied
    activities = list(
        Activity.objects.filter(enrolment__in=cases, state=ActivityState.DECIDED)
        .select_related("form", "enrolment__participant")
        .order_by("pk")
    )
    groups = list(told.groups_to_join(activities, timezone.localdate()))
    fitting = {(group.unit_id, group.form_id) for group in groups}
    fitted = [each for each in activities if (each.enrolment.unit_id, each.form_id) in fitting]
    return _seat_page(request, groups, fitted, {"file": file, "back": "file", "decided": activities})


def _seat_page(request, groups: list[Group], activities: list[Activity], context: dict) -> HttpResponse:
    posted = request.method == "POST"
    form = SeatForm(
        request.POST if posted else None, groups=groups, activities=activities, names=context["back"] == "group"
    )
    if posted and form.is_valid():
        data = form.cleaned_data
        try:
            services.seat_take(**{key: data[key] for key in ("group", "activity", "start", "end", "token")})
        except services.NotBookable:
            form.add_error(
                "activity", _("The activity is no longer decided in the plan, so nothing can be booked for it.")
            )
        except AgreementMissing as lacks:
            form.add_error("activity", str(lacks))
        except services.HasSeat:
            form.add_error("activity", _("The participant has a seat in the group on one of these days already."))
        except services.OutsideGroup:
            form.add_error("start", _("The group has got other days meanwhile. Look at them and try again."))
        except services.GroupFull as full:
            form.add_error(
                "start",
                _("All %(taken)s seats are taken on one of these days. Choose another day, or another group.")
                % {"taken": full.taken},
            )
        else:
            messages.success(request, _("The seat is booked."))
            if context["back"] == "group":
                return redirect("groups:group", groups[0].public_id)
            return redirect("participants:part", context["file"].public_id, "grupper")
    context |= {"form": form, "activities": activities, "groups": groups}
    return render(request, "placements/groups/seat.html", context, status=422 if posted else 200)


def _place(request: HttpRequest, public_id: uuid.UUID, place_id: uuid.UUID) -> GroupPlace:
    group = _group(request, public_id, opening=True)
    rows = GroupPlace.objects.filter(group=group).visible_to(request.user).select_related("enrolment__participant")
    place = get_object_or_404(rows, public_id=place_id)
    if not permissions.can_take_seat(request.user, place.enrolment):
        raise PermissionDenied
    place.group = group
    return place


@read_or_write
def seat_leave(request: HttpRequest, public_id: uuid.UUID, place_id: uuid.UUID) -> HttpResponse:
    """Asks for the last day and why, and ends the seat."""
    place, posted = _place(request, public_id, place_id), request.method == "POST"
    form = LeaveForm(request.POST if posted else None, place=place)
    if posted and form.is_valid():
        try:
            services.seat_leave(place=place, end=form.cleaned_data["end"], why=form.cleaned_data["why"])
        except services.OutsideGroup:
            form.add_error(
                "end", _("The participant is marked at a later session. Choose the day of that one, or a later day.")
            )
        else:
            messages.success(request, _("Saved. The seat is free from the day after."))
            return redirect("groups:group", public_id)
    context = {"form": form, "group": place.group, "place": place, "may_give_back": not place.attendance.exists()}
    return render(request, "placements/groups/leave.html", context, status=422 if posted else 200)


@require_POST
def seat_give_back(request: HttpRequest, public_id: uuid.UUID, place_id: uuid.UUID) -> HttpResponse:
    """Take away a seat that was given by mistake."""
    place = _place(request, public_id, place_id)
    try:
        services.seat_give_back(place=place)
    except services.OutsideGroup:
        messages.warning(request, _("The participant is marked in the group, so the seat is ended, not taken away."))
    else:
        messages.success(request, _("The seat is taken away."))
    return redirect("groups:group", public_id)
