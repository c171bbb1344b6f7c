"""Issuing documents: number and code in the transaction of the act, the bytes afterwards, once."""

import hashlib
import secrets

from django.db import connection, transaction
from django.utils import timezone

from delivery.models import Document, DocumentFile, Job
from delivery.services.jobs import job_enqueue

#: Letters and figures that are not taken for each other when read aloud or typed (Crockford's base 32).
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: The media type of a PDF.
PDF = "application/pdf"
_MISREAD = str.maketrans("OIL", "011")


def number_take(*, series: str, year: int) -> int:
    """The next number of the series in the year, from 1. Inside the transaction that uses it: the series is locked
    until that ends, and a rollback gives the number back. Hold it for no longer than the rows take to write."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is taken in the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_numberseries (series, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (series, year) DO UPDATE SET last = delivery_numberseries.last + 1 RETURNING last",
            [series, year],
        )
        return cursor.fetchone()[0]


def verification_code() -> str:
    """A code that cannot be guessed (60 bits), in three groups of four."""
    drawn = "".join(secrets.choice(CODE_ALPHABET) for _ in range(12))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


def verification_code_read(typed: str) -> str:
    """A code as somebody typed it, made as it is stored: groups, capitals, O as 0, I and L as 1. Empty if it cannot
    be one."""
    letters = "".join(each for each in typed.upper() if each.isalnum()).translate(_MISREAD)
    if len(letters) != 12 or any(each not in CODE_ALPHABET for each in letters):
        return ""
    return "-".join((letters[:4], letters[4:8], letters[8:]))


@transaction.atomic
def document_issue(*, kind: str, series: str, actor, verifiable: bool = False) -> Document:
    """Issue a document of today: take its number ("INTYG-2026-00001") and, if it is to be verifiable, its code.

    `actor` None is the system itself. The caller stores what the document says in the same transaction, and
    enqueues the job that makes it (`document_job_enqueue`) and calls `document_file_store`.
    """
    today = timezone.localdate()
    return Document.objects.create(
        kind=kind,
        number=f"{series}-{today.year}-{number_take(series=series, year=today.year):05d}",
        verification_code=verification_code() if verifiable else None,
        issued_on=today,
        created_by=actor,
        created_by_name=actor.get_full_name() if actor else "",
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


@transaction.atomic
def document_file_store(*, document: Document, name: str, media_type: str, content: bytes) -> DocumentFile:
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
        },
    )
    if made:
        Document.objects.filter(pk=document.pk, made_at=None).update(made_at=timezone.now())
    return file
