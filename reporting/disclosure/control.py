"""All the rules on a publication: what is hidden, and why."""

from reporting.disclosure import derived, greedy, optimal
from reporting.disclosure.attacker import System
from reporting.disclosure.model import Before, CellId, Publication, Reason, Result
from reporting.disclosure.primary import must_be_hidden

#: The municipality's setting lies between these.
LEAST_THRESHOLD, GREATEST_THRESHOLD, DEFAULT_THRESHOLD = 3, 10, 5


def control(publication: Publication, threshold: int = DEFAULT_THRESHOLD) -> Result:
    """What is hidden when `publication` goes out; counts of 1 … threshold − 1 persons are small.

    The same publication always gets the same answer. Raises ValueError for a threshold outside 3–10.
    """
    if not LEAST_THRESHOLD <= threshold <= GREATEST_THRESHOLD:
        raise ValueError(f"The threshold is {LEAST_THRESHOLD} to {GREATEST_THRESHOLD}, not {threshold}.")
    must = must_be_hidden(publication, threshold)
    hidden: set[CellId] = set()
    exposed: set[CellId] = set()
    for component in publication.components():
        of_component = must.intersection(component.by_id)
        if of_component:
            chosen, given_away = _suppress(component, of_component, threshold)
            hidden |= chosen
            # One that is hidden for the sake of others is no loss as long as the others are safe.
            exposed |= given_away & of_component
    reasons = {
        cell.id: Reason.BEFORE
        if cell.before == Before.HIDDEN
        else Reason.SMALL
        if cell.id in must
        else Reason.PROTECTS
        for cell in publication.cells
        if cell.id in hidden
    }
    measures = derived.hidden_measures(publication, threshold)
    exposed |= {
        each for each in derived.measures_given_away(publication, measures) if measures[each] != Reason.PROTECTS
    }
    return Result(
        reasons | derived.hidden_shares(publication, hidden, threshold) | measures,
        frozenset(exposed),
    )


def _suppress(component: Publication, must: set[CellId], threshold: int) -> tuple[set[CellId], set[CellId]]:
    """The cells to hide, and those given away by what was published earlier: the greedy rule's, or fewer."""
    system = System(component)
    by_rule, exposed = greedy.suppress(component, system, must, threshold)
    if exposed:
        return by_rule, exposed
    fewer = optimal.suppress(component, system, must, threshold)
    if fewer is None or len(fewer) > len(by_rule):
        return by_rule, exposed
    return min((by_rule, fewer), key=lambda hidden: optimal.cost(component, hidden)), exposed
