"""Who reviews what employers offer."""

from accounts.models import Role, User


def can_review_offers(user: User, _obj: object = None) -> bool:
    """Placement coordinators and managers decide what becomes of a place that an employer offers."""
    return user.reach.has(Role.PLACEMENT_COORDINATOR, Role.MANAGER)
