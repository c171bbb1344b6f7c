"""The journal of a participant's file as its reader may see it: the open form, the entries, their history."""

from participants.journal.history import changes, versions_of
from participants.journal.reading import (
    ENTRIES,
    KIND,
    MOVES,
    PART,
    SLUG,
    Journal,
    ShownEntry,
    address_of,
    entries_in,
    journal_page,
    shown,
    timeline_entries,
)
from participants.journal.writing import (
    FILE,
    Log,
    known_since,
    log_for,
    new_log_form,
    writer_of,
    writer_ticket,
)

__all__ = [
    "ENTRIES",
    "FILE",
    "KIND",
    "MOVES",
    "PART",
    "SLUG",
    "Journal",
    "Log",
    "ShownEntry",
    "address_of",
    "changes",
    "entries_in",
    "journal_page",
    "known_since",
    "log_for",
    "new_log_form",
    "shown",
    "timeline_entries",
    "versions_of",
    "writer_of",
    "writer_ticket",
]
