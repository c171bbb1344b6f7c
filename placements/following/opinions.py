"""What the participant says of how a follow-up was answered: agrees, or not, and why.

It is about words that stand, so the answer must have been read; and it is an official record as an entry of the
journal is: who wrote it down mends it on the same day, and after that it stands.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placements.models import FollowUp, ParticipantOpinion
from placements.permissions import can_mend_opinion
from placements.services.answers import followup_locked


class NotYet(Exception):
    """Nobody has answered, or nobody has read the answer: there is nothing that stands to have an opinion of."""


class OpinionStands(Exception):
    """Somebody else wrote the opinion down, or it was not today."""

    def __init__(self, opinion: ParticipantOpinion):
        super().__init__()
        self.opinion = opinion


@transaction.atomic
def opinion_write(*, followup: FollowUp, agrees: bool, comment: str, said_on: dt.date, actor: User) -> None:
    """Write down the participant's opinion, or mend it on the same day. The same once more changes nothing. Raises
    NotYet and OpinionStands."""
    current = followup_locked(followup)
    answer, opinion = getattr(current, "answer", None), getattr(current, "opinion", None)
    if answer is None or not answer.is_read:
        raise NotYet
    said = {"agrees": agrees, "comment": comment, "said_on": said_on}
    if opinion is None:
        ParticipantOpinion.objects.create(followup=followup, by=actor, by_name=actor.full_name, **said)
        return
    if all(getattr(opinion, name) == value for name, value in said.items()):
        return
    if not can_mend_opinion(actor, opinion, timezone.localdate()):
        raise OpinionStands(opinion)
    for name, value in said.items():
        setattr(opinion, name, value)
    opinion.save(update_fields=list(said))
