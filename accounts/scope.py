"""What a user reaches: roles, and the units in which they hold.

`visible_to` on the querysets and the functions of `permissions.py` ask here and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The units a user reaches by some roles: all of them (a membership of the whole municipality) or a few."""

    everything: bool
    unit_ids: frozenset[int]

    def __bool__(self) -> bool:
        return self.everything or bool(self.unit_ids)

    def __contains__(self, unit_id: int | None) -> bool:
        return self.everything or unit_id in self.unit_ids


class Memberships:
    """A user's memberships as (role, unit id or None for the whole municipality, whether the right to take lists out
    was given with it), asked but never changed."""

    def __init__(self, rows: Iterable[tuple[str, int | None, bool]]):
        self._rows = tuple(rows)

    def has(self, *roles: str) -> bool:
        """Whether the user holds any of the roles anywhere."""
        return any(role in roles for role, _unit, _may_export in self._rows)

    def scope(self, *roles: str) -> Scope:
        """Where the user holds any of the roles."""
        return _scope(unit for role, unit, _may_export in self._rows if role in roles)

    def export_scope(self, *roles: str) -> Scope:
        """Where the user may take lists out: by any of the roles, or because the right was given."""
        return _scope(unit for role, unit, may_export in self._rows if role in roles or may_export)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _unit, _may_export in self._rows)


def _scope(units: Iterable[int | None]) -> Scope:
    found = frozenset(units)
    return Scope(everything=None in found, unit_ids=found - {None})
