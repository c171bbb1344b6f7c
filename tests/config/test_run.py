"""`make run` as a person uses it: started, found occupied, started twice, ended in every way."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.config.conftest import until

ADDRESS = re.compile(r"ready at http://127\.0\.0\.1:(\d+)/")


@pytest.fixture
def taken_port():
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def start(folder, *, port=18000, participants=0, background=False):
    options = ["--port", str(port), "--participants", str(participants)]
    return folder.start("manage.py", "run", *options, background=background)


def port_of(process):
    """Wait until the process says that it is ready, and return its port."""

    def ready():
        assert process.poll() is None, process.log.read_text()
        return ADDRESS.search(process.log.read_text())

    return int(until(ready, 120).group(1))


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer, answer.read()


@pytest.mark.deep
def test_it_serves_beside_a_taken_port_refuses_a_second_run_and_ends_whole(data_folder, taken_port):
    process = start(data_folder, port=taken_port, background=True)
    port = port_of(process)
    assert port > taken_port
    assert f"Port {taken_port} is taken" in process.log.read_text()

    answer, body = get(port, "/healthz")
    assert answer.status == 200, body
    assert json.loads(body)["checks"]["broker"]["ok"] is True
    answer, body = get(port, "/konto/logga-in/")
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    stylesheet = re.search(rb'<link rel="stylesheet" href="([^"]+)"', body).group(1).decode()
    assert get(port, stylesheet)[0].status == 200

    second = data_folder.run("manage.py", "run", "--port", str(port))
    assert second.returncode == 1
    assert f"already runs with the data in {data_folder.path}" in second.stderr
    assert f"http://127.0.0.1:{port}/" in second.stderr
    assert "Traceback" not in second.stderr

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0, process.log.read_text()
    assert not data_folder.processes()


@pytest.mark.deep
def test_ctrl_c_ends_everything_and_the_data_is_there_again_within_seconds(data_folder):
    process = start(data_folder, participants=40)
    port_of(process)
    assert "bjorkakra.example" in process.log.read_text()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0, process.log.read_text()
    assert not data_folder.processes()

    started = time.monotonic()
    data_folder.run("manage.py", "check")  # how fast the machine is just now
    bare = time.monotonic() - started
    again = start(data_folder, participants=40)
    port_of(again)
    seconds = time.monotonic() - started - bare
    assert "Loading the demo" not in again.log.read_text()
    assert "bjorkakra.example" in again.log.read_text()
    assert seconds < max(5, 4 * bare)


@pytest.mark.deep
def test_a_killed_run_takes_its_processes_along(data_folder):
    process = start(data_folder)
    port_of(process)
    process.kill()
    process.wait()
    # The servers that others may use stay for the next user, who stops them.
    until(lambda: not running(data_folder, "celery") and not running(data_folder, "gunicorn"), 30)
    assert data_folder.run("manage.py", "showmigrations", "accounts").returncode == 0
    until(lambda: not running(data_folder, "postgres"))
    assert start_and_stop(data_folder) == 0


@pytest.mark.deep
def test_a_part_that_dies_ends_the_run_with_a_message(data_folder):
    process = start(data_folder)
    port_of(process)
    for pid in running(data_folder, "beat"):
        os.kill(pid, signal.SIGKILL)
    assert process.wait(30) == 1
    assert "The beat process has ended by itself" in process.log.read_text()
    assert not data_folder.processes()


def running(folder, word):
    """The numbers of this folder's processes whose command line has the word."""
    found = set()
    for pid in folder.processes():
        with contextlib.suppress(OSError):
            if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
    return found


def start_and_stop(folder):
    process = start(folder)
    port_of(process)
    process.send_signal(signal.SIGTERM)
    code = process.wait(30)
    assert not folder.processes()
    return code
