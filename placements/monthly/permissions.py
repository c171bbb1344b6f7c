"""Who makes what is told of a month's attendance, and hands it over."""

from accounts.models import Unit, User
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES, can_export_list, export_scope


def can_make_basis(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment. Managers read."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_make_files(user: User, _obj: object = None) -> bool:
    """Whoever may take lists of participants out as files somewhere: it is one, with identity numbers."""
    return can_export_list(user)


def can_make_file(user: User, unit: Unit) -> bool:
    """The same, for one unit."""
    return unit.pk in export_scope(user)
