"""A backup is made, everything is destroyed, and it is all there again: figures, documents, history, access log."""

import json
import re
import shutil

import pytest

from tests.config.conftest import ROOT, new_data_folder, until

pytestmark = pytest.mark.deep

DOCUMENT = """
from django.db import transaction
from accounts.log import access_log_write
from accounts.models import User
from delivery.services.documents import document_file_store, document_issue
from participants.models import Participant
with transaction.atomic():
    document = document_issue(kind="certificate", series="INTYG", actor=User.objects.first(), verifiable=True)
    document_file_store(document=document, name="intyg.pdf", media_type="application/pdf", content=b"%PDF" * 9999)
access_log_write(actor=User.objects.first(), act="opened", subject=Participant.objects.first().public_id)
"""
SEEN = """
import hashlib
from django.apps import apps
from django.contrib.sessions.models import Session
from accounts.models import AccessLogEntry
from delivery.models import DocumentFile
from delivery.services.documents import number_take
from django.db import transaction
from participants.models import Attachment, AttachmentContent, Participant
from pghistory.models import Event
file = DocumentFile.objects.get(name="intyg.pdf")
attached = [hashlib.sha256(each.content).hexdigest() for each in AttachmentContent.objects.order_by("pk")]
print(attached == list(Attachment.objects.order_by("pk").values_list("sha256", flat=True)), len(attached))
events = [model for model in apps.get_models() if issubclass(model, Event) and model._meta.managed]
history = sum(model.objects.count() for model in events)
log = list(AccessLogEntry.objects.values_list("act", "actor_name", "subject"))
print(file.document.number, hashlib.sha256(file.content).hexdigest() == file.sha256, history, log)
print(Participant.objects.count(), Participant.objects.order_by("pk").last().pk, Session.objects.count())
with transaction.atomic():
    print(number_take(series="INTYG", year=2026))
    transaction.set_rollback(True)
"""


