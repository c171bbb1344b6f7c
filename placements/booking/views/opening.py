"""Opening a placement: the file it stands in, and the row as its reader may see it."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from participants.file import ParticipantFile
from participants.opening import opened_file, touched_file
from placements.booking.acts import Act
from placements.booking.told import whole
from placements.models import Placement

PART = "placeringar"


@dataclass(frozen=True)
class OpenedPlacement:
    """A placement as one user sees it, with the file it belongs to."""

    file: ParticipantFile
    placement: Placement


def opened_placement(
    request: HttpRequest, public_id: uuid.UUID, placement_id: uuid.UUID, *, act: Act | None = None
) -> OpenedPlacement:
    """The placement (a cancelled one too), within the enrolments the user may see, or 404. To look at it is to look
    at the file, and is written to the access log; what is sent from a page that was opened is not a new look.

    With `act` PermissionDenied for those who may not do it.
    """
    if request.method == "POST":
        file = touched_file(request, public_id)
    else:
        file = opened_file(request, public_id, part=PART)
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    placement = get_object_or_404(whole(Placement.every.filter(enrolment__in=cases)), public_id=placement_id)
    placement.enrolment = cases[placement.enrolment_id]
    if act and not act.may(request.user, placement.enrolment):
        raise PermissionDenied
    return OpenedPlacement(file=file, placement=placement)
