"""The kinds of mail and of text message. Upper floors join theirs in `AppConfig.ready`:

kinds.register(MailKind(code="followup_link", label=_("Link to a follow-up"), compose=compose_followup_link))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.models import Mail


@dataclass(frozen=True)
class Enclosure:
    """A file that comes with a mail: its name (ASCII), its media type, and its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """What a mail says: one line, plain text, and the files that come with it. A text message has the text alone."""

    subject: str
    body: str
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True)
class MailKind:
    """A kind of mail.

    code     stored in the row; never changed
    label    what the mail is, in the user's words (lazily translated); no personal data
    compose  writes the mail when it is sent, from what `mail.reference` and `mail.params` name, so that the outbox
             holds neither text nor secret links. None: it is no longer wanted, and is withdrawn. Called again at
             each attempt, in a transaction of its own that is committed before the mail server is talked to

    A mail whose recipient is a number is a text message: it leaves by the installation's gateway (`delivery.sms`).
    """

    code: str
    label: str
    compose: Callable[[Mail], Message | None]


_kinds: dict[str, MailKind] = {}


def register(kind: MailKind) -> None:
    """Make a kind known. Raises ValueError if another kind has taken the code."""
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"Two kinds of mail have the code {kind.code!r}")


def find(code: str) -> MailKind | None:
    """The kind with this code; None if no app of this version has registered it."""
    return _kinds.get(code)
