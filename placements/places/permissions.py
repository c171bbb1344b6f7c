"""Who may do what in the place bank."""

from accounts.models import User
from participants.querysets import CASE_ROLES


def can_see_places(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators and managers: the places are the whole city's. Who is on one of them is
    shown only of cases that are visible to the user."""
    return user.reach.has(*CASE_ROLES)


def can_write_places(user: User, _obj: object = None) -> bool:
    """Placement coordinators and managers keep the place bank; and job coaches, who find places for their own
    participants and write down what they have found."""
    return user.reach.has(*CASE_ROLES)
