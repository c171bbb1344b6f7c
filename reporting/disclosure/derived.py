"""Rules 3 and 5: what is computed from counts of persons, and amounts of work that stand for few persons."""

from collections.abc import Collection

from reporting.disclosure.model import Before, CellId, Publication, Reason, Share
from reporting.disclosure.primary import is_small

TOLERANCE = 1e-9


def hidden_shares(publication: Publication, hidden: Collection[CellId], threshold: int) -> dict[CellId, Reason]:
    """The shares and medians that can not be shown when the cells `hidden` are not.

    A share or median of nobody is shown as what it is: nothing. One of a count that is not published at all is hidden
    as if the count were.
    """
    visible = publication.by_id.keys() - hidden
    shares = [each.id for each in publication.shares if not _is_shown(each, visible, threshold)]
    medians = [
        each.id
        for each in publication.medians
        if each.group not in visible or is_small(publication.value(each.group), threshold)
    ]
    return dict.fromkeys((*shares, *medians), Reason.DERIVED)


def _is_shown(share: Share, visible: Collection[CellId], threshold: int) -> bool:
    """Every count is shown, and neither the group, nor the numerator, nor the rest of the group is small."""
    return all(each in visible for each in share.counts) and not any(
        is_small(count, threshold) for count in (share.part, share.group - share.part, share.group)
    )


def hidden_measures(publication: Publication, threshold: int) -> dict[CellId, Reason]:
    """The measures whose employments are few, and the next smallest, so that no line gives a hidden one away."""
    hidden = {}
    for measure in publication.measures:
        if measure.before == Before.HIDDEN:
            hidden[measure.id] = Reason.BEFORE
        elif measure.before is None and is_small(measure.behind, threshold):
            hidden[measure.id] = Reason.SMALL
    while more := _next_to_hide(publication, hidden):
        hidden[more] = Reason.PROTECTS
    return hidden


def _next_to_hide(publication: Publication, hidden: Collection[CellId]) -> CellId | None:
    """The smallest that may be hidden in a line that gives something away, a total last; None when there is none."""
    exposed = measures_given_away(publication, hidden)
    may_be_hidden = {
        each.id: each.value
        for each in publication.measures
        if each.value and each.before != Before.SHOWN and each.id not in hidden
    }
    in_vain = None
    for line in publication.measure_lines:
        shown = [each for each in line.cells if each in may_be_hidden]
        if shown and not exposed.isdisjoint(line.cells):
            shown.sort(key=lambda each: (each == line.total, may_be_hidden[each]))
            for each in shown:
                # One that can be worked out from others itself hides nothing.
                if each not in measures_given_away(publication, {*hidden, each}):
                    return each
            in_vain = in_vain or shown[0]
    return in_vain


def measures_given_away(publication: Publication, hidden: Collection[CellId]) -> set[CellId]:
    """The hidden measures that the lines determine.

    A solution of the lines with zero for all that is shown is a way in which the hidden amounts could differ from
    what they are. A measure that is zero in all of them can be worked out.
    """
    number = {each: position for position, each in enumerate(sorted(hidden))}
    if not number:
        return set()
    import numpy as np
    from scipy.linalg import null_space

    matrix = np.zeros((len(publication.measure_lines) + 1, len(number)))
    for row, line in zip(matrix, publication.measure_lines, strict=False):
        for each in line.cells:
            if each in number:
                row[number[each]] = -1 if each == line.total else 1
    ways = null_space(matrix)
    return {each for each, position in number.items() if not (abs(ways[position]) > TOLERANCE).any()}
