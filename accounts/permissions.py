"""Who may administer. Each function asks the user's memberships and nothing of the request."""

from django.conf import settings

from accounts.models import Role, User


def is_administrator(user: User) -> bool:
    """Administrators keep users, units, settings and reference data. They see no case content."""
    return user.reach.has(Role.ADMINISTRATOR)


def can_administer(user: User, _obj: object = None) -> bool:
    """Users, units, memberships and settings: administrators only."""
    return is_administrator(user)


def must_have_second_factor(_user: User) -> bool:
    """Everybody signs in with a second factor where the installation requires it: always in production."""
    return settings.MFA_REQUIRED
