"""Opening an assessment in a participant's file: in scope or not found, and written to the access log."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from competence.models import Assessment
from competence.opening import PART
from competence.permissions import can_review_assessment, can_write_assessment
from participants.file import ParticipantFile
from participants.opening import opened_file, touched_file


@dataclass(frozen=True)
class OpenedAssessment:
    """An assessment as one user sees it, with the file it belongs to."""

    file: ParticipantFile
    assessment: Assessment

    @property
    def placement(self):
        return self.assessment.placement

    @property
    def may_write(self) -> bool:
        return can_write_assessment(self.file.user, self.placement.enrolment)

    @property
    def may_review(self) -> bool:
        return can_review_assessment(self.file.user, self.placement.enrolment)

    @property
    def context(self) -> dict:
        """What every page about an assessment is given."""
        return {
            "file": self.file,
            "assessment": self.assessment,
            "placement": self.placement,
            "may_write": self.may_write,
            "may_review": self.may_review,
        }


def opened_assessment(
    request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID, *, writing: bool = False
) -> OpenedAssessment:
    """The assessment, within the enrolments the user may see, or 404. To look at it is to look at the file; what is
    sent from a page that was opened is not a new look. With `writing` PermissionDenied for those who only read."""
    if request.method == "POST":
        file = touched_file(request, public_id)
    else:
        file = opened_file(request, public_id, part=PART, assessment=str(assessment_id))
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    rows = Assessment.objects.filter(placement__enrolment__in=cases).select_related(
        "catalogue", "area", "placement__workplace__employer", "placement__supervisor"
    )
    assessment = get_object_or_404(rows, public_id=assessment_id)
    assessment.placement.enrolment = cases[assessment.placement.enrolment_id]
    opened = OpenedAssessment(file, assessment)
    if writing and not opened.may_write:
        raise PermissionDenied
    return opened
