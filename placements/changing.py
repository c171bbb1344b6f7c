"""Two who change the same row at once: the later one is told, and nothing is lost.

A row that counts its changes (`revision`) is told apart by the count, any other by what it says.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction


class Overtaken(Exception):
    """Somebody else has changed the row since it was read; `row` is as it is now."""

    def __init__(self, row: models.Model):
        super().__init__()
        self.row = row


def seen_of(row: models.Model, names: Iterable[str]) -> str:
    """What a form keeps of the row that it shows, to tell afterwards whether somebody has changed it."""
    if hasattr(row, "revision"):
        return str(row.revision)
    said = [str(_stored(row, name)) for name in names]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]


@transaction.atomic
def row_change(*, row: models.Model, facts: Mapping[str, Any], seen: str) -> models.Model:
    """Give the row these facts and return it as it is stored. What says so already stays untouched; raises Overtaken
    when it is not as it was `seen`."""
    current = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if not differs(current, facts):
        return current
    if seen_of(current, facts) != seen:
        raise Overtaken(current)
    for name, value in facts.items():
        setattr(current, name, value)
    counted = ["revision"] if hasattr(current, "revision") else []
    if counted:
        current.revision += 1
    current.save(update_fields=[*facts, *counted])
    return current


def differs(row: models.Model, facts: Mapping[str, Any]) -> bool:
    """Whether the row says anything else than these facts."""
    return any(_stored(row, name) != _key(value) for name, value in facts.items())


def _stored(row: models.Model, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
