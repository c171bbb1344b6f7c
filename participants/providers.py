"""What the floors above add to a participant's file: small typed lists that they join in `AppConfig.ready`.

The timeline is computed from the rows of every app each time it is shown, so nothing is copied into a log that can
go stale.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.file import CaseRows, ParticipantFile
from participants.models import Enrolment

# --- What the overview is told from -------------------------------------------------------------------------------

_rows: list[CaseRows] = []


def read_overview(file: ParticipantFile) -> None:
    """Read everything that the timeline and the step line are told from, with one query."""
    file.read(_rows)


# --- The timeline -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened, on a day.

    `title` is what, in a few words; `by` who wrote or did it; `text` more of it, as written. `kind` is one of those
    that its app has named (`join_timeline`): the timeline can be narrowed to it. `quiet` marks what only
    happened (a date that passed) in place of what somebody wrote. An entry that shows more than text names a
    `template`, which is given `entry` and its `row`. Two entries of a day keep the order of their `order`.
    """

    date: dt.date
    title: str
    kind: str
    text: str = ""
    by: str = ""
    link: str = ""
    quiet: bool = True
    order: float = 0
    template: str = ""
    row: Any = None


#: How many entries of the timeline are shown, and how many more each "show older" adds.
TIMELINE_PAGE = 20

TimelineProvider = Callable[[ParticipantFile], Iterable[TimelineEntry]]
_timeline: list[TimelineProvider] = []
#: The kinds by which the timeline can be narrowed, and what they are called; what nobody has named is "other".
_kinds: dict[str, str] = {}
OTHER = "other"


def join_timeline(
    provider: TimelineProvider, *, kinds: Mapping[str, str] | None = None, rows: Iterable[CaseRows] = ()
) -> None:
    """Add entries to every timeline, of the `kinds` named, told from `rows`. The enrolments of the file are those the
    user may see; the number of queries must not depend on how many rows there are."""
    _timeline.append(provider)
    _kinds.update(kinds or {})
    _rows.extend(rows)


def timeline(file: ParticipantFile) -> list[TimelineEntry]:
    """Everything that happened in the file's enrolments, newest first."""
    read_overview(file)
    entries = [entry for provider in _timeline for entry in provider(file)]
    return sorted(entries, key=lambda entry: (entry.date, entry.order), reverse=True)


@dataclass(frozen=True)
class TimelineKind:
    """A kind of entry that a timeline holds: how many of them, and whether it is narrowed to it."""

    key: str
    label: str
    count: int
    chosen: bool


def _kind_of(entry: TimelineEntry) -> str:
    return entry.kind if entry.kind in _kinds else OTHER


def _kinds_in(entries: list[TimelineEntry], chosen: str) -> list[TimelineKind]:
    counts = Counter(_kind_of(entry) for entry in entries)
    names = {**_kinds, OTHER: _("Other")}
    return [TimelineKind(key, label, counts[key], key == chosen) for key, label in names.items() if counts[key]]


def timeline_page(entries: list[TimelineEntry], params) -> dict:
    """The newest entries, as many as the address asks for (`?shown=40`), and how many to ask for next; narrowed to
    the kind that it names (`?visa=placement`), if there are any of it."""
    asked = params.get("shown", "")
    shown = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    shown = max(TIMELINE_PAGE, shown)
    kinds = _kinds_in(entries, params.get("visa", ""))
    total = len(entries)
    chosen = next((kind.key for kind in kinds if kind.chosen), "")
    if chosen:
        entries = [entry for entry in entries if _kind_of(entry) == chosen]
    more = shown + TIMELINE_PAGE if len(entries) > shown else None
    return {"entries": entries[:shown], "more": more, "shown": shown, "total": total, "kinds": kinds, "kind": chosen}


# --- The step line ------------------------------------------------------------------------------------------------


