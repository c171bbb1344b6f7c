"""Rules 3 and 5: what is computed from counts of persons, and amounts of work that stand for few persons."""

from collections.abc import Collection
from decimal import Decimal

from reporting.disclosure.model import Before, CellId, Measure, Publication, Reason, Share
from reporting.disclosure.primary import is_small


def hidden_shares(publication: Publication, hidden: Collection[CellId], threshold: int) -> dict[CellId, Reason]:
    """The shares and medians that can not be shown when the cells `hidden` are not.

    A share or median of nobody is shown as what it is: nothing.
    """
    shares = [each.id for each in publication.shares if not _is_shown(publication, each, hidden, threshold)]
    medians = [
        each.id
        for each in publication.medians
        if each.group in hidden or is_small(publication.value(each.group), threshold)
    ]
    return dict.fromkeys((*shares, *medians), Reason.DERIVED)


def _is_shown(publication: Publication, share: Share, hidden: Collection[CellId], threshold: int) -> bool:
    """Every count is shown, and neither the group, nor the numerator, nor the rest of the group is small."""
    part = sum(publication.value(each) for each in share.numerator)
    group = sum(publication.value(each) for each in share.denominator)
    return not any(each in hidden for each in share.counts) and not any(
        is_small(count, threshold) for count in (part, group - part, group)
    )


def hidden_measures(publication: Publication, threshold: int) -> dict[CellId, Reason]:
    """The measures whose employments are few, and the next smallest, so that no line lets one be worked out."""
    measures = {each.id: each for each in publication.measures}
    hidden = {each.id: _own_reason(each, threshold) for each in publication.measures if _own_reason(each, threshold)}
    while line_or_none := _next_to_hide(publication, measures, hidden):
        hidden[line_or_none] = Reason.PROTECTS
    return hidden


def _own_reason(measure: Measure, threshold: int) -> Reason | None:
    if measure.before:
        return Reason.BEFORE if measure.before == Before.HIDDEN else None
    return Reason.SMALL if is_small(measure.behind, threshold) else None


def _next_to_hide(
    publication: Publication, measures: dict[CellId, Measure], hidden: Collection[CellId]
) -> CellId | None:
    """One more measure to hide, from a line that gives a hidden one away; None when all are safe."""
    given_away = _given_away(publication, hidden)
    for line in publication.measure_lines:
        if given_away.isdisjoint(line.cells):
            continue
        shown = [
            each
            for each in line.cells
            if each not in hidden and measures[each].value and measures[each].before != Before.SHOWN
        ]
        if shown:
            return min(shown, key=lambda each: (each == line.total, Decimal(measures[each].value)))
    return None


def _given_away(publication: Publication, hidden: Collection[CellId]) -> set[CellId]:
    """The hidden measures that the lines determine: those that are nothing but zero in every solution of the lines.

    Solutions of the lines with zeros for what is shown are the ways in which the hidden amounts can differ.
    """
    number = {each: position for position, each in enumerate(sorted(hidden))}
    rows = [
        {each: (-1 if each == line.total else 1) for each in line.cells if each in number}
        for line in publication.measure_lines
    ]
    if not number:
        return set()
    import numpy as np
    from scipy.linalg import null_space

    matrix = np.zeros((max(len(rows), 1), len(number)))
    for position, row in enumerate(rows):
        for each, factor in row.items():
            matrix[position, number[each]] = factor
    ways = null_space(matrix)
    return {each for each, position in number.items() if not (abs(ways[position]) > 1e-9).any()}
