"""The pages of a workplace: what it is, whether it is fit to receive, closing it."""

import uuid

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from placements.changing import row_change
from placements.employers import reading, services
from placements.employers.forms import CheckForm, CloseForm, WorkplaceForm
from placements.employers.opening import crumbs_of, opened_employer, opened_workplace
from placements.kept_forms import FormPage, form_page
from placements.models import Supervisor, Workplace

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def _address(workplace: Workplace) -> str:
    return reverse("employers:workplace", args=[workplace.public_id])


@require_safe
def workplace_detail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One workplace: where it is, its checks, who leads the work there, its places and who is placed."""
    workplace, today = opened_workplace(request, public_id), timezone.localdate()
    state = Workplace.objects.with_check(today).get(pk=workplace.pk)
    supervisors = Supervisor.objects.at(workplace.pk).with_training(today).in_swedish_order()
    context = {
        "workplace": workplace,
        "employer": workplace.employer,
        "today": today,
        "is_closed": workplace.is_closed_on(today),
        "state": state,
        "checks": list(workplace.checks.all()),
        "supervisors": list(supervisors.here_on(today)),
        "left": list(supervisors.exclude(pk__in=Supervisor.objects.here_on(today).values("pk"))),
        "contacts": list(workplace.contacts.filter(left_on=None)),
        "places": list(reading.places_of(Q(workplace=workplace))),
        "placed": reading.placed_at(Q(workplace=workplace), request.user, today),
    }
    return render(request, "placements/employers/workplace.html", context)


@read_or_write
def workplace_create(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter a workplace of an employer."""
    employer = opened_employer(request, public_id)
    page = FormPage(
        title=_("Enter a workplace"),
        save=_("Enter the workplace"),
        back=reverse("employers:employer", args=[public_id]),
        crumbs=crumbs_of(employer),
    )

    def act(form: WorkplaceForm) -> str:
        try:
            entered = services.workplace_create(employer=employer, token=form.cleaned_data["token"], facts=form.facts)
        except services.WorkplaceThere as there:
            words = _("%(name)s is there already. Go on with that one, or give this one another name.")
            form.add_error("name", words % {"name": there.workplace.name})
            return ""
        page.back = _address(entered)
        return _("The workplace is entered. Check it, and enter its supervisors, before anybody is placed there.")

    return form_page(request, make=lambda data: WorkplaceForm(data), act=act, page=page)


@read_or_write
def workplace_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what a workplace is."""
    workplace = opened_workplace(request, public_id)
    page = FormPage(
        title=_("Change the workplace"),
        save=_("Save"),
        back=_address(workplace),
        crumbs=crumbs_of(workplace.employer, workplace),
    )

    def act(form: WorkplaceForm) -> str:
        row_change(row=workplace, facts=form.facts, seen=form.cleaned_data["seen"])
        return _("The workplace is saved.")

    return form_page(request, make=lambda data: WorkplaceForm(data, instance=workplace), act=act, page=page)


@read_or_write
def workplace_close(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks from when, and closes the workplace."""
    workplace = opened_workplace(request, public_id)
    page = FormPage(
        title=_("Close the workplace?"),
        save=_("Close the workplace"),
        back=_address(workplace),
        crumbs=crumbs_of(workplace.employer, workplace),
        lead=_("Nobody new is placed at %(name)s after that day. It can be opened again.") % {"name": workplace.name},
        danger=True,
    )

    def act(form: CloseForm) -> str:
        day = form.cleaned_data["day"]
        try:
            services.workplace_close(workplace=workplace, day=day)
        except services.WorkplaceInUse as used:
            for error in _in_use(used):
                form.add_error("day", error)
            return ""
        return _("The workplace closes on %(day)s.") % {"day": date_format(day)}

    return form_page(request, make=lambda data: CloseForm(data), act=act, page=page)


def _in_use(used: services.WorkplaceInUse):
    if used.placed:
        yield ngettext(
            "%(count)s placement there goes on after this day, or is to come. End it first, or choose a later day.",
            "%(count)s placements there go on after this day, or are to come. End them first, or choose a later day.",
            used.placed,
        ) % {"count": used.placed}
    if used.places:
        yield ngettext(
            "%(count)s place there is not closed. Close it first.",
            "%(count)s places there are not closed. Close them first.",
            used.places,
        ) % {"count": used.places}


@require_POST
def workplace_reopen(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The workplace receives again."""
    workplace = opened_workplace(request, public_id)
    services.workplace_reopen(workplace=workplace)
    messages.success(request, _("The workplace is open again."))
    return redirect(_address(workplace))


@read_or_write
def check_record(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down what was seen at the workplace."""
    workplace = opened_workplace(request, public_id)
    page = FormPage(
        title=_("Check the workplace"),
        save=_("Save the check"),
        back=_address(workplace),
        crumbs=crumbs_of(workplace.employer, workplace),
        lead=_("Before anybody is placed there. The latest check counts."),
    )

    def act(form: CheckForm) -> str:
        check = services.check_record(
            workplace=workplace, token=form.cleaned_data["token"], facts=form.facts, actor=request.user
        )
        if check.is_passed:
            return _("The check is saved: everything is in order.")
        return _("The check is saved. Something is not in order, so the workplace is shown as not checked.")

    return form_page(request, make=lambda data: CheckForm(data), act=act, page=page)
