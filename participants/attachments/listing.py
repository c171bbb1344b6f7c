"""The documents of a participant's file: every attachment of what is written in it."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.file import ParticipantFile
from participants.models import Attachment, Enrolment, JournalEntry
from participants.permissions import can_see_withdrawn_attachments, can_withdraw_attachment
from participants.providers import Part

SLUG = "dokument"
PAGE_SIZE = 50


@dataclass(frozen=True)
class ShownAttachment:
    """An attachment with what its reader may do with it, and where else in the file the same bytes are."""

    row: Attachment
    can_withdraw: bool
    also: tuple[str, ...] = ()


def shown(rows, user: User, *, also: dict[int, tuple[str, ...]] | None = None) -> list[ShownAttachment]:
    """The attachments as `user` sees them; each row's entry has its enrolment."""
    today = timezone.localdate()
    return [
        ShownAttachment(row, can_withdraw_attachment(user, row, today), (also or {}).get(row.pk, ())) for row in rows
    ]


def copies(rows: list[Attachment], enrolments: list[Enrolment]) -> dict[int, tuple[str, ...]]:
    """For each of `rows` where else in these enrolments the same file is attached, in words; only those that are."""
    if not rows:
        return {}
    same = Attachment.objects.in_use().in_enrolments(enrolments).filter(sha256__in={row.sha256 for row in rows})
    places = defaultdict(list)
    for each in same.select_related("entry"):
        places[each.sha256].append(each)
    found = {
        row.pk: tuple(_place(each.entry) for each in places[row.sha256] if each.entry_id != row.entry_id)
        for row in rows
    }
    return {key: value for key, value in found.items() if value}


def copies_of_entry(entry: JournalEntry, enrolments: list[Enrolment]) -> list[str]:
    """Of the files just attached to an entry: which of them the file holds already, a sentence each."""
    rows = list(Attachment.objects.in_use().filter(entry=entry))
    also = copies(rows, enrolments)
    return [
        _("%(name)s is attached here already: %(place)s.") % {"name": row.name, "place": ", ".join(also[row.pk])}
        for row in rows
        if row.pk in also
    ]


def _place(entry: JournalEntry) -> str:
    return f"{entry.get_kind_display().lower()} {date_format(entry.occurred_on, 'Y-m-d')}"


@dataclass(frozen=True)
class Documents:
    """One page of the attachments, the newest first; and for managers those that were withdrawn."""

    page: Page
    rows: list[ShownAttachment]
    withdrawn: list[Attachment]


def documents(file: ParticipantFile, params) -> Documents:
    """The page of the file's documents that the address asks for."""
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    rows = Attachment.objects.in_enrolments(file.enrolments).select_related("entry")
    page = Paginator(rows.in_use().order_by("-uploaded_at", "-pk"), PAGE_SIZE).get_page(params.get("page"))
    managed = [each for each in file.enrolments if can_see_withdrawn_attachments(file.user, each)]
    withdrawn = rows.withdrawn().in_enrolments(managed).order_by("-withdrawn_at", "-pk") if managed else []
    here = list(page.object_list)
    for row in here:
        row.entry.enrolment = cases[row.entry.enrolment_id]
    return Documents(
        page=page, rows=shown(here, file.user, also=copies(here, file.enrolments)), withdrawn=list(withdrawn)
    )


def part_context(file: ParticipantFile, params) -> dict:
    """What the template of the documents' part needs (participants.providers.Part)."""
    return {"documents": documents(file, params), "withdrawn_now": params.get("tillbakataget", "")}


PART = Part(
    slug=SLUG,
    label=gettext_lazy("Documents"),
    template="participants/attachments/part.html",
    order=85,
    context=part_context,
)
