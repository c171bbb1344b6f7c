"""The pages of steering groups and audits: which there are, one of them, a meeting, what was decided, what is to be
done about it."""

import uuid
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from placements.changing import Overtaken
from placements.kept_forms import FormPage, form_page
from tracks.models import Action, Decision, GroupKind, Meeting, SteeringGroup
from tracks.steering import services
from tracks.steering.forms import ActionForm, DecisionForm, GroupForm, MeetingForm, ReportForm
from tracks.steering.permissions import can_keep_steering, can_report_action, can_see_steering
from tracks.steering.reading import actions_of, agenda_of, decisions_of, groups_listed, mine

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
FORM, CLOSED = "tracks/form.html", "avslutade"


# --- Opening ------------------------------------------------------------------------------------------------------


def _may(request: HttpRequest, *, keep: bool) -> None:
    if not (can_keep_steering if keep else can_see_steering)(request.user):
        raise PermissionDenied


def _group(request: HttpRequest, public_id: uuid.UUID, *, keep: bool = False) -> SteeringGroup:
    _may(request, keep=keep)
    return get_object_or_404(SteeringGroup.objects.visible_to(request.user), public_id=public_id)


def _meeting(request: HttpRequest, public_id: uuid.UUID, *, keep: bool = False) -> Meeting:
    _may(request, keep=keep)
    return get_object_or_404(Meeting.objects.select_related("group"), public_id=public_id)


def _decision(request: HttpRequest, public_id: uuid.UUID) -> Decision:
    _may(request, keep=True)
    return get_object_or_404(Decision.objects.select_related("meeting__group"), public_id=public_id)


def _action(request: HttpRequest, public_id: uuid.UUID, *, keep: bool = False) -> Action:
    _may(request, keep=keep)
    rows = Action.objects.select_related("decision__meeting__group", "owner")
    return get_object_or_404(rows, public_id=public_id)


def _crumbs(group: SteeringGroup | None = None, meeting: Meeting | None = None) -> list[tuple[str, str]]:
    crumbs = [(_("Steering groups and audits"), reverse("steering:list"))]
    if group:
        crumbs.append((group.name, reverse("steering:group", args=[group.public_id])))
    if meeting:
        crumbs.append((str(meeting), reverse("steering:meeting", args=[meeting.public_id])))
    return crumbs


def _of_meeting(meeting: Meeting) -> str:
    return reverse("steering:meeting", args=[meeting.public_id])


def _to_write(group: SteeringGroup) -> None:
    """Raises GroupClosed where nothing is written any more."""
    if group.closed_on:
        raise services.GroupClosed(group)


