"""Opening a referral: in scope or not found, and written to the access log before anything is answered."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest

from accounts.log import access_log_write
from accounts.models import AccessLogEntry, Unit
from participants.models import Referral
from participants.opening import KIND
from participants.permissions import can_list_participants

REFERRAL = "referral"


def referral_opened(request: HttpRequest, public_id: uuid.UUID, *, part: str = REFERRAL) -> Referral:
    """The referral, with the look written down: as one at the person, where it is known who it is."""
    referral = referral_touched(request, public_id)
    _log(request, referral, AccessLogEntry.Act.OPENED, units=[referral.unit.code], part=part)
    return referral


def referral_touched(request: HttpRequest, public_id: uuid.UUID) -> Referral:
    """The referral for an act on a page whose opening is written down already. PermissionDenied for those who never
    see a person; Http404, whether or not there is such a referral, for those out of whose scope it is, and that is
    written down as denied."""
    if not can_list_participants(request.user):
        raise PermissionDenied
    rows = Referral.objects.select_related("participant", "service_form")
    named = rows.prefetch_related(Prefetch("unit", queryset=Unit.objects.named()))
    referral = named.visible_to(request.user).filter(public_id=public_id).first()
    if referral is None:
        hidden = rows.filter(public_id=public_id).first() or Referral(public_id=public_id)
        _log(request, hidden, AccessLogEntry.Act.DENIED)
        raise Http404
    return referral


def _log(request: HttpRequest, referral: Referral, act: str, **detail) -> None:
    person = referral.participant
    access_log_write(
        actor=request.user,
        act=act,
        subject=person.public_id if person else referral.public_id,
        subject_kind=KIND if person else REFERRAL,
        request_id=request.id,
        **detail,
    )
