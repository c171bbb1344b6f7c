"""The targets as one more table of a statement, made of its tables `delivered`, `stock` and `fte` and nothing else.

So the table agrees with the figures beside it, and in what is published it shows and hides what they do: what is left
to deliver gives away what was delivered, and is hidden with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.swedish import sort_key
from reporting.disclosure.model import HIDDEN
from reporting.engine import Answer
from reporting.engine import Table as AnswerTable
from reporting.figures.definition import TOTAL, MeasuredIn, Section, Value, rounded
from reporting.figures.dimensions import EMPLOYER
from reporting.models import Target
from reporting.periods import Period
from reporting.question import Question
from reporting.statement import Crossing, Side, StatedFigure, StatedLine, StatedTable, Statement
from vocabulary.codes import EmployerKind

#: The key of the table and of its figure.
KEY = "targets"
#: The codes of the columns. A period without targets of its own has those of its year instead.
TARGET, OF_YEAR = "target", "year_target"
DELIVERED, OUTSTANDING, SHARE, STOCK, FTE = "delivered", "outstanding", "share", "stock", "fte"
#: The tables that the table is made of, and for three of its columns the column of the table that they are.
TABLES = {DELIVERED: TOTAL.code, STOCK: TOTAL.code, FTE: "quarter"}

#: Departments' targets by their codes.
Numbers = Mapping[str, int]
#: What the table is made of: the engine's answer, or what is told of it.
Tables = Mapping[str, AnswerTable | StatedTable]


def targets_table(question: Question, answer: Answer) -> StatedTable | None:
    """Delivered against the target, department by department, in words of the active language.

    None where no targets are set, neither for the period nor for its year, and for a single unit: departments receive
    from all units.
    """
    if question.unit is not None:
        return None
    column, targets = TARGET, list(Target.objects.for_period(question.period))
    if not targets and (year := year_around(question.period)):
        column, targets = OF_YEAR, list(Target.objects.for_period(year))
    if not targets:
        return None
    numbers = {each.employer.code: each.number for each in targets}
    names = {each.employer.code: each.employer.name for each in targets}
    rows = _rows(names, answer.tables)
    values, parts = _values(rows, column, numbers, answer.tables)
    return StatedTable(
        KEY,
        _("Delivered against the target"),
        _figure(),
        Side("employer", str(EMPLOYER.label)),
        None,
        rows,
        _columns(column, question.period),
        values,
        parts,
    )


def targets_as_published(table: StatedTable, published: Statement) -> StatedTable:
    """The table as it may be shown beside the published figures: the same words and targets."""
    column = table.columns[0].code
    numbers = {
        row.code: number
        for row in table.rows
        if not row.is_total and isinstance(number := table.value(row.code, column), int)
    }
    values, parts = _values(table.rows, column, numbers, published.tables)
    return replace(table, values=values, parts=parts)


def year_around(period: Period) -> Period | None:
    """The calendar year that the period is a part of; None for a whole year, and for one that lies in two."""
    year = Period.parse(str(period.start.year))
    is_part = period.end <= year.end and (period.start, period.end) != (year.start, year.end)
    return year if is_part else None


def _figure() -> StatedFigure:
    return StatedFigure(
        KEY,
        _("Delivered against the target"),
        _(
            "The municipal employments that each department has received, set against how many it was to receive in "
            "the period."
        ),
        Section.PLACEMENTS.value,
        str(Section.PLACEMENTS.label),
        MeasuredIn.EMPLOYMENTS.value,
        str(MeasuredIn.EMPLOYMENTS.label),
    )


def _columns(column: str, period: Period) -> tuple[StatedLine, ...]:
    delivered = StatedLine(DELIVERED, _("Delivered"), _("Municipal employments that started in the period."))
    kept = (
        StatedLine(
            STOCK,
            _("Ongoing placements"),
            _("On the last day of the period, paid or not."),
            measured_in=MeasuredIn.PLACEMENTS.value,
        ),
        StatedLine(
            FTE,
            _("Full-time equivalents"),
            _("The days of full time in municipal employments, divided by the days of the period."),
            measured_in=MeasuredIn.FULL_TIME.value,
        ),
    )
    if column == OF_YEAR:
        label = _("Target of the whole year %(year)s") % {"year": period.start.year}
        words = _("No target is set for the period itself. That of the year is not divided.")
        return (StatedLine(OF_YEAR, label, words), delivered, *kept)
    return (
        StatedLine(TARGET, _("Target"), _("How many employments the department was to receive in the period.")),
        delivered,
        StatedLine(
            OUTSTANDING,
            _("Left to deliver"),
            _(
                "The target less what is delivered, never below 0. In the total the departments' added up: what one "
                "receives above its target does not make up for another."
            ),
        ),
        StatedLine(
            SHARE,
            _("Share of the target"),
            _("Delivered in per cent of the target. In the total: of the departments that have a target."),
            measured_in=MeasuredIn.PERCENT.value,
        ),
        *kept,
    )


def _rows(names: Mapping[str, str], tables: Tables) -> tuple[StatedLine, ...]:
    """The departments with a target or with something in one of the tables, then the other kinds of employers there,
    so that the totals are those of the tables."""
    labels = dict(names)
    for key in TABLES:
        labels |= {row.code: str(row.label) for row in tables[key].rows if row.code != TOTAL.code}
    kinds = list(EmployerKind.values)

    def order(row: tuple[str, str]) -> tuple:
        code, label = row
        return (kinds.index(code) + 1, "", code) if code in kinds else (0, sort_key(label), code)

    lines = [StatedLine(code, label) for code, label in sorted(labels.items(), key=order)]
    return (*lines, StatedLine(TOTAL.code, str(TOTAL.label), is_total=True))


def _values(
    rows: Iterable[StatedLine], column: str, numbers: Numbers, tables: Tables
) -> tuple[dict[Crossing, Value], dict[Crossing, tuple[int, int]]]:
    """The values, and numerator and denominator of the shares that are shown."""
    values: dict[Crossing, Value] = {}
    parts: dict[Crossing, tuple[int, int]] = {}
    for row in rows:
        values[row.code, column] = sum(numbers.values()) if row.is_total else numbers.get(row.code)
        for key, of_table in TABLES.items():
            values[row.code, key] = tables[key].value(row.code, of_table)
        # Where there is nothing, the engine does not know how many decimals it would have.
        values[row.code, FTE] = values[row.code, FTE] or Decimal("0.000")
        if column == TARGET:
            with_target = numbers if row.is_total else {row.code: numbers[row.code]} if row.code in numbers else {}
            delivered = {code: tables[DELIVERED].value(code) for code in with_target}
            outstanding, share, of = _compared(with_target, delivered)
            values |= {(row.code, OUTSTANDING): outstanding, (row.code, SHARE): share}
            if of:
                parts[row.code, SHARE] = of
    return values, parts


def _compared(targets: Numbers, delivered: Mapping[str, Value]) -> tuple[Value, Value, tuple[int, int] | None]:
    """What is left to deliver, the share of the target, and what the share is of."""
    if not targets:
        return None, None, None
    if HIDDEN in delivered.values():
        return HIDDEN, HIDDEN, None
    outstanding = sum(max(0, number - delivered[code]) for code, number in targets.items())
    part, whole = sum(delivered.values()), sum(targets.values())
    if not whole:
        return outstanding, None, None
    return outstanding, rounded(Decimal(100 * part) / whole, 1), (part, whole)
