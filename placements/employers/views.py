"""The pages of employers: which there are, one of them, its contacts and notes."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.swedish import SwedishSortKey
from placements.changing import row_change
from placements.employers import permissions, reading, services
from placements.employers.forms import ContactForm, EmployerForm, ListForm, NoteForm
from placements.employers.opening import crumbs_of, opened_employer
from placements.kept_forms import FormPage, form_page
from placements.models import Employer, EmployerContact, EmployerNote, Placement, Supervisor

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
PAGE_SIZE = 50
SORTS = {
    "name": SwedishSortKey("name"),
    "workplaces": "workplace_count",
    "places": "place_count",
    "placed": "placed",
    "supervisors": "trained_count",
}


@require_safe
def employer_list(request: HttpRequest) -> HttpResponse:
    """The employers, narrowed by what the address says."""
    if not permissions.can_see_employers(request.user):
        raise PermissionDenied
    today, form = timezone.localdate(), ListForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"q": request.GET.get("q", "")}
    rows = Employer.objects.visible_to(request.user)
    if asked.get("q"):
        rows = rows.searched(asked["q"])
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    rows = reading.with_flags(rows, today)
    if flag := reading.FLAGS.get(asked.get("flag", "")):
        rows = rows.filter(**{flag: True})
    rows = reading.with_counts(rows, today)
    sort = request.GET.get("sort", "name")
    order = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    if isinstance(order, str):
        order = f"-{order}" if sort.startswith("-") else order
    elif sort.startswith("-"):
        order = order.desc()
    page = Paginator(rows.order_by(order, SORTS["name"], "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "narrowed": any(asked.values())}
    return render(request, "placements/employers/list.html", context)


@read_or_write
def employer_create(request: HttpRequest) -> HttpResponse:
    """Enter an employer."""
    if not permissions.can_keep_employers(request.user):
        raise PermissionDenied
    page = FormPage(
        title=_("Enter an employer"),
        save=_("Enter the employer"),
        back=reverse("employers:list"),
        crumbs=[(_("Employers"), reverse("employers:list"))],
    )

    def act(form: EmployerForm) -> str:
        try:
            employer = services.employer_create(token=form.cleaned_data["token"], facts=form.facts)
        except services.NumberTaken as taken:
            return _refuse_number(form, taken.employer)
        except services.CodeTaken:
            form.add_error("code", _("Another employer has this code. Choose another."))
            return ""
        page.back = reverse("employers:employer", args=[employer.public_id])
        return _("The employer is entered. Enter its workplaces next.")

    return form_page(
        request,
        make=lambda data: EmployerForm(data),
        act=act,
        page=page,
        template="placements/employers/form.html",
    )


def _refuse_number(form: EmployerForm, taken: Employer) -> str:
    form.taken = taken
    error = _("%(name)s has this number already. Go on with that one, or look at the number again.")
    form.add_error("organisation_number", error % {"name": taken.name})
    return ""


@require_safe
def employer_detail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One employer: workplaces, places, placements, supervisors, agreements, commitments, contacts, notes."""
    return _employer_page(request, opened_employer(request, public_id), NoteForm())


