"""The participant's file as one user sees it: the person, and the enrolments within the user's scope."""

import uuid
from functools import cached_property

from accounts.models import Unit, User
from participants import permissions
from participants.models import Enrolment, Participant
from vocabulary.languages import language_name


class ParticipantFile:
    """One participant and what of the case the user may see. Made by `file_for`; never empty of enrolments."""

    def __init__(self, *, participant: Participant, enrolments: list[Enrolment], user: User):
        self.participant = participant
        self.enrolments = enrolments
        self.user = user

    @property
    def public_id(self) -> uuid.UUID:
        return self.participant.public_id

    @property
    def latest(self) -> Enrolment:
        """The enrolment the file is about: the latest one within the user's scope."""
        return self.enrolments[0]

    @property
    def earlier(self) -> list[Enrolment]:
        return self.enrolments[1:]

    @property
    def language(self) -> str:
        """The language that an interpreter is needed for; empty if none is."""
        return language_name(self.participant.language)

    @cached_property
    def can_see_access_log(self) -> bool:
        return any(permissions.can_see_access_log(self.user, enrolment) for enrolment in self.enrolments)

    @property
    def unit_codes(self) -> list[str]:
        """The units whose enrolments are shown, for the access log."""
        return sorted({enrolment.unit.code for enrolment in self.enrolments})


def file_for(user: User, public_id: uuid.UUID) -> ParticipantFile | None:
    """The file of the participant with that id as `user` may see it; None if there is none the user may see."""
    enrolments = list(
        Enrolment.objects.visible_to(user)
        .filter(participant__public_id=public_id)
        .select_related("participant", "coach", "unit")
        .order_by("-start", "-pk")
    )
    if not enrolments:
        return None
    units = {unit.pk: unit for unit in Unit.objects.named().filter(pk__in={each.unit_id for each in enrolments})}
    for enrolment in enrolments:
        enrolment.unit = units[enrolment.unit_id]
        enrolment.participant = enrolments[0].participant
    return ParticipantFile(participant=enrolments[0].participant, enrolments=enrolments, user=user)
