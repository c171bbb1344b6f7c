"""Who may do what with mappings. That a participant is visible at all is decided by `visible_to`."""

from accounts.models import User
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES


def can_write_mapping(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment. Managers read. Whether a
    protected person's file is open to the user at all is asked before (`visible_to`)."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_read_health(user: User, enrolment: Enrolment) -> bool:
    """Who may write the mapping, and asks for it one mapping at a time, which is written to the access log. Managers
    do not need it for their work (lag 2001:454 10 §: access limited to what is needed)."""
    return can_write_mapping(user, enrolment)
