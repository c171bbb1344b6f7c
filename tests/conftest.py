"""What all tests share: the fixed cast, and passwords that are quick to store."""

import pytest

from tests.cast import cast

__all__ = ["cast"]


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Storing a password is slow on purpose; the tests store thousands."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
