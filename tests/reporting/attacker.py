"""Somebody who reads a public report and wants to know what is hidden. Written apart from the product's attacker.

He has the numbers that are shown, the names of those that are not, and knows what adds up to what.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np
from scipy.optimize import LinearConstraint, milp

from reporting.disclosure.model import CellId, Publication


@dataclass
class Reader:
    """`sums`: total and the parts that add up to it; `bounds`: total and parts in which the same person may count."""

    shown: dict[CellId, int]
    hidden: list[CellId]
    sums: list[tuple[CellId, tuple[CellId, ...]]]
    bounds: list[tuple[CellId, tuple[CellId, ...]]]
    least: int = 1  # what a hidden number is at least

    @classmethod
    def of(cls, publication: Publication, hidden) -> "Reader":
        lines = [(line.exact, (line.total, line.parts)) for line in publication.lines]
        return cls(
            {cell.id: cell.value for cell in publication.cells if cell.id not in hidden},
            [cell.id for cell in publication.cells if cell.id in hidden],
            [line for exact, line in lines if exact],
            [line for exact, line in lines if not exact],
        )

    # --- every possibility, for small reports ---

    def every_report(self, most: int):
        """All the reports that the hidden numbers could have come from, with no number above `most`."""
        yield from self._go_on({}, most)

    def _go_on(self, guessed: dict[CellId, int], most: int):
        latest = next(reversed(guessed), None)
        for total, parts in (*self.sums, *self.bounds):
            if (latest == total or latest in parts) and not self._may_hold(guessed, total, parts, most):
                return
        if len(guessed) == len(self.hidden):
            yield dict(guessed)
            return
        cell = self.hidden[len(guessed)]
        for value in range(self.least, most + 1):
            yield from self._go_on({**guessed, cell: value}, most)

    def _may_hold(self, guessed, total, parts, most) -> bool:
        """Whether the line can still come true, whatever the numbers not guessed yet are."""

        def span(cell):
            known = self.shown.get(cell, guessed.get(cell))
            return (self.least, most) if known is None else (known, known)

        low, high = sum(span(each)[0] for each in parts), sum(span(each)[1] for each in parts)
        if (total, parts) in self.sums:
            return low <= span(total)[1] and high >= span(total)[0]
        return high >= span(total)[0] and all(span(each)[0] <= span(total)[1] for each in parts)

    def possible_by_trying(self, most: int, reports: int = 20_000) -> dict[CellId, set[int]]:
        found = {cell: set() for cell in self.hidden}
        for report in islice(self.every_report(most), reports):
            for cell, value in report.items():
                found[cell].add(value)
        return found

    # --- by integer programming, for large ones ---

    def worked_out(self) -> dict[CellId, list[int]]:
        """The hidden numbers of which fewer than three values are possible, with those values."""
        found, seen = {}, {cell: set() for cell in self.hidden}
        constraints = list(self._constraints())
        for cell in self.hidden:
            position = self.hidden.index(cell)
            lowest = self._solve(constraints, position, 1, seen)
            highest = self._solve(constraints, position, -1, seen)
            if len(seen[cell]) < 3 and highest - lowest >= 2:
                between = np.zeros(len(self.hidden))
                between[position] = 1
                third = LinearConstraint(between, lowest + 1, highest - 1)
                self._solve([*constraints, third], position, 1, seen)
            if len(seen[cell]) < 3:
                found[cell] = sorted(seen[cell])
        return found

    def _constraints(self):
        for lines, exact in ((self.sums, True), (self.bounds, False)):
            for total, parts in lines:
                yield from self._constraint({**dict.fromkeys(parts, 1), total: -1}, 0, 0 if exact else np.inf)
                if not exact:
                    for part in parts:
                        yield from self._constraint({part: -1, total: 1}, 0, np.inf)

    def _constraint(self, factors, low, high):
        known = sum(factor * self.shown[cell] for cell, factor in factors.items() if cell in self.shown)
        row = [factors.get(cell, 0) for cell in self.hidden]
        if any(row):
            yield LinearConstraint(row, low - known, high - known)

    def _solve(self, constraints, position, sign, seen) -> int | None:
        costs = np.zeros(len(self.hidden))
        costs[position] = sign
        most = 3 * max(self.shown.values(), default=0) + 1_000
        solution = milp(costs, integrality=np.ones(len(costs)), bounds=(self.least, most), constraints=constraints).x
        if solution is None:
            return None
        for cell, value in zip(self.hidden, solution, strict=True):
            seen[cell].add(round(value))
        return round(solution[position])
