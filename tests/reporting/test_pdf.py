"""The figures of a period as a PDF: asked for, made, kept, downloaded."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessLogEntry, Role
from delivery import kinds
from delivery.models import DocumentFile, Job
from delivery.running import job_run
from delivery.services.jobs import job_enqueue
from delivery.states import JobState
from reporting.models import FiguresReport
from reporting.services.figures import FIGURES_PDF
from tests.pdf import check_paper, fonts_embedded
from tests.verapdf import faults

QUERY = "?period=2026Q1&as_of=2026-04-15"
LIST = "/rapporter/pdf/"


def order(client, user, query=QUERY):
    client.force_login(user)
    return client.post(reverse("reporting:pdf_order") + query)


def work() -> Job:
    """Do what was asked for last, as the worker does."""
    job = Job.objects.get(kind=FIGURES_PDF, state=JobState.QUEUED)
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


def text(response) -> str:
    return response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_quarter_becomes_a_pdf_that_says_what_the_page_says(client, cast, acceptance_quarter):
    answer = order(client, cast.head)
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert work().state == JobState.DONE
    assert "Ladda ner PDF:en" in text(client.get(job.get_absolute_url()))

    report = FiguresReport.objects.get()
    download = client.get(report.get_absolute_url())
    content = b"".join(download.streaming_content)
    assert f'filename="{report.document.number}.pdf"' in download["Content-Disposition"]
    assert hashlib.sha256(content).hexdigest() == DocumentFile.objects.get().sha256
    assert AccessLogEntry.objects.get(act="downloaded").subject == report.public_id

    pages = check_paper(content, margin=8, name="figures", most=9)
    read = " ".join(" ".join(page.text for page in pages).split())
    assert "Kvartal 1 2026" in read
    assert "Deltagare under perioden" in read
    assert report.document.number in read
    assert "Internt underlag" in read
    page = client.get(reverse("reporting:figures") + QUERY)
    for figure in page.context["shown"].key_figures:
        assert f"{figure.label} " in read
        assert figure.cell.text.replace("\xa0", " ") in read
    for block in (block for section in page.context["shown"].sections for block in section.blocks):
        for line in block.lines:
            assert " ".join([line.label, *(cell.text.replace("\xa0", " ") for cell in line.cells)]) in read
    assert fonts_embedded(content)


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_the_pdf_can_be_archived_and_read_aloud(client, cast, acceptance_quarter):
    order(client, cast.head)
    work()
    assert faults({"figures": bytes(DocumentFile.objects.get().content)}) == {}


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_what_is_registered_later_does_not_change_what_was_made(client, cast, acceptance_quarter):
    order(client, cast.head)
    work()
    before = bytes(DocumentFile.objects.get().content)
    cast.asa.__class__.objects.update(coach=None)
    order(client, cast.head)
    work()
    kept = DocumentFile.objects.order_by("pk")
    assert [bytes(file.content) == before for file in kept] == [True, False]
    assert [report.document.number[-5:] for report in FiguresReport.objects.all()] == ["00002", "00001"]


def test_two_clicks_make_one_report(client, cast):
    first, second = order(client, cast.head), order(client, cast.head)
    assert first.url == second.url
    assert FiguresReport.objects.count() == Job.objects.count() == 1
    order(client, cast.head, "?period=2026Q2")
    assert FiguresReport.objects.count() == 2


def test_a_question_that_cannot_be_asked_leads_back_to_the_page_that_says_why(client, cast):
    answer = order(client, cast.head, "?period=2026Q1&as_of=2025-01-01")
    assert answer.url.startswith(reverse("reporting:figures"))
    assert "as_of=2025-01-01" in answer.url
    assert not FiguresReport.objects.exists()


def test_a_manager_sees_the_reports_of_the_units_they_lead_whoever_made_them(client, cast):
    order(client, cast.head, "?period=2026Q1")
    order(client, cast.head, "?period=2026Q1&unit=CENTRUM")
    order(client, cast.other_manager, "?period=2026Q1")
    seen = {}
    for who in ("manager", "other_manager", "head"):
        client.force_login(getattr(cast, who))
        seen[who] = [report.unit_name for report in client.get(LIST).context["rows"]]
    assert seen == {
        "manager": ["Jobbcenter Centrum"],
        "other_manager": ["Jobbcenter Norr"],
        "head": ["Jobbcenter Norr", "Jobbcenter Centrum", "Hela kommunen"],
    }


@pytest.mark.django_db(transaction=True)
def test_whoever_no_longer_leads_the_unit_gets_no_report_of_it(client, cast):
    order(client, cast.manager)
    cast.manager.memberships.update(unit=cast.norr, role=Role.MANAGER)
    job = work()
    assert (job.state, DocumentFile.objects.count()) == (JobState.FAILED, 0)
    assert "rätt" in job.error


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_a_report_that_failed_is_made_again_under_its_number(client, cast):
    order(client, cast.head)
    Job.objects.update(state=JobState.FAILED, error="Nej.", finished_at="2026-11-01T10:00Z")
    report = FiguresReport.objects.get()
    assert "Kunde inte göras" in text(client.get(LIST))
    answer = client.post(reverse("reporting:pdf_retry", args=[report.public_id]))
    assert answer.url == Job.objects.get(state=JobState.QUEUED).get_absolute_url()
    assert client.post(reverse("reporting:pdf_retry", args=[report.public_id])).url == answer.url
    assert work().state == JobState.DONE
    assert report.document.number in text(client.get(LIST))
    assert client.get(report.get_absolute_url()).status_code == 200


def test_a_report_that_is_not_made_yet_has_no_file(client, cast):
    order(client, cast.head)
    assert client.get(FiguresReport.objects.get().get_absolute_url()).status_code == 404
    assert "Görs nu" in text(client.get(LIST))


@pytest.mark.deep
@pytest.mark.beside
def test_the_list_costs_as_much_however_long_it_is(client, cast):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    order(client, cast.head, "?period=2026Q1&unit=CENTRUM")
    client.get(LIST)
    one = queries()
    for number in range(1, 5):
        order(client, cast.head, f"?period=202{number}Q1&unit=CENTRUM")
    assert queries() == one <= 12


def test_an_empty_list_says_how_to_fill_it(client, cast):
    client.force_login(cast.manager)
    assert "Välj period och enhet" in text(client.get(LIST))


def test_nobody_but_a_manager_can_have_one_made_by_any_way(cast):
    for who in ("coach", "analyst", "administrator"):
        with pytest.raises(PermissionDenied):
            job_enqueue(kind=FIGURES_PDF, owner=getattr(cast, who))
    assert kinds.find(FIGURES_PDF).can_start(cast.manager)
