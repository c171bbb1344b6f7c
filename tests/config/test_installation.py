"""A whole installation as docker-compose.yml describes it: every service's command and health check is run, with two
web servers and two workers. Only the containers themselves are missing."""

import contextlib
import http.client
import json
import re
import signal
import time

import psycopg
import pytest

from tests.config.conftest import new_data_folder, until
from tests.config.installation import ROOT, Installation, free_port

pytestmark = pytest.mark.deep
WEB_PORTS = {"web-1": free_port(), "web-2": free_port()}


@pytest.fixture(scope="module")
def installation():
    """Everything started in the order that `depends_on` gives."""
    with new_data_folder() as folder, contextlib.ExitStack() as stack:
        here = Installation(folder.path)
        stack.callback(here.stop)
        here.make_secrets()
        collect_static(here)
        here.start_database()
        made = here.make_roles()
        assert made.returncode == 0, made.stderr
        here.start("valkey")
        here.until_healthy("valkey")
        migrated = here.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        for name, port in WEB_PORTS.items():
            here.start("web", name=name, WEB_BIND=f"127.0.0.1:{port}")
        here.start("worker", name="worker-1")  # in a container each has a host name of its own
        here.start("worker", "--hostname=second@%h", name="worker-2")
        here.start("beat", JOB_REQUEUE_EVERY_SECONDS="1", JOB_RESEND_SECONDS="1")
        yield here


def collect_static(here):
    """The step of the image's build that needs the project's settings, as the Dockerfile writes it."""
    step = re.search(r"JOBBSPAR_ENV=production SECRET_KEY=build.*?collectstatic[^&]*", dockerfile(), re.DOTALL)[0]
    step = step.replace("\\\n", " ").replace("/opt/jobbspar/static", str(here.folder / "static"))
    step = step.replace("../venv/bin/python", "python")
    done = here.run("db", "sh", "-c", step)
    assert done.returncode == 0, done.stderr


def dockerfile():
    return (ROOT / "Dockerfile").read_text()


def get(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": "jobb.example.se", **headers})
    answer = connection.getresponse()
    return answer, answer.read()


def ask(here, statement, secret="database_url"):
    address = (here.mounted("migrate") / secret).read_text().strip()
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def test_every_service_is_healthy(installation):
    for name, port in WEB_PORTS.items():
        installation.until_healthy("web", WEB_BIND=f"127.0.0.1:{port}")
        assert installation.processes[name].poll() is None
    for service in ("worker", "beat", "db", "valkey"):
        installation.until_healthy(service)


def test_pages_and_their_styles_come_over_the_proxys_tls_only(installation):
    for port in WEB_PORTS.values():
        installation.until_healthy("web", WEB_BIND=f"127.0.0.1:{port}")
        answer, body = get(port, "/konto/logga-in/", **{"X-Forwarded-Proto": "https"})
        assert answer.status == 200
        stylesheet = re.search(rb'<link rel="stylesheet" href="([^"]+)"', body)[1].decode()
        assert re.search(r"\.[0-9a-f]{12}\.css$", stylesheet)
        answer, _body = get(port, stylesheet, **{"X-Forwarded-Proto": "https"})
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)
        assert get(port, "/konto/logga-in/")[0].headers["Location"] == "https://jobb.example.se/konto/logga-in/"
        assert get(port, "/konto/logga-in/", Host="elsewhere.example")[0].status == 400


def test_the_counters_of_all_processes_are_told_by_whichever_is_asked(installation):
    port = WEB_PORTS["web-2"]
    installation.until_healthy("web", WEB_BIND=f"127.0.0.1:{port}")
    token = (installation.mounted("web") / "metrics_token").read_text().strip()
    for _ in range(20):
        assert get(port, "/tillganglighet/", **{"X-Forwarded-Proto": "https"})[0].status == 200
    counted = set()
    for _ in range(10):
        answer, body = get(port, "/metrics", Authorization=f"Bearer {token}")
        assert answer.status == 200
        found = re.search(r'jobbspar_requests_total\{.*route="accessibility".*\} (\S+)', body.decode())
        counted.add(float(found[1]))
    assert counted == {20.0}
    assert get(port, "/metrics")[0].status == 401


JOB = """
from accounts.models import Membership, Role, User
from delivery.services.jobs import NewFile, job_enqueue
owner = User.objects.get_or_create(email="ada@example.se", defaults=dict(given_name="Ada", family_name="Ask"))[0]
Membership.objects.get_or_create(user=owner, role=Role.ADMINISTRATOR)
for number in range(12):
    file = NewFile(name="participants.csv", media_type="text/csv", content=b"not;a;register")
    print(job_enqueue(kind="register_check", owner=owner, params={"source": "x"}, files=[file]).public_id)
"""