def closed_is_told(view):
    """Decorator: whoever would write in a closed group is told so on its page."""

    @wraps(view)
    def told(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except services.GroupClosed as closed:
            messages.warning(request, _("The group is closed. Open it again to write anything in it."))
            return redirect("steering:group", closed.group.public_id)

    return told


# --- Groups -------------------------------------------------------------------------------------------------------


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """The groups and audits that go on, or (`visa=avslutade`) those that are closed; and what the reader is to do."""
    _may(request, keep=False)
    closed, today = request.GET.get("visa") == CLOSED, timezone.localdate()
    rows = SteeringGroup.objects.visible_to(request.user).filter(closed_on__isnull=not closed)
    context = {
        "groups": groups_listed(rows, today),
        "closed": closed,
        "today": today,
        "mine": mine(request.user),
        "may_keep": can_keep_steering(request.user),
    }
    return render(request, "tracks/steering/list.html", context)


@require_safe
def group(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is overdue, what is to be done, and the meetings."""
    row, today = _group(request, public_id), timezone.localdate()
    meetings = list(row.meetings.order_by("-day"))
    context = {
        "group": row,
        "actions": actions_of(row, today),
        "to_come": [each for each in meetings if each.day >= today][::-1],
        "been": [each for each in meetings if each.day < today],
        "tracks": row.tracks.order_by("name", "pk"),
        "today": today,
        "may_keep": can_keep_steering(request.user),
        "is_audit": row.kind == GroupKind.AUDIT,
    }
    return render(request, "tracks/steering/group.html", context)


@read_or_write
def group_new(request: HttpRequest) -> HttpResponse:
    """Begin a steering group, or the follow-up of an audit."""
    _may(request, keep=True)
    page = FormPage(title=_("New group or audit"), save=_("Save"), back=reverse("steering:list"), crumbs=_crumbs())

    def act(form: GroupForm) -> str:
        said = form.cleaned_data
        row = services.group_create(token=said["token"], facts=form.facts, tracks=said["tracks"])
        page.back = reverse("steering:group", args=[row.public_id])
        return _("It is saved. Enter its first meeting next.")

    return form_page(request, make=lambda data: GroupForm(data), act=act, page=page, template=FORM)


@read_or_write
def group_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what a group is, who is in it, which tracks it is about."""
    row = _group(request, public_id, keep=True)
    back = reverse("steering:group", args=[public_id])

    def act(form: GroupForm) -> str:
        said = form.cleaned_data
        services.group_change(group=row, facts=form.facts, tracks=said["tracks"], seen=said["seen"])
        return _("It is saved.")

    page = FormPage(title=_("Change the group"), save=_("Save"), back=back, crumbs=_crumbs(row))
    return form_page(request, make=lambda data: GroupForm(data, instance=row), act=act, page=page, template=FORM)


@read_or_write
def group_close(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks once, and closes a group of which nothing is left to do."""
    row = _group(request, public_id, keep=True)
    left = actions_of(row, timezone.localdate())
    unsettled = [*left.overdue, *left.to_do]
    if request.method == "POST":
        try:
            if services.group_close(group=row, day=timezone.localdate()):
                messages.success(request, _("It is closed. Everything that was decided can still be read."))
        except services.HasUnsettled as has:
            error = ngettext(
                "%(count)s action is still to be done. Say what became of it first.",
                "%(count)s actions are still to be done. Say what became of them first.",
                has.number,
            )
            messages.warning(request, error % {"count": has.number})
        return redirect("steering:group", public_id)
    return render(request, "tracks/steering/close.html", {"group": row, "unsettled": unsettled})


@require_POST
def group_reopen(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Go on with a closed group."""
    row = _group(request, public_id, keep=True)
    if services.group_reopen(group=row):
        messages.success(request, _("It is open again."))
    return redirect("steering:group", public_id)


# --- Meetings -----------------------------------------------------------------------------------------------------


@require_safe
def meeting(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A meeting: first what earlier ones had left that was overdue, then what it decided. Made to be printed."""
    row = _meeting(request, public_id)
    earlier = row.group.meetings.filter(day__lt=row.day).order_by("-day").first()
    later = row.group.meetings.filter(day__gt=row.day).order_by("day").first()
    context = {
        "meeting": row,
        "group": row.group,
        "agenda": agenda_of(row),
        "decisions": decisions_of(row),
        "earlier": earlier,
        "later": later,
        "today": timezone.localdate(),
        "may_write": can_keep_steering(request.user) and not row.group.closed_on,
        "is_audit": row.group.kind == GroupKind.AUDIT,
    }
    return render(request, "tracks/steering/meeting.html", context)


@read_or_write
@closed_is_told
def meeting_new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter a meeting, held or to come."""
    row = _group(request, public_id, keep=True)
    _to_write(row)
    back = reverse("steering:group", args=[public_id])
    title = _("Enter a report or a follow-up") if row.kind == GroupKind.AUDIT else _("Enter a meeting")
    page = FormPage(title=title, save=_("Save"), back=back, crumbs=_crumbs(row))

    def act(form: MeetingForm) -> str:
        try:
            entered = services.meeting_create(group=row, token=form.cleaned_data["token"], facts=form.facts)
        except services.MeetingThatDay:
            form.add_error("day", _("The group has a meeting on that day already."))
            return ""
        page.back = _of_meeting(entered)
        return _("The meeting is saved.")

    return form_page(request, make=lambda data: MeetingForm(data), act=act, page=page, template=FORM)


@read_or_write
@closed_is_told
def meeting_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the day, who was there, the note."""
    row = _meeting(request, public_id, keep=True)
    _to_write(row.group)

    def act(form: MeetingForm) -> str:
        try:
            services.meeting_change(meeting=row, facts=form.facts, seen=form.cleaned_data["seen"])
        except services.MeetingThatDay:
            form.add_error("day", _("The group has a meeting on that day already."))
            return ""
        return _("The meeting is saved.")

    page = FormPage(
        title=_("Change the meeting"), save=_("Save"), back=_of_meeting(row), crumbs=_crumbs(row.group, row)
    )
    return form_page(request, make=lambda data: MeetingForm(data, instance=row), act=act, page=page, template=FORM)


# --- Decisions ----------------------------------------------------------------------------------------------------


@read_or_write
@closed_is_told
def decision_new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down what the meeting decided, or what the audit recommends."""
    row = _meeting(request, public_id, keep=True)
    _to_write(row.group)
    audit = row.group.kind == GroupKind.AUDIT

    def act(form: DecisionForm) -> str:
        services.decision_create(meeting=row, token=form.cleaned_data["token"], text=form.cleaned_data["text"])
        return _("The recommendation is saved.") if audit else _("The decision is saved.")

    page = FormPage(
        title=_("Enter a recommendation") if audit else _("Enter a decision"),
        save=_("Save"),
        back=_of_meeting(row),
        crumbs=_crumbs(row.group, row),
    )
    return form_page(request, make=lambda data: DecisionForm(data), act=act, page=page, template=FORM)


@read_or_write
@closed_is_told
def decision_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Other words for it."""
    row = _decision(request, public_id)
    _to_write(row.meeting.group)

    def act(form: DecisionForm) -> str:
        services.decision_change(decision=row, text=form.cleaned_data["text"], seen=form.cleaned_data["seen"])
        return _("It is saved.")

    page = FormPage(
        title=_("Change the words"),
        save=_("Save"),
        back=_of_meeting(row.meeting),
        crumbs=_crumbs(row.meeting.group, row.meeting),
        remove=(_("Take it away"), reverse("steering:decision_remove", args=[public_id])),
    )
    return form_page(request, make=lambda data: DecisionForm(data, instance=row), act=act, page=page, template=FORM)


@read_or_write
@closed_is_told
def decision_remove(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks, and takes away what was entered by mistake."""
    row = _decision(request, public_id)
    _to_write(row.meeting.group)
    back = _of_meeting(row.meeting)
    if request.method == "POST":
        try:
            services.decision_remove(decision=row)
        except services.HasActions:
            messages.warning(request, _("Something is to be done about it, so it is not taken away."))
        else:
            messages.success(request, _("It is taken away."))
        return redirect(back)
    context = {"crumbs": _crumbs(row.meeting.group, row.meeting), "back": back, "said": row.text}
    return render(request, "tracks/remove.html", context | {"title": _("Take it away?")})


# --- Actions ------------------------------------------------------------------------------------------------------


@read_or_write
@closed_is_told
def action_new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is to be done about a decision."""
    row = _decision(request, public_id)
    group = row.meeting.group
    _to_write(group)

    def act(form: ActionForm) -> str:
        services.action_create(decision=row, token=form.cleaned_data["token"], facts=form.facts)
        return _("The action is saved.")

    page = FormPage(
        title=_("Enter an action"),
        save=_("Save"),
        back=_of_meeting(row.meeting),
        crumbs=_crumbs(group, row.meeting),
        lead=row.text,
    )
    return form_page(request, make=lambda data: ActionForm(data), act=act, page=page, template=FORM)


@read_or_write
@closed_is_told
def action(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """An action: to be read by all, and told how it goes by who does it and by those who keep the group."""
    row = _action(request, public_id)
    may = can_report_action(request.user, row)
    if request.method == "POST" and not may:
        raise PermissionDenied
    meeting, posted = row.decision.meeting, request.method == "POST"
    form, status, overtaken = ReportForm(request.POST if posted else None, instance=row), 200, None
    if posted:
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                services.action_report(action=row, state=said["state"], evidence=said["evidence"], seen=said["seen"])
            except Overtaken as changed:
                status, overtaken = 409, form.told(changed.row)
                again = request.POST.copy()
                again["seen"] = str(changed.row.revision)
                form = ReportForm(again, instance=row)
            else:
                messages.success(request, _("How it goes is saved."))
                return redirect("steering:action", public_id)
    context = {
        "action": row,
        "meeting": meeting,
        "group": meeting.group,
        "form": form if may and not meeting.group.closed_on else None,
        "overtaken": overtaken,
        "may_keep": can_keep_steering(request.user) and not meeting.group.closed_on,
        "is_overdue": row.is_overdue_on(timezone.localdate()),
    }
    return render(request, "tracks/steering/action.html", context, status=status)


@read_or_write
@closed_is_told
def action_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is to be done, by whom, until when."""
    row = _action(request, public_id, keep=True)
    _to_write(row.decision.meeting.group)

    def act(form: ActionForm) -> str:
        services.action_change(action=row, facts=form.facts, seen=form.cleaned_data["seen"])
        return _("The action is saved.")

    page = FormPage(
        title=_("Change the action"),
        save=_("Save"),
        back=reverse("steering:action", args=[public_id]),
        crumbs=_crumbs(row.decision.meeting.group, row.decision.meeting),
    )
    return form_page(request, make=lambda data: ActionForm(data, instance=row), act=act, page=page, template=FORM)
