"""Attaching files to a journal entry, and withdrawing one."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.attachments.forms import NewFile
from participants.models import Attachment, AttachmentContent, JournalEntry


@transaction.atomic
def attachments_add(*, entry: JournalEntry, files: list[NewFile], uploader: User) -> list[Attachment]:
    """Attach files to an entry. One that is attached to it already, byte for byte, is not stored again, so that a
    form may be sent twice. Returns the new ones. Within the caller's lock of the entry, or with one of its own."""
    if not files:
        return []
    JournalEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    there = set(Attachment.objects.in_use().filter(entry=entry).values_list("sha256", flat=True))
    rows = []
    for file in files:
        if file.sha256 in there:
            continue
        row = Attachment.objects.create(
            entry=entry,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            uploaded_by=uploader,
            uploaded_by_name=uploader.full_name,
        )
        AttachmentContent.objects.create(attachment=row, content=file.content)
        rows.append(row)
    return rows


@transaction.atomic
def attachment_withdraw(*, attachment: Attachment, actor: User, why: str) -> Attachment:
    """Say that a file was attached by mistake: it leaves every list, and managers still find it. Twice is once, with
    the first reason."""
    row = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    if row.is_withdrawn:
        return row
    row.withdrawn_at = timezone.now()
    row.withdrawn_by, row.withdrawn_by_name, row.withdrawn_why = actor, actor.full_name, why
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_by_name", "withdrawn_why"])
    return row
