import contextlib
import fcntl
import http.client
import os
import signal
import socket
import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from accounts import demo
from accounts.models import User
from config import embedded
from config.processes import Processes

PORTS_TO_TRY = 50
READY_SECONDS = 60
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt(*_):
    raise KeyboardInterrupt


class Command(BaseCommand):
    help = "Start everything for a try-out: servers, demo municipality, web, worker and beat. Ctrl-C ends it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--participants", type=int, default=400, help="size of the demo municipality, 0 for none")

    def handle(self, *, host, port, participants, **options):
        if settings.PRODUCTION:
            raise CommandError("run is for trying out Jobbspår. .env.example says what production needs.")
        started = time.perf_counter()
        processes = Processes()
        # A shell starts what it puts into the background with SIGINT ignored, so nothing can be taken from there.
        for ending in ENDINGS:
            signal.signal(ending, interrupt)
        with contextlib.ExitStack() as stack:
            stack.callback(self._servers_released)
            stack.callback(processes.stop)
            stack.callback(self._no_more_interruptions)
            try:
                note = stack.enter_context(self._only_one())
                listening = stack.enter_context(self._listen(host, port))
                address = "http://{}:{}/".format(*listening.getsockname())
                os.environ.setdefault("JOBBSPAR_ADDRESS", address)  # of the links that web and worker make
                note.write(address)
                note.flush()
                self._start_servers()
                up_to_date = self._is_up_to_date()
                if not up_to_date:
                    call_command("migrate", verbosity=0)
                    self._load_demo(participants)
                if self._demo_logins():
                    os.environ.setdefault("JOBBSPAR_DEMO", "true")  # for the web process
                self._start_web(processes, listening)
                if up_to_date:  # meanwhile: the reference data and the rights may be those of older code
                    call_command("migrate", verbosity=0)
                self._wait_until_ready(processes, listening)
                self._start_tasks(processes)
                self._welcome(address, time.perf_counter() - started)
                while not (name := processes.ended()):
                    time.sleep(0.5)
                raise CommandError(f"The {name} process has ended by itself; its messages are above.")
            except KeyboardInterrupt:
                self.stdout.write("\nStopping …")

    @contextlib.contextmanager
    def _only_one(self):
        """One run for each data folder; the file holds the address for whoever comes second."""
        embedded.make_home()
        with (embedded.home() / "run.lock").open("a+") as note:
            try:
                fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                note.seek(0)
                where = note.read() or "(still starting)"
                raise CommandError(
                    f"Jobbspår already runs with the data in {embedded.home()}: {where}\n"
                    "Stop it first, or set JOBBSPAR_DATA to another folder."
                ) from None
            note.truncate(0)
            yield note

    def _listen(self, host, port) -> socket.socket:
        """A socket on the port, or on the next free one; handed to the web server as it is."""
        for candidate in range(port, port + PORTS_TO_TRY):
            listening = socket.socket()
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((host, candidate))
            except OSError:
                listening.close()
                continue
            if candidate != port:
                self.stdout.write(f"Port {port} is taken by another program; using {candidate} instead.")
            listening.set_inheritable(True)
            return listening
        raise CommandError(f"No free port from {port} to {candidate} on {host}. Choose one: make run ARGS='--port N'")

    def _start_servers(self):
        if settings.EMBEDDED_POSTGRES:
            embedded.postgres.acquire()
        if settings.EMBEDDED_VALKEY:
            embedded.valkey.acquire()

    def _is_up_to_date(self) -> bool:
        """Whether no migration is missing and somebody can sign in."""
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes()) and User.objects.exists()

    def _load_demo(self, participants):
        if participants and not User.objects.exists():
            self.stdout.write(f"Loading the demo municipality ({participants} participants) …")
            call_command("make_demo", participants=participants, seed=1, verbosity=0)

    def _start_web(self, processes, listening):
        web = ["gunicorn", "config.wsgi", "--bind", f"fd://{listening.fileno()}", "--preload"]
        sizes = ["--workers", 2, "--threads", 4, "--log-level", "warning", "--no-control-socket"]
        processes.start("web", *web, *sizes, pass_fds=[listening.fileno()])

    def _start_tasks(self, processes):
        celery = ["celery", "-A", "config", "--quiet"]
        alone = ["--without-gossip", "--without-mingle"]
        processes.start("worker", *celery, "worker", "--loglevel", "WARNING", "--concurrency", 2, *alone)
        processes.start("beat", *celery, "beat", "--loglevel", "WARNING", "--pidfile=")

    def _wait_until_ready(self, processes, listening):
        deadline = time.monotonic() + READY_SECONDS
        host, port = listening.getsockname()
        while True:
            if name := processes.ended():
                raise CommandError(f"The {name} process did not start; its messages are above.")
            with contextlib.suppress(OSError, http.client.HTTPException):
                asking = http.client.HTTPConnection(host, port, timeout=5)
                asking.request("GET", "/healthz", headers={"Host": "localhost"})
                if asking.getresponse().status in (200, 503):  # 503 says what is wrong, and is an answer
                    return
            if time.monotonic() > deadline:
                raise CommandError(f"The web server did not answer within {READY_SECONDS} seconds.")
            time.sleep(0.05)

    def _welcome(self, address, seconds):
        rows = [(str(login.role.label), login.email, demo.PASSWORD) for login in self._demo_logins()]
        lines = ["", f"Jobbspår is ready at {address} ({seconds:.1f} s). Ctrl-C ends it.", ""]
        if rows:
            table = [("Role", "E-mail", "Password"), *rows]
            widths = [max(len(row[column]) for row in table) for column in range(3)]
            for row in table:
                cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                lines.append("  " + "  ".join(cells).rstrip())
        self.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()

    def _demo_logins(self) -> list[demo.Login]:
        """Those demo users that are in the database: none where a real register was loaded."""
        present = set(User.objects.values_list("email", flat=True))
        return [login for login in demo.LOGINS if login.email in present]

    def _no_more_interruptions(self):
        """A second Ctrl-C must not leave half of the processes behind; the end takes seconds at most."""
        for ending in ENDINGS:
            signal.signal(ending, signal.SIG_IGN)

    def _servers_released(self):
        connections.close_all()
        embedded.valkey.release()
        embedded.postgres.release()
