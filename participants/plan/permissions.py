"""Who may do what with plans. That a participant is visible at all is decided by `visible_to`."""

from accounts.models import Role, User
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES


def can_write_plan(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment write, decide, review and
    close the plan, and say what becomes of milestones and activities. Managers read. Whether a protected person's
    file is open to the user is asked before (`visible_to`)."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_see_outcomes(user: User, _obj: object = None) -> bool:
    """Managers see what came of the ended activities, of their own units. Nothing of it is published."""
    return user.reach.has(Role.MANAGER)
