"""What all tests share: the fixed cast, somebody who acts beside, a clock that can be put on a day, and settings that
make many small servers quick."""

import pytest

from tests.beside import beside
from tests.cast import cast
from tests.clock import clock

__all__ = ["beside", "cast", "clock"]


@pytest.fixture(autouse=True)
def quick(settings):
    """What is slow on purpose, or done once by a server that runs on; the tests do both thousands of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SEAL_DEMO_FOLDER = None  # nothing is sealed by a key that another test has made
    settings.WHITENOISE_AUTOREFRESH = True  # each test client is a server: it need not read every static file first
