"""A backup: one folder with the dump of the database and a manifest that says what must be found in it again.

The manifest is drawn up in the snapshot of which the dump is taken, so it is exact however busy the installation is:
the rows and a sum of each table, every document's bytes against their stored hash, the figures of the last quarter.
After a restore the same is asked of the new database and compared.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config import embedded, roles
from delivery.models import DocumentFile, JobFile
from participants.models import Attachment, AttachmentContent
from reporting.engine import answer
from reporting.periods import Period, latest_ended_quarter
from reporting.question import Question
from reporting.statement import state
from reporting.telling import formats

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
#: Their rows stay behind: whoever holds a backup must not be signed in with it, and after a restore all sign in anew.
LEFT_OUT = ("django_session",)
#: Where bytes are kept with their hash: from where they are read, and by what a damaged one is named. What people
#: attach to the journal is named by its id: the name that it has tells of a person, and the manifest may be read.
DOCUMENTS = {
    DocumentFile._meta.db_table: (DocumentFile._meta.db_table, "name"),
    JobFile._meta.db_table: (JobFile._meta.db_table, "name"),
    AttachmentContent._meta.db_table: (
        f"{Attachment._meta.db_table} LEFT JOIN {AttachmentContent._meta.db_table} ON attachment_id = id",
        "public_id",
    ),
}
PARAMETERS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


class BackupError(Exception):
    """A backup cannot be made or read; the message is one for people."""


def backup_make(*, into: Path) -> tuple[Path, dict]:
    """Make a backup in a new folder inside `into`; the folder and its manifest. BackupError says why it failed.

    The folder bears its name only when it is whole. Connects as the owner of the schema.
    """
    name = f"jobbspar-{timezone.now():%Y-%m-%dT%H%M%SZ}"
    unfinished = into / f".{name}.unfinished"
    try:
        unfinished.mkdir(mode=0o700, parents=True)
        with roles.as_owner(), _snapshot() as snapshot:
            dump = unfinished / DUMP
            left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={dump}", *left_out)
            manifest = {
                "format": FORMAT,
                "made_at": timezone.now().isoformat(timespec="seconds"),
                "version": settings.VERSION,
                "postgresql": _server_major(),
                "dump": {"bytes": dump.stat().st_size, "sha256": _sha256(dump)},
                **describe(today=timezone.localdate()),
            }
        _write(unfinished / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
        return unfinished.rename(into / name), manifest
    except OSError as error:
        raise BackupError(f"{error.filename or into}: {error.strerror}. No backup was made.") from error
    except OperationalError as error:
        raise BackupError(f"The database does not answer: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def backup_restore(*, folder: Path) -> list[str]:
    """Restore a backup into the empty database; what differs from its manifest, in words (nothing, when all is well).

    BackupError, and a database as it was, when the backup is damaged or the database is not empty.
    """
    manifest = _manifest(folder)
    with roles.as_owner():
        try:
            used = connection.introspection.table_names()
        except OperationalError as error:
            raise BackupError(f"The database does not answer: {error}") from error
        if used:
            raise BackupError("The database is not empty. Nothing was changed. Give an empty one.")
        if manifest["postgresql"] > _server_major():
            raise BackupError(
                f"The backup is of PostgreSQL {manifest['postgresql']}, this server is only {_server_major()}."
            )
        # One transaction: all of it or nothing. Comments belong to the extensions, which may be another's.
        whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"]
        database = connection.settings_dict["NAME"]
        _run("pg_restore", *whole, f"--dbname={database}", str(folder / DUMP))
        roles.grant(connection)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        figures = manifest.get("figures")
        today = dt.date.fromisoformat(figures["as_of"]) if figures else timezone.localdate()
        period = figures and Period.parse(figures["period"]["name"])
        with transaction.atomic():
            return differences(manifest, describe(today=today, period=period))


# --- What must be found again -------------------------------------------------------------------------------------


def describe(*, today: dt.date, period: Period | None = None) -> dict:
    """What is in the database: migrations, rows and sums, documents, figures (the last quarter's unless told)."""
    tables = sorted(set(connection.introspection.table_names()) - set(LEFT_OUT))
    executor = MigrationExecutor(connection)
    up_to_date = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {
        "schema": sorted(".".join(key) for key in executor.loader.applied_migrations),
        "tables": {table: _rows_and_sum(table) for table in tables},
        "documents": {table: _documents(*source) for table, source in DOCUMENTS.items()},
        # The code's figures need the code's schema.
        "figures": _figures(today, period) if up_to_date else None,
    }


def differences(expected: dict, found: dict) -> list[str]:
    """Where the two descriptions differ, one sentence each."""
    said = []
    if missing := sorted(set(expected["schema"]) ^ set(found["schema"])):
        said.append(f"The schema differs in the migrations {', '.join(missing)}.")
    for table in sorted(expected["tables"].keys() | found["tables"].keys()):
        before, now = expected["tables"].get(table), found["tables"].get(table)
        if before is None or now is None:
            said.append(f"The table {table} is {'missing' if now is None else 'new'}.")
        elif before["rows"] != now["rows"]:
            said.append(f"{table}: {before['rows']} rows in the backup, {now['rows']} here.")
        elif before["sum"] != now["sum"]:
            said.append(f"{table}: the {now['rows']} rows have another content.")
    for table, now in found["documents"].items():
        before = expected["documents"].get(table, now)
        said += [f"{name} ({table}): its bytes do not have the stored hash." for name in now["damaged"]]
        if (before["files"], before["bytes"]) != (now["files"], now["bytes"]):
            said.append(f"{table}: {before['files']} files in the backup, {now['files']} here.")
    if expected["figures"] and found["figures"] and expected["figures"] != found["figures"]:
        said.append(f"The figures of {expected['figures']['period']['name']} differ.")
    return said


def _rows_and_sum(table: str) -> dict:
    """How many rows, and a sum that changes with any value in any of them but not with their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)"
            f" FROM {connection.ops.quote_name(table)} t"
        )
        rows, total = cursor.fetchone()
    return {"rows": rows, "sum": str(total)}


def _documents(source: str, name: str) -> dict:
    """How many files, how many bytes, and the names of those whose bytes do not have their stored SHA-256."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(size), 0), coalesce(jsonb_agg({name} ORDER BY {name})"
            " FILTER (WHERE encode(sha256(content), 'hex') IS DISTINCT FROM sha256 OR length(content) <> size), '[]')"
            f" FROM {source}"
        )
        files, size, damaged = cursor.fetchone()
    return {
        "files": files,
        "bytes": int(size),
        "damaged": json.loads(damaged) if isinstance(damaged, str) else damaged,
    }


