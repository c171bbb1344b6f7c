"""The pages of agreements and commitments."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from placements.changing import row_change
from placements.employers import promises
from placements.employers.opening import crumbs_of, opened_employer
from placements.employers.promise_forms import AgreementForm, CommitmentForm
from placements.kept_forms import FormPage, form_page
from placements.models import Commitment, Employer, EmployerAgreement

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def _page(employer: Employer, title: str, where: str, remove: tuple[str, str] | None = None) -> FormPage:
    return FormPage(
        title=title, save=_("Save"), back=_back(employer, where), crumbs=crumbs_of(employer), remove=remove
    )


def _back(employer: Employer, where: str) -> str:
    return reverse("employers:employer", args=[employer.public_id]) + f"#{where}"


# --- Agreements ---------------------------------------------------------------------------------------------------


@read_or_write
def agreement_create(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter what is agreed with an employer."""
    employer = opened_employer(request, public_id)

    def act(form: AgreementForm) -> str:
        promises.agreement_create(employer=employer, token=form.cleaned_data["token"], facts=form.facts)
        return _("The agreement is saved.")

    page = _page(employer, _("Enter an agreement"), "agreements")
    return form_page(request, make=lambda data: AgreementForm(data), act=act, page=page)


@read_or_write
def agreement_change(request: HttpRequest, public_id: uuid.UUID, agreement_id: uuid.UUID) -> HttpResponse:
    """Change an agreement."""
    employer = opened_employer(request, public_id)
    agreement = get_object_or_404(EmployerAgreement, employer=employer, public_id=agreement_id)

    def act(form: AgreementForm) -> str:
        row_change(row=agreement, facts=form.facts, seen=form.cleaned_data["seen"])
        return _("The agreement is saved.")

    remove = _("Take the agreement away"), reverse("employers:agreement_remove", args=[public_id, agreement_id])
    page = _page(employer, _("Change the agreement"), "agreements", remove)
    return form_page(request, make=lambda data: AgreementForm(data, instance=agreement), act=act, page=page)


@read_or_write
def agreement_remove(request: HttpRequest, public_id: uuid.UUID, agreement_id: uuid.UUID) -> HttpResponse:
    """Asks, and takes away an agreement that was entered by mistake."""
    employer = opened_employer(request, public_id)
    agreement = get_object_or_404(EmployerAgreement, employer=employer, public_id=agreement_id)
    back = _back(employer, "agreements")
    if request.method == "POST":
        try:
            promises.agreement_remove(agreement=agreement)
        except promises.HasCommitments as has:
            error = ngettext(
                "%(count)s commitment belongs to the agreement, so it is not taken away. Give it an end instead.",
                "%(count)s commitments belong to the agreement, so it is not taken away. Give it an end instead.",
                has.number,
            )
            messages.warning(request, error % {"count": has.number})
        else:
            messages.success(request, _("The agreement is taken away."))
        return redirect(back)
    context = {
        "crumbs": crumbs_of(employer),
        "back": back,
        "title": _("Take the agreement away?"),
        "said": f"{agreement.get_kind_display()}, {agreement.valid_from:%Y-%m-%d}",
    }
    return render(request, "placements/remove.html", context)


# --- Commitments --------------------------------------------------------------------------------------------------


@read_or_write
def commitment_create(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter what an employer has promised."""
    employer = opened_employer(request, public_id)

    def act(form: CommitmentForm) -> str:
        promises.commitment_create(employer=employer, token=form.cleaned_data["token"], facts=form.facts)
        return _("The commitment is saved.")

    page = _page(employer, _("Enter a commitment"), "commitments")
    return form_page(request, make=lambda data: CommitmentForm(data, employer=employer), act=act, page=page)


@read_or_write
def commitment_change(request: HttpRequest, public_id: uuid.UUID, commitment_id: uuid.UUID) -> HttpResponse:
    """Change a commitment, such as how many it came to."""
    employer = opened_employer(request, public_id)
    commitment = get_object_or_404(Commitment, employer=employer, public_id=commitment_id)

    def act(form: CommitmentForm) -> str:
        row_change(row=commitment, facts=form.facts, seen=form.cleaned_data["seen"])
        return _("The commitment is saved.")

    remove = _("Take the commitment away"), reverse("employers:commitment_remove", args=[public_id, commitment_id])
    page = _page(employer, _("Change the commitment"), "commitments", remove)
    return form_page(
        request,
        make=lambda data: CommitmentForm(data, instance=commitment, employer=employer),
        act=act,
        page=page,
    )


@read_or_write
def commitment_remove(request: HttpRequest, public_id: uuid.UUID, commitment_id: uuid.UUID) -> HttpResponse:
    """Asks, and takes away a commitment that was entered by mistake."""
    employer = opened_employer(request, public_id)
    commitment = get_object_or_404(Commitment, employer=employer, public_id=commitment_id)
    back = _back(employer, "commitments")
    if request.method == "POST":
        promises.commitment_remove(commitment=commitment)
        messages.success(request, _("The commitment is taken away."))
        return redirect(back)
    context = {
        "crumbs": crumbs_of(employer),
        "back": back,
        "title": _("Take the commitment away?"),
        "said": f"{commitment.get_kind_display()}, {commitment.due:%Y-%m-%d}",
    }
    return render(request, "placements/remove.html", context)
