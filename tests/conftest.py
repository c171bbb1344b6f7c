"""What all tests share: the fixed cast, and settings that make many small servers quick."""

import pytest

from tests.cast import cast

__all__ = ["cast"]


@pytest.fixture(autouse=True)
def quick(settings):
    """What is slow on purpose, or done once by a server that runs on; the tests do both thousands of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # each test client is a server: it need not read every static file first
