"""Fewer hidden cells than the greedy rule: an integer programme for each group of cells that hang together.

It chooses the fewest cells (of equally many the small ones, totals last) such that rule 2 holds in every line. Then
the attacker of rule 6 is let loose on the choice; whatever he works out becomes one more condition, and the programme
chooses again. If he still works something out after some rounds, the greedy rule completes the last choice. No limit
depends on the clock: the same figures always give the same answer.
"""

from collections.abc import Collection, Iterator

from reporting.disclosure import greedy
from reporting.disclosure.attacker import System
from reporting.disclosure.model import CellId, Line, Publication

#: Larger groups of cells are left to the greedy rule.
LARGEST = 400

#: As many cells as a key figure is worth: what the report is read for is not hidden to save a cell in a breakdown.
KEY_FIGURE = 3

#: How often the programme may choose again, and the size of the search each time.
ROUNDS = 10
NODES = 200

#: Weights by cell; the weights of the hidden cells together are at least the number.
Condition = tuple[dict[CellId, float], float]


def suppress(component: Publication, system: System, must: Collection[CellId], threshold: int) -> set[CellId] | None:
    """The cells to hide so that `must` is protected; None where none were found, or where none are enough."""
    if len(component.cells) > LARGEST:
        return None
    conditions = [each for line in component.lines for each in _conditions(line, component, threshold)]
    chosen = None
    for _round in range(ROUNDS):
        chosen = _choose(component, must, conditions)
        if chosen is None:
            return None
        pinned = list(system.pinned(chosen))
        if not pinned:
            return chosen
        conditions += [_release(component, each.cell, each.release) for each in pinned]
    completed, exposed = greedy.suppress(component, system, chosen, threshold)
    return None if exposed else completed


def _conditions(line: Line, component: Publication, threshold: int) -> Iterator[Condition]:
    """Rule 2 for a line, as linear conditions on what is hidden (1) and shown (0)."""
    yield {**dict.fromkeys(line.parts, 1), line.total: -1}, 0
    for part in line.parts:
        # Where this part is hidden and the total is shown: another part, a sum of the threshold, and of number + 2.
        # What is enough by itself weighs no more than enough, so that large numbers do not blur the small ones.
        another = dict.fromkeys(line.cells, 1)
        sums = {each: min(component.value(each), threshold) for each in line.parts} | {line.total: threshold}
        room = {each: min(component.value(each) - 1, 2) for each in line.parts} | {line.total: 2}
        for weights, least in ((another, 2), (sums, threshold), (room, 2)):
            weights[part] -= least
            yield weights, 0


def _release(component: Publication, pinned: CellId, shown: Collection[CellId]) -> Condition:
    """What the attacker worked out about a cell holds until one of the shown cells he used is hidden too."""
    return {**{each: 1 for each in shown if component.by_id[each].may_be_hidden}, pinned: -1}, 0


def _choose(component: Publication, must: Collection[CellId], conditions: list[Condition]) -> set[CellId] | None:
    """The cheapest choice under the conditions that the limits let it find; None if there is none."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    ids, order = [each.id for each in component.cells], component.order
    matrix, least = np.zeros((len(conditions), len(ids))), np.zeros(len(conditions))
    for number, (weights, at_least) in enumerate(conditions):
        least[number] = at_least
        for cell, weight in weights.items():
            matrix[number, order[cell]] = weight
    found = milp(
        _costs(component),
        integrality=np.ones(len(ids)),
        bounds=Bounds([float(each in must) for each in ids], [float(each.may_be_hidden) for each in component.cells]),
        constraints=[LinearConstraint(matrix, least, np.inf)] if conditions else [],
        options={"node_limit": NODES, "mip_rel_gap": 0},
    )
    if found.x is None:
        return None
    return {each for each, is_hidden in zip(ids, found.x, strict=True) if is_hidden > 0.5}


def cost(component: Publication, hidden: Collection[CellId]) -> float:
    """What the reader loses: the fewer the better, see `_costs`."""
    return sum(price for cell, price in zip(component.cells, _costs(component), strict=True) if cell.id in hidden)


def _costs(component: Publication) -> list[float]:
    """Few cells first; all ranks together (totals last, the smaller and the earlier first) cost less than a cell."""
    ranked = sorted(
        component.cells,
        key=lambda each: (each.id in component.totals, each.value, component.order[each.id]),
    )
    rank = {each.id: number for number, each in enumerate(ranked)}
    return [
        (KEY_FIGURE if each.id in component.key_figures else 1) + rank[each.id] / len(ranked) ** 2
        for each in component.cells
    ]
