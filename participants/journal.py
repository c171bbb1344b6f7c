"""The journal of a participant's file as its reader may see it: the open form, the entries, their history."""

import datetime as dt
import difflib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core import signing
from django.core.paginator import Page, Paginator
from django.db.models import Min, Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.file import ParticipantFile
from participants.forms import KindFilterForm, LogForm
from participants.models import (
    Enrolment,
    JournalDraft,
    JournalEntry,
    Merge,
    MergeState,
    MergeStep,
    Referral,
)
from participants.models.journal import ContactKind
from participants.permissions import can_add_to_entry, can_edit_entry, can_write_journal
from participants.providers import Part, TimelineEntry
from participants.services.journal import draft_of, version_of

PAGE_SIZE = 20
SLUG = "journal"
FILE = "file"  # the form's other place: the overview
#: How long a text that is sent after the session has ended is still taken as its writer's.
TICKET_SECONDS = 24 * 60 * 60

ICONS = {
    ContactKind.CONVERSATION: "chat",
    ContactKind.MEETING: "people",
    ContactKind.PHONE: "phone",
    ContactKind.MESSAGE: "mail",
    ContactKind.EVENT: "calendar",
}


# --- Writing ------------------------------------------------------------------------------------------------------


def writer_ticket(file: ParticipantFile) -> str:
    """Signed into each form: who opened it, in whose file.

    When it is sent after the session has ended, the text can be kept as that user's draft; when somebody else has
    signed in meanwhile on the same computer, it is not taken for theirs. It opens and shows nothing.
    """
    return signing.dumps([file.user.pk, str(file.public_id)], salt=SLUG)


def writer_of(ticket: str, public_id: uuid.UUID) -> int | None:
    """The key of the user who opened the form in this participant's file; None if the ticket is false or old."""
    try:
        user, subject = signing.loads(ticket, salt=SLUG, max_age=TICKET_SECONDS)
    except signing.BadSignature:
        return None
    return user if subject == str(public_id) else None


def case_to_write_in(file: ParticipantFile) -> Enrolment:
    """The enrolment a contact is written in: the one that is open today, else the latest within the user's scope."""
    today = timezone.localdate()
    begun = [enrolment for enrolment in file.enrolments if enrolment.start <= today]
    return next((enrolment for enrolment in begun if enrolment.is_open), begun[0] if begun else file.latest)


def known_since(file: ParticipantFile) -> dt.date:
    """The first day on which the participant was known, as far as the user may see: a referral or an enrolment.

    What other units know takes no part, so that a refused date says nothing about them.
    """
    units = {enrolment.unit_id for enrolment in file.enrolments}
    received = Referral.objects.filter(participant=file.participant, unit__in=units).aggregate(day=Min("received"))
    days = [received["day"], timezone.localdate(), *(enrolment.start for enrolment in file.enrolments)]
    return min(day for day in days if day)


def known_rows(file: ParticipantFile) -> dict[int, dt.date]:
    """The rows that the person has had (more than one after a merge), each with the first day on which it was known
    as far as the user may see. What came by a merge made the row known on the day of the merge."""
    days: dict[int, dt.date] = {}
    units = {enrolment.unit_id for enrolment in file.enrolments}
    referrals = list(Referral.objects.filter(participant=file.participant, unit__in=units))
    for rows, begun in ((file.enrolments, "start"), (referrals, "received")):
        moves = moves_of(type(rows[0]), rows) if rows else {}
        for row in rows:
            known = getattr(row, begun)
            for move in moves.get(row.pk, ()):
                days[move.loser_id] = min(known, days.get(move.loser_id, known))
                known = timezone.localdate(move.decided_at)
            days[file.participant.pk] = min(known, days.get(file.participant.pk, known))
    return {key: min(day, timezone.localdate()) for key, day in days.items()}


def moves_of(model: type[Model], rows: list) -> dict[int, list[Merge]]:
    """The merges in force that brought rows where they are, the first one first."""
    steps = MergeStep.objects.filter(
        model=model._meta.label_lower, object_id__in=[row.pk for row in rows], merge__state=MergeState.MERGED
    )
    moves: dict[int, list[Merge]] = {}
    for step in steps.select_related("merge").order_by("merge__decided_at"):
        moves.setdefault(step.object_id, []).append(step.merge)
    return moves


@dataclass(frozen=True)
class Log:
    """The form by which a contact is logged, and what stands around it.

    `draft` is shown in the form when it opens; `saved` is the entry that was just stored; `already` the entry that an
    earlier sending of the same form stored, with something else in it.
    """

    file: ParticipantFile
    enrolment: Enrolment
    form: LogForm
    origin: str
    draft: JournalDraft | None = None
    saved: JournalEntry | None = None
    already: JournalEntry | None = None

    @property
    def writer(self) -> str:
        return writer_ticket(self.file)


def new_log_form(file: ParticipantFile, draft: JournalDraft | None, *, token: uuid.UUID | None = None) -> LogForm:
    """An empty form for today, or one that holds the draft."""
    initial = {"occurred_on": timezone.localdate()}
    if draft:
        initial = {"kind": draft.kind, "occurred_on": draft.occurred_on, "text": draft.text}
    initial |= {"token": token or uuid.uuid4(), "draft_seen": version_of(draft)}
    return LogForm(initial=initial, known_since=known_since(file), auto_id="log_%s")


