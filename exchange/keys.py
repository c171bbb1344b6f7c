"""The register's keys of a participant who is merged into another: they go on, and find the other one."""

from collections.abc import Iterator
from typing import Any

from exchange.models import RegisterFile, RegisterKey
from participants import providers


def following(loser_id: int, winner_id: int) -> Iterator[tuple[RegisterKey, dict[str, Any]]]:
    """The loser's keys stand for the winner. Where the winner has one of the same source, it stays the main one."""
    keys = RegisterKey.objects.filter(file=RegisterFile.PARTICIPANTS)
    had = set(keys.filter(object_id=winner_id, merged=False).values_list("source", flat=True))
    for key in keys.filter(object_id=loser_id).order_by("merged", "pk"):
        yield key, {"object_id": winner_id, "merged": key.merged or key.source in had}


def join() -> None:
    providers.join_followers(following)
