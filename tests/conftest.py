"""What all tests share: the fixed cast, a clock that can be put on a day, and passwords that are quick to store."""

import pytest

from tests.cast import cast
from tests.clock import clock

__all__ = ["cast", "clock"]


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Storing a password is slow on purpose; the tests store thousands."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