def _figures(today: dt.date, period: Period | None) -> dict:
    question = Question(period or latest_ended_quarter(today), today, None)
    return json.loads(formats.as_json(state(answer(question))))


# --- PostgreSQL's own programs ------------------------------------------------------------------------------------


@contextlib.contextmanager
def _snapshot() -> Iterator[str]:
    """A transaction that sees the database as it is now, and the name by which pg_dump sees the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database we are connected to. BackupError with what it said."""
    parameters = connection.get_connection_params()
    address = {variable: str(parameters[name]) for name, variable in PARAMETERS.items() if parameters.get(name)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | address
    command = [_program(program), "--no-password", *arguments]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, umask=0o077
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip() or 'ended with an error'}")


def _program(name: str) -> Path:
    """The program of the server's own major version."""
    wanted, seen = _server_major(), []
    for path in _programs(name):
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        seen.append(f"{path} ({said.strip()})")
        if (version := re.search(r"(\d+)", said.rpartition(")")[2])) and int(version[1]) == wanted:
            return path
    raise BackupError(
        f"{name} of PostgreSQL {wanted} is needed, as the server is {wanted}. Found: {', '.join(seen) or 'none'}. "
        f"Install it: apt-get install postgresql-client-{wanted}"
    )


def _programs(name: str) -> Iterator[Path]:
    with contextlib.suppress(embedded.EmbeddedError):
        yield embedded.postgres.programs() / name
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    if found := shutil.which(name):
        yield Path(found)


def _server_major() -> int:
    connection.ensure_connection()
    return connection.pg_version // 10000


# --- Files --------------------------------------------------------------------------------------------------------


def _manifest(folder: Path) -> dict:
    """The manifest of a whole backup. BackupError when something is missing or is not as it was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        damaged = _sha256(folder / DUMP) != manifest["dump"]["sha256"]
        known = manifest["format"] == FORMAT
    except OSError as error:
        raise BackupError(f"{error.filename}: {error.strerror}. Give the folder that scripts/backup made.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder / MANIFEST} cannot be read: it is damaged. Take another backup.") from error
    if not known:
        raise BackupError(f"{folder / MANIFEST} is of another version of Jobbspår: restore it with that one.")
    if damaged:
        raise BackupError(f"{folder / DUMP} is not what was written: it is damaged. Take another backup.")
    return manifest


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as output:
        os.chmod(output.fileno(), 0o600)
        output.write(text)
        output.flush()
        os.fsync(output.fileno())
