"""Every figure of docs/statistics.md: one definition each, in the order in which they are shown.

`FIGURES` are those of the contract. Those of job tracks are the product's own, told by what asks for them."""

from reporting.figures.certificates import CERTIFICATES_FIGURE
from reporting.figures.closures import (
    AFTERCARE_FIGURE,
    CLOSED_FIGURE,
    DURATION_FIGURE,
    MEDIAN_FIGURE,
    RESULTS_FIGURE,
    SHARE_FIGURE,
)
from reporting.figures.definition import Breakdown, Figure
from reporting.figures.enrolments import ACTIVE_FIGURE, NEW_FIGURE, REFERRALS_FIGURE, REVOLVING_FIGURE
from reporting.figures.followups import FOLLOWUPS_FIGURE
from reporting.figures.placements import COVERAGE_FIGURE, DELIVERED_FIGURE, FTE_FIGURE, STOCK_FIGURE
from reporting.figures.tracks import STEERING_FIGURES, TRACK_FIGURES

FIGURES: tuple[Figure, ...] = (
    ACTIVE_FIGURE,
    NEW_FIGURE,
    REFERRALS_FIGURE,
    REVOLVING_FIGURE,
    CLOSED_FIGURE,
    SHARE_FIGURE,
    MEDIAN_FIGURE,
    RESULTS_FIGURE,
    DURATION_FIGURE,
    STOCK_FIGURE,
    DELIVERED_FIGURE,
    FTE_FIGURE,
    FOLLOWUPS_FIGURE,
    CERTIFICATES_FIGURE,
    COVERAGE_FIGURE,
    AFTERCARE_FIGURE,
)


def find_table(key: str) -> tuple[Figure, Breakdown] | None:
    """The figure and the breakdown that make the table called `key`, or None."""
    for figure in (*FIGURES, *TRACK_FIGURES, *STEERING_FIGURES):
        for breakdown in figure.breakdowns:
            if breakdown.table == key:
                return figure, breakdown
    return None
