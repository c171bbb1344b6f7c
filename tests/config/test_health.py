"""/healthz, as monitoring asks it."""

import time

import pytest
from django.db import OperationalError, connection

from config.celery import app
from tests.config.conftest import run


@pytest.mark.django_db
def test_it_is_well_when_everything_answers(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200, answer.content
    assert answer.json()["ok"] is True
    assert {"database", "broker"} <= set(answer.json()["checks"])
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_it_says_soon_that_the_broker_is_gone(client, monkeypatch, tmp_path):
    nowhere = f"redis+socket://{tmp_path}/nothing.sock"
    monkeypatch.setattr(app.conf, "broker_url", nowhere)
    monkeypatch.setattr(app.conf, "broker_write_url", nowhere)
    started = time.monotonic()
    answer = client.get("/healthz")
    assert time.monotonic() - started < 5
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["broker"] == {"ok": False, "detail": "does not answer"}
    assert checks["database"]["ok"] is True


WITHOUT_DATABASE = """
import django
django.setup()
from django.test import Client
answer = Client(headers={"Host": "localhost"}).get("/healthz")
print(answer.status_code, answer.json()["checks"]["database"]["ok"])
"""


@pytest.mark.deep
def test_it_says_that_the_database_is_gone():
    result = run(
        "-c", WITHOUT_DATABASE, DATABASE_URL="postgres://x:y@127.0.0.1:1/z", REDIS_URL="redis://127.0.0.1:1/0"
    )
    assert result.stdout.strip() == "503 False", result.stderr


def test_a_database_that_is_away_is_said_plainly_on_every_page(client, db):
    def away(*_):
        raise OperationalError

    client.raise_request_exception = False
    with connection.execute_wrapper(away):
        client.cookies["sessionid"] = "somebody's"
        answer = client.get("/deltagare/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Systemet går inte att nå just nu" in answer.content.decode()
