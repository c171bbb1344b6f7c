"""Opening a participant's file: in scope or not found, and written to the access log before anything is answered."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from participants.file import ParticipantFile, case_to_write_in, file_for
from participants.models import Enrolment, Participant
from participants.permissions import can_list_participants

KIND = "participant"


class FileMoved(Exception):
    """The file has another address since it was merged into another one (participants.merging.moved answers)."""

    def __init__(self, *, old: uuid.UUID, new: uuid.UUID):
        super().__init__()
        self.old, self.new = old, new


def opened_file(
    request: HttpRequest, public_id: uuid.UUID, *, act: str = AccessLogEntry.Act.OPENED, **detail
) -> ParticipantFile:
    """The file, with the look written down (`detail`: what was looked at, e.g. `part="journal"`); denied as in
    `touched_file`."""
    file = touched_file(request, public_id)
    participant_log(request, public_id, act, units=file.unit_codes, **detail)
    return file


def enrolment_asked(request: HttpRequest, file: ParticipantFile) -> Enrolment:
    """The enrolment of the file that begins on the day `inskrivning` of the address; without it the one that is
    written in, the open or latest. Raises Http404 if none of the file begins then."""
    start = request.GET.get("inskrivning", "")
    if not start:
        return case_to_write_in(file)
    found = next((each for each in file.enrolments if each.start.isoformat() == start), None)
    if found is None:
        raise Http404
    return found


def touched_file(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile:
    """The file for an act on a page whose opening is written down already: a draft that is saved while its writer
    types, a form that leads back to the page.

    Raises PermissionDenied for those who never see a person, and Http404, the same whether or not there is such a
    person, for those out of whose scope the person is. Both attempts are written down as denied.
    """
    if not can_list_participants(request.user):
        raise PermissionDenied
    file = file_for(request.user, public_id)
    if file is None:
        file = _moved(request, public_id)
    if file is None:
        raise not_found(request, public_id)
    return file


def _moved(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile | None:
    """The file into which that of the participant was merged, for who may see it. What is sent from a page that was
    open before lands there; whoever opens the old address is led to the new one (`FileMoved`)."""
    person = Participant.objects.filter(public_id=public_id).select_related("merged_into").first()
    while person and person.merged_into:
        person = person.merged_into
    if person is None or person.public_id == public_id:
        return None
    file = file_for(request.user, person.public_id)
    if file and request.method != "POST":
        raise FileMoved(old=public_id, new=person.public_id)
    return file


def not_found(request: HttpRequest, public_id: uuid.UUID) -> Http404:
    """For who asks for a participant out of scope: written down as a denied attempt, which a 404 is not by itself."""
    participant_log(request, public_id, AccessLogEntry.Act.DENIED)
    return Http404()


def participant_log(request: HttpRequest, public_id: uuid.UUID, act: str, **detail) -> None:
    """Write down that the user did `act` with a participant."""
    access_log_write(
        actor=request.user, act=act, subject=public_id, subject_kind=KIND, request_id=request.id, **detail
    )
