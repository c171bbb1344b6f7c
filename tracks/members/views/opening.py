"""Opening somebody's place in a round: the file it stands in, and the row as its reader may see it."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.file import ParticipantFile
from participants.models import Enrolment
from participants.opening import opened_file, touched_file
from tracks.members.permissions import can_lead
from tracks.members.told import whole
from tracks.models import Member

PART = "jobbspar"
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class OpenedMember:
    """Somebody's place in a round as one user sees it, with the file it belongs to."""

    file: ParticipantFile
    member: Member


def opened_case(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile:
    """The file; a look at it is written to the access log, what is sent from a page that was opened is no new one."""
    if request.method == "POST":
        return touched_file(request, public_id)
    return opened_file(request, public_id, part=PART)


def opened_member(
    request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID, *, to_lead: bool = True
) -> OpenedMember:
    """The member, within the enrolments the user may see, or 404. `to_lead`: PermissionDenied for those who may only
    look."""
    file = opened_case(request, public_id)
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    member = get_object_or_404(whole(Member.objects.filter(enrolment__in=cases)), public_id=member_id)
    member.enrolment = cases[member.enrolment_id]
    if to_lead and not can_lead(request.user, member.enrolment):
        raise PermissionDenied
    return OpenedMember(file, member)


def case_to_lead(request: HttpRequest, file: ParticipantFile) -> Enrolment:
    """The case in which somebody is proposed: the one that is open, else the latest. PermissionDenied for those who
    may only look."""
    cases = [each for each in file.enrolments if can_lead(request.user, each)]
    if not cases:
        raise PermissionDenied
    return next((each for each in cases if each.is_open), cases[0])


def address_of(member: Member, page: str = "member") -> str:
    return reverse(f"track_members:{page}", args=[member.enrolment.participant.public_id, member.public_id])


def crumbs_of(file: ParticipantFile, member: Member | None = None) -> list[tuple[str, str]]:
    """The pages above a page about somebody on a track."""
    crumbs = [
        (_("Participants"), reverse("participants:list")),
        (file.participant.full_name, reverse("participants:file", args=[file.public_id])),
        (_("Job tracks"), reverse("participants:part", args=[file.public_id, PART])),
    ]
    return [*crumbs, (member.round.version.track.name, address_of(member))] if member else crumbs
