"""What the tests of sign-in and administration share."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_limits():
    """The rate limits of sign-in count in the cache: each test begins with none used."""
    cache.clear()


@pytest.fixture
def office(client, cast):
    """The test client, signed in as the administrator of the cast."""
    client.force_login(cast.administrator)
    return client