class StepState(StrEnum):
    """Where the participant stands with a step; the words are the style sheet's classes."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"


@dataclass(frozen=True)
class Step:
    """Where the participant stands with one step of the way: `note` says it in a few words.

    `next_step` says what to do next, if that is for this step to say, and `address` where, if that is on a page of
    its own; `urgent` means that it is late.
    """

    state: StepState
    note: str
    next_step: str = ""
    urgent: bool = False
    address: str = ""


#: The way, in its order: key and name.
WAY = (
    ("mapping", _("Mapping")),
    ("plan", _("Plan")),
    ("placement", _("Placement")),
    ("certificate", _("Certificate")),
    ("work", _("Work")),
)
StepProvider = Callable[[ParticipantFile], Step]
_steps: dict[str, StepProvider] = {}


def join_steps(key: str, provider: StepProvider, *, rows: Iterable[CaseRows] = ()) -> None:
    """Say where a participant stands with the step `key` of `WAY` in the latest enrolment of the file, told from
    `rows`. The same step twice is a programming error."""
    if key not in dict(WAY) or key in _steps:
        raise ValueError(f"The step {key} is unknown, or said twice.")
    _steps[key] = provider
    _rows.extend(rows)


@dataclass(frozen=True)
class Way:
    """The step line of an enrolment, and the next step in words (empty: nothing to do) with where it is done, if that
    is a page of its own."""

    steps: list[dict[str, str]]
    next_step: str
    urgent: bool
    address: str = ""


def way(file: ParticipantFile) -> Way:
    """Where the participant stands on the way in the latest enrolment. A step that no app has joined is not
    registered."""
    unknown = Step(state=StepState.TODO, note=str(_("Not registered")))
    read_overview(file)
    found = {key: _steps[key](file) if key in _steps else unknown for key, _label in WAY}
    # What is late comes first, then what goes on, then what has not begun, each in the order of the way.
    asking = [step for step in found.values() if step.next_step]
    first = min(asking, key=lambda step: (not step.urgent, step.state != StepState.NOW), default=None)
    return Way(
        steps=[{"label": label, "state": found[key].state, "note": found[key].note} for key, label in WAY],
        next_step=first.next_step if first and not file.latest.is_closed else "",
        urgent=bool(first and first.urgent),
        address=first.address if first else "",
    )


# --- The parts of the file ----------------------------------------------------------------------------------------


def everybody(_file: ParticipantFile) -> bool:
    return True


@dataclass(frozen=True)
class Part:
    """A part of the file, a tab with an address of its own: /deltagare/<id>/<slug>/.

    `context` is given the file and the address's parameters and gives what the template needs; `shown` says to whom
    the part exists. Tabs stand in the order of `order`.
    """

    slug: str
    label: str
    template: str
    order: int
    context: Callable[[ParticipantFile, Any], dict[str, Any]] = field(default=lambda _file, _params: {})
    shown: Callable[[ParticipantFile], bool] = everybody


_parts: dict[str, Part] = {}


def join_parts(part: Part) -> None:
    """Add a part to every file. The same slug twice is a programming error."""
    if part.slug in _parts:
        raise ValueError(f"The part {part.slug} is joined twice.")
    _parts[part.slug] = part


def parts(file: ParticipantFile) -> list[Part]:
    """The parts of the file that its reader may open."""
    return sorted((part for part in _parts.values() if part.shown(file)), key=lambda part: part.order)


# --- What must be ended at closure --------------------------------------------------------------------------------


class EndingChanged(Exception):
    """What was to be ended is no longer as it was told: somebody was quicker."""


@dataclass(frozen=True)
class Ending:
    """One thing that goes on in an enrolment, and what to do with it when the enrolment is closed.

    `key` is the same as long as the thing is; `title` says what goes on. `form` holds what must be chosen, with
    fields of its own prefix, and may have none; `about` is what must be known before. Once it is valid `told` says
    what will be done, and `end` does it in the transaction of the closure; it raises EndingChanged. Who is to end
    something locks it first, in the order of the list, and never the enrolment.
    """

    key: str
    title: str
    form: forms.Form
    told: Callable[[], str]
    end: Callable[[User], None]
    about: str = ""


EndingProvider = Callable[[Enrolment, dt.date, Mapping[str, Any] | None], Iterable[Ending]]
_endings: list[EndingProvider] = []


def join_endings(provider: EndingProvider) -> None:
    """Add what must be ended. Given the enrolment, the closure's last day, and what was typed (None: nothing yet)."""
    _endings.append(provider)


def endings(enrolment: Enrolment, last_day: dt.date, data: Mapping[str, Any] | None = None) -> list[Ending]:
    """Everything that goes on in the enrolment today and must be ended with it, or is kept knowingly."""
    return [ending for provider in _endings for ending in provider(enrolment, last_day, data)]


# --- What follows a participant who is merged into another --------------------------------------------------------

#: Given the keys of the loser and the winner: rows, and what each of them becomes (fields as columns are named).
FollowerProvider = Callable[[int, int], Iterable[tuple[Model, dict[str, Any]]]]
_followers: list[FollowerProvider] = []


def join_followers(provider: FollowerProvider) -> None:
    """Add rows that stand for a participant without a foreign key. Those with one are found by themselves."""
    _followers.append(provider)


def followers(loser_id: int, winner_id: int) -> list[tuple[Model, dict[str, Any]]]:
    """Everything that follows the loser to the winner beside the foreign keys."""
    return [each for provider in _followers for each in provider(loser_id, winner_id)]
