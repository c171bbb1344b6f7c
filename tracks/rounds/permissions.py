"""Who may do what with rounds. That a round is visible at all is decided by `visible_to`."""

from accounts.models import User
from accounts.scope import Scope
from participants.querysets import CASE_ROLES
from tracks.models import Round
from tracks.querysets import READING_ROLES


def can_see_rounds(user: User, _obj: object = None) -> bool:
    """Whoever works with participants, and administrators: a round is open to coaches of every unit. Whose name they
    see in it is decided by the cases that are visible to them; of others it tells a number."""
    return user.reach.has(*READING_ROLES)


def running_scope(user: User) -> Scope:
    """Of which units the user runs rounds: job coaches, placement coordinators and managers of the unit."""
    return user.reach.scope(*CASE_ROLES)


def can_begin_rounds(user: User, _obj: object = None) -> bool:
    """Whoever works with cases somewhere begins a round there, and is asked in which unit."""
    return bool(running_scope(user))


def can_run_round(user: User, round: Round) -> bool:
    """Job coaches, placement coordinators and managers of the unit that answers for the round change it, say how many
    seats it has and who takes people on, open and close it, and offer its seats."""
    return round.unit_id in running_scope(user)
