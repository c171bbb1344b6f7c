"""Issued documents: numbers, codes, bytes."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import weasyprint
from celery.signals import worker_init
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, transaction
from django.utils import timezone

from delivery import checks
from delivery.documents import libraries, pdf
from delivery.models import Document, DocumentFile, Job, NumberSeries
from delivery.services.documents import (
    document_file_store,
    document_issue,
    document_job_enqueue,
    number_take,
)
from delivery.states import JobState
from tests.beside import wait_until_somebody_waits

BY_SYSTEM = "test_by_the_system"


def issue(**options):
    return document_issue(kind="test", series="PROV", actor=None, **options)


def test_numbers_follow_each_other_in_each_series_and_year(db):
    year = timezone.localdate().year
    assert [issue().number for _ in range(2)] == [f"PROV-{year}-00001", f"PROV-{year}-00002"]
    assert [number_take(series="PROV", year=year + 1), number_take(series="ANNAN", year=year)] == [1, 1]


def test_a_number_is_given_back_when_what_used_it_is_not_stored(db):
    with transaction.atomic():
        issue()
        transaction.set_rollback(True)
    assert issue().number.endswith("-00001")


@pytest.mark.django_db(transaction=True)
def test_a_number_is_not_taken_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        number_take(series="PROV", year=2026)
    assert not NumberSeries.objects.exists()


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_what_failed_is_asked_for_once_though_two_ask_at_the_same_moment(beside):
    document = issue()
    document.job = Job.objects.create(
        kind=BY_SYSTEM, state=JobState.FAILED, error="Det gick inte.", finished_at=timezone.now()
    )
    document.save()
    with transaction.atomic():
        first = document_job_enqueue(document=document, kind=BY_SYSTEM, owner=None)
        again = beside(document_job_enqueue, document=document, kind=BY_SYSTEM, owner=None)
        wait_until_somebody_waits()
    assert again.result(timeout=20) == first
    assert Job.objects.count() == 2


def test_bytes_are_kept_once_with_their_hash_however_often_the_work_is_done(db):
    document = issue()
    first = document_file_store(document=document, name="a.pdf", media_type="application/pdf", content=b"first")
    again = document_file_store(document=document, name="b.pdf", media_type="application/pdf", content=b"second")
    assert first == again
    kept = DocumentFile.objects.get()
    assert (bytes(kept.content), kept.size) == (b"first", 5)
    assert kept.sha256 == hashlib.sha256(b"first").hexdigest()
    document.refresh_from_db()
    assert document.made_at


def test_the_database_itself_refuses_to_change_or_delete_issued_bytes(db):
    document_file_store(document=issue(), name="a.pdf", media_type="application/pdf", content=b"first")
    for forge in (lambda: DocumentFile.objects.update(content=b"forged"), DocumentFile.objects.all().delete):
        with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
            forge()


def test_only_a_document_that_can_be_verified_has_a_code(db):
    assert issue().verification_code is None
    codes = {issue(verifiable=True).verification_code for _ in range(20)}
    assert len(codes) == 20
    for document in Document.objects.exclude(verification_code=None):
        document.full_clean(exclude=["created_by"])


def test_a_machine_without_the_libraries_is_told_what_to_install(monkeypatch, caplog):
    monkeypatch.setattr(checks, "PANGO", {"libnothere.so.0": "libpango-1.0-0"})
    monkeypatch.setattr(checks, "SUBSET", {"libnothere.so.1": "libharfbuzz-subset0"})
    with pytest.raises(SystemCheckError) as told:
        call_command("check", fail_level="WARNING")
    assert "libpango-1.0-0" in str(told.value)
    assert "libharfbuzz-subset0" in str(told.value)
    worker_init.send(sender=None)
    assert "libpango-1.0-0" in caplog.text


@pytest.fixture
def first_document():
    """As in a process that has drawn nothing yet."""
    pdf._weasyprint.cache_clear()
    yield
    pdf._weasyprint.cache_clear()


def test_a_document_that_cannot_be_drawn_says_why(monkeypatch, first_document):
    monkeypatch.setattr(pdf, "PANGO", {"libnothere.so.0": "libpango-1.0-0"})
    with pytest.raises(pdf.PdfLibrariesMissing, match="libpango"):
        pdf.render_pdf(html="<p>Hej")


def test_threads_of_one_process_draw_one_document_at_a_time(monkeypatch):
    """Two at once share Pango's font map, and corrupt the process's memory."""
    inside, most = [], []
    draw = weasyprint.HTML.write_pdf

    def watched(self, *args, **options):
        inside.append(self)
        most.append(len(inside))
        try:
            return draw(self, *args, **options)
        finally:
            inside.remove(self)

    monkeypatch.setattr(weasyprint.HTML, "write_pdf", watched)
    page = '<html lang="sv"><title>Prov</title><p>Ett stycke.' + "<p>Ett stycke till." * 50
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _each: pdf.render_pdf(html=page), range(4)))
    assert all(each.startswith(b"%PDF") for each in made)
    assert most == [1, 1, 1, 1]


def test_a_document_fetches_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hemligt")
    for address in ("http://example.org/x.png", secret.as_uri()):
        with pytest.raises(ValueError, match="fetches nothing"):
            pdf.render_pdf(html=f'<html lang="sv"><title>x</title><img alt="x" src="{address}">')


def test_the_libraries_are_here():
    assert libraries.missing(libraries.PANGO | libraries.SUBSET) == []
