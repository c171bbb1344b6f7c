"""The pages of supervisors: which there are, one of them, training, support visits, leaving."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.swedish import SwedishSortKey
from placements.changing import row_change
from placements.employers import reading
from placements.employers.opening import crumbs_of, opened_workplace
from placements.employers.permissions import can_keep_employers, can_remove_note, can_see_employers
from placements.kept_forms import FormPage, form_page
from placements.models import Supervisor, SupervisorTraining, SupportVisit
from placements.services import supervisors as writing
from placements.supervisors import services
from placements.supervisors.day import runs_out_soon
from placements.supervisors.forms import LeaveForm, ListForm, SupervisorForm, TrainingForm, VisitForm

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
PAGE_SIZE = 50
ORDER = (SwedishSortKey("name"), "pk")


def _supervisor(request: HttpRequest, public_id: uuid.UUID) -> Supervisor:
    """The supervisor with their training today, or 404; PermissionDenied for those who have nothing to do here."""
    may = can_see_employers if request.method in ("GET", "HEAD") else can_keep_employers
    if not may(request.user):
        raise PermissionDenied
    rows = Supervisor.objects.visible_to(request.user).with_training(timezone.localdate())
    return get_object_or_404(rows.select_related("workplace__employer"), public_id=public_id)


def _address(supervisor: Supervisor, where: str = "") -> str:
    return reverse("supervisors:supervisor", args=[supervisor.public_id]) + where


def _crumbs(supervisor: Supervisor) -> list[tuple[str, str]]:
    workplace = supervisor.workplace
    return [*crumbs_of(workplace.employer, workplace), (supervisor.name, _address(supervisor))]


def _page(supervisor: Supervisor, title: str, where: str = "", **options) -> FormPage:
    options = {"save": _("Save"), **options}
    return FormPage(title=title, back=_address(supervisor, where), crumbs=_crumbs(supervisor), **options)


@require_safe
def supervisor_list(request: HttpRequest) -> HttpResponse:
    """The supervisors of all workplaces, narrowed by what the address says."""
    if not can_see_employers(request.user):
        raise PermissionDenied
    today, form = timezone.localdate(), ListForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = Supervisor.objects.visible_to(request.user).with_training(today)
    if not asked.get("left"):
        rows = rows.here_on(today)
    if asked.get("q"):
        rows = rows.searched(asked["q"])
    rows = _trained_as(rows, asked.get("training", ""), today)
    rows = rows.select_related("workplace__employer").order_by(*ORDER)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "narrowed": any(asked.values()), "today": today}
    return render(request, "placements/supervisors/list.html", context)


def _trained_as(rows, asked: str, today):
    if asked == "utbildade":
        return rows.filter(is_trained=True)
    if asked == "sprak":
        return rows.filter(is_language_trained=True)
    if asked == "snart":
        return runs_out_soon(today, rows)
    if asked in ("utgangna", "outbildade"):
        return rows.filter(is_trained=False, trained_until__isnull=asked == "outbildade")
    return rows


@require_safe
def supervisor_detail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One supervisor: how to reach them, training, whom they lead (as far as the reader may see), support visits."""
    supervisor, today = _supervisor(request, public_id), timezone.localdate()
    visits = list(supervisor.visits.all())
    for visit in visits:
        visit.may_remove = can_remove_note(request.user, visit)
    trainings = list(supervisor.trainings.all())
    for training in trainings:
        training.holds = training.holds_on(today)
    context = {
        "supervisor": supervisor,
        "today": today,
        "has_left": not supervisor.is_here_on(today),
        "trainings": trainings,
        "visits": visits,
        "places": list(reading.places_of(Q(supervisor=supervisor))),
        "placed": reading.placed_at(Q(supervisor=supervisor), request.user, today),
    }
    return render(request, "placements/supervisors/supervisor.html", context)


