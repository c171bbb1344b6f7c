"""Rule 1: a count of persons that is small is hidden, and zero is shown."""

from reporting.disclosure.model import Before, CellId, Publication


def is_small(count: int, threshold: int) -> bool:
    """1 … threshold − 1."""
    return 0 < count < threshold


def must_be_hidden(publication: Publication, threshold: int) -> set[CellId]:
    """The small counts of persons, and what an earlier publication hid."""
    return {
        cell.id
        for cell in publication.cells
        if cell.may_be_hidden and (is_small(cell.value, threshold) or cell.before == Before.HIDDEN)
    }
