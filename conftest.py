"""Tests run against real servers: an embedded PostgreSQL and Valkey in a folder of their own, as the application role."""

import os

import pytest

from config import embedded, roles

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's sync API runs an event loop


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The servers run for the whole session, whichever worker comes first."""
    from django.conf import settings

    if settings.EMBEDDED_POSTGRES:
        embedded.postgres.acquire()
    if settings.EMBEDDED_VALKEY:
        embedded.valkey.acquire()


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Make the test database as the owner; the tests themselves run as the application role."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock(), roles.as_owner():
        made = setup_databases(verbosity=request.config.option.verbose, interactive=False)
    yield
    with django_db_blocker.unblock(), roles.as_owner():
        teardown_databases(made, verbosity=request.config.option.verbose)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium, quiet and without its own sandbox (tests may run as root)."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }
