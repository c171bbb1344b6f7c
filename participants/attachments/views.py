"""An attachment's bytes, for who may read the entry it belongs to; and withdrawing one."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AccessLogEntry, User
from delivery.downloads import kept_download
from participants.attachments import listing, services
from participants.attachments.forms import WithdrawForm
from participants.file import ParticipantFile
from participants.models import Attachment
from participants.opening import opened_file, participant_log, touched_file
from participants.permissions import can_see_withdrawn_attachments, can_withdraw_attachment


def _attachment(file: ParticipantFile, attachment_id: uuid.UUID) -> Attachment:
    """The attachment, within the enrolments the user may see, or 404."""
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    rows = Attachment.objects.in_enrolments(file.enrolments).select_related("entry")
    attachment = get_object_or_404(rows, public_id=attachment_id)
    attachment.entry.enrolment = cases[attachment.entry.enrolment_id]
    return attachment


def _exists_for(user: User, found: Attachment) -> bool:
    """A withdrawn one exists for managers alone."""
    return not found.is_withdrawn or can_see_withdrawn_attachments(user, found.entry.enrolment)


@require_safe
def attachment(request: HttpRequest, public_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """The file, to be saved; with `?visa` a PDF or a picture is shown by the browser. Written down either way."""
    file = touched_file(request, public_id)
    found = _attachment(file, attachment_id)
    if not _exists_for(request.user, found):
        raise Http404
    participant_log(
        request,
        public_id,
        AccessLogEntry.Act.DOWNLOADED,
        units=file.unit_codes,
        part="attachment",
        attachment=str(found.public_id),
    )
    return kept_download(
        found.content.content,
        name=found.name,
        media_type=found.media_type,
        shown="visa" in request.GET and found.kind.can_be_shown,
        alone=found.kind.is_picture,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_withdraw(request: HttpRequest, public_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Say why a file was attached by mistake: who attached it, the same day, or a manager."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part=listing.SLUG)
    found = _attachment(file, attachment_id)
    back = reverse("participants:part", args=[public_id, listing.SLUG])
    if found.is_withdrawn:
        if found.withdrawn_by_id != request.user.pk and not _exists_for(request.user, found):
            raise Http404
        return redirect(f"{back}?tillbakataget={found.public_id}")
    if not can_withdraw_attachment(request.user, found, timezone.localdate()):
        raise PermissionDenied
    form = WithdrawForm(request.POST if posted else None)
    if posted and form.is_valid():
        services.attachment_withdraw(attachment=found, actor=request.user, **form.cleaned_data)
        return redirect(f"{back}?tillbakataget={found.public_id}")
    context = {"file": file, "attachment": found, "form": form}
    return render(request, "participants/attachments/withdraw.html", context, status=422 if posted else 200)