@read_or_write
def supervisor_create(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter a supervisor at a workplace."""
    workplace = opened_workplace(request, public_id)
    back = reverse("employers:workplace", args=[public_id])
    page = FormPage(
        title=_("Enter a supervisor"),
        save=_("Save the supervisor"),
        back=back,
        crumbs=crumbs_of(workplace.employer, workplace),
        lead=_("Whoever leads participants' work at %(name)s.") % {"name": workplace.name},
    )

    def act(form: SupervisorForm) -> str:
        try:
            entered = writing.supervisor_create(
                workplace=workplace, token=form.cleaned_data["token"], facts=form.facts
            )
        except writing.SupervisorThere as there:
            form.add_error("email", _there(there.supervisor))
        except writing.WorkplaceClosed:
            form.add_error(None, _("The workplace is closed. Open it again first."))
        else:
            page.back = _address(entered)
            return _("The supervisor is entered. Enter their training, if they have any.")
        return ""

    return form_page(request, make=lambda data: SupervisorForm(data), act=act, page=page)


def _there(supervisor: Supervisor) -> str:
    return _("%(name)s has this address and is entered at the workplace already.") % {"name": supervisor.name}


@read_or_write
def supervisor_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change who a supervisor is, how they are reached, or at which of the employer's workplaces they are."""
    supervisor = _supervisor(request, public_id)
    lead = _(
        "If you change the address, links to the old one stop to hold, and new ones are sent to the new address."
    )

    def act(form: SupervisorForm) -> str:
        try:
            sent = writing.supervisor_change(
                supervisor=supervisor, facts=form.facts, seen=form.cleaned_data["seen"], actor=request.user
            )
        except writing.SupervisorThere as there:
            form.add_error("email", _there(there.supervisor))
        except writing.StillLeads as leads:
            form.add_error("workplace", _leads(leads.number))
        except writing.LedElsewhere as led:
            form.add_error("email", _led_elsewhere(led.hidden))
        else:
            return _saved(sent)
        return ""

    page = _page(supervisor, _("Change the supervisor"), lead=lead)
    return form_page(request, make=lambda data: SupervisorForm(data, instance=supervisor), act=act, page=page)


def _saved(sent: int) -> str:
    said = _("The supervisor is saved.")
    if not sent:
        return said
    words = ngettext(
        "The old link no longer holds, and a new one is on its way.",
        "The old links no longer hold, and %(count)s new ones are on their way.",
        sent,
    )
    return f"{said} {words % {'count': sent}}"


def _leads(number: int) -> str:
    words = ngettext(
        "The supervisor leads %(count)s placement that goes on or is to come. Somebody else must take it over first.",
        "The supervisor leads %(count)s placements that go on or are to come. "
        "Somebody else must take them over first.",
        number,
    )
    return words % {"count": number}


def _led_elsewhere(hidden: int) -> str:
    words = ngettext(
        "The supervisor leads %(count)s placement that you may not see. Whoever follows it up changes the supervisor "
        "there first.",
        "The supervisor leads %(count)s placements that you may not see. Whoever follows them up changes the "
        "supervisor there first.",
        hidden,
    )
    return words % {"count": hidden}


@read_or_write
def supervisor_leave(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks since when a supervisor leads nobody and, while they lead somebody, who takes over."""
    supervisor, today = _supervisor(request, public_id), timezone.localdate()
    led = writing.led_by(supervisor, today).count()
    others = Supervisor.objects.at(supervisor.workplace_id).here_on(today).exclude(pk=supervisor.pk)
    heirs = list(others.in_swedish_order())

    def act(form: LeaveForm) -> str:
        day, heir = form.cleaned_data["day"], form.heir
        where = "successor" if heirs else None
        try:
            sent = writing.supervisor_leave(supervisor=supervisor, day=day, successor=heir, actor=request.user)
        except writing.StillLeads as leads:
            form.add_error(where, _leads(leads.number))
        except writing.LedElsewhere as hidden:
            form.add_error(None, _led_elsewhere(hidden.hidden))
        except writing.SupervisorLeft:
            form.add_error(where, _("Whom you chose has left or is elsewhere by now. Choose somebody else."))
        else:
            return _saved(sent)
        return ""

    page = _page(
        supervisor,
        _("%(name)s leads nobody any more") % {"name": supervisor.name},
        save=_("Save that they have left"),
        danger=True,
        more={"led": led, "heirs": heirs, "supervisor": supervisor},
    )
    return form_page(
        request,
        make=lambda data: LeaveForm(data, heirs=heirs, needed=bool(led)),
        act=act,
        page=page,
        template="placements/supervisors/leave.html",
    )


@require_POST
def supervisor_return(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back that a supervisor has left."""
    supervisor = _supervisor(request, public_id)
    try:
        writing.supervisor_return(supervisor=supervisor)
    except writing.SupervisorThere as there:
        messages.warning(request, _there(there.supervisor))
    except writing.WorkplaceClosed:
        messages.warning(request, _("The workplace is closed. Open it again first."))
    else:
        messages.success(request, _("%(name)s leads participants again.") % {"name": supervisor.name})
    return redirect(_address(supervisor))


# --- Training -----------------------------------------------------------------------------------------------------


@read_or_write
def training_create(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter a course that a supervisor has gone through."""
    supervisor = _supervisor(request, public_id)

    def act(form: TrainingForm) -> str:
        services.training_create(supervisor=supervisor, token=form.cleaned_data["token"], facts=form.facts)
        return _("The training is saved.")

    page = _page(supervisor, _("Enter a training"), "#trainings")
    return form_page(request, make=lambda data: TrainingForm(data), act=act, page=page)


def _training(request: HttpRequest, public_id: uuid.UUID, training_id: uuid.UUID):
    supervisor = _supervisor(request, public_id)
    return supervisor, get_object_or_404(SupervisorTraining, supervisor=supervisor, public_id=training_id)


@read_or_write
def training_change(request: HttpRequest, public_id: uuid.UUID, training_id: uuid.UUID) -> HttpResponse:
    """Change what is known of a training."""
    supervisor, training = _training(request, public_id, training_id)

    def act(form: TrainingForm) -> str:
        row_change(row=training, facts=form.facts, seen=form.cleaned_data["seen"])
        return _("The training is saved.")

    remove = _("Take the training away"), reverse("supervisors:training_remove", args=[public_id, training_id])
    page = _page(supervisor, _("Change the training"), "#trainings", remove=remove)
    return form_page(request, make=lambda data: TrainingForm(data, instance=training), act=act, page=page)


@read_or_write
def training_remove(request: HttpRequest, public_id: uuid.UUID, training_id: uuid.UUID) -> HttpResponse:
    """Asks, and takes away a training that was entered by mistake."""
    supervisor, training = _training(request, public_id, training_id)
    back = _address(supervisor, "#trainings")
    if request.method == "POST":
        services.training_remove(training=training)
        messages.success(request, _("The training is taken away."))
        return redirect(back)
    said = f"{training.course}, {training.completed_on:%Y-%m-%d}"
    context = {"crumbs": _crumbs(supervisor), "back": back, "title": _("Take the training away?"), "said": said}
    return render(request, "placements/remove.html", context)


# --- Support visits -----------------------------------------------------------------------------------------------


@read_or_write
def visit_record(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down that somebody was there, or called, to support the supervisor."""
    supervisor = _supervisor(request, public_id)

    def act(form: VisitForm) -> str:
        services.visit_record(
            supervisor=supervisor, token=form.cleaned_data["token"], facts=form.facts, actor=request.user
        )
        return _("The support visit is saved.")

    page = _page(supervisor, _("Support visit"), "#visits")
    return form_page(request, make=lambda data: VisitForm(data), act=act, page=page)


@read_or_write
def visit_remove(request: HttpRequest, public_id: uuid.UUID, visit_id: uuid.UUID) -> HttpResponse:
    """Asks, and takes away a support visit that was entered by mistake."""
    supervisor = _supervisor(request, public_id)
    visit = get_object_or_404(SupportVisit, supervisor=supervisor, public_id=visit_id)
    if not can_remove_note(request.user, visit):
        raise PermissionDenied
    back = _address(supervisor, "#visits")
    if request.method == "POST":
        services.visit_remove(visit=visit)
        messages.success(request, _("The support visit is taken away."))
        return redirect(back)
    said = f"{visit.day:%Y-%m-%d} {visit.note}"
    context = {"crumbs": _crumbs(supervisor), "back": back, "title": _("Take the support visit away?"), "said": said}
    return render(request, "placements/remove.html", context)
