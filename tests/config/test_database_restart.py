"""The database is restarted, gently and by force, while people work. Real processes, as `make run` starts them."""

import datetime as dt
import http.cookiejar
import re
import signal
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest

from accounts.demo import LOGINS, PASSWORD
from accounts.models import Role
from tests.config.conftest import until
from tests.config.test_run import port_of, start

pytestmark = pytest.mark.deep

RESTART = """
from config.embedded import postgres
with postgres._starting_or_stopping():  # the web's processes would start it as well
    postgres.run_program("pg_ctl", "-w", "-D", postgres.data, "-m", "{mode}", "stop")
    postgres.start()
"""
STORED = """
from collections import Counter
from participants.models import JournalEntry
from delivery.models import DocumentFile, Job, NumberSeries
texts = Counter(JournalEntry.objects.filter(text__startswith="omstart ").values_list("text", flat=True))
print("entries", len(texts), max(texts.values()))
reports = Job.objects.filter(kind="figures_pdf")  # the demo's certificate has a job of its own
print("jobs", sorted(reports.values_list("state", flat=True)))
print("files", DocumentFile.objects.filter(document__kind="figures_pdf").count(), end=" ")
print(NumberSeries.objects.get(series="SIFFROR").last)
"""


class Visitor:
    """Somebody at a browser who, when a page does not come, waits a moment and sends the same again."""

    def __init__(self, port: int):
        self._address = f"http://127.0.0.1:{port}"
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        self.troubles: list[tuple[int, str]] = []

    def ask(self, path: str, **fields) -> str:
        """The page; with `fields`, what a sent form answers. Tried again until it is answered."""
        for _attempt in range(100):
            sent = None
            if fields:
                token = next(cookie.value for cookie in self._cookies if cookie.name == "csrftoken")
                sent = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
            request = urllib.request.Request(self._address + path, sent, {"Referer": self._address + path})
            try:
                with self._opener.open(request, timeout=30) as answer:
                    return answer.read().decode()
            except urllib.error.HTTPError as refusal:
                self.troubles.append((refusal.code, refusal.read().decode()))
            time.sleep(0.2)
        raise AssertionError(f"the page never came: {self.troubles[-1:]}")

    def sign_in(self, role: Role) -> "Visitor":
        """As the demo's first user with that role."""
        self.ask("/konto/logga-in/")
        login = next(login for login in LOGINS if login.role == role)
        self.ask("/konto/logga-in/", login=login.email, password=PASSWORD)
        return self


def write_entries(visitor: Visitor, person: str, name: str, stop: threading.Event, written: list[str]) -> None:
    """Log contacts until told to stop; a form that was not answered is sent again as it was."""
    while not stop.is_set():
        text = f"omstart {name} {len(written)}"
        fields = {"kind": "meeting", "audience": "internal", "occurred_on": dt.date.today().isoformat(), "text": text}
        visitor.ask(f"{person}kontakter/", token=uuid.uuid4(), **fields)
        written.append(text)


def test_nothing_is_lost_or_doubled_when_the_database_restarts_under_load(data_folder):
    process = start(data_folder, participants=60)
    port = port_of(process)
    coaches = [Visitor(port).sign_in(Role.JOB_COACH) for _ in range(3)]
    person = re.search(r"/deltagare/[0-9a-f-]{36}/", coaches[0].ask("/deltagare/")).group()
    manager = Visitor(port).sign_in(Role.MANAGER)
    stop, written = threading.Event(), [[] for _ in coaches]
    threads = [
        threading.Thread(target=write_entries, args=(coach, person, str(number), stop, written[number]))
        for number, coach in enumerate(coaches)
    ]
    for thread in threads:
        thread.start()
    for mode in ("fast", "immediate"):
        until(lambda: all(written))
        manager.ask(f"/rapporter/pdf/gor/?period=2026Q{1 + (mode == 'fast')}", ask="yes")
        restarted = data_folder.run("-c", RESTART.format(mode=mode))
        assert restarted.returncode == 0, restarted.stderr
        before = [len(each) for each in written]
        until(lambda before=before: all(len(each) > had for each, had in zip(written, before, strict=True)))
    stop.set()
    for thread in threads:
        thread.join(60)

    until(lambda: manager.ask("/rapporter/pdf/").count(" download>") == 2, 120)
    counted = data_folder.run("manage.py", "shell", "-v", "0", "-c", STORED).stdout
    assert f"entries {sum(map(len, written))} 1" in counted
    assert "jobs ['done', 'done']" in counted
    assert "files 2 2" in counted
    troubles = [trouble for coach in coaches for trouble in coach.troubles]
    assert {status for status, _page in troubles} <= {503}  # a request between two others notices nothing
    assert all("Systemet går inte att nå just nu" in page for _status, page in troubles)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
