"""Who may do what with groups. That a group is visible at all is decided by `visible_to`."""

from accounts.models import User
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES
from participants.querysets import CASE_ROLES
from placements.models import Group


def can_see_groups(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators and managers, the groups of their own units (`visible_to`). Whoever sees a
    group changes it, plans and cancels its sessions and marks attendance; whose name they see in it is decided by the
    enrolments that are visible to them."""
    return user.reach.has(*CASE_ROLES)


def can_start_group(user: User, _obj: object = None) -> bool:
    """Whoever works with cases somewhere starts a group there, and is asked in which unit."""
    return can_see_groups(user)


def can_seat_in(user: User, group: Group) -> bool:
    """Job coaches and placement coordinators of the group's unit give seats in it."""
    return group.unit_id in user.reach.scope(*WRITING_ROLES)


def can_take_seat(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment give the participant a seat
    in a group of that unit, and take it back. Whether a protected person's file is open to the user is asked
    before (`visible_to`)."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)
