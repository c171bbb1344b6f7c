"""How gunicorn serves Jobbspår: gunicorn --config config/gunicorn.py config.wsgi"""

import os
import shutil
import tempfile

# The counters of /metrics, shared by this machine's processes. Named before anything imports prometheus_client, and
# new at each start: those of processes that are gone would be counted for ever.
OWN_FOLDER = "PROMETHEUS_MULTIPROC_DIR" not in os.environ
if OWN_FOLDER:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="jobbspar-metrics-")
COUNTERS = os.environ["PROMETHEUS_MULTIPROC_DIR"]

from prometheus_client import multiprocess  # noqa: E402

bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # read once, shared by all: a worker is there at once
timeout = 60  # a query may take 15 s (settings), a page a few of them
graceful_timeout = 30  # on SIGTERM: what has begun is answered
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# A slow disk must not look like a hung worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
control_socket_disable = True
loglevel = "warning"  # each request has a line of its own already (config.middleware)


def on_starting(server):
    """Empty the folder of counters: one that was named from outside may hold those of an earlier start."""
    for file in os.scandir(COUNTERS):
        if file.name.endswith(".db"):
            os.unlink(file.path)


def on_exit(server):
    """Leave no folder behind."""
    if OWN_FOLDER:
        shutil.rmtree(COUNTERS, ignore_errors=True)


def child_exit(server, worker):
    """What a process counted stays counted when it has ended."""
    multiprocess.mark_process_dead(worker.pid)