def test_both_workers_do_jobs_and_the_schedule_runs_once(installation):
    for name in ("worker-1", "worker-2"):
        log = installation.processes[name].log
        until(lambda log=log: " ready." in log.read_text())
    asked = installation.run("worker", "python", "manage.py", "shell", "--verbosity", "0", "-c", JOB)
    assert asked.returncode == 0, asked.stderr
    jobs = asked.stdout.split()
    until(lambda: ask(installation, "SELECT count(*) FROM delivery_job WHERE finished_at IS NOT NULL") == [(12,)])
    done = [
        {job for job in jobs if job in installation.processes[name].log.read_text()}
        for name in ("worker-1", "worker-2")
    ]
    assert not done[0] & done[1]
    assert done[0] | done[1] == set(jobs)
    assert all(done), "one of the two workers did everything"
    until(lambda: ask(installation, "SELECT count(*) FROM delivery_scheduledrun WHERE ok")[0][0] >= 2)
    answer, body = get(WEB_PORTS["web-1"], "/healthz")
    assert answer.status == 200, json.loads(body)


def test_no_secret_is_where_it_can_be_read(installation):
    """Not in the arguments of a process, not in a log."""
    for name in ("postgres_password", "database_url", "database_owner_url", "redis_url", "secret_key"):
        secret = (installation.secrets / name).read_text().strip()
        password = re.search(r":([0-9a-f]{64})@", secret)
        word = password[1] if password else secret
        for log in [*installation.folder.glob("*.log"), installation.folder / "database/log"]:
            assert word not in log.read_text(errors="replace"), (name, log)
        for process in installation.processes.values():
            for environment in (f"/proc/{process.pid}/cmdline", f"/proc/{process.pid}/environ"):
                with contextlib.suppress(OSError), open(environment, "rb") as file:
                    assert word.encode() not in file.read(), (name, environment)


def test_the_roles_have_no_more_rights_than_they_need(installation):
    for secret in ("database_url", "database_owner_url"):
        assert ask(installation, "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles"
                   " WHERE rolname = current_user", secret) == [(False,)]  # fmt: skip
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(installation, "CREATE TABLE planted (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(installation, "DELETE FROM accounts_accesslogentry")
    assert installation.make_roles().returncode != 0  # a second time it says that they are there, and changes nothing


def test_a_migration_that_meets_a_lock_gives_way_and_goes_on_when_it_is_free(installation):
    address = (installation.mounted("migrate") / "database_owner_url").read_text().strip()
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE django_migrations")
        refused = installation.run("migrate", MIGRATE_LOCK_SECONDS="0.1")
    assert refused.returncode == 1
    assert "attempt 1 of 6 gave way" in refused.stderr
    assert "run migrate again" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert installation.run("migrate").returncode == 0


def test_a_backup_of_it_is_restored_beside_it(installation):
    made = installation.run("backup")
    assert made.returncode == 0, made.stderr
    folder = made.stdout.splitlines()[0]
    with psycopg.connect(
        host="127.0.0.1",
        port=installation.database_port,
        user="postgres",
        password=installation.superuser["PGPASSWORD"],
        autocommit=True,
    ) as superuser:
        superuser.execute("CREATE DATABASE beside OWNER jobbspar_owner")
    beside = {}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        address = (installation.mounted("backup") / name.lower()).read_text().strip()
        beside |= {name: address.removesuffix("/jobbspar") + "/beside", f"{name}_FILE": ""}
    restored = installation.run("backup", "scripts/restore", folder, **beside)
    assert restored.returncode == 0, restored.stderr
    assert "are those of the backup" in restored.stdout


def test_processes_end_in_order_when_they_are_asked_to(installation):
    port = WEB_PORTS["web-1"]
    installation.until_healthy("web", WEB_BIND=f"127.0.0.1:{port}")
    for name in ("web-1", "worker-2", "beat"):
        process = installation.processes[name]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, process.log.read_text()[-2000:]
    assert installation.health("web", WEB_BIND=f"127.0.0.1:{port}").returncode == 1
    assert get(WEB_PORTS["web-2"], "/healthz")[0].status in {200, 503}
    installation.processes["valkey"].terminate()
    installation.processes["valkey"].wait(10)
    time.sleep(1)
    assert installation.health("valkey").returncode == 1
    assert installation.health("worker").returncode == 1
    # The pages go on: the web server is well, and /healthz names what is not.
    assert installation.health("web", WEB_BIND=f"127.0.0.1:{WEB_PORTS['web-2']}").returncode == 0
