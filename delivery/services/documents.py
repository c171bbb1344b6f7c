"""Issuing documents: number and code in the transaction of the act, the bytes afterwards, once."""

import hashlib

from django.db import connection, transaction
from django.utils import timezone

from delivery.codes import code_draw
from delivery.documents import sealing
from delivery.models import Document, DocumentFile, Job, SealCertificate
from delivery.services.jobs import job_enqueue

#: The media type of a PDF.
PDF = "application/pdf"


def number_take(*, series: str, year: int, count: int = 1) -> int:
    """The next number of the series in the year, from 1; of `count` the last. In the transaction that uses it:
    the series is locked until that ends, and a rollback gives the numbers back. Hold it for no longer than the rows
    take to write."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is taken in the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_numberseries (series, year, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (series, year) DO UPDATE SET last = delivery_numberseries.last + excluded.last"
            " RETURNING last",
            [series, year, count],
        )
        return cursor.fetchone()[0]


def document_issue(*, kind: str, series: str, actor, verifiable: bool = False) -> Document:
    """Issue a document of today: take its number ("INTYG-2026-00001") and, if it is to be verifiable, its code.

    `actor` None is the system itself. The caller stores what the document says in the same transaction, and
    enqueues the job that makes it (`document_job_enqueue`) and calls `document_file_store`.
    """
    return documents_issue(kind=kind, series=series, actor=actor, count=1, verifiable=verifiable)[0]


@transaction.atomic
def documents_issue(
    *, kind: str, series: str, actor, count: int, verifiable: bool = False, job: Job | None = None
) -> list[Document]:
    """Issue `count` documents of today, with numbers one after the other. `job` is one that is asked for already and
    makes them all."""
    if not count:
        return []
    today = timezone.localdate()
    last = number_take(series=series, year=today.year, count=count)
    return Document.objects.bulk_create(
        Document(
            kind=kind,
            number=f"{series}-{today.year}-{number:05d}",
            verification_code=code_draw() if verifiable else None,
            issued_on=today,
            created_by=actor,
            created_by_name=actor.get_full_name() if actor else "",
            job=job,
        )
        for number in range(last - count + 1, last + 1)
    )


@transaction.atomic
def document_job_enqueue(*, document: Document, kind: str, owner) -> Job | None:
    """Have the document's bytes made by a job of this kind, which finds it by `params["document"]`, its public id.

    Asked for again (two clicks, two tabs), the job that is on its way is returned, and nothing is made twice; one
    that failed is asked for anew, under the number it has. None for a document that was made by no job.
    """
    # Without its job: one that another transaction gives it meanwhile would look as if there were none.
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if not document.has_failed:
        return document.job
    document.job = job_enqueue(kind=kind, owner=owner, params={"document": str(document.public_id)})
    document.save(update_fields=["job"])
    return document.job


def document_pdf_store(*, document: Document, content: bytes) -> DocumentFile:
    """Keep the document's PDF, named by its number (`document_file_store`)."""
    return document_file_store(document=document, name=f"{document.number}.pdf", media_type=PDF, content=content)


def document_sealed_store(*, document: Document, content: bytes, reason: str) -> DocumentFile:
    """Keep the document's PDF with the municipality's seal, where this installation has a key; else as it is.

    `reason` stands in the seal. What is kept already stays, seal and bytes. Raises `sealing.KeyUnusable`.
    """
    if kept := DocumentFile.objects.without_content().filter(document=document, media_type=PDF).first():
        return kept
    key, certificate = sealing.sealing_key(), None
    if key:
        content = sealing.seal(content, key=key, reason=reason)
        certificate = _certificate_keep(key)
    return document_file_store(
        document=document, name=f"{document.number}.pdf", media_type=PDF, content=content, sealed_with=certificate
    )


def _certificate_keep(key: sealing.Key) -> SealCertificate:
    """The certificate of the key, kept for as long as there are documents: a later key does not take away what shows
    that the seals of this one are genuine."""
    found, _made = SealCertificate.objects.get_or_create(
        sha256=key.sha256,
        defaults={
            "subject": key.subject,
            "valid_from": key.valid_from,
            "valid_until": key.valid_until,
            "content": key.certificate,
        },
    )
    return found


@transaction.atomic
def document_file_store(
    *, document: Document, name: str, media_type: str, content: bytes, sealed_with: SealCertificate | None = None
) -> DocumentFile:
    """Keep the document's bytes in one format with their SHA-256. A second time for the same format returns what is
    stored: a job that runs again neither doubles nor changes a document."""
    file, made = DocumentFile.objects.without_content().get_or_create(
        document=document,
        media_type=media_type,
        defaults={
            "name": name,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "content": content,
            "sealed_with": sealed_with,
        },
    )
    if made:
        Document.objects.filter(pk=document.pk, made_at=None).update(made_at=timezone.now())
    return file
