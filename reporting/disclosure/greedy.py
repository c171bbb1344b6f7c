"""Rule 2, and rule 6 on top of it: hide one cell more, the smallest, until nobody can work out the hidden ones."""

from collections.abc import Iterable

from reporting.disclosure.attacker import System
from reporting.disclosure.model import CellId, Line, Publication


def holds(publication: Publication, line: Line, hidden: set[CellId], threshold: int) -> bool:
    """Whether the line's hidden parts protect each other.

    Under a shown total they are at least two (or none) and sum to at least max(threshold, their number + 2); a hidden
    total has at least one hidden part.
    """
    parts = [publication.value(each) for each in line.parts if each in hidden]
    if line.total in hidden:
        return bool(parts)
    return not parts or (len(parts) >= 2 and sum(parts) >= max(threshold, len(parts) + 2))


def suppress(
    component: Publication, system: System, must: set[CellId], threshold: int
) -> tuple[set[CellId], set[CellId]]:
    """The cells to hide so that `must` is protected, and those that can not be, for what was published earlier."""
    hidden, exposed = set(must), set()
    _protect_lines(component, hidden, threshold)
    tried, before = None, hidden
    while pinned := next((each for each in system.pinned(hidden) if each.cell not in exposed), None):
        if pinned.cell != tried:
            tried, before = pinned.cell, set(hidden)
        lines = component.lines_with[pinned.cell]
        tables = {line.table for line in lines}
        candidates = (
            # What the attacker used comes first: hiding anything else would not help.
            (each for line in lines for each in line.cells if each in pinned.release),
            pinned.release,
            (each for line in lines for each in line.cells),
            (each for line in component.lines if line.table in tables for each in line.cells),
            (each.id for each in component.cells),
        )
        smallest = next(filter(None, (_smallest(component, each, hidden) for each in candidates)), None)
        if smallest is None:
            # All that was hidden for its sake was hidden in vain.
            exposed.add(pinned.cell)
            hidden = before
            continue
        hidden.add(smallest)
        _protect_lines(component, hidden, threshold)
    return hidden, exposed


def _protect_lines(component: Publication, hidden: set[CellId], threshold: int) -> None:
    """Hide more until every line holds, or has nothing left to hide."""
    before, lines = None, component.lines
    while before != len(hidden):
        before, changed = len(hidden), set()
        for line in lines:
            while not holds(component, line, hidden, threshold):
                more = _smallest(component, line.parts, hidden) or _smallest(component, [line.total], hidden)
                if more is None:
                    break
                hidden.add(more)
                changed.add(more)
        # A line in which nothing has been hidden since it was looked at holds as it did.
        lines = [line for line in component.lines if not changed.isdisjoint(line.cells)]


def _smallest(component: Publication, cells: Iterable[CellId], hidden: set[CellId]) -> CellId | None:
    """The smallest of the cells that is shown and may be hidden; of equals a part before a total, then the first."""
    shown = (each for each in cells if each not in hidden and component.by_id[each].may_be_hidden)
    return min(
        shown,
        key=lambda each: (component.value(each), each in component.totals, component.order[each]),
        default=None,
    )
