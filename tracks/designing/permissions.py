"""Who reads and who writes what a job track is."""

from accounts.models import User
from tracks.querysets import DESIGNING_ROLES, READING_ROLES


def can_see_tracks(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators, managers and administrators: tracks are the municipality's."""
    return user.reach.has(*READING_ROLES)


def can_design_tracks(user: User, _obj: object = None) -> bool:
    """Managers, of any unit or of the whole municipality, and administrators create tracks, write and publish their
    versions, and close them. Nobody is named in a track."""
    return user.reach.has(*DESIGNING_ROLES)
