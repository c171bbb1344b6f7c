"""manage.py export_incident: what happened in a stretch of time, by id, whole, and itself written down."""

import datetime as dt
import hashlib
import json
import zipfile

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AccessLogEntry
from delivery.models import Job, ScheduledRun
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def happened(client, cast):
    """A wrong password, a sign-in, a look at a file, a change; a failed job that quotes somebody; a run."""
    cache.clear()  # the number of attempts is limited
    client.post("/konto/logga-in/", {"login": cast.coach.email, "password": "wrong-password"})
    client.post("/konto/logga-in/", {"login": cast.coach.email, "password": PASSWORD})
    assert client.get(f"/deltagare/{cast.person.public_id}/").status_code == 200
    now = timezone.now()
    Job.objects.create(kind="x", owner=cast.coach, state="failed", error="Svea Sten, 19900101-2385", finished_at=now)
    Job.objects.create(kind="y")
    ScheduledRun.objects.create(name="some.task", ok=False, finished_at=now, detail="OSError")
    AccessLogEntry.objects.create(act="opened", at=now - dt.timedelta(days=3), actor_name="Before")
    return cast


def export(tmp_path, start="", end=""):
    today = str(timezone.localdate())
    output = tmp_path / "incident.zip"
    call_command(
        "export_incident", "--from", start or today, "--to", end or today, "--output", str(output), verbosity=0
    )
    with zipfile.ZipFile(output) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    assert output.stat().st_mode & 0o077 == 0
    return content


def rows(content, name):
    return [json.loads(line) for line in content[name].splitlines()]


def test_it_tells_who_did_what_and_not_more(tmp_path, happened, capsys):
    content = export(tmp_path)
    log = [(row["act"], row["actor__public_id"], row["subject"]) for row in rows(content, "access_log.jsonl")]
    coach, person = str(happened.coach.public_id), str(happened.person.public_id)
    assert log[:2] == [("sign_in_failed", None, coach), ("signed_in", coach, coach)]
    assert ("opened", coach, person) in log
    changed = rows(content, "changes.jsonl")
    assert {"accounts.User", "participants.Participant"} <= {row["table"] for row in changed}
    assert [row["kind"] for row in rows(content, "jobs.jsonl")] == ["x"]
    assert [row["detail"] for row in rows(content, "scheduled_runs.jsonl")] == ["OSError"]
    everything = b"".join(content.values()).decode()
    person = happened.person
    for personal in (person.family_name, person.identity_number, happened.coach.full_name, happened.coach.email):
        assert personal not in everything
    assert "Svea" not in everything
    assert "access_log.jsonl" in capsys.readouterr().out


def test_the_manifest_has_the_sum_of_every_file(tmp_path, happened):
    content = export(tmp_path)
    manifest = json.loads(content.pop("manifest.json"))
    assert set(manifest["files"]) == set(content)
    for name, file in manifest["files"].items():
        assert hashlib.sha256(content[name]).hexdigest() == file["sha256"]
    assert manifest["files"]["jobs.jsonl"]["rows"] == 1


def test_it_lists_what_the_installation_is_built_of(tmp_path, happened):
    content = export(tmp_path)
    (bill,) = rows(content, "versions.cdx.json")
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "jobbspar")
    named = {component["name"].lower(): component for component in bill["components"]}
    assert named["django"]["purl"].startswith("pkg:pypi/django@5.2")
    assert named["postgresql"]["version"]
    (state,) = rows(content, "state.json")
    assert "accounts.0001_initial" in state["schema"]
    assert state["health"]["database"]["ok"] is True


def test_only_the_asked_time_is_in_it(tmp_path, happened):
    before = str(timezone.localdate() - dt.timedelta(days=3))
    (row,) = rows(export(tmp_path, before, before), "access_log.jsonl")
    assert row["act"] == "opened"
    assert not rows(export(tmp_path, "2020-01-01T08:00", "2020-01-01T09:30"), "access_log.jsonl")


def test_it_is_itself_in_the_access_log(tmp_path, happened):
    export(tmp_path)
    entry = AccessLogEntry.objects.first()
    assert (entry.act, entry.subject_kind, entry.actor) == ("exported", "incident", None)
    assert entry.detail["rows"]["jobs.jsonl"] == 1


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("yesterday", "2026-11-21", "'yesterday' is no time"),
        ("2026-11-21", "2026-02-30", "'2026-02-30' is no time"),
        ("2026-11-21", "2026-11-20", "--to must be later"),
        ("2026-11-21T10:00", "2026-11-21T10:00", "--to must be later"),
    ],
)
def test_a_time_that_cannot_be_is_refused(tmp_path, start, end, said):
    with pytest.raises(CommandError, match=said) as refusal:
        export(tmp_path, start, end)
    assert refusal.value.returncode == 2
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_logged(tmp_path):
    with pytest.raises(CommandError, match="was not written: No such file or directory"):
        export(tmp_path / "nowhere")
    assert not AccessLogEntry.objects.exists()
