"""Who may do what with placements and their follow-ups.

That they are visible at all is decided by `visible_to`; these functions say what else may be done.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES
from placements.models import FollowUpAnswer, ParticipantOpinion


def can_follow_up(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment plan follow-ups, name the
    supervisor, send links, read answers for the unit and write down what was said in a call. Managers see it all
    and change nothing. Whether a protected person's file is open to the user is asked before (`visible_to`)."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_amend_answer(user: User, answer: FollowUpAnswer, day: dt.date) -> bool:
    """An answer that staff wrote down: its author, on the calendar day on which it was written, until the participant
    has said what they think of it. A supervisor's own words are changed by nobody else, whoever may read them."""
    return (
        answer.author_id == user.pk
        and timezone.localdate(answer.filed_at) == day
        and not hasattr(answer.followup, "opinion")
        and can_follow_up(user, answer.followup.enrolment)
    )


def can_mend_opinion(user: User, opinion: ParticipantOpinion, day: dt.date) -> bool:
    """The participant's opinion of an answer: who wrote it down, on the calendar day on which it was written."""
    return opinion.by_id == user.pk and timezone.localdate(opinion.written_at) == day
