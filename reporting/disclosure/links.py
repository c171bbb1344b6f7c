"""What ties the counts of a whole to those of its parts: the municipality and its units, a year and its quarters.

A tie is told as far as the numbers at hand bear it out. What is published at different times was known at different
times: a closure registered late is in the year and not in its quarter, one that was annulled the other way round.
Nobody can hold such a line for true, and what it says is then left out, but no more than that.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from reporting.disclosure.model import CellId, Line
from reporting.disclosure.tables import Draft

#: First and last day.
Span = tuple[dt.date, dt.date]

#: So many ways to make up a stretch of days of others are looked at, the longest parts first.
WAYS = 32

#: Amounts are rounded to three decimals, each by itself.
ROUNDING = 0.01

DAY = dt.timedelta(days=1)


def tie(draft: Draft, total: CellId, parts: Sequence[CellId], *, apart: bool, complete: bool) -> None:
    """Tie a count to its parts, none of which is zero.

    `apart`: what is counted stands in one part at most (a referral in one quarter; a person may be closed in two).
    `complete`: there are no other parts.
    """
    whole, together = draft.value([total]), draft.value(parts)
    fit = all(draft.value([each]) <= whole for each in parts)
    if not parts or not whole:
        return
    if complete and fit and whole <= together:
        draft.line(total, parts, table=total, exact=apart and whole == together)
        return
    if apart and together <= whole:
        draft.bound(parts, [total])
    else:
        for each in parts:
            if draft.value([each]) <= whole:
                draft.bound([each], [total])
    if complete and whole <= together:
        draft.bound([total], parts)


def tie_measures(draft: Draft, total: CellId, parts: Sequence[CellId]) -> None:
    """Tie an amount of work to all its parts, where they add up to it."""
    difference = draft.measures[total].value - sum(draft.measures[each].value for each in parts)
    if parts and abs(difference) < ROUNDING:
        draft.measure_lines.append(Line(total, tuple(parts), total))


def encloses(whole: Span, part: Span) -> bool:
    """Whether the days of `part` are some of those of `whole`, but not all."""
    return whole != part and whole[0] <= part[0] and part[1] <= whole[1]


def overlap(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def tiles(whole: Span, family: Sequence[Span]) -> bool:
    """Whether the spans, in order and apart, have all the days of `whole`."""
    ends = [whole[0] - DAY, *(end for _start, end in family)]
    return ends[-1] == whole[1] and all(
        before + DAY == start for before, (start, _end) in zip(ends, family, strict=False)
    )


def families(whole: Span, spans: Sequence[Span]) -> list[tuple[Span, ...]]:
    """The sets of spans within `whole` that have no day in common and to which no other can be added."""
    inside = sorted((each for each in spans if encloses(whole, each)), key=_longest_first)
    return list(islice(_families(inside, whole[0]), WAYS))


def _families(spans: Sequence[Span], first: dt.date) -> Iterator[tuple[Span, ...]]:
    left = [each for each in spans if each[0] >= first]
    if not left:
        yield ()
        return
    # One that starts after another has ended leaves room for that other, so it does not come first.
    earliest_end = min(end for _start, end in left)
    for each in left:
        if each[0] <= earliest_end:
            for others in _families(spans, each[1] + DAY):
                yield (each, *others)


def covers(whole: Span, spans: Sequence[Span]) -> list[tuple[Span, ...]]:
    """The sets of spans that together have all the days of `whole` (and others, or some twice), none to spare."""
    beside = [each for each in spans if overlap(whole, each) and not encloses(each, whole) and each != whole]
    beside.sort(key=_longest_first)
    found = islice(_covers(whole, beside, whole[0] - DAY, whole[0]), WAYS)
    return [each for each in found if len(each) > 1 and not tiles(whole, each)]


def _covers(whole: Span, spans: Sequence[Span], reached: dt.date, not_before: dt.date) -> Iterator[tuple[Span, ...]]:
    """`reached`: the last day covered; a span that starts before `not_before` would make the latest needless."""
    if reached >= whole[1]:
        yield ()
        return
    for each in spans:
        start, end = max(each[0], whole[0]), each[1]
        if not_before <= start <= reached + DAY and end > reached:
            for others in _covers(whole, spans, end, reached + 2 * DAY):
                yield (each, *others)


def _longest_first(span: Span) -> tuple:
    return (span[0], -(span[1] - span[0]).days)
