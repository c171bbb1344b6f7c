"""Tests run against real servers in a folder of their own, as the application role, and with a few guards on.

The servers start with the first test that needs them and stop with the last process that used them (pytest, or
the workers of pytest-xdist), so `make run` and `make test` do not meet.
"""

import contextlib
import fcntl
import gc
import os
import re

import pytest

from config import embedded, roles

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's sync API runs an event loop


def pytest_configure(config):
    """One session at a time for each data folder: two would remove each other's test database."""
    # Looking for what is garbage among so many live objects took a tenth of the time of the tests.
    gc.set_threshold(50_000, 20, 50)
    if hasattr(config, "workerinput"):
        return
    embedded.make_home()
    session = (embedded.home() / "session.lock").open("w")
    try:
        fcntl.flock(session, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pytest.exit(f"Other tests are running with the data in {embedded.home()}; set JOBBSPAR_DATA.", returncode=3)
    config.add_cleanup(session.close)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The servers run for the whole session, from the first test that needs them."""
    from django.conf import settings

    if settings.EMBEDDED_POSTGRES:  # else a server of the tests' own is given: both roles must exist there
        embedded.postgres.acquire()
    if settings.EMBEDDED_VALKEY:
        embedded.valkey.acquire()


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Make the test database as the owner of its schema; the tests themselves run as the application role."""
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    from tests.database import emptied_quickly

    verbosity = request.config.option.verbose
    with django_db_blocker.unblock(), roles.as_owner():
        made = setup_databases(verbosity=verbosity, interactive=False, serialized_aliases=[])
    with emptied_quickly(pytest.MonkeyPatch()) if settings.EMBEDDED_POSTGRES else contextlib.nullcontext():
        yield
    _end_sessions()
    with django_db_blocker.unblock(), roles.as_owner():
        teardown_databases(made, verbosity=verbosity)


def _end_sessions() -> None:
    """End what is still connected to the test database: a live server's thread may outlast its last test."""
    from django.conf import settings
    from django.db import connection

    from tests.database import superuser

    connection.close()
    if settings.EMBEDDED_POSTGRES:  # nobody but the superuser may, and of another's server we are not that
        with superuser("postgres") as connection_of_superuser:
            connection_of_superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [settings.DATABASES["default"]["NAME"]],
            )


FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
POST = re.compile(r"""\bmethod=["']?post""", re.IGNORECASE)


@pytest.fixture(autouse=True)
def forms_carry_a_csrf_token(monkeypatch):
    """Every form that posts, on any page a test fetches, has its token (Django's test client would not miss it).

    But for pages that are reached by a secret address and ask for none: tests/test_permissions.py lists them.
    """
    from django.test import Client

    request = Client.request

    def checked(self, **extra):
        response = request(self, **extra)
        view = getattr(response.wsgi_request.resolver_match, "func", None)
        if getattr(view, "csrf_exempt", False):
            return response
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            for attributes, content in FORM.findall(response.content.decode(errors="replace")):
                if POST.search(attributes):
                    assert "csrfmiddlewaretoken" in content, f"a form without csrf_token: <form{attributes}>"
        return response

    monkeypatch.setattr(Client, "request", checked)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium, quiet and without its own sandbox (tests may run as root)."""
    switches = (
        "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update "
        "disable-sync disable-dev-shm-usage"
    )
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": [f"--{switch}" for switch in switches.split()],
    }
