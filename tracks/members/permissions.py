"""Who may do what with participants on job tracks. Whether the case is visible at all is asked before."""

from accounts.models import User
from participants.models import Enrolment
from placements.booking.permissions import can_book
from tracks.models import Round
from tracks.rounds.permissions import can_run_round


def can_lead(user: User, enrolment: Enrolment) -> bool:
    """Whoever may book in the case (job coaches and placement coordinators of the unit that answers for it) proposes
    the participant for a round, notes the answer to an offer, lets them begin and moves them on, makes exceptions
    from gates, notes documents, and says how it ended. Managers read."""
    return can_book(user, enrolment)


def can_offer(user: User, round: Round) -> bool:
    """Whoever runs the round offers its seats, in the order of priority, and takes an offer back: also to somebody
    whose case another unit answers for, of whom they see no name."""
    return can_run_round(user, round)
