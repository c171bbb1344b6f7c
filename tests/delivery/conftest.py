"""Users who ask for jobs, and a broker of the tests' own that can be stopped and started."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

import tests.delivery.job_kinds
import tests.delivery.mail_kinds  # noqa: F401  both register the kinds
from accounts.models import Role
from config import embedded
from config.celery import app
from tests.delivery.mail_server import MailServer
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parents[2]


def until(condition, seconds: float = 60):
    """Wait until `condition` is true and return its value; fail the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)
    return value


@pytest.fixture
def coach(db):
    return UserFactory(given_name="Alma", family_name="Öst", role=Role.JOB_COACH)


@pytest.fixture
def other_coach(db):
    return UserFactory(given_name="Bo", family_name="Väst", role=Role.JOB_COACH)


@pytest.fixture
def administrator(db):
    return UserFactory(given_name="Ingrid", family_name="Is", role=Role.ADMINISTRATOR)


class Broker:
    """A Valkey server of the test's own."""

    def __init__(self, folder: Path):
        self.socket = folder / "v.sock"
        self._process = None

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        program = embedded.valkey.program()
        command = [program, "--port", "0", "--unixsocket", self.socket, "--save", "", "--dir", self.socket.parent]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self.socket.exists)

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def empty(self) -> None:
        """Lose every message."""
        with app.connection_for_write() as broker:
            broker.default_channel.client.flushall()

    def messages(self) -> list:
        """The bodies of the messages that no worker has fetched yet."""
        with app.connection_for_write() as broker:
            queue = broker.SimpleQueue("celery")
            found = []
            with contextlib.suppress(queue.Empty):
                while True:
                    message = queue.get(block=False)
                    message.ack()
                    found.append(message.payload)
        return found


@pytest.fixture
def broker(tmp_path, monkeypatch):
    """A running broker; the code under test sends to it."""
    server = Broker(tmp_path)
    # The write address first: it falls back on the other, and is put back to what it read.
    monkeypatch.setattr(app.conf, "broker_write_url", server.url)
    monkeypatch.setattr(app.conf, "broker_url", server.url)
    server.start()
    yield server
    server.stop()


class Workers:
    """Real worker processes on the test's database and broker, with short intervals."""

    def __init__(self, broker: Broker, folder: Path):
        database = connection.settings_dict
        self._folder = folder
        self._running = []
        self._environment = {
            **os.environ,
            "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}",
            "PGHOST": connection.get_connection_params()["host"],
            "REDIS_URL": broker.url,
            "JOB_HEARTBEAT_SECONDS": "0.5",
            "JOB_STALE_SECONDS": "3",
            "JOB_RESEND_SECONDS": "3",
            "JOB_RETRY_SECONDS": "1",
            "JOB_REQUEUE_EVERY_SECONDS": "1",
            "MAIL_RETRY_SECONDS": "1",
            "MAIL_STALE_SECONDS": "3",
            "MAIL_SEND_EVERY_SECONDS": "1",
        }

    def use(self, mail_server: MailServer) -> None:
        """Workers started from now on send their mail to this server."""
        self._environment["EMAIL_URL"] = mail_server.url

    def worker(self, *options: str, wait: bool = True, beat: bool = False) -> subprocess.Popen:
        """Start a worker, with the beat inside it or without; `wait` until it is ready."""
        if beat:
            options = (*options, "--beat", "--schedule", str(self._folder / "schedule"))
        kinds = "tests.delivery.job_kinds,tests.delivery.mail_kinds"
        process = self._start("worker", "--include", kinds, "--concurrency", "1", "--loglevel", "INFO", *options)
        if wait:
            until(lambda: " ready." in self.log(process), seconds=120)
        return process

    def beat(self) -> subprocess.Popen:
        """Start the schedule in a process of its own: a beat inside a worker is one of the worker's children."""
        return self._start("beat", "--schedule", str(self._folder / "schedule"), "--loglevel", "INFO")

    def log(self, process: subprocess.Popen) -> str:
        return (self._folder / f"{self._running.index(process)}.log").read_text()

    def logs(self) -> list[str]:
        return [self.log(process)[-3000:] for process in self._running]

    def kill(self, process: subprocess.Popen) -> None:
        """As when the machine loses its power: the whole process group at once, with no warning."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_children(self, process: subprocess.Popen) -> None:
        """As when the machine runs out of memory: the process that does the work, not the one that leads it."""
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)

    def pause(self, process: subprocess.Popen) -> None:
        os.killpg(process.pid, signal.SIGSTOP)

    def go_on(self, process: subprocess.Popen) -> None:
        os.killpg(process.pid, signal.SIGCONT)

    def stop(self) -> None:
        for process in self._running:
            if process.poll() is None:
                self.kill(process)

    def _start(self, *arguments: str) -> subprocess.Popen:
        log = (self._folder / f"{len(self._running)}.log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", *arguments],
            cwd=ROOT,
            env=self._environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._running.append(process)
        return process


@pytest.fixture
def workers(transactional_db, broker, tmp_path):
    """Starts real workers; all are gone at the end of the test."""
    started = Workers(broker, tmp_path)
    yield started
    started.stop()
    print(*started.logs(), sep="\n")  # shown when the test fails


@pytest.fixture
def mail_server(settings):
    """A mail server that the code under test sends to."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "delivery.mail.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()
