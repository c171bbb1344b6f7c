"""Commands in processes of their own, with a data folder of their own and nothing of the developer's environment."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
OURS = ("JOBBSPAR_", "DATABASE_", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "DJANGO_")


def until(condition, seconds=SECONDS):
    """Wait until `condition` is true and return its value; fail the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)
    return value


def environment(**extra):
    """The environment of a new process: this one's without any setting of Jobbspår, and `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **extra}


def run(*arguments, **extra):
    """Run Python with these arguments in the project, and return what it said."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**extra),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


class DataFolder:
    """A data folder and the processes that work with it."""

    def __init__(self, path: Path):
        self.path = path
        self.started = []

    def run(self, *arguments, **extra):
        return run(*arguments, JOBBSPAR_DATA=str(self.path), **extra)

    def start(self, *arguments, background=False, **extra):
        """A process that goes on; its messages are in `.log`. A shell's background process ignores SIGINT."""
        log = self.path / f"{len(self.started)}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment(JOBBSPAR_DATA=str(self.path), PYTHONUNBUFFERED="1", **extra),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if background else None,
            )
        process.log = log
        self.started.append(process)
        return process

    def processes(self):
        """The numbers of all processes that were started with this folder, whoever started them."""
        mark = f"JOBBSPAR_DATA={self.path}".encode()
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment = (process / "environ").read_bytes().split(b"\0")
                command = (process / "cmdline").read_bytes()  # Valkey writes its title over its environment
            except OSError:
                continue  # it ended, or is not ours
            if mark in environment or os.fsencode(self.path) in command:
                found.add(int(process.name))
        return found

    def kill_everything(self):
        for process in self.started:
            process.stdin.close()
            if process.poll() is None:
                process.kill()
            process.wait()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not self.processes())


@contextlib.contextmanager
def new_data_folder():
    path = Path(tempfile.mkdtemp(prefix="jobbspar-"))  # not tmp_path: its parents are closed to the servers' user
    path.chmod(0o755)
    folder = DataFolder(path)
    yield folder
    folder.kill_everything()
    shutil.rmtree(path)


@pytest.fixture
def data_folder():
    """An empty data folder; whatever still runs in it at the end is killed."""
    with new_data_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def data_folder_of_module():
    with new_data_folder() as folder:
        yield folder


@pytest.fixture
def used_folder(data_folder_of_module):
    """A data folder in which nothing runs, but where tests before may have left their data."""
    yield data_folder_of_module
    data_folder_of_module.kill_everything()
