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

#: A solution in which few cells differ from what they are is first looked for among so many cells around one.
NEAR = 40

#: Directions in which all of these are pushed at once, half of them up and half down, before each by itself.
SWEEPS = (40503, 30011)

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Pinned:
    """A hidden cell with fewer possible values than there must be; hiding one of `release` too may free it."""

    cell: CellId
    release: frozenset[CellId]


class System:
    """The equations and inequalities of a publication's lines, to be attacked with different cells hidden.

    What is found in one attack is remembered for the next: a solution holds wherever the cells it changes are hidden.
    """

    def __init__(self, publication: Publication):
        import numpy as np

        self.publication = publication
        self.ids = [each.id for each in publication.cells]
        self.values = np.array([each.value for each in publication.cells], dtype=float)
        #: Solutions, as the cells that differ from what they are and their values.
        self.solutions: list[tuple] = []
        #: The cells around which all have been tried to move at once.
        self.swept: set[int] = set()

    def pinned(self, hidden: Collection[CellId]) -> Iterator[Pinned]:
        """The hidden cells of which fewer than three values are possible, in the order of the publication."""
        attack = _Attack(self, hidden)
        for cell in attack.unknown:
            release = attack.pins(int(cell))
            if release is not None:
                yield Pinned(self.ids[cell], release)

    @cached_property
    def equal(self):
        """Rows over the cells: parts − total = 0."""
        return self._rows(
            [{**dict.fromkeys(line.parts, 1), line.total: -1} for line in self.publication.lines if line.exact]
        )

    @cached_property
    def at_most(self):
        """Rows over the cells that are at most 0: part − total, and total − parts; and less − more."""
        rows = []
        for line in self.publication.lines:
            if not line.exact:
                rows += [{part: 1, line.total: -1} for part in line.parts]
                rows.append({**dict.fromkeys(line.parts, -1), line.total: 1})
        rows += [{**dict.fromkeys(each.less, 1), **dict.fromkeys(each.more, -1)} for each in self.publication.bounds]
        return self._rows(rows)

    @cached_property
    def columns(self):
        """The same rows by cell: which of them a cell stands in."""
        return self.equal.tocsc(), self.at_most.tocsc()

    def _rows(self, rows: list[dict[CellId, int]]):
        from scipy.sparse import csr_array

        order = self.publication.order
        entries = [(factor, number, order[cell]) for number, row in enumerate(rows) for cell, factor in row.items()]
        factors, numbers, cells = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((factors, (numbers, cells)), shape=(len(rows), len(self.ids)), dtype=float)


