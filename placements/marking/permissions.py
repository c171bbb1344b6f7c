"""Who marks attendance at workplaces."""

from accounts.models import User
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES
from participants.querysets import CASE_ROLES


def can_see_week(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators and managers: the weeks of those who are visible to them."""
    return user.reach.has(*CASE_ROLES)


def can_mark(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment. A supervisor marks only on
    the own workplace, by the link to a follow-up. Managers read."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)
