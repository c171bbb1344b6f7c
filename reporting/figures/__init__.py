"""Every figure of docs/statistics.md: one definition each, in the order in which they are shown."""

from reporting.figures import enrolments
from reporting.figures.definition import Breakdown, Figure

FIGURES: tuple[Figure, ...] = (*enrolments.FIGURES,)


def find_table(key: str) -> tuple[Figure, Breakdown] | None:
    """The figure and the breakdown that make the table called `key`, or None."""
    for figure in FIGURES:
        for breakdown in figure.breakdowns:
            if breakdown.table == key:
                return figure, breakdown
    return None
