"""Attempts are counted in Valkey. While it is away, people sign in all the same, and the limits still hold."""

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def away(settings):
    """Production's cache, with nobody at its address."""
    shared = {"BACKEND": "config.cache.SharedCounts", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": shared}
    LocMemCache("while Valkey is away", {}).clear()


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_people_sign_in_and_anybody_checks_a_certificate(client):
    UserFactory(email="karin@example.org")
    assert sign_in(client, "karin@example.org").status_code == 302
    assert client.session["_auth_user_id"]
    assert client.get(reverse("competence:verification", args=["0123-ABCD-1111"])).status_code == 404


def test_wrong_passwords_are_counted_all_the_same(client):
    UserFactory(email="karin@example.org")
    for _attempt in range(5):
        sign_in(client, "karin@example.org", "wrong-password")
    assert "För många försök" in sign_in(client, "karin@example.org").content.decode()
    assert "_auth_user_id" not in client.session
