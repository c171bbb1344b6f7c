"""The history of case tables: what changed, when, by whom, kept by database triggers.

Every model that holds facts about a person, a workplace or who may see what is decorated with `tracked`. The
trigger copies the row to an event table with the context of the transaction: the actor's id and **name** (history
outlives the account), the source (web, command, job) and the request's id. See `act_as` for tasks and commands.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.db import connection

__all__ = ["act_as", "current_request_id", "noted", "set_transaction_context", "tracked"]


def tracked(*, exclude: tuple[str, ...] = ()):
    """Class decorator: keep every insert, update and delete of the model in its event table.

    `exclude` names columns that are computed from others, or are written once with the row and never changed.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
    )


def actor_context(*, actor, source: str, **extra) -> dict:
    """The context that is stored beside each changed row; `actor` may be None (the system itself)."""
    return {
        "user": actor.pk if actor else None,
        "name": actor.full_name if actor else "",
        "source": source,
        **extra,
    }


@contextmanager
def act_as(*, actor, source: str, **extra) -> Iterator[None]:
    """Everything changed inside the block is recorded as done by `actor` (None: the system) from `source`."""
    with pghistory.context(**actor_context(actor=actor, source=source, **extra)):
        yield


@contextmanager
def noted(**more) -> Iterator[None]:
    """Everything changed from here on in the running request or task has `more` beside it in the history."""
    with pghistory.context(**more):
        yield


def current_request_id() -> str:
    """The id of the request that is being answered, as the history knows it; empty outside requests."""
    with pghistory.context() as context:
        return context.metadata.get("request", "")


def set_transaction_context(*, actor, source: str, **extra) -> None:
    """Set the history context for the rest of the running transaction.

    COPY bypasses the statement hook by which the context otherwise reaches the triggers, so whoever uses COPY
    calls this first, inside its transaction.
    """
    metadata = json.dumps(actor_context(actor=actor, source=source, **extra), ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), metadata],
        )
