"""From the engine's answer to a publication, and back to the answer that may be shown.

The one room of the package that knows the figures; the others know numbers and lines.
"""

from collections.abc import Mapping
from dataclasses import replace

from reporting.disclosure.control import control
from reporting.disclosure.model import HIDDEN, Before, CellId, Measure, Median, Publication, Reason, Share
from reporting.disclosure.tables import Crossing, Draft, lines_of
from reporting.engine import Answer, Table
from reporting.figures import definition
from reporting.figures.definition import TOTAL, CellRef, Measured, Subject

#: Why a value is hidden, by table, row and column.
Reasons = dict[tuple[str, str, str], Reason]


def published(answer: Answer, threshold: int, before: Mapping[CellId, Before] | None = None) -> Answer:
    """The answer with HIDDEN in place of what must not be published.

    `before`: what was already published of the same cells. Tables that are no part of public reports are left out.
    """
    return controlled(answer, threshold, before)[0]


def controlled(
    answer: Answer, threshold: int, before: Mapping[CellId, Before] | None = None
) -> tuple[Answer, Reasons]:
    """The answer as `published` gives it, and why each hidden value is hidden; the reasons are not for the public."""
    hidden = control(publication_of(answer, before), threshold).hidden
    tables, reasons = {}, {}
    for table in _public(answer):
        because = {
            crossing: hidden[name]
            for crossing in table.values
            if (name := name_of(answer, table, *crossing)) in hidden
        }
        reasons |= {(table.key, *crossing): reason for crossing, reason in because.items()}
        tables[table.key] = replace(table, values=table.values | dict.fromkeys(because, HIDDEN))
    return replace(answer, tables=tables), reasons


def publication_of(answer: Answer, before: Mapping[CellId, Before] | None = None) -> Publication:
    """The answer's public tables as cells and lines."""
    draft = Draft(before)
    for table in _public(answer):
        if table.figure.subject == Subject.EMPLOYED_TIME:
            _add_measures(draft, answer, table)
        elif table.figure.subject == Subject.PERSONS:
            _add_counts(draft, answer, table)
    return draft.publication()


def name_of(answer: Answer, table: Table, row: str, column: str) -> CellId:
    """What a crossing is called in publications: the same for a cell that stands in two tables of an answer.

    The measures of one row are one amount in different units, and are shown or hidden together.
    """
    key = table.key
    if row == TOTAL.code and table.breakdown.margin:
        key = table.breakdown.margin
    if table.figure.subject == Subject.EMPLOYED_TIME:
        column = table.columns[0].code
    question = answer.question
    return f"{question.period.name}/{question.unit.code if question.unit else ''}/{key}/{row}/{column}"


def _public(answer: Answer) -> list[Table]:
    return [table for table in answer.tables.values() if table.figure.published]


def _add_counts(draft: Draft, answer: Answer, table: Table) -> None:
    """A table's counts of persons, with its lines, and the shares and medians in it."""
    counts, names = {}, {}
    for row in table.rows:
        for column in table.columns:
            crossing = (row.code, column.code)
            own = column if isinstance(column, Measured) else table.figure
            name = name_of(answer, table, *crossing)
            if isinstance(own.measure, definition.Number):
                counts[crossing], names[crossing] = table.value(*crossing), name
            else:
                cells = tuple(_referred(answer, ref, crossing) for ref in own.computed_from)
                _add_derived(draft, own.measure, name, cells, table.parts.get(crossing) or (0, 0))
    draft.table(table.key, counts, same=names, exact_rows=table.breakdown.in_rows is None)
    for column in table.breakdown.measured:
        if column.sum_of:
            for row in table.rows:
                parts = [names[row.code, each] for each in column.sum_of]
                draft.line(names[row.code, column.code], parts, table=table.key)


def _add_derived(
    draft: Draft, measure: definition.Measure, name: CellId, cells: tuple[CellId, ...], parts: tuple[int, ...]
) -> None:
    if isinstance(measure, definition.Share):
        draft.shares.append(Share(name, cells, *parts))
    else:
        draft.medians.append(Median(name, *cells))


def _referred(answer: Answer, ref: CellRef, crossing: Crossing) -> CellId:
    return name_of(answer, answer.tables[ref.table], ref.row or crossing[0], ref.column or crossing[1])


def _add_measures(draft: Draft, answer: Answer, table: Table) -> None:
    """The amounts in the first column of a table; those in the others are the same in another unit."""
    column = table.columns[0].code
    names = {(row.code, TOTAL.code): name_of(answer, table, row.code, column) for row in table.rows}
    for (row, _total), name in names.items():
        behind = table.parts.get((row, column)) or (0,)
        draft.measures[name] = Measure(name, table.value(row, column), *behind, draft.before.get(name))
    draft.measure_lines += lines_of(table.key, names)
