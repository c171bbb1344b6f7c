"""Who may do what with a placement. That it is visible at all is decided by `visible_to`."""

from accounts.models import Role, User
from accounts.scope import Scope
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES


def can_book(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment book placements, settle what
    is to be settled before they begin, change, extend, end and cancel them. Managers read. Whether a protected
    person's file is open to the user is asked before (`visible_to`)."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_annul_end(user: User, enrolment: Enrolment) -> bool:
    """Managers of the unit that answers for the enrolment annul an end that was registered in error: it changes
    figures that may have been told already, so whoever made it does not do it alone."""
    return enrolment.unit_id in user.reach.scope(Role.MANAGER)


def consultation_scope(user: User) -> Scope:
    """Of which units' placements a union representative sees the consultations."""
    return user.reach.scope(Role.UNION_REPRESENTATIVE)


def can_see_consultations(user: User, _obj: object = None) -> bool:
    """Union representatives see where, what sort of placement, when and how many: never whose, nor anything of the
    case. Whoever sees the placements themselves has no need of the page."""
    return bool(consultation_scope(user))
