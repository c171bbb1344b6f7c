"""Opening a follow-up: the file it stands in, and what its page says."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from delivery.models import Mail
from participants.file import ParticipantFile
from participants.opening import opened_file, touched_file
from placements.models import FollowUp, FollowUpAnswer, FollowUpLink, ParticipantOpinion
from placements.permissions import can_amend_answer, can_follow_up, can_mend_opinion
from placements.services.links import mails_about

PART = "placeringar"


@dataclass(frozen=True)
class OpenedFollowUp:
    """A follow-up of a placement as one user sees it, with the file it belongs to."""

    file: ParticipantFile
    followup: FollowUp
    may_write: bool

    @property
    def answer(self) -> FollowUpAnswer | None:
        return getattr(self.followup, "answer", None)

    @property
    def opinion(self) -> ParticipantOpinion | None:
        return getattr(self.followup, "opinion", None)

    @property
    def placement(self):
        return self.followup.placement

    def may_amend(self, day) -> bool:
        return self.answer is not None and can_amend_answer(self.file.user, self.answer, day)

    @property
    def may_be_replied(self) -> bool:
        """Whether somebody would read a reply: the supervisor who answered is still the placement's."""
        answer = self.answer
        return bool(answer and answer.supervisor_id and answer.supervisor_id == self.placement.supervisor_id)

    def may_mend_opinion(self, day) -> bool:
        return self.opinion is not None and self.may_write and can_mend_opinion(self.file.user, self.opinion, day)

    def sendings(self) -> list[tuple[FollowUpLink, Mail | None]]:
        """The links to the follow-up, the latest first, each with what became of its latest mail."""
        links = list(FollowUpLink.objects.whole().filter(followup=self.followup))
        mails = mails_about(links)
        return [(link, mails.get(link.public_id)) for link in links]


def opened_followup(
    request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID, *, writing: bool = False
) -> OpenedFollowUp:
    """The follow-up, within the enrolments the user may see, or 404. To look at it is to look at the file, and is
    written to the access log; what is sent from a page that was opened is not a new look.

    With `writing` PermissionDenied for those who may only read.
    """
    if request.method == "POST":
        file = touched_file(request, public_id)
    else:
        file = opened_file(request, public_id, part=PART)
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    rows = FollowUp.objects.filter(enrolment__in=cases, placement__isnull=False)
    rows = rows.select_related(
        "placement__workplace__employer", "placement__supervisor", "participant", "answer", "opinion"
    )
    followup = get_object_or_404(rows, public_id=followup_id)
    followup.enrolment = cases[followup.enrolment_id]
    may_write = can_follow_up(request.user, followup.enrolment)
    if writing and not may_write:
        raise PermissionDenied
    return OpenedFollowUp(file=file, followup=followup, may_write=may_write)