def _employer_page(request: HttpRequest, employer: Employer, note_form: NoteForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    commitments = list(employer.commitments.select_related("agreement").order_by("due", "pk"))
    workplaces = list(reading.workplaces_of(employer, today))
    agreements = list(reading.agreements_of(employer, today))
    notes = list(employer.notes.all())
    for note in notes:
        note.may_remove = permissions.can_remove_note(request.user, note)
    supervisors = Supervisor.objects.filter(workplace__employer=employer).here_on(today).with_training(today)
    context = {
        "employer": employer,
        "today": today,
        "same_number": list(services.same_number(employer)),
        "workplaces": [each for each in workplaces if not each.is_closed_on(today)],
        "closed": [each for each in workplaces if each.is_closed_on(today)],
        "to_check": sum(
            each.in_use and each.check_state != "passed" and not each.is_closed_on(today) for each in workplaces
        ),
        "places": list(reading.places_of(Q(workplace__employer=employer))),
        "placed": reading.placed_at(Q(workplace__employer=employer), request.user, today),
        "supervisors": list(supervisors.select_related("workplace").in_swedish_order()),
        "agreements": agreements,
        "run_out": sum(agreement.is_run_out for agreement in agreements),
        "commitments": commitments,
        "sum": reading.outstanding_of(commitments, today),
        "contacts": list(employer.contacts.select_related("workplace").order_by("left_on", "name", "pk")),
        "notes": notes,
        "note_form": note_form,
    }
    return render(request, "placements/employers/employer.html", context, status=status)


@require_safe
def employer_placements(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Every placement at the employer whose case the reader may see, those that are over too."""
    employer, today = opened_employer(request, public_id), timezone.localdate()
    every = Placement.objects.filter(workplace__employer=employer)
    rows = reading.with_people(every.visible_to(request.user)).order_by("-start", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"employer": employer, "page_obj": page, "today": today, "hidden": every.count() - page.paginator.count}
    return render(request, "placements/employers/placements.html", context)


@read_or_write
def employer_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what an employer is."""
    employer = opened_employer(request, public_id)
    page = FormPage(
        title=_("Change the employer"),
        save=_("Save"),
        back=reverse("employers:employer", args=[public_id]),
        crumbs=crumbs_of(employer),
    )

    def act(form: EmployerForm) -> str:
        try:
            services.employer_change(employer=employer, facts=form.facts, seen=form.cleaned_data["seen"])
        except services.NumberTaken as taken:
            return _refuse_number(form, taken.employer)
        return _("The employer is saved.")

    return form_page(
        request,
        make=lambda data: EmployerForm(data, instance=employer),
        act=act,
        page=page,
        template="placements/employers/form.html",
    )


# --- Contacts -----------------------------------------------------------------------------------------------------


def _contact_page(employer: Employer, title: str) -> FormPage:
    return FormPage(
        title=title,
        save=_("Save"),
        back=reverse("employers:employer", args=[employer.public_id]) + "#contacts",
        crumbs=crumbs_of(employer),
        lead=_("Somebody the municipality turns to. Whoever leads participants' work is entered as a supervisor."),
    )


@read_or_write
def contact_create(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter somebody to turn to."""
    employer = opened_employer(request, public_id)

    def act(form: ContactForm) -> str:
        services.contact_create(employer=employer, token=form.cleaned_data["token"], facts=form.facts)
        return _("The contact is saved.")

    return form_page(
        request,
        make=lambda data: ContactForm(data, employer=employer),
        act=act,
        page=_contact_page(employer, _("Enter a contact")),
    )


@read_or_write
def contact_change(request: HttpRequest, public_id: uuid.UUID, contact_id: uuid.UUID) -> HttpResponse:
    """Change a contact, or say since when they are no longer the one to turn to."""
    employer = opened_employer(request, public_id)
    contact = get_object_or_404(EmployerContact, employer=employer, public_id=contact_id)

    def act(form: ContactForm) -> str:
        row_change(row=contact, facts=form.facts, seen=form.cleaned_data["seen"])
        return _("The contact is saved.")

    return form_page(
        request,
        make=lambda data: ContactForm(data, instance=contact, employer=employer),
        act=act,
        page=_contact_page(employer, _("Change the contact")),
    )


# --- Notes --------------------------------------------------------------------------------------------------------


@require_POST
def note_write(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write a note about the employer."""
    employer, form = opened_employer(request, public_id), NoteForm(request.POST)
    if not form.is_valid():
        return _employer_page(request, employer, form, status=422)
    services.note_write(employer=employer, actor=request.user, **form.cleaned_data)
    messages.success(request, _("The note is saved."))
    return redirect(reverse("employers:employer", args=[public_id]) + "#notes")


@read_or_write
def note_remove(request: HttpRequest, public_id: uuid.UUID, note_id: uuid.UUID) -> HttpResponse:
    """Asks, and takes a note away."""
    employer = opened_employer(request, public_id)
    back = reverse("employers:employer", args=[public_id]) + "#notes"
    note = get_object_or_404(EmployerNote, employer=employer, public_id=note_id)
    if not permissions.can_remove_note(request.user, note):
        raise PermissionDenied
    if request.method == "POST":
        services.note_remove(note=note)
        messages.success(request, _("The note is taken away."))
        return redirect(back)
    context = {"crumbs": crumbs_of(employer), "back": back, "title": _("Take the note away?"), "said": note.text}
    return render(request, "placements/remove.html", context)