def shell(folder, code):
    done = folder.run("manage.py", "shell", "--verbosity", "0", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def figures(folder):
    done = folder.run("manage.py", "statistics", "2026Q3", "--format", "json", "--as-of", "2026-10-15")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def script(folder, name, *arguments):
    """Run the script itself, as it is run from a shell."""
    return folder.run("-c", f"import os, sys; os.execv({str(ROOT / 'scripts' / name)!r}, sys.argv)", *arguments)


@pytest.fixture(scope="module")
def installation():
    """A demo municipality with a document and a look at a file, and a backup of it."""
    with new_data_folder() as folder:
        for command in (["migrate", "--verbosity", "0"], ["make_demo", "--participants", "60"]):
            done = folder.run("manage.py", *command)
            assert done.returncode == 0, done.stderr
        shell(folder, DOCUMENT)
        folder.before = figures(folder), shell(folder, SEEN)
        folder.backups = folder.path / "backups"
        done = script(folder, "backup", str(folder.backups))
        assert done.returncode == 0, done.stderr
        (folder.first_backup,) = folder.backups.iterdir()
        assert str(folder.first_backup) in done.stdout
        yield folder


def destroy(folder):
    until(lambda: not folder.processes())
    assert folder.run("manage.py", "reset", "--yes").returncode == 0
    assert not (folder.path / "test/pg").exists()


@pytest.fixture
def backed_up(installation, tmp_path):
    """The installation, with a copy of its backup that a test may damage."""
    installation.backup = tmp_path / "copy"
    shutil.copytree(installation.first_backup, installation.backup)
    return installation


def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(backed_up):
    taken = backed_up.path / "taken"
    taken.write_text("")
    failed = script(backed_up, "backup", str(taken))
    assert (failed.returncode, "No backup was made" in failed.stderr) == (1, True)
    assert "Traceback" not in failed.stderr
    damaged = (
        "from django.db import connection\nfrom config import roles\n"
        "with roles.as_owner(), connection.cursor() as cursor:\n"
        "    cursor.execute('ALTER TABLE delivery_documentfile DISABLE TRIGGER USER')\n"
        "    cursor.execute(\"UPDATE delivery_documentfile SET content = 'x' WHERE name = 'intyg.pdf'\")\n"
    )
    shell(backed_up, damaged)
    warned = script(backed_up, "backup", str(backed_up.backups))
    assert warned.returncode == 1
    assert "no longer have the bytes they were stored with: intyg.pdf" in warned.stderr
    assert len(list(backed_up.backups.iterdir())) == 2


def test_an_attachment_that_is_damaged_is_told_by_its_id_and_never_by_its_name(backed_up):
    damaged = (
        "from django.db import connection\nfrom config import roles\nfrom participants.models import Attachment\n"
        "attachment = Attachment.objects.first()\n"
        "print(attachment.public_id, attachment.name, sep='|')\n"
        "with roles.as_owner(), connection.cursor() as cursor:\n"
        "    cursor.execute('ALTER TABLE participants_attachmentcontent DISABLE TRIGGER USER')\n"
        "    cursor.execute(\"UPDATE participants_attachmentcontent SET content = 'x' WHERE attachment_id = %s\","
        " [attachment.pk])\n"
    )
    public_id, name = shell(backed_up, damaged).strip().split("|")
    warned = script(backed_up, "backup", str(backed_up.path / "damaged"))
    assert warned.returncode == 1
    assert public_id in warned.stderr
    assert name not in warned.stderr


def test_what_was_destroyed_is_all_there_again(backed_up):
    assert backed_up.backup.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o077 == 0 for file in backed_up.backup.iterdir())
    destroy(backed_up)
    restored = script(backed_up, "restore", str(backed_up.backup))
    assert restored.returncode == 0, restored.stderr
    assert "are those of the backup" in restored.stdout
    assert backed_up.run("manage.py", "migrate", "--check").returncode == 0
    assert (figures(backed_up), shell(backed_up, SEEN)) == backed_up.before

    # The application's role has its rights, and no more than those, and the installation works.
    refused = backed_up.run(
        "manage.py", "shell", "-c", "from accounts.models import *; AccessLogEntry.objects.all().delete()"
    )
    assert "permission denied" in refused.stderr
    shell(backed_up, "from delivery.models import *; ScheduledRun.objects.create(name='x')")

    again = script(backed_up, "restore", str(backed_up.backup))
    assert again.returncode == 1
    assert "The database is not empty. Nothing was changed" in again.stderr


def test_what_differs_is_said_plainly(backed_up):
    manifest = backed_up.backup / "manifest.json"
    told = json.loads(manifest.read_text())
    people = told["tables"]["participants_participant"]["rows"]
    told["tables"]["participants_participant"]["rows"] += 1
    told["tables"]["accounts_accesslogentry"]["sum"] = "0"
    told["tables"]["lost"] = {"rows": 1, "sum": "1"}
    files = told["documents"]["delivery_documentfile"]["files"]
    told["documents"]["delivery_documentfile"]["files"] += 1
    table = next(iter(told["figures"]["tables"].values()))
    table["planted"] = 1
    manifest.write_text(json.dumps(told))
    destroy(backed_up)
    restored = script(backed_up, "restore", str(backed_up.backup))
    assert restored.returncode == 1
    for sentence in (
        f"participants_participant: {people + 1} rows in the backup, {people} here.",
        r"accounts_accesslogentry: the \d+ rows have another content.",
        "The table lost is missing.",
        f"delivery_documentfile: {files + 1} files in the backup, {files} here.",
        r"The figures of \w+ differ.",
    ):
        assert re.search(sentence, restored.stderr), restored.stderr
    assert "Traceback" not in restored.stderr


def test_a_damaged_backup_is_refused_before_anything_is_done(backed_up):
    dump = backed_up.backup / "database.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    destroy(backed_up)
    refused = script(backed_up, "restore", str(backed_up.backup))
    assert (refused.returncode, "it is damaged" in refused.stderr) == (1, True)
    missing = script(backed_up, "restore", str(backed_up.backup / "no-such"))
    assert "No such file or directory. Give the folder that scripts/backup made." in missing.stderr
    assert backed_up.run("manage.py", "migrate", "--check").returncode == 1  # still empty
