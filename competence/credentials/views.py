"""External credentials in the participant's file: entered, changed, taken away."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competence.credentials import services
from competence.credentials.forms import FACTS, CredentialForm, RemoveForm
from competence.models import Credential
from competence.opening import PART
from competence.permissions import can_write_assessment
from participants.file import ParticipantFile, case_to_write_in
from participants.models import Enrolment
from participants.opening import opened_file, touched_file
from placements.changing import Overtaken, seen_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def enter(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter one. One that looks like another that is there is asked about once."""
    file = _opened(request, public_id)
    case = case_to_write_in(file)
    if not can_write_assessment(request.user, case):
        raise PermissionDenied
    form = CredentialForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        twin = services.alike(enrolment=case, facts=form.facts)
        token = form.cleaned_data["token"]
        if twin and twin.public_id != token and request.POST.get("sure") != str(twin.public_id):
            return _page(request, file, form, twin=twin, status=422)
        services.credential_enter(enrolment=case, facts=form.facts, actor=request.user, token=token)
        messages.success(request, _("It is saved, and can be chosen on certificates."))
        return redirect("participants:part", file.public_id, PART)
    return _page(request, file, form, status=422 if form.is_bound else 200)


@read_or_write
def change(request: HttpRequest, public_id: uuid.UUID, credential_id: uuid.UUID) -> HttpResponse:
    """Change what is written of one."""
    file, case, credential = _found(request, public_id, credential_id)
    if credential.removed_on:
        return _removed(request, file)
    form = CredentialForm(request.POST if request.method == "POST" else None, credential=credential)
    if not form.is_bound or not form.is_valid():
        return _page(request, file, form, credential=credential, status=422 if form.is_bound else 200)
    twin = services.alike(enrolment=case, facts=form.facts, besides=credential)
    if twin and request.POST.get("sure") != str(twin.public_id):
        return _page(request, file, form, credential=credential, twin=twin, status=422)
    try:
        services.credential_change(credential=credential, facts=form.facts, seen=form.cleaned_data["seen"])
    except Overtaken as changed:
        data = request.POST.copy()
        data["seen"] = seen_of(changed.row, FACTS)
        again = CredentialForm(data, credential=credential)
        return _page(request, file, again, credential=credential, other=changed.row, status=409)
    except services.AlreadyRemoved:
        return _removed(request, file)
    messages.success(request, _("The change is saved. Certificates that are issued keep what they say."))
    return redirect("participants:part", file.public_id, PART)


@read_or_write
def remove(request: HttpRequest, public_id: uuid.UUID, credential_id: uuid.UUID) -> HttpResponse:
    """Take one away, and say why."""
    file, _case, credential = _found(request, public_id, credential_id)
    if credential.removed_on:
        return _removed(request, file)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        services.credential_remove(credential=credential, why=form.cleaned_data["why"])
        messages.success(request, _("It is taken away."))
        return redirect("participants:part", file.public_id, PART)
    context = {"file": file, "credential": credential, "form": form}
    return render(request, "competence/credentials/remove.html", context, status=422 if form.is_bound else 200)


# --- Shared -------------------------------------------------------------------------------------------------------


def _opened(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile:
    if request.method == "POST":
        return touched_file(request, public_id)
    return opened_file(request, public_id, part=PART)


def _found(
    request: HttpRequest, public_id: uuid.UUID, credential_id: uuid.UUID
) -> tuple[ParticipantFile, Enrolment, Credential]:
    file = _opened(request, public_id)
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    credential = get_object_or_404(Credential, public_id=credential_id, enrolment__in=cases)
    case = cases[credential.enrolment_id]
    if not can_write_assessment(request.user, case):
        raise PermissionDenied
    return file, case, credential


def _removed(request: HttpRequest, file: ParticipantFile) -> HttpResponse:
    """A second press, or a page that was opened before a colleague took it away."""
    messages.warning(request, _("It has been taken away meanwhile."))
    return redirect("participants:part", file.public_id, PART)


def _page(
    request: HttpRequest, file: ParticipantFile, form: CredentialForm, *, credential: Credential | None = None,
    twin: Credential | None = None, other: Credential | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {"file": file, "form": form, "credential": credential, "twin": twin, "other": other}
    return render(request, "competence/credentials/write.html", context, status=status)
