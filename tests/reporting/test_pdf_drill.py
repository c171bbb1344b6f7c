"""A report in the making when the worker is killed, and when the disk is full. Real workers, a real full disk."""

import os
import subprocess
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from delivery.models import DocumentFile, Job, NumberSeries
from delivery.services.documents import PDF, document_file_store, document_issue
from delivery.states import JobState
from reporting.models import FiguresReport
from tests.database import superuser
from tests.delivery.conftest import until
from tests.pdf import check_paper
from tests.reporting.held_up import held_up, somebody_waits

pytestmark = pytest.mark.deep
QUERY = "?period=2026Q1&as_of=2026-04-15"


def order(client, user) -> FiguresReport:
    client.force_login(user)
    client.post(reverse("reporting:pdf_order") + QUERY)
    return FiguresReport.objects.select_related("document__job").latest("pk")


def ended(job: Job) -> Job:
    until(lambda: Job.objects.get(pk=job.pk).is_finished, seconds=120)
    job.refresh_from_db()
    return job


def test_a_worker_killed_in_the_middle_leaves_one_report_under_its_number(cast, client, workers, full_register):
    report = order(client, cast.head)
    with held_up(report.document, PDF):
        first = workers.worker()
        until(somebody_waits)
        workers.kill(first)
    assert not DocumentFile.objects.exists()
    workers.worker(beat=True)

    assert (ended(report.document.job).state, report.document.job.attempts) == (JobState.DONE, 2)
    file = DocumentFile.objects.get()
    assert file.document == report.document
    assert NumberSeries.objects.get().last == 1
    check_paper(bytes(file.content), margin=8)


@pytest.fixture
def small_disk(tmp_path_factory, transactional_db):
    """The issued bytes lie on a disk of 256 kB; gives the folder it is mounted on."""
    folder = Path("/var/tmp") / f"jobbspar-disk-{os.getpid()}"  # the servers' user must reach it
    folder.mkdir(mode=0o755)
    owner = os.stat(connection.get_connection_params()["host"])
    options = f"size=256k,mode=0700,uid={owner.st_uid},gid={owner.st_gid}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False)
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("only who may mount a disk can fill one")
    try:
        with superuser(connection.settings_dict["NAME"]) as server:
            server.execute("TRUNCATE delivery_documentfile")  # rows deleted by earlier tests would fill the disk
            server.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            server.execute("ALTER TABLE delivery_documentfile SET TABLESPACE small")
        yield folder
        connection.close()
        with superuser(connection.settings_dict["NAME"]) as server:
            server.execute("TRUNCATE delivery_documentfile")
            server.execute("ALTER TABLE delivery_documentfile SET TABLESPACE pg_default")
            server.execute("CHECKPOINT")
            server.execute("DROP TABLESPACE small")
    finally:
        connection.close()
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


def test_a_full_disk_is_told_plainly_and_the_report_is_made_when_there_is_room(cast, client, workers, small_disk):
    filler = document_issue(kind="test", series="PROV", actor=None)
    document_file_store(document=filler, name="x", media_type="x/x", content=os.urandom(190_000))
    workers.worker(beat=True)
    report = order(client, cast.head)
    assert (ended(report.document.job).state, report.document.job.attempts) == (JobState.FAILED, 3)
    page = client.get(report.document.job.get_absolute_url()).content.decode()
    assert "Servern har slut på utrymme" in page
    assert client.get(reverse("reporting:pdf_list")).status_code == 200
    assert not DocumentFile.objects.filter(document=report.document).exists()

    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    client.post(reverse("reporting:pdf_retry", args=[report.public_id]))
    report.refresh_from_db()
    assert ended(report.document.job).state == JobState.DONE
    assert DocumentFile.objects.get(document=report.document).name == f"{report.document.number}.pdf"
    assert bytes(DocumentFile.objects.get(document=filler).content)[:1]
