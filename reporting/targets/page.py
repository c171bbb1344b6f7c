"""What the page of targets shows of a period: key figures, the table with its links, and last year beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from reporting.disclosure.model import HIDDEN
from reporting.engine import answer_all
from reporting.figures.definition import TOTAL
from reporting.figures.placements import DELIVERED_FIGURE, FTE_FIGURE, STOCK_FIGURE
from reporting.moment import at_one_moment
from reporting.question import Question
from reporting.statement import StatedTable, Statement, state
from reporting.targets.told import DELIVERED, KEY, OF_YEAR, OUTSTANDING, SHARE, TABLES, TARGET, targets_table
from reporting.telling.charts import target_bars
from reporting.telling.formats import Place, blocks, told
from reporting.telling.presentation import Cell, PageBlock, PageLine, difference, list_address

FIGURES = (STOCK_FIGURE, DELIVERED_FIGURE, FTE_FIGURE)


@dataclass(frozen=True)
class KeyNumber:
    """A total of the table: its words, the value with its list, and what it is set against."""

    label: str
    cell: Cell
    notes: list[str]


@dataclass(frozen=True)
class TargetsShown:
    """The period's table and its key figures; no table where no target is set."""

    statement: Statement
    table: StatedTable | None
    block: PageBlock | None
    key_numbers: list[KeyNumber]

    @property
    def of_year(self) -> bool:
        """Whether the targets are those of the whole year, since the period has none of its own."""
        return self.table is not None and self.table.columns[0].code == OF_YEAR


def targets_stated(question: Question) -> tuple[Statement, StatedTable | None, Statement]:
    """The figures of the question, the table of targets among them where there is one, that table, and the figures of
    the same period last year."""
    questions = [question, question.about(question.period.year_before)]

    def counted():
        now, before = answer_all(questions, FIGURES)
        return now, before, targets_table(question, now)

    now, before, table = at_one_moment(counted)
    statement = state(now)
    return statement.with_table(table) if table else statement, table, state(before)


def targets_shown(question: Question) -> TargetsShown:
    """All that the page shows of a question."""
    statement, table, before = targets_stated(question)
    if table is None:
        return TargetsShown(statement, None, None, [])
    return TargetsShown(
        statement, table, _block(statement, table, before), list(_key_numbers(statement, table, before))
    )


def _key_numbers(statement: Statement, table: StatedTable, before: Statement) -> Iterable[KeyNumber]:
    for column in table.columns:
        place = Place(table, TOTAL.code, column.code)
        if column.code in (TARGET, OF_YEAR, SHARE):
            continue
        cell = replace(_cell(statement, place), text=told(place.value, table.measured_in(column.code)))
        notes = []
        if column.code == DELIVERED and (share := table.parts.get((TOTAL.code, SHARE))):
            notes.append(
                _("%(delivered)s of the target %(target)s (%(share)s)")
                % {"delivered": share[0], "target": share[1], "share": Place(table, TOTAL.code, SHARE).text}
            )
        if column.code in TABLES:
            earlier = before.tables[column.code].value(column=TABLES[column.code])
            change = difference(place.value, earlier, table.measured_in(column.code))
            notes.append(
                _("%(period)s: %(earlier)s (%(change)s)")
                % {
                    "period": before.period.short_label,
                    "earlier": told(earlier, table.measured_in(column.code)),
                    "change": change[:1].lower() + change[1:],
                }
            )
        yield KeyNumber(column.label, cell, notes)


def _block(statement: Statement, table: StatedTable, before: Statement) -> PageBlock:
    """The table, its numbers leading to their lists, and after what is delivered how much that is more than last
    year."""
    block = blocks(replace(statement, tables={KEY: table}))[0]
    codes = [column.code for column in table.columns]
    after = codes.index(DELIVERED) + 1
    headings = list(block.headings)
    headings.insert(after, _("Against %(period)s") % {"period": before.period.short_label.lower()})
    lines = []
    for line in block.lines:
        cells = [_cell(statement, place) for place in line.places]
        row = line.places[0].row
        earlier = before.tables[DELIVERED].value(row)
        cells.insert(after, Cell(difference(table.value(row, DELIVERED), earlier, table.measured_in(DELIVERED))))
        lines.append(PageLine(line.label, cells, line.is_total))
    meanings = [(each.label, each.definition) for each in table.meanings]
    meanings.insert(after, (headings[after], _("How many more were delivered than in the same period last year.")))
    return PageBlock(block.key, block.title, headings, lines, meanings, target_bars(table))


def _cell(statement: Statement, place: Place) -> Cell:
    table, row, column = place.table, place.row, place.column
    if column == OUTSTANDING and row != TOTAL.code and (above := _above(table, row)):
        return Cell(_("%(left)s, %(above)s above") % {"left": place.text, "above": above})
    if column not in TABLES or not place.value or place.value == HIDDEN:
        return Cell(place.text)
    return Cell(place.text, list_address(statement, column, row, TABLES[column]))


def _above(table: StatedTable, row: str) -> int:
    """How many more than its target a department has received."""
    target, delivered = table.value(row, TARGET), table.value(row, DELIVERED)
    return max(0, delivered - target) if isinstance(target, int) and isinstance(delivered, int) else 0
