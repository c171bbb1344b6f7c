"""Whether one process of an installation does its work, for the health checks of containers and of systemd.

    python -m config.alive web       the web server answers, and reaches the database
    python -m config.alive worker    the worker on this machine answers through the broker
    python -m config.alive beat      the schedule has sent something in the last minutes

Ends with status 0 or 1 and says why. A broker that is down makes no web server unhealthy: its pages work.
"""

import glob
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

SECONDS = 10
SCHEDULE = "celerybeat-schedule"
SCHEDULE_SILENT_SECONDS = 5 * 60  # it sends a task every half minute and notes it in its file


def web() -> str:
    """What is wrong with the web server of this machine; empty when nothing is."""
    port = os.environ.get("WEB_BIND", "0.0.0.0:8000").rpartition(":")[2]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=SECONDS) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:  # 503 is an answer, and says what is wrong
        try:
            found = json.load(error)
        except ValueError:
            return f"answers {error.code}"
    except (OSError, ValueError) as error:
        return f"does not answer ({type(error).__name__})"
    return "" if found["checks"]["database"]["ok"] else "does not reach the database"


def worker() -> str:
    """What is wrong with the worker of this machine; empty when nothing is."""
    name = f"celery@{socket.gethostname()}"
    ping = [sys.executable, "-m", "celery", "-A", "config", "inspect", "ping", "-d", name, "-t", str(SECONDS)]
    try:
        done = subprocess.run(ping, capture_output=True, text=True, timeout=3 * SECONDS)
    except subprocess.TimeoutExpired:
        return "does not answer in time"
    return "" if done.returncode == 0 else f"{name} does not answer"


def beat() -> str:
    """What is wrong with the schedule whose file lies in the working folder; empty when nothing is."""
    schedule = os.environ.get("BEAT_SCHEDULE", SCHEDULE)
    files = glob.glob(f"{schedule}*")  # the kind of file decides how its name ends
    if not files:
        return "has no schedule file"
    silent = time.time() - max(os.stat(file).st_mtime for file in files)
    return f"has sent nothing for {silent:.0f} s" if silent > SCHEDULE_SILENT_SECONDS else ""


if __name__ == "__main__":
    parts = {"web": web, "worker": worker, "beat": beat}
    if len(sys.argv) != 2 or sys.argv[1] not in parts:
        sys.exit(f"usage: python -m config.alive {'|'.join(parts)}")
    wrong = parts[sys.argv[1]]()
    sys.exit(f"{sys.argv[1]} {wrong}" if wrong else 0)
