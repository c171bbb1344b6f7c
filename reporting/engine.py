"""From definitions to tables: each source is read once for all questions and figures, and grouped by the database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models import Value as Constant

from reporting.figures import FIGURES
from reporting.figures.definition import TOTAL, Breakdown, Category, Dimension, Figure, Groups, Source, Value
from reporting.question import Question


@dataclass(frozen=True)
class Table:
    """One table of an answer: its rows and columns, the total last, and a value for each crossing of their codes.

    `parts` holds numerator and denominator where the values are shares.
    """

    figure: Figure
    breakdown: Breakdown
    rows: tuple[Category, ...]
    columns: tuple[Category, ...]
    values: dict[tuple[str, str], Value]
    parts: dict[tuple[str, str], tuple[int, int] | None]

    @property
    def key(self) -> str:
        return self.breakdown.table

    def value(self, row: str = TOTAL.code, column: str = TOTAL.code) -> Value:
        """The value at a crossing; a column that nobody stands in is a number of nothing."""
        return self.values.get((row, column), self.figure.measure.of([]))

    def as_dict(self) -> dict:
        """Codes to values, nested where the table has both rows and columns (the contract's JSON)."""
        if self.breakdown.rows is None:
            return {column.code: self.value(column=column.code) for column in self.columns}
        if self.breakdown.columns is None:
            return {row.code: self.value(row.code) for row in self.rows}
        return {
            row.code: {column.code: self.value(row.code, column.code) for column in self.columns} for row in self.rows
        }


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
    """The tables of `figures` for each question; one query for each source, however many questions."""
    of_source: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        of_source[figure.source.key].append(figure)
    groups = {key: _groups(users[0].source, users, questions) for key, users in of_source.items()}
    return [
        Answer(
            question,
            {
                breakdown.table: _table(figure, breakdown, groups[figure.source.key][number])
                for figure in figures
                for breakdown in figure.breakdowns
            },
        )
        for number, question in enumerate(questions)
    ]


def rows_behind(figure: Figure, breakdown: Breakdown, question: Question, row: str, column: str) -> QuerySet:
    """The rows that a value counts (of a share: those of its numerator), annotated with the source's dimensions.

    KeyError for a row or column that the table does not have.
    """
    sides = ((breakdown.rows, row), (breakdown.columns, column))
    condition = figure.measure.behind()
    for dimension, code in sides:
        condition &= _condition(dimension, code)
    rows = figure.source.rows(question).annotate(**figure.source.dimensions(question))
    return rows.filter(condition)


def _condition(dimension: Dimension | None, code: str) -> Q:
    if code == TOTAL.code:
        return Q()
    category = {each.code: each for each in (dimension.categories if dimension else ())}[code]
    return Q(**{dimension.key: category.value})


def _groups(source: Source, figures: Iterable[Figure], questions: Sequence[Question]) -> list[Groups]:
    """For each question, how many things the source has for each combination of the dimensions in use."""
    dimensions = sorted(frozenset().union(*(figure.dimensions for figure in figures)))
    parts = []
    for number, question in enumerate(questions):
        expressions = source.dimensions(question)
        parts.append(
            source.rows(question)
            .order_by()
            .annotate(**{key: expressions[key] for key in dimensions})
            .values(*dimensions)
            .annotate(question=Constant(number), quantity=source.aggregate)
        )
    answers: list[Groups] = [[] for _question in questions]
    for row in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        answers[row.pop("question")].append((row, row.pop("quantity")))
    return answers


def _table(figure: Figure, breakdown: Breakdown, groups: Groups) -> Table:
    rows, columns = _side(breakdown.rows, groups), _side(breakdown.columns, groups)
    crossings = {
        (row.code, column.code): [
            (group, quantity)
            for group, quantity in groups
            if _stands_in(group, breakdown.rows, row) and _stands_in(group, breakdown.columns, column)
        ]
        for row in rows
        for column in columns
    }
    return Table(
        figure,
        breakdown,
        rows,
        columns,
        values={crossing: figure.measure.of(groups) for crossing, groups in crossings.items()},
        parts={crossing: figure.measure.parts(groups) for crossing, groups in crossings.items()},
    )


def _side(dimension: Dimension | None, groups: Groups) -> tuple[Category, ...]:
    return dimension.shown({group[dimension.key] for group, _count in groups}) if dimension else (TOTAL,)


def _stands_in(group, dimension: Dimension | None, category: Category) -> bool:
    return dimension is None or category is TOTAL or group[dimension.key] == category.value
