"""A placement whose supervisor has been asked, as the follow-ups have it."""

from tests.placements.conftest import asked

__all__ = ["asked"]
