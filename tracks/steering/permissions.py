"""Who reads and who keeps steering groups, and who tells how an action goes."""

from accounts.models import Role, User
from tracks.models import Action
from tracks.querysets import READING_ROLES


def can_see_steering(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators, managers and administrators."""
    return user.reach.has(*READING_ROLES)


def can_keep_steering(user: User, _obj: object = None) -> bool:
    """Managers, of any unit or of the whole municipality, and administrators write down groups, meetings, decisions
    and actions."""
    return user.reach.has(Role.MANAGER, Role.ADMINISTRATOR)


def can_report_action(user: User, action: Action) -> bool:
    """Who is to do it tells how it goes, as do those who keep the group."""
    return action.owner_id == user.pk or can_keep_steering(user)
