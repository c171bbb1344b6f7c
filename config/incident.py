"""What happened in a stretch of time, as one file for whoever investigates or reports an incident.

Cybersäkerhetslagen (2025:1506) asks for an early warning within 24 hours and a report within 72: who signed in and
who tried, who looked at what, what was changed by whom, which jobs failed, what was running. People appear by their
public ids only, and no row's content is in it; with the database at hand each id leads to the row it stands for.
"""

import datetime as dt
import hashlib
import io
import json
import os
import platform
import zipfile
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from django.utils import timezone
from pghistory.models import Event

from accounts.log import access_log_write
from accounts.models import AccessLogEntry, User
from config import health
from delivery.models import Job, MailAttempt, ScheduledRun
from delivery.states import JobState


@transaction.atomic
def incident_export(*, start: dt.datetime, end: dt.datetime, output: Path) -> dict[str, int]:
    """Write the file about [start, end); how many rows of each kind are in it. OSError when it cannot be written.

    That it was done is itself written to the access log.
    """
    people = dict(User.objects.values_list("pk", "public_id"))
    parts = {
        "access_log.jsonl": _access_log(start, end),
        "changes.jsonl": _changes(start, end, people),
        "jobs.jsonl": _jobs(start, end),
        "mail_attempts.jsonl": _mail_attempts(start, end),
        "scheduled_runs.jsonl": _scheduled_runs(start, end),
    }
    counts, sums = {}, {}
    unfinished = output.with_name(f".{output.name}.unfinished")
    try:
        # Personal data, if only by id: for the one who asked for it.
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, rows in parts.items():
                counts[name], sums[name] = _write(archive, name, rows)
            for name, content in {"versions.cdx.json": _components(), "state.json": _state()}.items():
                _count, sums[name] = _write(archive, name, [content])
            manifest = {
                "from": start.isoformat(),
                "to": end.isoformat(),
                "made_at": timezone.now().isoformat(timespec="seconds"),
                "files": {name: {"rows": counts.get(name), "sha256": digest} for name, digest in sums.items()},
            }
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        access_log_write(
            actor=None,
            act=AccessLogEntry.Act.EXPORTED,
            subject_kind="incident",
            start=start.isoformat(),
            end=end.isoformat(),
            rows=counts,
        )
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


def _write(archive: zipfile.ZipFile, name: str, rows) -> tuple[int, str]:
    """Write one JSON object a line; how many, and the SHA-256 of the whole."""
    written, digest = 0, hashlib.sha256()
    with archive.open(name, "w") as raw, io.BufferedWriter(raw, 2**20) as part:
        for row in rows:
            line = (json.dumps(row, ensure_ascii=False, default=str) + "\n").encode()
            digest.update(line)
            part.write(line)
            written += 1
    return written, digest.hexdigest()


def _access_log(start, end) -> Iterator[dict]:
    """Looks at files, exports, denials, sign-ins and attempts at them, oldest first."""
    return (
        AccessLogEntry.objects.filter(at__gte=start, at__lt=end)
        .order_by("at", "pk")
        .values("at", "actor__public_id", "act", "subject_kind", "subject", "request_id", "detail")
        .iterator()
    )


def _changes(start, end, people) -> Iterator[dict]:
    """Which rows were made, changed or deleted, by whom and from where; never what they held."""
    for model in apps.get_models():
        if not issubclass(model, Event) or not model._meta.managed:
            continue
        rows = model.objects.filter(pgh_created_at__gte=start, pgh_created_at__lt=end).order_by("pgh_id")
        for at, label, key, context in rows.values_list(
            "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context"
        ).iterator():
            context = context or {}
            yield {
                "at": at,
                "act": label,
                "table": model.pgh_tracked_model._meta.label,
                "key": key,
                "actor": people.get(context.get("user")),
                **{name: context[name] for name in ("source", "request", "job", "link") if name in context},
            }


def _jobs(start, end) -> Iterator[dict]:
    """Jobs of that time that failed or were begun more than once. Their words may quote a file, and are left out."""
    touched = Q(created_at__lt=end) & (Q(finished_at=None) | Q(finished_at__gte=start))
    return (
        Job.objects.filter(touched & (Q(state=JobState.FAILED) | Q(attempts__gt=1)))
        .order_by("created_at", "pk")
        .values(
            "public_id", "kind", "state", "owner__public_id", "attempts", "created_at", "started_at", "finished_at"
        )
        .iterator()
    )


def _mail_attempts(start, end) -> Iterator[dict]:
    return (
        MailAttempt.objects.filter(started_at__gte=start, started_at__lt=end)
        .order_by("started_at", "pk")
        .values("mail__public_id", "mail__kind", "number", "started_at", "finished_at", "outcome", "detail")
        .iterator()
    )


def _scheduled_runs(start, end) -> Iterator[dict]:
    return (
        ScheduledRun.objects.filter(started_at__gte=start, started_at__lt=end)
        .order_by("started_at", "pk")
        .values("name", "started_at", "finished_at", "ok", "detail")
        .iterator()
    )


def _components() -> dict:
    """What this installation is built of (SBOM), as CycloneDX 1.5."""
    packages = sorted({(found.metadata["Name"], found.version) for found in distributions()})
    components = [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name.lower()}@{version}"}
        for name, version in packages
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": timezone.now().isoformat(timespec="seconds"),
            "component": {"type": "application", "name": "jobbspar", "version": settings.VERSION},
        },
        "components": [
            *components,
            {"type": "platform", "name": "python", "version": platform.python_version()},
            {"type": "platform", "name": "postgresql", "version": _server_version()},
            {"type": "operating-system", "name": platform.system(), "version": platform.release()},
        ],
    }


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


def _state() -> dict:
    """How the installation is now: its schema and its health."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {"schema": sorted(".".join(key) for key in applied), "health": health.examine()}
