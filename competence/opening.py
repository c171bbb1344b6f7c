"""Opening a placement in a participant's file: in scope or not found, and written to the access log."""

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import AccessLogEntry
from participants.file import ParticipantFile
from participants.opening import opened_file, touched_file
from placements.models import Placement

PART = "kompetens"


def opened_placement(
    request: HttpRequest, public_id: uuid.UUID, placement_id: int, *, act=AccessLogEntry.Act.OPENED, quiet=False
) -> tuple[ParticipantFile, Placement]:
    """The file and one of its placements, or 404. `quiet`: an act on a page whose opening is written down already."""
    if quiet:
        file = touched_file(request, public_id)
    else:
        file = opened_file(request, public_id, act=act, part=PART, placement=placement_id)
    placements = Placement.objects.filter(enrolment__in=file.enrolments).prefetch_related("grades")
    placement = get_object_or_404(placements.select_related("workplace__employer"), pk=placement_id)
    placement.enrolment = next(each for each in file.enrolments if each.pk == placement.enrolment_id)
    return file, placement