class _Attack:
    """One attack: the shown cells are numbers, the hidden ones unknown."""

    def __init__(self, system: System, hidden: Collection[CellId]):
        import numpy as np

        self.system = system
        self.is_hidden = np.array([each in hidden for each in system.ids], dtype=bool)
        self.unknown = np.flatnonzero(self.is_hidden)
        # Nothing is learnt from a ceiling this high; it only keeps a hidden total from being endless.
        self.ceiling = 2 * system.values.max(initial=0) + 10 * VALUES
        self.possible = {cell: {self._truth(cell)} for cell in self.unknown.tolist()}
        self._parts: dict[int, _Part] = {}
        for cells, values in system.solutions:
            if self.is_hidden[cells].all():
                self._add(cells, values)

    def pins(self, cell: int) -> frozenset[CellId] | None:
        """The shown cells that pin this unknown down; None if it is safe."""
        if self._is_safe(cell):
            return None
        nearby = around = _Part(self, self._around(cell))
        if len(nearby.cells) == NEAR:
            if self._is_free_among(nearby, cell):
                return None
            around = self._piece(cell)
            if self._is_free_within(around, cell):
                return None
        lowest, below = self._extreme(around, cell, 1)
        highest, above = self._extreme(around, cell, -1)
        if len(range(lowest, highest + 1)) < VALUES:
            return below | above
        # The range is wide enough, but whole numbers may skip values: try those nearest to the truth.
        truth = self._truth(cell)
        tried = range(max(lowest, truth - TRIES), min(highest, truth + TRIES) + 1)
        nearest = sorted(tried, key=lambda value: abs(value - truth))[:TRIES]
        searches = [(around, _Part.nearest_with_value), (nearby, _Part.with_value), (around, _Part.with_value)]
        for part, search in searches:
            for value in nearest:
                if self._is_safe(cell):
                    return None
                if value not in self.possible[cell]:
                    self._learn(part, search(part, cell, value))
        return None if self._is_safe(cell) else self._shown

    def _truth(self, cell: int) -> int:
        return int(self.system.values[cell])

    def _is_safe(self, cell: int) -> bool:
        return len(self.possible[cell]) >= VALUES

    @cached_property
    def _shown(self) -> frozenset[CellId]:
        return frozenset(
            name for name, is_hidden in zip(self.system.ids, self.is_hidden, strict=True) if not is_hidden
        )

    def _is_free_among(self, nearby: "_Part", cell: int) -> bool:
        """Whether enough values are possible though only the cells around this one change."""
        if cell not in self.system.swept:
            self.system.swept.update(nearby.cells.tolist())
            for factor in SWEEPS:
                for sign in (1, -1):
                    self._learn(nearby, nearby.solve(sign * (((nearby.cells * factor) >> 4) % 2 * 2.0 - 1)).x)
            if self._is_safe(cell):
                return True
        low, high = (nearby.extreme(cell, sign) for sign in (1, -1))
        self._learn(nearby, low.x)
        self._learn(nearby, high.x)
        if self._is_safe(cell) or low.x is None or high.x is None or -high.fun - low.fun < VALUES - 1 - TOLERANCE:
            return self._is_safe(cell)
        return self._is_free_within(nearby, cell)

    def _is_free_within(self, part: "_Part", cell: int) -> bool:
        """Whether solutions are found for enough of the values next to the truth, with the least change elsewhere."""
        truth = self._truth(cell)
        for value in (truth + 1, truth - 1, truth + 2, truth - 2):
            if value >= 1 and value not in self.possible[cell]:
                self._learn(part, part.nearest_with_value(cell, value))
            if self._is_safe(cell):
                return True
        return False

    def _piece(self, cell: int) -> "_Part":
        """All the unknowns that have anything to do with this one."""
        piece = self._pieces[cell]
        if piece not in self._parts:
            self._parts[piece] = _Part(self, [each for each in self.unknown.tolist() if self._pieces[each] == piece])
        return self._parts[piece]

    @cached_property
    def _pieces(self) -> dict[int, int]:
        """For each unknown, which group it belongs to: only through hidden cells can one tell of another."""
        from scipy.sparse import block_array, vstack
        from scipy.sparse.csgraph import connected_components

        rows = vstack([self.system.equal[:, self.unknown], self.system.at_most[:, self.unknown]])
        _number, labels = connected_components(block_array([[None, rows], [rows.T, None]]), directed=False)
        return dict(zip(self.unknown.tolist(), labels[rows.shape[0] :].tolist(), strict=True))

    def _around(self, cell: int) -> list[int]:
        """The hidden cells nearest to one, by the lines they share, itself included."""
        found, number = {cell: None}, 0
        while number < len(found) < NEAR:
            latest = list(found)[number]
            number += 1
            for rows, columns in zip((self.system.equal, self.system.at_most), self.system.columns, strict=True):
                for row in columns.indices[columns.indptr[latest] : columns.indptr[latest + 1]]:
                    beside = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
                    found |= dict.fromkeys(beside[self.is_hidden[beside]].tolist())
        return sorted(list(found)[:NEAR])

    def _extreme(self, part: "_Part", cell: int, sign: int) -> tuple[int, frozenset[CellId]]:
        """The least (sign 1) or greatest (−1) whole number of an unknown by linear programming, and what says so."""
        import numpy as np

        found = part.extreme(cell, sign)
        if found.x is None:  # numerical trouble: nothing but the truth is known to be possible
            return self._truth(cell), self._shown
        self._learn(part, found.x)
        said_by = np.zeros(len(self.system.ids))
        for rows, touched, said in (
            (self.system.equal, part.equal_rows, found.eqlin),
            (self.system.at_most, part.at_most_rows, found.ineqlin),
        ):
            if len(touched):
                said_by += said.marginals @ rows[touched]
        proof = frozenset(self.system.ids[each] for each in np.flatnonzero(abs(said_by) > TOLERANCE)) & self._shown
        value = sign * found.fun
        whole = np.ceil(value - TOLERANCE) if sign == 1 else np.floor(value + TOLERANCE)
        return int(whole), proof

    def _learn(self, part: "_Part", solution) -> None:
        """Remember the values of a solution, if it is one in whole numbers."""
        import numpy as np

        if solution is None:
            return
        whole = np.rint(solution)
        if part.is_solved_by(whole):
            differs = whole != self.system.values[part.cells]
            cells, values = part.cells[differs], whole[differs].astype(int)
            self.system.solutions.append((cells, values))
            self._add(cells, values)

    def _add(self, cells, values) -> None:
        for cell, value in zip(cells.tolist(), values.tolist(), strict=True):
            self.possible[cell].add(value)


