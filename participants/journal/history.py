"""Every wording an entry has had, from the history that the database keeps."""

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from participants.models import JournalEntry, JournalMove


@dataclass(frozen=True)
class Version:
    """A wording of an entry: who wrote it when, and what it changed of the one before (nothing: the first).

    Or that the entry was moved from one file to another (`is_move`), with the reason. Whose file it was moved from is
    not told: whoever reads it here need not know the other person.
    """

    row: JournalEntry
    at: dt.datetime
    by: str
    changes: list[tuple[str, str]] = field(default_factory=list)
    facts: list["Fact"] = field(default_factory=list)
    is_move: bool = False
    why: str = ""


@dataclass(frozen=True)
class Fact:
    """One thing that an entry tells beside its text; `before` is what it said before, if that was something else."""

    now: str
    before: str = ""


def versions_of(entry: JournalEntry) -> list[Version]:
    """Every wording of the entry, and every move of it, newest first."""
    versions, before = [], None
    moves = iter(JournalMove.objects.filter(entry=entry))
    for event in entry.events.order_by("pgh_id"):
        by = (event.pgh_context or {}).get("name") or event.author_name
        common = {"row": event, "at": event.pgh_created_at, "by": by}
        if before and before.enrolment_id != event.enrolment_id:
            move = next(moves, None)
            versions.append(Version(**common, is_move=True, why=move.why if move else ""))
        else:
            text = list(changes(before.text, event.text)) if before else []
            versions.append(Version(**common, changes=text, facts=list(_facts(before, event))))
        before = event
    return versions[::-1]


def _facts(before, event) -> Iterator[Fact]:
    """What the entry says beside its text, in the order in which it is read; empty ones only if they were taken."""
    for told in (_kind, _day, _audience, _document, _recipient, _sent_way):
        now, earlier = told(event), told(before) if before else ""
        if now or earlier:
            yield Fact(now=now, before=earlier if earlier != now else "")


def _kind(event) -> str:
    return str(event.get_kind_display())


def _day(event) -> str:
    return f"{event.occurred_on:%Y-%m-%d}"


def _audience(event) -> str:
    return str(event.get_audience_display())


def _document(event) -> str:
    return event.document


def _recipient(event) -> str:
    return _("to %(recipient)s") % {"recipient": event.recipient} if event.recipient else ""


def _sent_way(event) -> str:
    return str(event.get_sent_way_display()) if event.sent_way else ""


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
