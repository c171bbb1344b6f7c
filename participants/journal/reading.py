"""Reading the journal: its pages, what of it stands in the timeline, and what of it the participant may be shown."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.attachments import listing
from participants.attachments.listing import ShownAttachment
from participants.file import CaseRows, ParticipantFile
from participants.journal.forms import EntryFilterForm
from participants.journal.moves import Moves, moves_in, moves_of
from participants.journal.writing import log_for
from participants.models import Attachment, Enrolment, JournalEntry, JournalMove
from participants.models.journal import Audience, EntryKind
from participants.permissions import can_add_to_entry, can_edit_entry, can_move_entry
from participants.providers import Part, TimelineEntry

PAGE_SIZE = 20
SLUG = "journal"
KIND = "journal"  # in the timeline

ICONS = {
    EntryKind.CONVERSATION: "chat",
    EntryKind.MEETING: "people",
    EntryKind.PHONE: "phone",
    EntryKind.MESSAGE: "mail",
    EntryKind.EVENT: "calendar",
    EntryKind.DOCUMENT: "file",
}


@dataclass(frozen=True)
class ShownEntry:
    """An entry with what its reader may do with it; `moved` is how it came here, if it was moved here."""

    row: JournalEntry
    file_id: uuid.UUID
    icon: str
    can_edit: bool
    can_add: bool
    can_move: bool
    attachments: list[ShownAttachment]
    moved: JournalMove | None


def shown(entries: list[JournalEntry], enrolments: list[Enrolment], user: User, moves: Moves) -> Iterator[ShownEntry]:
    """The entries (of `entries_in`) as `user` sees them; they belong to `enrolments`."""
    today = timezone.localdate()
    cases = {enrolment.pk: enrolment for enrolment in enrolments}
    for row in entries:
        row.enrolment = cases[row.enrolment_id]
        for attachment in row.attached:
            attachment.entry = row
        yield ShownEntry(
            row=row,
            file_id=row.enrolment.participant.public_id,
            icon=ICONS[row.kind],
            can_edit=can_edit_entry(user, row, today),
            can_add=can_add_to_entry(user, row),
            can_move=can_move_entry(user, row, today),
            attachments=listing.shown(row.attached, user),
            moved=moves.into.get(row.pk),
        )


def entries_in(enrolments: list[Enrolment]) -> QuerySet:
    """The entries of the enrolments, newest first, with what was added and attached to them."""
    cases = [enrolment.pk for enrolment in enrolments]
    attached = Prefetch("attachments", queryset=Attachment.objects.in_use(), to_attr="attached")
    return JournalEntry.objects.filter(enrolment__in=cases).prefetch_related("additions", attached)


# --- The timeline -------------------------------------------------------------------------------------------------


ENTRIES = CaseRows(lambda enrolments, _user: entries_in(enrolments))
MOVES = CaseRows(lambda enrolments, _user: moves_in(enrolments))


def timeline_entries(file: ParticipantFile) -> list[TimelineEntry]:
    """What people wrote, for the file's timeline (participants.providers), and the traces of what was moved away."""
    moves = moves_of(file.rows(MOVES), file.enrolments)
    written = _as_timeline(file.rows(ENTRIES), file.enrolments, file.user, moves)
    return written + [trace_entry(move) for move in moves.traces]


def _as_timeline(rows, enrolments: list[Enrolment], user: User, moves: Moves) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            date=entry.row.occurred_on,
            title=entry.row.get_kind_display(),
            kind=KIND,
            by=entry.row.author_name,
            text=entry.row.text,
            quiet=False,
            order=entry.row.created_at.timestamp(),
            template="participants/_journal_entry.html",
            row=entry,
        )
        for entry in shown(rows, enrolments, user, moves)
    ]


def trace_entry(move: JournalMove) -> TimelineEntry:
    """That something was moved away: who did it, when and why, and nothing of what it said or whose it is."""
    return TimelineEntry(
        date=timezone.localdate(move.moved_at),
        title=_("An entry was moved from here"),
        kind=KIND,
        by=move.moved_by_name,
        text=move.why,
        order=move.moved_at.timestamp(),
    )


# --- The journal's own pages --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Journal:
    """One page of the journal, and how it was chosen."""

    page: Page
    entries: list[TimelineEntry]
    filter: EntryFilterForm
    narrowed: bool
    traces: list[TimelineEntry]


def journal_page(file: ParticipantFile, params) -> Journal:
    """The page of the journal that the address asks for: `typ` a kind of entry, `visas` for whom, `page` a number.

    What was moved away is told on the whole journal's first page.
    """
    chosen = EntryFilterForm(params)
    chosen.is_valid()
    asked = {"kind": chosen.cleaned_data.get("typ"), "audience": chosen.cleaned_data.get("visas")}
    asked = {column: value for column, value in asked.items() if value}
    page = Paginator(entries_in(file.enrolments).filter(**asked), PAGE_SIZE).get_page(params.get("page"))
    moves = moves_of(file.rows(MOVES), file.enrolments)
    whole = page.number == 1 and not asked
    return Journal(
        page=page,
        entries=_as_timeline(page.object_list, file.enrolments, file.user, moves),
        filter=chosen,
        narrowed=bool(asked),
        traces=[trace_entry(move) for move in moves.traces] if whole else [],
    )


def for_participant(file: ParticipantFile, first: dt.date | None, last: dt.date | None) -> list[JournalEntry]:
    """The entries that the participant may be shown, the oldest first as one reads a book, between two days."""
    rows = entries_in(file.enrolments).filter(audience=Audience.PARTICIPANT)
    if first:
        rows = rows.filter(occurred_on__gte=first)
    if last:
        rows = rows.filter(occurred_on__lte=last)
    return list(rows.order_by("occurred_on", "created_at", "pk"))


def address_of(file: ParticipantFile) -> str:
    return reverse("participants:part", args=[file.public_id, SLUG])


# --- The part of the file -----------------------------------------------------------------------------------------


def part_context(file: ParticipantFile, params) -> dict:
    """What the template of the journal's part needs (participants.providers.Part)."""
    changed = params.get("andrad", "")  # the entry that was changed or added to: it says so itself
    return {
        "journal": journal_page(file, params),
        "log": log_for(file, origin=SLUG, saved=params.get("sparad", "")),
        "changed": changed,
        "told": _told(file, changed),
    }


def _told(file: ParticipantFile, changed: str) -> list[str]:
    """What is worth knowing of the files of the entry that was just added to."""
    try:
        token = uuid.UUID(changed)
    except ValueError:
        return []
    entry = JournalEntry.objects.filter(public_id=token, enrolment__in=[each.pk for each in file.enrolments]).first()
    return listing.copies_of_entry(entry, file.enrolments) if entry else []


PART = Part(
    slug=SLUG,
    label=gettext_lazy("Journal"),
    template="participants/journal/part.html",
    order=80,
    context=part_context,
)
