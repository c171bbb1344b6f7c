"""docker-compose.yml, Dockerfile and the scripts in deploy/: what can be read from them, and what they refuse."""

import os
import re
import subprocess
import time

import pytest

from tests.config.conftest import run
from tests.config.installation import DOT_ENV, ROOT, composed, filled_in

COMPOSE = composed()
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat", "backup")


@pytest.mark.parametrize("name", DOT_ENV)
def test_it_does_not_start_without_what_must_be_said(name):
    with pytest.raises(KeyError, match=name):
        filled_in(COMPOSE, {key: value for key, value in DOT_ENV.items() if key != name})


def test_no_secret_has_a_default_or_is_in_the_environment():
    for name, service in SERVICES.items():
        for key in service.get("environment", {}):
            secret = re.search(r"SECRET_KEY|PASSWORD|TOKEN|_URL", key)
            assert not secret or key.endswith("_FILE"), f"{name}: {key}"
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"${{SECRETS_FOLDER:-./secrets}}/{name}"}
    assert "secrets" in (ROOT / ".dockerignore").read_text().split()
    assert "secrets/" in (ROOT / ".gitignore").read_text().split()


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_watched_bounded_and_shut_in(name):
    service = SERVICES[name]
    assert "test" in service["healthcheck"] or service["healthcheck"] == {"disable": True}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["restart"]
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])
    assert "container_name" not in service  # or it could not be scaled
    if name not in {"migrate", "backup"}:
        assert "limits" in service["deploy"]["resources"]
    if name != "proxy":
        assert "ports" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_gets_the_secrets_it_reads_and_no_others(name):
    service = SERVICES[name]
    text = str(service.get("environment", "")) + str(service.get("command", ""))
    assert set(re.findall(r"/run/secrets/(\w+)", text)) == set(service.get("secrets", []))


def test_our_services_share_one_image_that_is_built_here():
    assert {(SERVICES[name]["image"], SERVICES[name]["build"]) for name in OURS} == {
        ("jobbspar:${JOBBSPAR_VERSION:-latest}", ".")
    }


def test_only_what_changes_the_schema_or_copies_it_knows_the_owner():
    assert {name for name in OURS if "database_owner_url" in SERVICES[name]["secrets"]} == {"migrate", "backup"}


def test_everything_waits_for_the_schema():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_there_is_one_schedule_and_the_inner_network_has_no_way_out():
    assert SERVICES["beat"]["deploy"]["replicas"] == 1
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["db"]["networks"] == SERVICES["valkey"]["networks"] == ["inside"]
    assert SERVICES["db"]["image"] == "postgres:18"


def test_volumes_and_mounted_files_are_there():
    named = set()
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists()
            else:
                named.add(source)
    assert named == set(COMPOSE["volumes"])


def test_the_proxy_logs_no_address():
    """It may be a supervisor's whole key, and Caddy would write down each one that it could not pass on."""
    lines = {line.strip() for line in (ROOT / "deploy/Caddyfile").read_text().splitlines()}
    assert {"request>uri delete", "request>headers delete"} <= lines


def test_the_image_has_no_rights_no_compiler_and_the_libraries_for_documents():
    text = (ROOT / "Dockerfile").read_text()
    final = text.split("\nFROM ")[-1]
    assert "--require-hashes -r requirements/runtime.lock" in text
    assert not re.search(r"\bgcc\b|build-essential|-dev\b", text)
    assert re.search(r"^USER jobbspar$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    setup = (ROOT / "scripts/setup").read_text().split("LIBRARIES = {")[1].split("}")[0]
    for package in re.findall(r': "([^"]+)"', setup):
        assert package in final
    assert "SECRET_KEY" not in final


def test_the_image_carries_everything_that_is_run():
    apps = {app.parent.name for app in ROOT.glob("*/apps.py")}
    needed = apps | {"locale", "manage.py", "requirements", "scripts", "static", "templates"}
    assert not needed & set((ROOT / ".dockerignore").read_text().split())


def test_secrets_are_drawn_once_and_closed_to_others(tmp_path):
    def draw():
        done = subprocess.run([ROOT / "deploy/make-secrets", tmp_path / "s"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return {file.name: file.read_text() for file in (tmp_path / "s").iterdir()}

    first = draw()
    assert set(first) | {"email_url"} == set(COMPOSE["secrets"])
    assert draw() == first
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o700
    for name in ("secret_key_fallbacks", "seal_key", "seal_key_password", "seal_certificate"):
        assert first.pop(name) == "\n"
    passwords = [re.search(r"[0-9a-f]{64,}", text)[0] for text in first.values()]
    assert len(set(passwords)) == len(passwords)


GOOD = "postgres://jobbspar_app:secret-1@db:5432/jobbspar"


@pytest.mark.parametrize(
    ("application", "owner", "word"),
    [
        ("", GOOD, "DATABASE_URL must look like"),
        (GOOD, "", "DATABASE_OWNER_URL must look like"),
        (GOOD, "postgres://owner:it's@db/jobbspar", "DATABASE_OWNER_URL must look like"),
        (GOOD, "postgres://owner:x@db/other", "different databases"),
        (GOOD, GOOD, "the same role"),
    ],
)
def test_roles_are_not_made_from_addresses_that_cannot_be_right(application, owner, word):
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": application, "DATABASE_OWNER_URL": owner}
    done = subprocess.run([ROOT / "deploy/database-roles"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert word in done.stderr
    assert "secret-1" not in done.stderr


def test_a_schedule_that_fell_silent_is_not_alive(tmp_path):
    file = tmp_path / "schedule"
    where = {"BEAT_SCHEDULE": str(file)}
    assert "no schedule file" in run("-m", "config.alive", "beat", **where).stderr
    (tmp_path / "schedule.db").write_text("x")
    assert run("-m", "config.alive", "beat", **where).returncode == 0
    os.utime(tmp_path / "schedule.db", (0, time.time() - 900))
    silent = run("-m", "config.alive", "beat", **where)
    assert (silent.returncode, "has sent nothing for 9" in silent.stderr) == (1, True)


def test_a_web_server_that_does_not_answer_is_not_alive():
    done = run("-m", "config.alive", "web", WEB_BIND="127.0.0.1:1")
    assert (done.returncode, "does not answer" in done.stderr) == (1, True)
    assert "usage" in run("-m", "config.alive", "else").stderr
