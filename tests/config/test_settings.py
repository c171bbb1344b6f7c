"""Production starts with everything it needs, or says in one sentence what is missing."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from placements.models.link import FollowUpLink
from tests.config.conftest import run

PRODUCTION = {
    "JOBBSPAR_ENV": "production",
    "SECRET_KEY": "a-long-random-string-that-only-this-test-knows-9f8a7s6d5f4a3s2d1",
    "ALLOWED_HOSTS": "jobbspar.example.se",
    "DATABASE_URL": "postgres://jobbspar_app:secret@127.0.0.1:1/jobbspar",
    "DATABASE_OWNER_URL": "postgres://jobbspar_owner:secret@127.0.0.1:1/jobbspar",
    "JOBBSPAR_ADDRESS": "https://jobbspar.example.se",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def without(name):
    return {key: value for key, value in PRODUCTION.items() if key != name}


def assert_one_sentence(result, *words):
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    for word in words:
        assert word in result.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "JOBBSPAR_ADDRESS", "DATABASE_URL", "REDIS_URL"])
def test_production_refuses_to_start_without(name):
    assert_one_sentence(run("manage.py", "check", **without(name)), f"{name} is not set", ".env.example")


@pytest.mark.deep
@pytest.mark.beside
def test_migrating_in_production_needs_the_owner():
    assert_one_sentence(run("manage.py", "migrate", **without("DATABASE_OWNER_URL")), "DATABASE_OWNER_URL is not set")


@pytest.mark.deep
@pytest.mark.beside
def test_a_backup_of_a_database_that_does_not_answer_says_so(tmp_path):
    result = run("manage.py", "backup", str(tmp_path), **PRODUCTION)
    assert (result.returncode, "The database does not answer" in result.stderr) == (1, True)
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())
    assert_one_sentence(
        run("manage.py", "backup", str(tmp_path), **without("DATABASE_OWNER_URL")), "DATABASE_OWNER_URL"
    )


@pytest.mark.deep
@pytest.mark.beside
def test_production_never_starts_an_embedded_server(data_folder):
    data = {"JOBBSPAR_DATA": str(data_folder.path)}
    assert run("manage.py", "migrate", **PRODUCTION, **data).returncode == 1  # nobody answers at that address
    assert_one_sentence(run("manage.py", "run", **PRODUCTION, **data), "trying out")
    assert not list(data_folder.path.iterdir())


def test_an_unknown_environment_is_refused():
    assert_one_sentence(run("manage.py", "check", JOBBSPAR_ENV="prod"), "JOBBSPAR_ENV")


def test_text_messages_are_not_written_to_the_console_in_production():
    console = "delivery.sms.console.ConsoleBackend"
    assert_one_sentence(run("manage.py", "check", **PRODUCTION | {"SMS_BACKEND": console}), "text messages")


def test_the_demo_is_refused_in_production():
    assert_one_sentence(run("manage.py", "check", **PRODUCTION, JOBBSPAR_DEMO="true"), "JOBBSPAR_DEMO")


def test_the_deployment_check_finds_nothing():
    result = run("-W", "error", "manage.py", "check", "--deploy", "--fail-level", "DEBUG", **PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_secrets_may_come_from_files(tmp_path):
    (tmp_path / "key").write_text("from-a-file\n")
    code = "from config import settings; print(settings.SECRET_KEY)"
    result = run("-c", code, **without("SECRET_KEY"), SECRET_KEY_FILE=str(tmp_path / "key"))
    assert result.stdout == "from-a-file\n", result.stderr  # not the line break of the file as well


FORMER = "from config import settings; print([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])"


@pytest.mark.parametrize(("text", "former"), [("older, oldest\n", ["older", "oldest"]), ("\n", [])])
def test_former_secrets_are_read_from_a_file_of_none_or_several(tmp_path, text, former):
    (tmp_path / "former").write_text(text)
    result = run("-c", FORMER, **PRODUCTION, SECRET_KEY_FALLBACKS_FILE=str(tmp_path / "former"))
    assert result.stdout.strip() == str([PRODUCTION["SECRET_KEY"], *former]), result.stderr


@pytest.mark.django_db
def test_a_change_of_the_secret_breaks_nothing_while_the_former_one_is_named(client, cast, settings):
    """Nobody is signed out, and a mail that is written afterwards still has a link that leads somewhere."""
    former, page = settings.SECRET_KEY, reverse("participants:list")
    client.force_login(cast.coach)
    link = FollowUpLink()
    link.draw_token()
    mailed = link.token
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [former]
    assert client.get(page).status_code == 200
    assert link.token == mailed
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a third", []
    assert client.get(page).status_code == 302
    assert link.token != mailed


def test_a_message_is_not_handed_out_twice_while_its_task_may_still_run(settings):
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT


@pytest.mark.parametrize(
    ("environment", "backend"),
    [
        ({"EMAIL_URL": ""}, "delivery.mail.demo"),
        ({"EMAIL_URL": "smtp+tls://user:secret@mail.example.se:587"}, "delivery.mail.smtp"),
        (PRODUCTION, "delivery.mail.smtp"),
    ],
)
def test_mail_is_kept_in_development_unless_there_is_a_mail_server(environment, backend):
    code = "from config import settings; print(settings.EMAIL_BACKEND)"
    result = run("-c", code, **environment)
    assert result.stdout.strip() == f"{backend}.EmailBackend", result.stderr


LIMITS = """
{first}
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    print(*cursor.fetchone())
"""


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.parametrize(("first", "limits"), [("import config.wsgi", "15s 5s"), ("", "0 0")])
@pytest.mark.django_db
def test_only_web_requests_have_a_time_limit(first, limits):
    result = run("-c", LIMITS.format(first=first), JOBBSPAR_DATA=embedded_data())
    assert result.stdout.strip() == limits, result.stderr


@pytest.mark.deep
@pytest.mark.beside
def test_the_time_limit_keeps_what_the_address_of_the_database_asks_for():
    code = "import config.wsgi; from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    address = f"{PRODUCTION['DATABASE_URL']}?sslmode=verify-full"
    result = run("-c", code, **PRODUCTION | {"DATABASE_URL": address})
    assert "'sslmode': 'verify-full'" in result.stdout, result.stderr
    assert "statement_timeout=15s" in result.stdout


def test_the_schedule_of_production_needs_no_folder_of_the_embedded_servers():
    code = "from config.celery import app; print(app.conf.beat_schedule_filename)"
    result = run("-c", code, **PRODUCTION)
    assert result.stdout.strip() == "celerybeat-schedule", result.stderr


def embedded_data():
    """The data folder of these tests' own server, as a new process has to be told it."""
    return re.sub("/test/run$", "", connection.get_connection_params()["host"])
