"""What may be published together, and after what was published before (docs/disclosure.md).

The whole municipality and its units go out at once or the whole alone. All that is known beside it from other
publications (of periods that have days in common with this one, and of other tables of this one) is taken in.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from reporting.disclosure import derived
from reporting.disclosure.attacker import System
from reporting.disclosure.control import control
from reporting.disclosure.links import Span, covers, families, overlap, tie, tie_measures, tiles
from reporting.disclosure.model import HIDDEN, Before, CellId, Publication, Reason, Result
from reporting.disclosure.of_answer import (
    ON_THE_LAST_DAY,
    Place,
    Reasons,
    Told,
    add,
    done_before,
    place_of,
    shown,
)
from reporting.disclosure.primary import is_small
from reporting.disclosure.tables import Draft
from reporting.engine import Answer, Table
from reporting.figures import find_table
from reporting.figures.definition import TOTAL, Category, MeasuredIn, Value
from reporting.periods import Period

#: Values by row and column; a side that is not there has the total alone.
Values = Mapping[tuple[str, str], Value]


@dataclass(frozen=True)
class PublishedEarlier:
    """The tables of one period and unit (empty for the whole municipality) as an earlier publication has them.

    `known` are the values by table as they were known inside the house then, `published` those that went out, with
    HIDDEN in place of what did not: what an outsider may have worked out can not be judged without the former.
    """

    period: Period
    unit: str
    known: Mapping[str, Values]
    published: Mapping[str, Values]


@dataclass(frozen=True)
class Exposed:
    """A hidden number that would be given away, whatever else is hidden."""

    period: Period
    unit: str
    table: str
    row: str
    column: str


@dataclass(frozen=True)
class Joint:
    """The answers as they may be published and, in the same order, why each hidden value is hidden.

    With something `exposed` they must not be published like this: `refusal` says so.
    """

    answers: tuple[Answer, ...]
    reasons: tuple[Reasons, ...]
    exposed: tuple[Exposed, ...] = ()

    @property
    def refusal(self) -> str:
        """A sentence that says which tables stand in the way of publishing; empty when none does."""
        if not self.exposed:
            return ""
        named = dict.fromkeys(
            f"{find_table(each.table)[1].label} ({', '.join(filter(None, (each.period.label, each.unit)))})"
            for each in self.exposed
        )
        return _(
            "This cannot be published: together with what is published already, hidden numbers of these tables could "
            "be worked out: %(tables)s. Leave those tables out."
        ) % {"tables": "; ".join(named)}


def joint(
    answers: Sequence[Answer],
    earlier: Sequence[PublishedEarlier],
    threshold: int,
    tables: Collection[str] | None = None,
) -> Joint:
    """What may be published of `answers` (the whole municipality and, if asked, all its units) after `earlier`.

    `tables`: the keys of the tables to publish, all that are for the public if None. ValueError for units without the
    whole: their figures stay inside then, for one unit can be worked out from the whole and the others.
    """
    now = [Told.by(each, tables) for each in answers]
    if len({(each.span, each.unit) for each in now}) < len(now):
        raise ValueError("A period and unit can be published only once.")
    if {each.span for each in now} - {each.span for each in now if not each.unit}:
        raise ValueError("Units can only be published together with the whole municipality.")
    before = [_told(each) for each in _beside(now, earlier)]
    book = _Book(now, before)
    result = control(book.publication, threshold)
    if _that_matter(result, book, threshold) and (lost := _lost(before)):
        book = _Book(now, before, lost)
        result = control(book.publication, threshold)
    exposed = _that_matter(result, book, threshold)
    result = _with_what_was_hidden(result, book)
    told = [shown(answer, each, result) for answer, each in zip(answers, now, strict=True)]
    return Joint(
        tuple(answer for answer, _reasons in told),
        tuple(reasons for _answer, reasons in told),
        tuple(
            _exposed(exposed, book, now, [*(each.question.period for each in answers), *(e.period for e in earlier)])
        ),
    )


class _Book:
    """All that is known when `now` has been published after `before`: one publication, and where its numbers stand.

    `lost`: what can be worked out from `before` by itself is known as well, and is protected no more.
    """

    def __init__(self, now: Sequence[Told], before: Sequence[Told], lost: Collection[CellId] = ()):
        #: What earlier publications did with the numbers that stand in them.
        self.done: dict[CellId, Before] = {}
        for told in before:
            for name, was in done_before(told).items():
                self.done[name] = Before.SHOWN if Before.SHOWN in (was, self.done.get(name)) else was
        self.draft = Draft(self.done | dict.fromkeys(lost, Before.SHOWN))
        #: The numbers of each place in the order in which they were added: more than one where it has changed.
        self.standing: dict[Place, dict[CellId, None]] = defaultdict(dict)
        #: The periods for which a table has been published, by unit and table.
        self.spans: dict[tuple[str, str], dict[Span, None]] = defaultdict(dict)
        for told in (*now, *before):
            for place, name in add(self.draft, told).items():
                self.standing[place][name] = None
            for table in told.public:
                for key in filter(None, (table.key, table.breakdown.margin)):
                    self.spans[told.unit, key][told.span] = None
        self.place_by_name = {name: place for place, names in self.standing.items() for name in names}
        self._tie_versions()
        self._tie_units()
        self._tie_periods()
        self.publication: Publication = self.draft.publication()

    def _tie_versions(self) -> None:
        for place, (first, *others) in self.standing.items():
            for other in others:
                if first in self.draft.cells:
                    self.place_by_name[self.draft.revision(first, other)] = place

    def _tie_units(self) -> None:
        """Each number of the whole municipality and the same of its units."""
        units: dict[Place, list[CellId]] = defaultdict(list)
        for place, names in self.standing.items():
            if place.unit:
                units[place._replace(unit="")].append(next(iter(names)))
        for place, parts in units.items():
            if place in self.standing:
                self._tie(place, next(iter(self.standing[place])), parts, complete=True)

    def _tie_periods(self) -> None:
        """Each number of a period and the same of the periods that have days in common with it."""
        spans_of: dict[tuple, list[Span]] = defaultdict(list)
        for place in self.standing:
            if place.table not in ON_THE_LAST_DAY:
                spans_of[place[1:]].append(place.span)
        ways = _Ways()
        for (unit, table, row, column), found in spans_of.items():
            # A table that was published without this row had nothing there.
            spans = tuple(dict.fromkeys((*found, *self.spans[unit, table])))
            for span in found:
                place = Place(span, unit, table, row, column)
                self._tie_parts(place, *ways.of(span, spans))

    def _tie_parts(self, place: Place, sets: list[tuple[Span, ...]], overlapping: list[tuple[Span, ...]]) -> None:
        total = next(iter(self.standing[place]))
        alone = set()
        for family in sets:
            complete = tiles(place.span, family)
            if complete or _stands_apart(place.table, place.column):
                self._tie(place, total, self._names(place, family), complete=complete)
            else:
                alone.update(self._names(place, family))
        if total not in self.draft.cells:
            return
        for each in sorted(alone):
            tie(self.draft, total, [each], apart=False, complete=False)
        for family in overlapping:
            parts = self._names(place, family)
            if self.draft.value([total]) <= self.draft.value(parts):
                self.draft.bound([total], parts)

    def _names(self, place: Place, family: Sequence[Span]) -> list[CellId]:
        """The numbers of a place in other periods, without the zeros."""
        places = [place._replace(span=span) for span in family]
        names = [next(iter(self.standing[each])) for each in places if each in self.standing]
        return [name for name in names if name in self.draft.measures or self.draft.value([name])]

    def _tie(self, place: Place, total: CellId, parts: Sequence[CellId], *, complete: bool) -> None:
        if total in self.draft.cells:
            parts = [each for each in parts if self.draft.value([each])]
            tie(self.draft, total, parts, apart=_stands_apart(place.table, place.column), complete=complete)
        elif complete:
            tie_measures(self.draft, total, parts)


class _Ways:
    """How periods make up others; the same for all numbers of the same periods."""

    def __init__(self):
        self.found = {}

    def of(self, span: Span, spans: tuple[Span, ...]) -> tuple[list[tuple[Span, ...]], list[tuple[Span, ...]]]:
        """The sets of periods within one, without days in common; and the sets that cover it otherwise."""
        if (span, spans) not in self.found:
            self.found[span, spans] = families(span, spans), covers(span, spans)
        return self.found[span, spans]


def _stands_apart(table: str, column: str) -> bool:
    """Whether what a table counts is counted in one unit and one period only; a person may be in several."""
    figure, breakdown = find_table(table)
    own = next((each for each in breakdown.measured if each.code == column), figure)
    return own.measured_in != MeasuredIn.PERSONS


def _beside(now: Sequence[Told], earlier: Sequence[PublishedEarlier]) -> Iterator[PublishedEarlier]:
    """The earlier publications that have days in common with these, or with others that have."""
    reached, left = [each.span for each in now], list(earlier)
    while found := [each for each in left if any(overlap(_span(each), span) for span in reached)]:
        reached = [_span(each) for each in found]
        left = [each for each in left if each not in found]
        yield from found


def _span(earlier: PublishedEarlier) -> Span:
    return earlier.period.start, earlier.period.end


def _told(earlier: PublishedEarlier) -> Told:
    """The earlier publication under the definitions of today; a table that is no figure's any more is left out."""
    tables = {key: table for key, values in earlier.published.items() if (table := _table(earlier, key, values))}
    hidden = frozenset(
        (key, *crossing) for key in tables for crossing, value in earlier.published[key].items() if value == HIDDEN
    )
    return Told(_span(earlier), earlier.unit, list(tables.values()), tables, hidden)


