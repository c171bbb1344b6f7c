"""Somebody who reads a public report and wants to know what is hidden. Written apart from the product's attacker.

He has the numbers that are shown, the names of those that are not, and knows what adds up to what.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from reporting.disclosure.model import CellId, Publication


@dataclass
class Reader:
    """`sums`: total and the parts that add up to it; `bounds`: total and parts in which the same person may count."""

    shown: dict[CellId, int]
    hidden: list[CellId]
    sums: list[tuple[CellId, tuple[CellId, ...]]]
    bounds: list[tuple[CellId, tuple[CellId, ...]]]
    least: int = 1  # what a hidden number is at least
    at_most: list[tuple[tuple[CellId, ...], tuple[CellId, ...]]] = field(default_factory=list)  # less and more

    @classmethod
    def of(cls, publication: Publication, hidden) -> "Reader":
        lines = [(line.exact, (line.total, line.parts)) for line in publication.lines]
        return cls(
            {cell.id: cell.value for cell in publication.cells if cell.id not in hidden},
            [cell.id for cell in publication.cells if cell.id in hidden],
            [line for exact, line in lines if exact],
            [line for exact, line in lines if not exact],
            at_most=[(each.less, each.more) for each in publication.bounds],
        )

    @classmethod
    def of_reports(cls, reports: Iterable) -> "Reader":
        """Somebody who has kept all `reports` (PublishedEarlier), and knows what is the same in two of them, what
        adds up, and what cannot be more than what. He believes whatever the numbers themselves bear out."""
        shelf = _Shelf()
        for each in reports:
            shelf.add(each)
        shelf.compare_units()
        shelf.compare_periods()
        shown = {cell: cell[-1] for cell, is_shown in shelf.cells.items() if is_shown}
        hidden = [cell for cell in shelf.cells if cell not in shown]
        return cls(shown, hidden, shelf.sums, [], at_most=shelf.at_most)

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
        constraints = self._together(self._constraints())
        for position, cell in enumerate(self.hidden):
            if len(seen[cell]) >= 3:
                continue
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

    @cached_property
    def position(self) -> dict[CellId, int]:
        return {cell: number for number, cell in enumerate(self.hidden)}

    def _together(self, constraints) -> list[LinearConstraint]:
        entries, low, high = [], [], []
        for number, (row, least, most) in enumerate(constraints):
            entries += [(factor, number, cell) for cell, factor in row.items()]
            low.append(least)
            high.append(most)
        if not entries:
            return []
        factors, numbers, cells = zip(*entries, strict=True)
        matrix = csr_array((factors, (numbers, cells)), shape=(len(low), len(self.hidden)), dtype=float)
        return [LinearConstraint(matrix, low, high)]

    def _constraints(self):
        for lines, exact in ((self.sums, True), (self.bounds, False)):
            for total, parts in lines:
                yield from self._constraint({**dict.fromkeys(parts, 1), total: -1}, 0, 0 if exact else np.inf)
                if not exact:
                    for part in parts:
                        yield from self._constraint({part: -1, total: 1}, 0, np.inf)
        for less, more in self.at_most:
            yield from self._constraint({**dict.fromkeys(less, -1), **dict.fromkeys(more, 1)}, 0, np.inf)

    def _constraint(self, factors, low, high):
        known = sum(factor * self.shown[cell] for cell, factor in factors.items() if cell in self.shown)
        row = {self.position[cell]: factor for cell, factor in factors.items() if cell in self.position}
        if row:
            yield row, low - known, high - known

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


#: Which table's total row (its only row) is the total row of each table of persons or of what happened to them.
COUNTS = {
    "active": "active",
    "active_by_age": "active",
    "active_by_education": "active",
    "active_by_target_group": "active",
    "active_by_unit": "active",
    "new": "new",
    "revolving": "revolving",
    "closed": "closed",
    "results": "closed",
    "duration": "closed",
    "referrals": "referrals",
    "delivered": "delivered",
    "stock": "stock",
    "certificates": "certificates",
    "aftercare_90": "aftercare_90",
}

#: What happens in one unit on one day, and not to the same person again as the same thing.
EVENTS = ("referrals", "delivered", "certificates", "aftercare_90")
ANSWERS = ("work_or_studies", "neither", "not_reached")
SHARES = ("share_of_due", "share_of_reached", "response_rate")


class _Shelf:
    """Published reports, side by side. A cell is: first day, last day, unit, table, row, column, number."""

    def __init__(self):
        self.cells: dict[tuple, bool] = {}  # and whether it was shown anywhere
        self.sums, self.at_most = [], []

    def add(self, report) -> None:
        for key in COUNTS.keys() & report.published.keys():
            names = {
                crossing: self._name(report, key, *crossing, number)
                for crossing, number in report.known[key].items()
                if isinstance(number, int)
                and crossing[1] not in ("share_of_due", "share_of_reached", "response_rate")
            }
            for crossing, cell in names.items():
                self.cells[cell] = self.cells.get(cell, False) or report.published[key][crossing] != ".."
            if key == "aftercare_90":
                self.sums.append((names["total", "due"], tuple(names["total", each] for each in ANSWERS)))
                continue
            rows, columns = ({crossing[side] for crossing in names} - {"total"} for side in (0, 1))
            for row in (*rows, "total"):
                if columns:
                    self.sums.append((names[row, "total"], tuple(names[row, each] for each in columns)))
            for column in (*columns, "total"):
                parts = tuple(names[each, column] for each in rows)
                if key == "active_by_unit":
                    self._compare(names["total", column], parts, events=False, complete=True)
                elif rows:
                    self.sums.append((names["total", column], parts))

    def _name(self, report, key, row, column, number) -> tuple:
        start = report.period.end if key == "stock" else report.period.start
        if key == "active_by_unit" and row != "total":
            return (start, report.period.end, row, "active", "total", column, number)
        return (start, report.period.end, report.unit, COUNTS[key] if row == "total" else key, row, column, number)

    def compare_units(self) -> None:
        units = defaultdict(list)
        for cell in self.cells:
            units[cell[:2], cell[3:6]].append(cell)
        for cell in list(self.cells):
            if not cell[2]:
                parts = [each for each in units[cell[:2], cell[3:6]] if each[2]]
                self._compare(cell, parts, events=cell[3] in (*EVENTS, "stock"), complete=True)

    def compare_periods(self) -> None:
        same = defaultdict(list)
        for cell in self.cells:
            if cell[3] != "stock":
                same[cell[2:6]].append(cell)
        for cells in same.values():
            for cell in cells:
                inside = [each for each in cells if cell[0] <= each[0] and each[1] <= cell[1]]
                # Of two versions of a number the latest; a period without the row had nothing.
                inside = list({each[:2]: each for each in inside if each[:2] != cell[:2]}.values())
                self._compare(cell, inside, events=cell[3] in EVENTS, complete=self._is_made_up(cell))

    def _is_made_up(self, cell) -> bool:
        """Whether the periods within that of the cell, which never overlap in these tests, have all of its days."""
        inside = {each[:2] for each in self.cells if not each[2]}
        inside = {each for each in inside if cell[0] <= each[0] and each[1] <= cell[1] and each[0] < each[1]}
        return sum((end - start).days + 1 for start, end in inside - {cell[:2]}) == (cell[1] - cell[0]).days + 1

    def _compare(self, total, parts, *, events: bool, complete: bool) -> None:
        number, together = total[-1], sum(each[-1] for each in parts)
        if not parts:
            return
        if events and complete and number == together:
            self.sums.append((total, tuple(parts)))
        if events and together <= number:
            self.at_most.append((tuple(parts), (total,)))
        self.at_most += [((each,), (total,)) for each in parts if each[-1] <= number]
        if complete and number <= together:
            self.at_most.append(((total,), tuple(parts)))
