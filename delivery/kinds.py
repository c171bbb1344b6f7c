"""The kinds of background work. Upper floors join theirs in `AppConfig.ready`:

kinds.register(JobKind(code="register_load", label=_("Load a register"), run=load, time_limit=600,
                       can_start=can_load_register, result_template="exchange/load_result.html"))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from accounts.models import User
    from delivery.models import Job
    from delivery.running import Progress


class JobRefused(Exception):
    """Raised by a handler when the work cannot be done as asked: plain words for the user, in their
    language. Nothing is stored, and the job is not tried again."""


#: What a step of a job that is done in steps returns while something is left to do.
MORE: dict[str, Any] = {}


@dataclass(frozen=True)
class JobKind:
    """A kind of background work.

    code            stored in the row; never changed
    label           what it does, in the user's words (lazily translated); no personal data
    run             does the work: gets the job and `progress(percent, text)`, returns the result (a dict
                    for JSON) or None. All its database work is one transaction, and the job is marked
                    done in the same one; what it does outside the database must bear being done again
    in_steps        `run` is called again and again, each time in a transaction of its own, until it returns anything
                    but MORE. It finds in the rows what is left to do, so that a worker who takes over goes on there.
                    For work that would hold what others wait for
    time_limit      seconds after which the work is broken off
    max_attempts    how often it is begun at most, counting workers that died and unforeseen errors
    can_start       who may ask for it; asked again when the work begins. None: only the system itself
    result_template shows `job.result` on the job's page; gets `job`. Empty: nothing but "done"
    failed_template shows, below the error of a failed job, how to try again; gets `job`. Empty: nothing
    kept_hours      how long the files that it makes are kept; None: as the settings say (JOB_OUTPUT_KEPT_DAYS)
    """

    code: str
    label: str
    run: Callable[[Job, Progress], dict[str, Any] | None]
    time_limit: int
    max_attempts: int = 3
    can_start: Callable[[User], bool] | None = None
    result_template: str = ""
    failed_template: str = ""
    kept_hours: int | None = None
    in_steps: bool = False


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make a kind known. Raises ValueError if another kind has taken the code."""
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"Two kinds of job have the code {kind.code!r}")


def find(code: str) -> JobKind | None:
    """The kind with this code; None if no app of this version has registered it."""
    return _kinds.get(code)


def hours_kept(code: str) -> int:
    """How long the files that jobs of this kind make are kept."""
    kind = find(code)
    own = kind.kept_hours if kind else None
    return own if own is not None else settings.JOB_OUTPUT_KEPT_DAYS * 24


def registered() -> list[JobKind]:
    """All kinds, in the order in which they joined."""
    return list(_kinds.values())