def log_for(file: ParticipantFile, *, origin: str, saved: str = "") -> Log | None:
    """The form as it opens in a file; None for who may only read. `saved` is the id of an entry just stored."""
    enrolment = case_to_write_in(file)
    if not can_write_journal(file.user, enrolment):
        return None
    draft = draft_of(file.user, file.participant.pk)
    return Log(
        file=file,
        enrolment=enrolment,
        form=new_log_form(file, draft),
        origin=origin,
        draft=draft,
        saved=_own_entry(file, saved),
    )


def _own_entry(file: ParticipantFile, public_id: str) -> JournalEntry | None:
    try:
        token = uuid.UUID(public_id)
    except ValueError:
        return None
    return JournalEntry.objects.filter(
        public_id=token, author=file.user, enrolment__in=[enrolment.pk for enrolment in file.enrolments]
    ).first()


# --- Reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownEntry:
    """An entry with what its reader may do with it."""

    row: JournalEntry
    file_id: uuid.UUID
    icon: str
    can_edit: bool
    can_add: bool


def shown(entries: list[JournalEntry], enrolments: list[Enrolment], user: User) -> Iterator[ShownEntry]:
    """The entries as `user` sees them; they belong to `enrolments`."""
    today = timezone.localdate()
    cases = {enrolment.pk: enrolment for enrolment in enrolments}
    for row in entries:
        row.enrolment = cases[row.enrolment_id]
        yield ShownEntry(
            row=row,
            file_id=row.enrolment.participant.public_id,
            icon=ICONS[row.kind],
            can_edit=can_edit_entry(user, row, today),
            can_add=can_add_to_entry(user, row),
        )


def entries_in(enrolments: list[Enrolment]):
    """The entries of the enrolments, newest first, with what was added to them."""
    cases = [enrolment.pk for enrolment in enrolments]
    return JournalEntry.objects.filter(enrolment__in=cases).prefetch_related("additions")


def timeline_entries(enrolments: list[Enrolment], user: User) -> list[TimelineEntry]:
    """What people wrote, for the file's timeline (participants.providers)."""
    return _as_timeline(entries_in(enrolments), enrolments, user)


def _as_timeline(rows, enrolments: list[Enrolment], user: User) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            date=entry.row.occurred_on,
            title=entry.row.get_kind_display(),
            kind="journal",
            by=entry.row.author_name,
            text=entry.row.text,
            quiet=False,
            order=entry.row.created_at.timestamp(),
            template="participants/_journal_entry.html",
            row=entry,
        )
        for entry in shown(rows, enrolments, user)
    ]


@dataclass(frozen=True)
class Journal:
    """One page of the journal, and how it was chosen."""

    page: Page
    entries: list[TimelineEntry]
    kinds: KindFilterForm
    chosen: str


def journal_page(file: ParticipantFile, params) -> Journal:
    """The page of the journal that the address asks for: `typ` a kind of contact, `page` a number."""
    kinds = KindFilterForm(params)
    chosen = kinds.cleaned_data["typ"] if kinds.is_valid() else ""
    rows = entries_in(file.enrolments)
    if chosen:
        rows = rows.filter(kind=chosen)
    page = Paginator(rows, PAGE_SIZE).get_page(params.get("page"))
    return Journal(
        page=page, entries=_as_timeline(page.object_list, file.enrolments, file.user), kinds=kinds, chosen=chosen
    )


def address_of(file: ParticipantFile) -> str:
    return reverse("participants:part", args=[file.public_id, SLUG])


# --- History ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """A wording of an entry: who wrote it when, and what it changed of the one before (nothing: the first)."""

    row: JournalEntry
    at: dt.datetime
    by: str
    changes: list[tuple[str, str]] = field(default_factory=list)
    kind_before: str = ""
    day_before: dt.date | None = None


def versions_of(entry: JournalEntry) -> list[Version]:
    """Every wording of the entry, newest first, from the history that the database keeps."""
    versions, before = [], None
    for event in entry.events.order_by("pgh_id"):
        by = (event.pgh_context or {}).get("name") or event.author_name
        kwargs = {}
        if before:
            kwargs = {
                "changes": list(changes(before.text, event.text)),
                "kind_before": before.get_kind_display() if before.kind != event.kind else "",
                "day_before": before.occurred_on if before.occurred_on != event.occurred_on else None,
            }
        versions.append(Version(row=event, at=event.pgh_created_at, by=by, **kwargs))
        before = event
    return versions[::-1]


def changes(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The new text with what was taken from the old: pieces of `same`, `gone` and `new`, word by word."""
    old_words, new_words = (re.findall(r"\S+|\s+", text) for text in (old, new))
    for act, a, b, c, d in difflib.SequenceMatcher(None, old_words, new_words).get_opcodes():
        if act == "equal":
            yield "same", "".join(old_words[a:b])
            continue
        if a < b:
            yield "gone", "".join(old_words[a:b])
        if c < d:
            yield "new", "".join(new_words[c:d])


# --- The part of the file -----------------------------------------------------------------------------------------


def part_context(file: ParticipantFile, params) -> dict:
    """What the template of the journal's part needs (participants.providers.Part)."""
    return {
        "journal": journal_page(file, params),
        "log": log_for(file, origin=SLUG, saved=params.get("sparad", "")),
        "changed": params.get("andrad", ""),  # the entry that was changed or added to: it says so itself
    }


PART = Part(slug=SLUG, label=_("Journal"), template="participants/journal/part.html", order=80, context=part_context)
