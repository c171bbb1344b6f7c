"""The permission table holds: every address × every role, deny by default, and docs/permissions.md says the same."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.models import AccessLogEntry
from tests.permissions import BY_SECRET_ADDRESS, PUBLIC, ROLES, TABLE

PROJECT = Path(__file__).resolve().parent.parent
#: Who tries a method that an address does not have: it is refused before anybody asks who they are.
TRY_IN_VAIN = ("anonymous", "coach", "administrator")
#: Who is to be kept out, at every run; those who may come in, and how far, in the slow proofs.
FIRST = ("anonymous", "outsider")


def batched(rows, size=8):
    """The rows some at a time: who is who is stored once for as many."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def addresses(resolver=None, namespaces=()):
    """Every address of the product: (name with its namespaces, view)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from addresses(pattern, (*namespaces, *inner))
        else:
            yield ":".join((*namespaces, pattern.name or "")), pattern.callback


def test_every_address_has_a_name_and_a_row():
    names = [name for name, _view in addresses()]
    assert all(name and not name.endswith(":") for name in names)
    assert sorted(names) == sorted(row.name for row in TABLE), "an address without a row in tests/permissions/"


def test_only_what_is_listed_is_reached_without_signing_in():
    public = {name for name, view in addresses() if not getattr(view, "login_required", True)}
    assert public == PUBLIC
    assert public == {row.name for row in TABLE if row.is_public}


def test_only_what_is_reached_by_a_secret_address_takes_forms_without_a_token_of_the_site():
    exempt = {name for name, view in addresses() if getattr(view, "csrf_exempt", False)}
    assert exempt == BY_SECRET_ADDRESS
    assert exempt <= PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize("rows", batched(TABLE), ids=lambda rows: rows[0].name)
def test_whoever_comes_from_elsewhere_gets_what_the_table_says(rows, cast, monkeypatch):
    try_the(FIRST, rows, cast, monkeypatch)


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db
@pytest.mark.parametrize("rows", batched(TABLE), ids=lambda rows: rows[0].name)
def test_everybody_else_gets_what_the_table_says(rows, cast, monkeypatch):
    try_the([role for role in ROLES if role not in FIRST], rows, cast, monkeypatch)


def try_the(roles, rows, cast, monkeypatch) -> None:
    """Every role opens the address of each row, and posts to it; whatever the table does not say fails the test."""
    monkeypatch.setattr(settings, "DEMO", False)
    users = {role: None if role == "anonymous" else getattr(cast, role) for role in roles}
    sessions = {role: signed_in(user) for role, user in users.items()}
    wrong = []
    for row in rows:
        each = transaction.atomic()  # no row meets what another one was about
        each._from_testcase = True  # as Django's own around a test: what must be outermost may be inside it
        with each:
            address = None if row.is_about_the_user else reverse(row.name, args=row.args(cast, None))
            for role, user in users.items():
                wrong += tried(row, role, user, sessions[role], cast, address)
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def tried(row, role, user, session, cast, address) -> list[str]:
    """What the row does not say of the role, as sentences."""
    wrong = []
    for method in ("get", "post"):
        if getattr(row, method) is None and role not in TRY_IN_VAIN:
            continue
        with transaction.atomic():  # each try begins from the same rows
            found = answer(row, method, user and type(user).objects.get(pk=user.pk), session, cast, address)
            transaction.set_rollback(True)
        if found != row.expected(method, role):
            wrong.append(f"{row.name}: {method} as {role}: {found}, the table says {row.expected(method, role)}")
    return wrong


def signed_in(user) -> str:
    """The key of a session in which the user is signed in; none for whoever is not."""
    client = Client()
    if user:
        client.force_login(user)
    return client.session.session_key if user else ""


def answer(row, method, user, session, cast, address) -> int | None:
    """The status; None when the answer leads to sign-in. Without an address the user has one of their own."""
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    address = address or reverse(row.name, args=row.args(cast, user))
    response = client.get(address) if method == "get" else client.post(address, row.data(cast, user))
    if response.status_code == 200 and not row.is_public:  # computers are shared
        assert "no-store" in response.headers.get("Cache-Control", ""), f"{row.name} may stay in the browser"
    if response.status_code == 403:
        assert AccessLogEntry.objects.filter(act="denied", actor=user).exists(), f"{row.name} was denied unseen"
    if not row.is_public and response.status_code == 302 and response.url.startswith(reverse("account_login")):
        return None
    if row.name == "healthz" and response.status_code == 503:
        return 200  # who may ask is the matter here, not how the servers are
    return response.status_code


def test_the_document_says_what_the_table_says():
    done = subprocess.run(
        [sys.executable, PROJECT / "scripts" / "permissions", "--check"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
