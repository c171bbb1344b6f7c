"""The agreement with the public employment service: written down in the participant's file, and corrected there."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.agreements import services
from participants.agreements.forms import AgreementForm
from participants.file import ParticipantFile
from participants.models import Enrolment, ServiceAgreement
from participants.opening import opened_file, touched_file
from participants.permissions import can_run_case
from participants.person.past import told

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def agreement_new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down that the employment service agrees, for the latest enrolment of the file."""
    file = _opened(request, public_id)
    posted = request.method == "POST"
    form = AgreementForm(request.POST if posted else None)
    if posted and form.is_valid():
        services.agreement_record(enrolment=file.latest, facts=form.facts, actor=request.user)
        return _saved(request, file)
    return _page(request, file, form, status=422 if posted else 200)


@read_or_write
def agreement_edit(request: HttpRequest, public_id: uuid.UUID, agreement_id: uuid.UUID) -> HttpResponse:
    """Correct an agreement."""
    file = _opened(request, public_id)
    rows = ServiceAgreement.objects.filter(enrolment__in=file.enrolments)
    agreement = rows.filter(public_id=agreement_id).select_related("enrolment").first()
    if agreement is None:
        raise Http404
    _check(request, agreement.enrolment)
    posted = request.method == "POST"
    form = AgreementForm.of(agreement, request.POST if posted else None)
    if not posted or not form.is_valid():
        return _page(request, file, form, agreement=agreement, status=422 if posted else 200)
    try:
        services.agreement_correct(agreement=agreement, facts=form.facts, seen=form.cleaned_data["seen"])
    except services.AgreementChanged as changed:
        now = changed.agreement
        overtaken = [
            {
                "label": form.fields[name].label,
                "now": told(ServiceAgreement, name, getattr(now, name)),
                "typed": told(ServiceAgreement, name, form.facts[name]),
            }
            for name in services.FACTS
            if getattr(now, name) != form.facts[name]
        ]
        form.data = form.data.copy()
        form.data["seen"] = services.version_of(now)
        return _page(request, file, form, agreement=agreement, overtaken=overtaken, status=409)
    return _saved(request, file)


def _opened(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile:
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="agreement")
    _check(request, file.latest)
    return file


def _check(request: HttpRequest, enrolment: Enrolment) -> None:
    if not can_run_case(request.user, enrolment):
        raise PermissionDenied


def _saved(request: HttpRequest, file: ParticipantFile) -> HttpResponse:
    messages.success(request, _("The agreement with the employment service is written down."))
    return redirect("participants:file", file.public_id)


def _page(
    request: HttpRequest,
    file: ParticipantFile,
    form: AgreementForm,
    *,
    agreement: ServiceAgreement | None = None,
    overtaken=(),
    status: int,
) -> HttpResponse:
    context = {"file": file, "form": form, "agreement": agreement, "overtaken": overtaken}
    return render(request, "participants/agreements/agreement.html", context, status=status)
