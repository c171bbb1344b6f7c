"""From definitions to tables: each source is read once for all questions and figures, and grouped by the database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models import Value as Constant

from reporting.figures import FIGURES
from reporting.figures.definition import (
    TOTAL,
    Breakdown,
    Category,
    Dimension,
    Figure,
    Group,
    Groups,
    Measure,
    Measured,
    Source,
    Value,
    condition,
    meets,
)
from reporting.question import Question

#: A row or a column of a table.
Line = Category | Measured
#: For each source, by its key, the groups of each question.
Read = Mapping[str, list[Groups]]


@dataclass(frozen=True)
class Table:
    """One table of an answer: its rows and columns, the total last, and a value for each crossing of their codes.

    `parts` holds the counts a value is computed from: of a share numerator and denominator, of a median or an amount
    how many things it is of, of a count nothing. `nothing` is the value where there is nothing to count.
    """

    figure: Figure
    breakdown: Breakdown
    rows: tuple[Category, ...]
    columns: tuple[Line, ...]
    values: dict[tuple[str, str], Value]
    parts: dict[tuple[str, str], tuple[int, ...]]
    nothing: Value

    @property
    def key(self) -> str:
        return self.breakdown.table

    def value(self, row: str = TOTAL.code, column: str = TOTAL.code) -> Value:
        """The value at a crossing; in a column that nobody stands in, that of nothing."""
        return self.values.get((row, column), self.nothing)


@dataclass(frozen=True)
class Answer:
    """What the figures are for one question."""

    question: Question
    tables: dict[str, Table]

    def value(self, table: str, row: str = TOTAL.code, column: str = TOTAL.code) -> Value:
        return self.tables[table].value(row, column)


def answer(question: Question, figures: Sequence[Figure] = FIGURES) -> Answer:
    """The tables of `figures` for one question."""
    return answer_all([question], figures)[0]


def answer_all(questions: Sequence[Question], figures: Sequence[Figure] = FIGURES) -> list[Answer]:
    """The tables of `figures` for each question; one query for each source, however many questions, and one for the
    categories of each dimension that the database knows."""
    keys: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, Source] = {}
    for figure in figures:
        for source, dimensions in figure.uses:
            sources[source.key] = source
            keys[source.key] |= dimensions
    read = {key: groups_of(source, sorted(keys[key]), questions) for key, source in sources.items()}
    sides = {
        side.key: side for figure in figures for each in figure.breakdowns for side in each.sides if side is not None
    }
    categories = {key: side.categories_for(questions) for key, side in sides.items()}
    return [
        Answer(
            question,
            {
                breakdown.table: _table(
                    figure,
                    breakdown,
                    question,
                    {key: groups[number] for key, groups in read.items()},
                    {key: found[number] for key, found in categories.items()},
                )
                for figure in figures
                for breakdown in figure.breakdowns
            },
        )
        for number, question in enumerate(questions)
    ]


def rows_behind(
    figure: Figure, breakdown: Breakdown, question: Question, row: str, column: str
) -> tuple[Source, QuerySet]:
    """The rows that a value counts (of a share: those of its numerator), annotated with the source's dimensions, and
    the source they are of.

    KeyError for a row or column that the table does not have.
    """
    source = _source_of(figure, breakdown, row)
    measure = _measure_of(figure, breakdown, column)
    row_side, column_side = breakdown.sides
    wanted = condition(figure.only) & measure.behind() & _condition(row_side, row, question)
    if not breakdown.measured:
        wanted &= _condition(column_side, column, question)
    rows = source.rows(question).annotate(**source.dimensions(question))
    return source, rows.filter(wanted)


def _condition(dimension: Dimension | None, code: str, question: Question) -> Q:
    if code == TOTAL.code:
        return Q()
    categories = dimension.categories_for([question])[0] if dimension else ()
    category = {each.code: each for each in categories}[code]
    return Q(**{dimension.key: category.value})


def _source_of(figure: Figure, breakdown: Breakdown, row: str) -> Source:
    return breakdown.in_rows if breakdown.in_rows and row != TOTAL.code else figure.source


def _measure_of(figure: Figure, breakdown: Breakdown, column: str) -> Measure:
    """KeyError for a column that is not there, where columns have measures of their own."""
    if breakdown.measured:
        return {each.code: each.measure for each in breakdown.measured}[column]
    return figure.measure


def groups_of(source: Source, dimensions: list[str], questions: Sequence[Question]) -> list[Groups]:
    """For each question, how much the source has for each combination of the dimensions in use."""
    parts = []
    for number, question in enumerate(questions):
        expressions = source.dimensions(question)
        parts.append(
            source.rows(question)
            .order_by()
            .annotate(asked=Constant(number), **{key: expressions[key] for key in dimensions})
            .values("asked", *dimensions)
            .annotate(
                how_many=source.count,
                **{f"sum_{name}": aggregate(question) for name, aggregate in source.amounts.items()},
            )
        )
    answers: list[list[Group]] = [[] for _question in questions]
    for row in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        answers[row["asked"]].append(
            Group(
                {key: row[key] for key in dimensions},
                row["how_many"],
                {name: row[f"sum_{name}"] or 0 for name in source.amounts},
            )
        )
    return answers


def _table(
    figure: Figure,
    breakdown: Breakdown,
    question: Question,
    read: Mapping[str, Groups],
    categories: Mapping[str, tuple[Category, ...]],
) -> Table:
    sources = (figure.source, breakdown.in_rows or figure.source)
    counted = {source.key: _merged(read[source.key], figure, breakdown) for source in sources}
    row_side, column_side = breakdown.sides
    rows = _shown(row_side, counted[sources[1].key], categories)
    columns = breakdown.measured or _shown(column_side, counted[sources[0].key], categories)
    values, parts = {}, {}
    for row in rows:
        groups = [
            group
            for group in counted[_source_of(figure, breakdown, row.code).key]
            if _stands_in(group, row_side, row)
        ]
        for column in columns:
            here = [group for group in groups if _stands_in(group, column_side, column)]
            measure = _measure_of(figure, breakdown, column.code)
            values[row.code, column.code] = measure.of(here, question)
            parts[row.code, column.code] = measure.parts(here)
    return Table(figure, breakdown, rows, columns, values, parts, figure.measure.of([], question))


def _merged(groups: Groups, figure: Figure, breakdown: Breakdown) -> Groups:
    """The groups that the figure counts, told apart by what this table needs (and they have) and nothing more."""
    keys = sorted(breakdown.dimensions | figure.measure.dimensions)
    if groups:
        keys = [key for key in keys if key in groups[0].values]
    merged: dict[tuple, Group] = {}
    for group in groups:
        if not meets(group, figure.only):
            continue
        key = tuple(group.values[name] for name in keys)
        other = merged.get(key)
        merged[key] = Group(
            dict(zip(keys, key, strict=True)),
            group.count + (other.count if other else 0),
            {name: amount + (other.amounts[name] if other else 0) for name, amount in group.amounts.items()},
        )
    return list(merged.values())


def _shown(
    dimension: Dimension | None, groups: Groups, categories: Mapping[str, tuple[Category, ...]]
) -> tuple[Category, ...]:
    """The categories a table shows: the total last."""
    if dimension is None:
        return (TOTAL,)
    found = {group.values[dimension.key] for group in groups if group.count}
    return (*(each for each in categories[dimension.key] if not each.only_if_any or each.value in found), TOTAL)


def _stands_in(group: Group, dimension: Dimension | None, line: Line) -> bool:
    return dimension is None or line is TOTAL or group.values[dimension.key] == line.value
