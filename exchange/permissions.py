"""Who may take the whole record in."""

from accounts.models import User
from accounts.permissions import is_administrator


def can_load_register(user: User, _obj: object = None) -> bool:
    """Administrators load registers. The report they get names rows and columns, never a person."""
    return is_administrator(user)
