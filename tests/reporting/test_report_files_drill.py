"""A worker killed while it makes the files of a report: real workers, real kills."""

import datetime as dt

import pytest

from delivery.models import DocumentFile, Job, NumberSeries
from delivery.states import JobState
from reporting.documents.report_json import report_json
from reporting.figures.definition import Section
from reporting.frozen import Frozen
from reporting.models import Report
from reporting.periods import Period
from reporting.question import Question
from reporting.report_files import XLSX
from reporting.services.reports import report_files_make, report_freeze, report_start
from tests.delivery.conftest import until
from tests.reporting.held_up import held_up, somebody_waits

pytestmark = pytest.mark.deep


def freeze(actor) -> Report:
    report = report_start(
        actor=actor,
        kind="quarterly",
        title="Arbetsmarknadsinsatser",
        case_number="",
        question=Question(Period.parse("2026Q3"), dt.date(2026, 10, 20)),
        with_units=True,
        sections=Section.values,
    )
    return report_freeze(report=report, actor=actor, seen=report.revision)


@pytest.mark.parametrize("moment", ["while the pages are laid out", "between the PDF and the workbook"])
def test_a_worker_killed_in_the_middle_of_a_report_leaves_each_file_once(cast, workers, full_register, moment):
    first = workers.worker()
    with_lock = moment.startswith("between")
    report = freeze(cast.head)
    job = report.document.job
    if with_lock:
        with held_up(report.document, XLSX):
            until(somebody_waits)
            workers.kill(first)
    else:
        until(lambda: Job.objects.filter(pk=job.pk, progress__gte=5).exists())
        workers.kill(first)
    assert not DocumentFile.objects.exists()
    workers.worker(beat=True)

    until(lambda: Job.objects.get(pk=job.pk).is_finished, seconds=120)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert report_files_make(report=report, actor=cast.head) == job
    number = report.document.number
    assert (number, NumberSeries.objects.get().last) == (f"RAPPORT-{report.document.issued_on.year}-00001", 1)
    files = {file.name: bytes(file.content) for file in DocumentFile.objects.order_by("pk")}
    assert list(files) == [f"{number}.{ending}" for ending in ("pdf", "xlsx", "zip", "json")]
    assert DocumentFile.objects.count() == 4
    assert files[f"{number}.json"] == report_json(Frozen.from_stored(report.frozen.content), number)
