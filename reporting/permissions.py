"""Who sees which figures. Each function asks the user's memberships and nothing of the request."""

from accounts.models import Role, Unit, User
from accounts.scope import Scope
from participants.querysets import CASE_ROLES


def can_open_reports(user: User, _obj: object = None) -> bool:
    """Managers see figures of what they lead; analysts see what has been published. Nobody else has the page."""
    return user.reach.has(Role.MANAGER, Role.ANALYST)


def figures_scope(user: User) -> Scope:
    """The units whose internal figures the user sees: those the user leads, or the whole municipality."""
    return user.reach.scope(Role.MANAGER)


def can_see_internal_figures(user: User, _obj: object = None) -> bool:
    """Managers only. No internal figure reaches an analyst: neither page, file nor list."""
    return bool(figures_scope(user))


def can_see_figures_of(user: User, unit: Unit | None) -> bool:
    """A manager of the unit, or of the whole municipality; the whole (no unit) only for the latter. Figures are of
    everybody in the unit, never of a caseload."""
    scope = figures_scope(user)
    return unit.pk in scope if unit else scope.everything


def can_see_list_of(user: User, unit: Unit | None) -> bool:
    """Whoever sees the figure may open the list behind it; it shows the persons the user may see and tells how many
    the others are."""
    return can_see_figures_of(user, unit)


def can_write_report(user: User, unit: Unit | None) -> bool:
    """Whoever sees the internal figures that a report tells may draft, comment, freeze and correct it."""
    return can_see_figures_of(user, unit)


def can_publish(user: User, _obj: object = None) -> bool:
    """Managers of the whole municipality: what is published is published for all of it."""
    return figures_scope(user).everything


def can_see_tracks(user: User, _obj: object = None) -> bool:
    """Whoever works with participants, leads them, analyses or administers: pictures of job tracks in which small
    numbers are hidden and nobody is named, of the whole municipality."""
    return user.reach.has(*CASE_ROLES, Role.ANALYST, Role.ADMINISTRATOR)


def can_see_targets(user: User, _obj: object = None) -> bool:
    """Managers of the whole municipality: departments receive from all units, so these are figures of the whole."""
    return can_see_figures_of(user, None)


def can_set_targets(user: User, _obj: object = None) -> bool:
    """Whoever sees the targets enters them; who changed what stands under the table."""
    return can_see_targets(user)
