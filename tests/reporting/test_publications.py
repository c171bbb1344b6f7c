"""The way to the public through the pages: prepared, looked at, published once; and what everybody may open then."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessLogEntry
from delivery.models import Job
from delivery.running import job_run
from delivery.services.documents import PDF, document_file_store
from reporting.figures.definition import Section
from reporting.models import Publication, Report
from reporting.periods import Period
from reporting.question import Question
from reporting.services.publishing import publication_prepare, publication_publish
from reporting.services.reports import report_comment_save, report_correct, report_freeze, report_start
from tests.permissions.committee import published_of

HIDDEN = "dolt värde"


@pytest.fixture
def frozen(acceptance_quarter, cast):
    """Freezes a report that the head of the whole municipality writes."""

    def freeze(period="2026Q1", unit=None, *, with_units=False, as_of=dt.date(2026, 4, 30)) -> Report:
        report = report_start(
            actor=cast.head,
            kind="quarterly",
            title=f"Rapport {period}",
            case_number="AMN 2026/114",
            question=Question(Period.parse(period), as_of, unit),
            with_units=with_units,
            sections=Section.values,
        )
        comment = "Kvartalet blev starkt."
        window = "6f1fb6a0-3c55-4a5b-9d55-3c02f4f41111"
        report_comment_save(report=report, section="summary", text=comment, author=cast.head, seen=0, window=window)
        return report_freeze(report=report, actor=cast.head, seen=0)

    return freeze


@pytest.fixture
def published(frozen, cast):
    """Publishes the report of a period."""

    def publish(period="2026Q1", **options) -> Publication:
        publication = publication_prepare(report=frozen(period, **options), actor=cast.head)
        job_run(job_id=publication.job_id)
        publication.refresh_from_db()
        return publication_publish(publication=publication, actor=cast.head, seen=publication.job_id)

    return publish


def address(name, thing, *more) -> str:
    return reverse(f"reporting:{name}", args=[thing.public_id, *more])


def test_a_period_is_not_published_before_its_end_is_counted(frozen, cast, client):
    client.force_login(cast.head)
    report = frozen(as_of=dt.date(2026, 3, 30))
    page = client.post(address("publication_prepare", report), follow=True).content.decode()
    assert "innan perioden tog slut den 31 mars 2026" in page
    assert not Publication.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_report_is_prepared_looked_at_and_published_once(frozen, cast, client):
    client.force_login(cast.head)
    report = frozen(with_units=True)
    assert "Förbered publicering" in client.get(report.get_absolute_url()).content.decode()
    for _press in range(2):
        response = client.post(address("publication_prepare", report))
    publication = report.publication
    assert response["Location"] == publication.job.get_absolute_url()
    assert Job.objects.filter(kind=publication.job.kind).count() == 1
    waiting = client.get(publication.get_absolute_url()).content.decode()
    assert "Vad som måste döljas räknas ut." in waiting
    assert address("publication_publish", publication) not in waiting
    job_run(job_id=publication.job_id)

    looked_at = client.get(publication.get_absolute_url())
    assert looked_at.context["beside"].hidden
    content = looked_at.content.decode()
    for words in (
        "skyddar annat",
        "färre än 5",
        "Kvartalet blev starkt.",
        "Det som är skrivet publiceras som det är",
    ):
        assert words in content
    unit = client.get(publication.get_absolute_url(), {"enhet": "AME"})
    assert unit.context["beside"].size
    assert client.get(publication.get_absolute_url(), {"enhet": "NORGE"}).status_code == 404

    question = client.get(address("publication_publish", publication)).content.decode()
    assert "Det går inte att ta tillbaka, och perioden publiceras bara en gång." in question
    assert "aldrig publiceras" not in question
    for _press in range(2):
        response = client.post(address("publication_publish", publication), {"seen": publication.job_id})
        assert response["Location"] == publication.get_absolute_url()
    publication.refresh_from_db()
    assert publication.is_published
    assert publication.document.number in client.get(report.get_absolute_url()).content.decode()
    # Taken back it is not: whatever address somebody has kept leads to what is published.
    for name in ("publication_publish", "publication_withdraw"):
        assert client.get(address(name, publication))["Location"] == publication.get_absolute_url()
    assert client.post(address("publication_withdraw", publication)).status_code == 302
    assert Publication.objects.published().count() == 1


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_an_analyst_finds_what_is_published_and_nothing_else(published, frozen, cast, client):
    publication = published(with_units=True)
    waiting = publication_prepare(report=frozen("2025Q4"), actor=cast.head)
    client.force_login(cast.analyst)
    start = client.get(reverse("reporting:figures")).content.decode()
    assert publication.get_absolute_url() in start
    assert "2025Q4" not in start
    content = client.get(publication.get_absolute_url()).content.decode()
    for words in ("Kvartalet blev starkt.", HIDDEN, "Två punkter (..)", publication.document.number, "svg"):
        assert words in content
    for inside in ("Får inte publiceras", "skyddar annat", "Saknades", "/rapporter/lista/", "/namndrapporter/"):
        assert inside not in content
    assert client.get(waiting.get_absolute_url()).status_code == 404
    assert client.get(address("publication_publish", publication)).status_code == 403

    assert client.get(address("publication_file", publication, "pdf")).status_code == 404  # not made yet
    document_file_store(document=publication.document, name="rapport.pdf", media_type=PDF, content=b"%PDF")
    assert "rapport.pdf" in client.get(address("publication_file", publication, "pdf"))["Content-Disposition"]
    logged = AccessLogEntry.objects.get(subject=publication.public_id, act=AccessLogEntry.Act.DOWNLOADED)
    assert logged.actor == cast.analyst


@pytest.mark.django_db(transaction=True)
def test_a_report_that_may_not_be_published_says_why(published, frozen, cast, client, acceptance_quarter):
    client.force_login(cast.head)
    first = published()
    again = report_correct(report=first.report, actor=cast.head, reason="Fel dag.")
    again = report_freeze(report=again, actor=cast.head, seen=0)
    for report, words in (
        (again, f"i {first.document.number}"),
        (frozen(unit=acceptance_quarter), "en enhet"),
        (frozen("2026-01-15..2026-02-14"), "Bara kvartal"),
    ):
        content = client.get(report.get_absolute_url()).content.decode()
        assert words in content
        assert address("publication_prepare", report) not in content
        refused = client.post(address("publication_prepare", report), follow=True)
        assert re.search(words, refused.content.decode().split("messages")[1])
        assert not Publication.objects.filter(report=report).exists()


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_one_that_was_prepared_before_another_came_is_prepared_again(published, frozen, cast, client):
    client.force_login(cast.head)
    publication = publication_prepare(report=frozen("2026T1"), actor=cast.head)
    job_run(job_id=publication.job_id)
    published("2026Q1")
    seen = {"seen": publication.job_id}
    refused = client.post(address("publication_publish", publication), seen, follow=True).content.decode()
    assert "förbered" in refused.split("messages")[1].lower()
    assert not Publication.objects.get(pk=publication.pk).is_published
    client.post(address("publication_prepare", publication.report))
    publication.refresh_from_db()
    assert not publication.is_prepared
    assert "tillbakatagen" in client.post(address("publication_withdraw", publication), follow=True).content.decode()
    assert not Publication.objects.filter(pk=publication.pk).exists()


def test_the_list_of_what_is_published_asks_no_more_for_fifty(cast, client):
    client.force_login(cast.analyst)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("reporting:publication_list"))
        return len(asked)

    quarters = [f"{year}Q{number}" for year in range(2013, 2026) for number in (1, 2, 3, 4)]
    for period in quarters[:5]:
        published_of(cast, period)
    five = questions()
    for period in quarters[5:50]:
        published_of(cast, period)
    assert questions() == five
