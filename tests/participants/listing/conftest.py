import pytest

from tests.participants.listing.pages import LIST


@pytest.fixture
def listed(client):
    """The list as a user sees it: `listed(user, show="all", q="anna")`."""

    def get(user, expect=200, headers=None, **params):
        client.force_login(user)
        response = client.get(LIST, params, headers=headers)
        assert response.status_code == expect
        return response

    return get