class _Part:
    """Some of the hidden cells as unknowns; all others are taken for what they are."""

    def __init__(self, attack: _Attack, cells):
        import numpy as np

        self.cells = np.asarray(cells)
        self.number = {cell: number for number, cell in enumerate(self.cells.tolist())}
        self.ceiling = attack.ceiling
        self.truth = attack.system.values[self.cells]
        others = attack.system.values.copy()
        others[self.cells] = 0
        self.equal_rows, self.equal, self.equal_to = self._rows(attack.system.equal, others)
        self.at_most_rows, self.at_most, self.limit = self._rows(attack.system.at_most, others)

    def _rows(self, rows, others):
        """The rows that the unknowns stand in: their numbers, their factors, and what is left for the unknowns."""
        import numpy as np

        touched = np.flatnonzero(np.diff(rows[:, self.cells].tocsr().indptr))
        if not len(touched):
            return touched, None, None
        return touched, rows[touched][:, self.cells], -(rows[touched] @ others)

    def is_solved_by(self, values) -> bool:
        return (
            (values >= 1).all()
            and (self.equal is None or (self.equal @ values == self.equal_to).all())
            and (self.at_most is None or (self.at_most @ values <= self.limit).all())
        )

    def extreme(self, cell: int, sign: int):
        """The least (sign 1) or greatest (−1) number of an unknown by linear programming."""
        import numpy as np

        costs = np.zeros(len(self.cells))
        costs[self.number[cell]] = sign
        return self.solve(costs)

    def solve(self, costs):
        """The solution, which may be in fractions, that costs least."""
        from scipy.optimize import linprog

        return linprog(
            costs,
            A_eq=self.equal,
            b_eq=self.equal_to,
            A_ub=self.at_most,
            b_ub=self.limit,
            bounds=(1, self.ceiling),
            method="highs-ds",
        )

    def nearest_with_value(self, cell: int, value: int):
        """The solution in which an unknown has this value and the others change the least, or None.

        It may be in fractions, but seldom is: what need not change stays the whole number that it is.
        """
        import numpy as np
        from scipy.optimize import linprog
        from scipy.sparse import hstack

        more, less = np.full(len(self.cells), self.ceiling), self.truth - 1
        changed = value - self.truth[self.number[cell]]
        bounds = np.stack((np.zeros(2 * len(self.cells)), np.concatenate((more, less))), axis=1)
        bounds[self.number[cell]] = max(changed, 0)
        bounds[len(self.cells) + self.number[cell]] = max(-changed, 0)
        found = linprog(
            np.ones(2 * len(self.cells)),
            A_eq=None if self.equal is None else hstack((self.equal, -self.equal)),
            b_eq=None if self.equal is None else self.equal_to - self.equal @ self.truth,
            A_ub=None if self.at_most is None else hstack((self.at_most, -self.at_most)),
            b_ub=None if self.at_most is None else self.limit - self.at_most @ self.truth,
            bounds=bounds,
            method="highs-ds",
        )
        return None if found.x is None else self.truth + found.x[: len(self.cells)] - found.x[len(self.cells) :]

    def with_value(self, cell: int, value: int):
        """A whole solution in which an unknown has this value, or None."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        low, high = np.ones(len(self.cells)), np.full(len(self.cells), self.ceiling)
        low[self.number[cell]] = high[self.number[cell]] = value
        constraints = []
        if self.equal is not None:
            constraints.append(LinearConstraint(self.equal, self.equal_to, self.equal_to))
        if self.at_most is not None:
            constraints.append(LinearConstraint(self.at_most, -np.inf, self.limit))
        found = milp(
            np.zeros(len(self.cells)),
            integrality=np.ones(len(self.cells)),
            bounds=Bounds(low, high),
            constraints=constraints,
            options={"node_limit": NODES},
        )
        return found.x
