"""Rule 6: what somebody with the published tables, paper and patience can work out about the hidden cells.

All that is published is a system of linear equations (and, where a person may count in several parts, inequalities)
over whole numbers, in which a hidden cell is at least 1. A hidden cell is safe while at least three values are
possible. A possible value is only believed with a whole solution of the system in hand; what can not be settled
within the limits below counts as not possible: the error is on the safe side, and the answer always the same.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from reporting.disclosure.model import CellId, Publication

#: How many values of a cell must remain possible.
VALUES = 3

#: How many values are tried one by one where linear programming does not decide, and the size of each search.
TRIES = 12
NODES = 500

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Pinned:
    """A hidden cell with fewer possible values than there must be; hiding one of `release` too may free it."""

    cell: CellId
    release: frozenset[CellId]


class System:
    """The equations and inequalities of a publication's lines, to be attacked with different cells hidden."""

    def __init__(self, publication: Publication):
        self.publication = publication
        self.ids = [each.id for each in publication.cells]

    def pinned(self, hidden: Collection[CellId]) -> Iterator[Pinned]:
        """The hidden cells of which fewer than three values are possible, in the order of the publication."""
        attack = _Attack(self, hidden)
        for number, cell in enumerate(attack.unknown):
            release = attack.pins(number)
            if release is not None:
                yield Pinned(cell, release)

    @cached_property
    def values(self):
        import numpy as np

        return np.array([each.value for each in self.publication.cells], dtype=float)

    @cached_property
    def equal(self):
        """Rows over the cells: parts − total = 0."""
        return self._rows([{**dict.fromkeys(line.parts, 1), line.total: -1} for line in self._lines(exact=True)])

    @cached_property
    def at_most(self):
        """Rows over the cells that are at most 0: part − total, and total − parts."""
        rows = []
        for line in self._lines(exact=False):
            rows += [{part: 1, line.total: -1} for part in line.parts]
            rows.append({**dict.fromkeys(line.parts, -1), line.total: 1})
        return self._rows(rows)

    def _lines(self, *, exact: bool):
        return [line for line in self.publication.lines if line.exact == exact]

    def _rows(self, rows: list[dict[CellId, int]]):
        import numpy as np

        matrix = np.zeros((len(rows), len(self.ids)))
        for number, row in enumerate(rows):
            for cell, factor in row.items():
                matrix[number, self.publication.order[cell]] += factor
        return matrix


class _Attack:
    """One attack: the shown cells are numbers, the hidden ones unknown."""

    def __init__(self, system: System, hidden: Collection[CellId]):
        import numpy as np

        self.system = system
        is_hidden = np.array([each in hidden for each in system.ids], dtype=bool)
        self.unknown = [each for each in system.ids if each in hidden]
        self.shown = [each for each in system.ids if each not in hidden]
        self.equal, self.equal_to = self._split(system.equal, is_hidden)
        self.at_most, self.limit = self._split(system.at_most, is_hidden)
        self.shown_in_equal, self.shown_in_at_most = system.equal[:, ~is_hidden], system.at_most[:, ~is_hidden]
        self.truth = [int(value) for value in system.values[is_hidden]]
        # Nothing is learnt from a ceiling this high; it only keeps a hidden total from being endless.
        self.ceiling = 2 * system.values.max(initial=0) + 10 * VALUES
        self.possible = [{value} for value in self.truth]

    def _split(self, rows, is_hidden):
        right_side = -rows[:, ~is_hidden] @ self.system.values[~is_hidden]
        return rows[:, is_hidden], right_side

    def pins(self, number: int) -> frozenset[CellId] | None:
        """The shown cells that pin this unknown down; None if it is safe."""
        if len(self.possible[number]) >= VALUES:
            return None
        lowest, below = self._extreme(number, 1)
        highest, above = self._extreme(number, -1)
        if len(range(lowest, highest + 1)) < VALUES:
            return below | above
        # The range is wide enough, but whole numbers may skip values: try those nearest to the truth.
        around = range(max(lowest, self.truth[number] - TRIES), min(highest, self.truth[number] + TRIES) + 1)
        for value in sorted(around, key=lambda value: abs(value - self.truth[number]))[:TRIES]:
            if len(self.possible[number]) >= VALUES:
                return None
            if value not in self.possible[number]:
                self._try(number, value)
        return None if len(self.possible[number]) >= VALUES else frozenset(self.shown)

    def _extreme(self, number: int, sign: int) -> tuple[int, frozenset[CellId]]:
        """The least (sign 1) or greatest (−1) whole number of an unknown by linear programming, and what says so."""
        import numpy as np
        from scipy.optimize import linprog

        costs = np.zeros(len(self.unknown))
        costs[number] = sign
        found = linprog(
            costs,
            A_eq=self.equal,
            b_eq=self.equal_to,
            A_ub=self.at_most,
            b_ub=self.limit,
            bounds=(1, self.ceiling),
            method="highs-ds",
        )
        if found.x is None:  # numerical trouble: nothing but the truth is known to be possible
            return self.truth[number], frozenset(self.shown)
        self._learn(found.x)
        said_by = found.eqlin.marginals @ self.shown_in_equal + found.ineqlin.marginals @ self.shown_in_at_most
        proof = frozenset(cell for cell, weight in zip(self.shown, said_by, strict=True) if abs(weight) > TOLERANCE)
        value = sign * found.fun
        whole = np.ceil(value - TOLERANCE) if sign == 1 else np.floor(value + TOLERANCE)
        return int(whole), proof

    def _try(self, number: int, value: int) -> None:
        """Look for a whole solution in which an unknown has this value."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        low, high = np.ones(len(self.unknown)), np.full(len(self.unknown), self.ceiling)
        low[number] = high[number] = value
        constraints = []
        if len(self.equal):
            constraints.append(LinearConstraint(self.equal, self.equal_to, self.equal_to))
        if len(self.at_most):
            constraints.append(LinearConstraint(self.at_most, -np.inf, self.limit))
        found = milp(
            np.zeros(len(self.unknown)),
            integrality=np.ones(len(self.unknown)),
            bounds=Bounds(low, high),
            constraints=constraints,
            options={"node_limit": NODES},
        )
        if found.x is not None:
            self._learn(found.x)

    def _learn(self, solution) -> None:
        """Remember the values of a solution, if it is one in whole numbers."""
        import numpy as np

        whole = np.rint(solution)
        if (
            (whole >= 1).all()
            and (self.equal @ whole == self.equal_to).all()
            and (self.at_most @ whole <= self.limit).all()
        ):
            for values, value in zip(self.possible, whole, strict=True):
                values.add(int(value))
