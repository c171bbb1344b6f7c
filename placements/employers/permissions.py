"""Who may do what with employers, workplaces and supervisors. That they are visible is decided by `visible_to`."""

from accounts.models import Role, User
from participants.querysets import CASE_ROLES
from placements.models import EmployerNote, SupportVisit


def can_see_employers(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators and managers, all employers of the municipality. Who is placed there they
    see only as far as they may see the case (`Placement.objects.visible_to`)."""
    return user.reach.has(*CASE_ROLES)


def can_keep_employers(user: User, _obj: object = None) -> bool:
    """The same people write: a coach who finds a workplace for somebody enters it, as coaches have entered
    supervisors from the beginning. Each change stands in the history with its author."""
    return can_see_employers(user)


def can_remove_note(user: User, note: EmployerNote | SupportVisit) -> bool:
    """A note, or what was written of a support visit, is taken away by who wrote it, or by a manager: somebody may
    have written of a participant where everybody reads."""
    author = note.author_id if isinstance(note, EmployerNote) else note.by_id
    return author == user.pk or user.reach.has(Role.MANAGER)
