"""What the file says above everything else of a case that goes on: what to think of, and what waits."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property

from participants.agreements.rules import AGREEMENT_NEEDED
from participants.case_rows import AGREEMENTS, JOINT_REVIEWS
from participants.cautions import Caution, cautions
from participants.file import ParticipantFile
from participants.models import Enrolment, JointReview, Pause, ServiceAgreement
from participants.permissions import can_register_participants, can_run_case
from participants.revolving import REVOLVING_STARTS, Round, round_of


@dataclass(frozen=True)
class CaseNotices:
    """The latest enrolment of a file, with what its reader should see at once."""

    file: ParticipantFile

    @property
    def enrolment(self) -> Enrolment:
        return self.file.latest

    @property
    def is_open(self) -> bool:
        return self.enrolment.end is None

    @property
    def any(self) -> bool:
        """Whether there is anything to say."""
        said = self.cautions or self.pause or self.lacks_agreement or self.round
        return bool(said or self.may_enrol)

    @property
    def may_run(self) -> bool:
        return can_run_case(self.file.user, self.enrolment)

    @property
    def may_enrol(self) -> bool:
        """Whether the person can be enrolled again: no enrolment is opened once more."""
        return self.enrolment.is_closed and can_register_participants(self.file.user)

    @cached_property
    def cautions(self) -> list[Caution]:
        if not self.is_open:
            return []
        found = cautions(self.enrolment, self.file.participant, self.enrolment.groups, timezone.localdate())
        return [each for each in found if each.urgent]

    @property
    def pause(self) -> Pause | None:
        return self.enrolment.pause_to_end

    @property
    def is_paused(self) -> bool:
        return self.enrolment.is_paused

    @property
    def needs_agreement(self) -> bool:
        return self.enrolment.target_group == AGREEMENT_NEEDED

    @cached_property
    def agreements(self) -> list[ServiceAgreement]:
        return [each for each in self.file.rows(AGREEMENTS) if each.enrolment_id == self.enrolment.pk]

    @property
    def lacks_agreement(self) -> bool:
        return self.is_open and self.needs_agreement and not any(map(self._holds, self.agreements))

    def _holds(self, agreement: ServiceAgreement) -> bool:
        day = timezone.localdate()
        return agreement.agreed_on <= day and (agreement.until is None or agreement.until >= day)

    @cached_property
    def reviews(self) -> list[JointReview]:
        rows = [each for each in self.file.rows(JOINT_REVIEWS) if each.enrolment_id == self.enrolment.pk]
        return rows[::-1]  # the latest first

    @property
    def planned_review(self) -> JointReview | None:
        return next((each for each in self.reviews if each.is_planned), None)

    @cached_property
    def round(self) -> Round | None:
        """How often the person has come before, if they go round; until a joint review is held or called off."""
        too_few = len(self.file.enrolments) < REVOLVING_STARTS
        if not self.is_open or too_few or any(not each.is_planned for each in self.reviews):
            return None
        today: dt.date = timezone.localdate()
        return round_of(self.file.participant, self.enrolment.start, self.file.user, as_of=today)