def _table(earlier: PublishedEarlier, key: str, values: Values) -> Table | None:
    found = find_table(key)
    if found is None or not found[0].published:
        return None
    figure, breakdown = found
    rows, heads = (dict.fromkeys(crossing[side] for crossing in values) for side in (0, 1))
    columns = [each for each in breakdown.measured if each.code in heads] or _categories(heads)
    known = {crossing: earlier.known[key][crossing] for crossing in values}
    return Table(figure, breakdown, _categories(rows), tuple(columns), known, {}, 0)


def _categories(codes: Collection[str]) -> tuple[Category, ...]:
    return tuple(TOTAL if code == TOTAL.code else Category(code, code) for code in codes)


def _lost(before: Sequence[Told]) -> set[CellId]:
    """What is hidden in earlier publications and can be worked out from them already."""
    publication = _Book([], before).publication
    hidden = {each.id for each in publication.cells if each.before == Before.HIDDEN}
    lost = {each.cell for part in publication.components() for each in System(part).pinned(hidden)}
    measures = {each.id for each in publication.measures if each.before == Before.HIDDEN}
    return lost | derived.measures_given_away(publication, measures)


def _with_what_was_hidden(result: Result, book: _Book) -> Result:
    """What was hidden stays hidden, also where it can be worked out by now."""
    hidden = {name: Reason.BEFORE for name, was in book.done.items() if was == Before.HIDDEN}
    return replace(result, hidden=hidden | result.hidden)


def _that_matter(result: Result, book: _Book, threshold: int) -> set[CellId]:
    """The small numbers that are given away. One that was hidden earlier for the sake of others is not small."""
    counts = book.draft.cells
    return {each for each in result.exposed if each not in counts or is_small(counts[each].value, threshold)}


def _exposed(
    names: Collection[CellId], book: _Book, now: Sequence[Told], periods: Sequence[Period]
) -> Iterator[Exposed]:
    """What is given away, under the tables to be published in which it (or the same of another period) stands."""
    period_by_span = {(each.start, each.end): each for each in reversed(periods)}
    by_last_day = {each.end: each for each in reversed(periods)}
    tables = defaultdict(dict)
    for told in now:
        for table in told.public:
            for crossing in table.values:
                tables[place_of(told, table, *crossing)[1:]][table.key] = None
    for name in sorted(names):
        place = book.place_by_name[name]
        period = period_by_span.get(place.span) or by_last_day[place.span[1]]
        for key in tables.get(place[1:], [place.table]):
            yield Exposed(period, place.unit, key, place.row, place.column)
