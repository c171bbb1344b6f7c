"""The participant's file as one user sees it: the person, and the enrolments within the user's scope."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import User
from participants import permissions
from participants.models import Enrolment, Participant
from participants.together import read_together
from vocabulary.languages import language_name


@dataclass(frozen=True, eq=False)
class CaseRows:
    """One kind of row that a case is told from: which they are, by the enrolments the reader may see, and the reader.

    A file reads each kind once, whoever asks (`ParticipantFile.rows`), and many kinds with one query (`read`).
    """

    of: Callable[[list[Enrolment], User], QuerySet]


class ParticipantFile:
    """One participant and what of the case the user may see. Made by `file_for`; never empty of enrolments."""

    def __init__(self, *, participant: Participant, enrolments: list[Enrolment], user: User):
        self.participant = participant
        self.enrolments = enrolments
        self.user = user
        self._rows: dict[CaseRows, list[Model]] = {}

    def rows(self, kind: CaseRows) -> list:
        """The rows of that kind, read when somebody first asks, each with the file's own `enrolment`."""
        self.read([kind])
        return self._rows[kind]

    def read(self, kinds: Iterable[CaseRows]) -> None:
        """Read what is not yet read of these kinds, with one query."""
        missing = [kind for kind in dict.fromkeys(kinds) if kind not in self._rows]
        if not missing:
            return
        asked = [kind.of(self.enrolments, self.user) for kind in missing]
        found = read_together(self.latest, asked) if len(asked) > 1 else [list(asked[0])]
        cases = {enrolment.pk: enrolment for enrolment in self.enrolments}
        for kind, rows in zip(missing, found, strict=True):
            for row in rows:
                if getattr(row, "enrolment_id", None) in cases:
                    row.enrolment = cases[row.enrolment_id]
            self._rows[kind] = rows

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
        .prefetch_related("unit__terms")
        .order_by("-start", "-pk")
    )
    if not enrolments:
        return None
    for enrolment in enrolments:
        enrolment.participant = enrolments[0].participant
    return ParticipantFile(participant=enrolments[0].participant, enrolments=enrolments, user=user)


def case_to_write_in(file: ParticipantFile) -> Enrolment:
    """The enrolment a contact is written in: the one that is open today, else the latest within the user's scope."""
    today = timezone.localdate()
    begun = [enrolment for enrolment in file.enrolments if enrolment.start <= today]
    return next((enrolment for enrolment in begun if enrolment.is_open), begun[0] if begun else file.latest)
