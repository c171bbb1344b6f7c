"""Choosing the mark, and finding the one that a document was issued with."""

import hashlib

from django.db import transaction

from accounts.models import User
from delivery.marks.pictures import mark_png
from delivery.models import DocumentMark


def mark_in_force() -> DocumentMark | None:
    """The mark that documents are issued with now."""
    last = DocumentMark.objects.first()
    return last if last and last.sha256 else None


def mark_content(sha256: str) -> bytes:
    """The picture with this hash. DocumentMark.DoesNotExist for one that was never a mark here."""
    return bytes(DocumentMark.objects.filter(sha256=sha256)[:1].get().content)


@transaction.atomic
def mark_choose(*, content: bytes, actor: User | None) -> DocumentMark:
    """Put this picture (PNG) on the documents that are issued from now on. ValidationError: see `mark_png`."""
    png, width, height = mark_png(content)
    sha256 = hashlib.sha256(png).hexdigest()
    now = mark_in_force()
    if now and now.sha256 == sha256:
        return now
    return _keep(actor, content=png, sha256=sha256, width=width, height=height)


@transaction.atomic
def mark_remove(*, actor: User) -> None:
    """Issue documents without a mark from now on; nothing when there is none."""
    if mark_in_force():
        _keep(actor)


def _keep(actor: User | None, **fields) -> DocumentMark:
    return DocumentMark.objects.create(by=actor, by_name=actor.full_name if actor else "", **fields)
