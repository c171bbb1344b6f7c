"""Internal figures and what is published of them, beside each other, and why the rest is hidden.

For those who may see the internal figures: the reasons are never told to the public.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from reporting.disclosure.model import Reason
from reporting.statement import Statement
from reporting.telling.formats import Block, Place, blocks, written

#: Why values are hidden (codes of Reason), by table, row and column.
Reasons = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True)
class Why:
    """A reason in words: a few for the cell, a sentence for the legend, and how many values it hides."""

    code: str
    label: str
    meaning: str
    count: int = 0


@dataclass(frozen=True)
class Pair:
    """A value as it is, as it is published, and why it is hidden (None where it is shown)."""

    internal: str
    published: str
    why: Why | None


@dataclass(frozen=True)
class PairLine:
    """A row of a table: its words and its values."""

    label: str
    pairs: list[Pair]
    is_total: bool


@dataclass(frozen=True)
class PairBlock:
    """Values that are read together: one table, or several of one line each."""

    key: str
    title: str
    headings: list[str]
    lines: list[PairLine]

    @property
    def size(self) -> int:
        return len(self.lines) * len(self.headings)

    @property
    def hidden(self) -> int:
        """How many of its values are hidden."""
        return sum(pair.why is not None for line in self.lines for pair in line.pairs)


@dataclass(frozen=True)
class PairSection:
    """A part of the report."""

    key: str
    title: str
    blocks: list[PairBlock]


@dataclass(frozen=True)
class SideBySide:
    """All that is published, and `left_out`: the tables that are not."""

    sections: list[PairSection]
    reasons: list[Why]
    left_out: list[str]

    @property
    def size(self) -> int:
        return sum(block.size for section in self.sections for block in section.blocks)

    @property
    def hidden(self) -> int:
        return sum(block.hidden for section in self.sections for block in section.blocks)


def side_by_side(internal: Statement, published: Statement, reasons: Reasons, threshold: int) -> SideBySide:
    """What `published` shows of `internal`, table by table. `threshold`: the smallest number of persons shown."""
    words = {why.code: why for why in _words(threshold)}
    of_public = replace(
        internal, tables={key: table for key, table in internal.tables.items() if key in published.tables}
    )
    sections: dict[str, PairSection] = {}
    for block in blocks(of_public):
        section = sections.setdefault(block.section, PairSection(block.section, block.section_label, []))
        section.blocks.append(_block(block, published, reasons, words))
    told = list(sections.values())
    counts = Counter(
        pair.why.code
        for section in told
        for block in section.blocks
        for line in block.lines
        for pair in line.pairs
        if pair.why
    )
    left_out = [table.label for key, table in internal.tables.items() if key not in published.tables]
    return SideBySide(told, [replace(words[code], count=counts[code]) for code in words if counts[code]], left_out)


def _block(block: Block, published: Statement, reasons: Reasons, words: Mapping[str, Why]) -> PairBlock:
    def pair(place: Place) -> Pair:
        key, row, column = place.table.key, place.row, place.column
        shown = published.tables[key].value(row, column)
        code = reasons.get((key, row, column))
        return Pair(place.text, written(shown, place.table.measured_in(column)), words[code] if code else None)

    lines = [PairLine(line.label, [pair(place) for place in line.places], line.is_total) for line in block.lines]
    return PairBlock(block.key, block.title, block.headings, lines)


def _words(threshold: int) -> list[Why]:
    return [
        Why(
            Reason.SMALL,
            _("fewer than %(number)s") % {"number": threshold},
            _(
                "1 to %(most)s persons (or employments, where full-time equivalents are counted). "
                "Zero is always shown."
            )
            % {"most": threshold - 1},
        ),
        Why(
            Reason.PROTECTS,
            _("protects another"),
            _("Large enough in itself, but with it a reader could work out another hidden value from the totals."),
        ),
        Why(
            Reason.DERIVED,
            _("follows from hidden"),
            _("A share or a median of numbers that are hidden or small, from which they could be worked out."),
        ),
        Why(
            Reason.BEFORE,
            _("hidden before"),
            _("Hidden in a report that is already published. What was hidden once stays hidden."),
        ),
    ]
