"""What a figure is made of. A figure is one definition; page, files, command, lists and documentation follow from it.

A `Source` gives the rows that are counted, one row for each thing counted. The engine groups them once by the
dimensions its figures need; a measure makes a value of some groups, a `Breakdown` says which groups a table's cells
stand for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import Any, Literal

from django.db.models import Aggregate, Count, Expression, F, Q, QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from reporting.question import Question

#: What stands in place of a value that disclosure control hides.
Hidden = Literal[".."]
#: A value of a table: a number of things, a share, median or amount, None (a share or median of nothing), or hidden.
Value = int | Decimal | Hidden | None


class MeasuredIn(TextChoices):
    """What values are a number of."""

    PERSONS = "persons", _("persons")
    REFERRALS = "referrals", _("referrals")
    PLACEMENTS = "placements", _("placements")
    EMPLOYMENTS = "employments", _("employments")
    FOLLOWUPS = "followups", _("follow-ups")
    CERTIFICATES = "certificates", _("certificates")
    CLOSURES = "closures", _("closures")
    DAYS = "days", _("days")
    WORK_DAYS = "work_days", _("days of full time")
    FULL_TIME = "full_time", _("full-time equivalents")
    PARTICIPATIONS = "participations", _("participations in job tracks")
    STEPS_BEGUN = "steps_begun", _("steps begun")
    EXCEPTIONS = "exceptions", _("exceptions")
    KRONOR = "kronor", _("kronor")
    PERCENT = "percent", _("per cent")


class Section(TextChoices):
    """The parts of the page and of the document, in their order."""

    PARTICIPANTS = "participants", _("Participants")
    RESULTS = "outcomes", _("Results")
    PLACEMENTS = "placements", _("Placements")
    FOLLOWUPS = "follow_up", _("Follow-up")
    CERTIFICATES = "competence", pgettext_lazy("section", "Certificates")
    AFTERCARE = "aftercare", _("After the closure")
    TRACKS = "job_tracks", _("Job tracks")


class Subject(TextChoices):
    """What a figure tells about, which decides how disclosure control treats it (docs/disclosure.md)."""

    PERSONS = "persons", _("persons: small numbers are hidden in what is published")
    WORK = "work", _("the work, not persons: shown as it is in what is published")
    EMPLOYED_TIME = "employed_time", _("the work: hidden in what is published where few employments lie behind")


@dataclass(frozen=True)
class Category:
    """One row or column of a table. `code` is a public contract; `value` is what the rows of the source hold."""

    code: str
    label: str | Promise
    value: Any = None
    definition: str | Promise = ""
    only_if_any: bool = False


TOTAL = Category("total", _("Total"))

#: The categories of a dimension that the database knows, for each of the questions: one look-up for all of them.
Lookup = Callable[[Sequence[Question]], list[tuple[Category, ...]]]


@dataclass(frozen=True)
class Dimension:
    """What the rows of a table are told apart by; `key` is the name of the source's annotation.

    Its categories are a fixed list, or, for units and employers, what `known` finds; `codes` then says in
    docs/statistics.md what their codes are.
    """

    key: str
    label: str | Promise
    categories: tuple[Category, ...] = ()
    known: Lookup | None = None
    codes: str = ""

    def categories_for(self, questions: Sequence[Question]) -> list[tuple[Category, ...]]:
        """The categories for each question."""
        return self.known(questions) if self.known else [self.categories] * len(questions)


@dataclass(frozen=True)
class Group:
    """The rows that agree in some dimensions: their values, how many they are, and the source's amounts of them."""

    values: Mapping[str, Any]
    count: int
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


Groups = Sequence[Group]
#: Which rows are meant: a value among these in each of the named dimensions.
Where = Mapping[str, tuple[Any, ...]]


def meets(group: Group, where: Where) -> bool:
    return all(group.values[key] in values for key, values in where.items())


def condition(where: Where) -> Q:
    """The same as a condition of the database."""
    return Q(**{f"{key}__in": values for key, values in where.items()})


@dataclass(frozen=True)
class Listing:
    """How the rows of a source are shown to those who may see them.

    `visible` leaves those the user may see; `person` and `unit` are the paths to the participant and the unit of a
    row, `sorts` what the list can be sorted by beside the name; `counted` says how many they are in words.
    """

    template: str
    visible: Callable[[QuerySet, User], QuerySet]
    counted: str | Promise
    person: str = "participant"
    unit: str = "unit"
    related: tuple[str, ...] = ()
    sorts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """The rows that figures count, for a question: one row for each thing counted.

    `dimensions` are the annotations its figures are broken down by, `amounts` what is added up beside the count.
    """

    key: str
    rows: Callable[[Question], QuerySet]
    dimensions: Callable[[Question], Mapping[str, Expression | F]]
    listing: Listing
    amounts: Mapping[str, Callable[[Question], Aggregate]] = field(default_factory=dict)
    count: Aggregate = field(default_factory=lambda: Count("pk"))


def rounded(number: Decimal, decimals: int) -> Decimal:
    """Rounded half up."""
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Number:
    """The number of things itself; with `where`, of those it names."""

    where: Where = field(default_factory=dict)

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset(self.where)

    def of(self, groups: Groups, question: Question) -> Value:
        return sum(group.count for group in groups if meets(group, self.where))

    def parts(self, groups: Groups) -> tuple[int, ...]:
        """The counts a value is computed from: none when it is a count."""
        return ()

    def behind(self) -> Q:
        """The condition that the rows behind a value fulfil."""
        return condition(self.where)


@dataclass(frozen=True)
class Share:
    """A number of things in per cent of another: one decimal, rounded half up."""

    part: Number
    whole: Number = field(default_factory=Number)

    @property
    def dimensions(self) -> frozenset[str]:
        return self.part.dimensions | self.whole.dimensions

    def parts(self, groups: Groups) -> tuple[int, ...]:
        """Numerator and denominator."""
        numerator, denominator = (
            sum(group.count for group in groups if meets(group, number.where)) for number in (self.part, self.whole)
        )
        return numerator, denominator

    def of(self, groups: Groups, question: Question) -> Value:
        part, whole = self.parts(groups)
        return rounded(Decimal(100 * part) / whole, 1) if whole else None

    def behind(self) -> Q:
        return self.part.behind()


@dataclass(frozen=True)
class Median:
    """The median of a dimension whose values are numbers: one decimal, rounded half up; None of nothing."""

    dimension: str

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset({self.dimension})

    def parts(self, groups: Groups) -> tuple[int, ...]:
        """How many things it is the median of."""
        return (sum(group.count for group in groups),)

    def of(self, groups: Groups, question: Question) -> Value:
        ordered = sorted(groups, key=lambda group: group.values[self.dimension])
        reached = list(accumulate(group.count for group in ordered))
        if not reached or not reached[-1]:
            return None
        middle = ((reached[-1] + 1) // 2, reached[-1] // 2 + 1)  # the same one twice of an odd number
        low, high = (
            next(group for group, upto in zip(ordered, reached, strict=True) if upto >= place) for place in middle
        )
        return rounded(Decimal(low.values[self.dimension] + high.values[self.dimension]) / 2, 1)

    def behind(self) -> Q:
        return Q()


@dataclass(frozen=True)
class Amount:
    """An amount of the source added up, divided by a number that follows from the question: three decimals."""

    amount: str
    divisor: Callable[[Question], int] = lambda question: 1

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset()

    def parts(self, groups: Groups) -> tuple[int, ...]:
        """How many things it is the amount of."""
        return (sum(group.count for group in groups),)

    def of(self, groups: Groups, question: Question) -> Value:
        whole = sum((group.amounts[self.amount] for group in groups), Decimal(0))
        return rounded(whole / self.divisor(question), 3)

    def behind(self) -> Q:
        return Q()


@dataclass(frozen=True)
class PerPart:
    """An amount of the source divided by how many of its things have what `part` names, in whole kronor; None when
    none has, or the amount of something is not known (`unknown` is the source's number of those)."""

    amount: str
    unknown: str
    part: Number

    @property
    def dimensions(self) -> frozenset[str]:
        return self.part.dimensions

    def parts(self, groups: Groups) -> tuple[int, ...]:
        """The number that is divided by, and how many things the amount is of."""
        return self.part.of(groups, None), sum(group.count for group in groups)

    def of(self, groups: Groups, question: Question) -> Value:
        part, _whole = self.parts(groups)
        if not part or any(group.amounts[self.unknown] for group in groups):
            return None
        return rounded(sum((Decimal(group.amounts[self.amount]) for group in groups), Decimal(0)) / part, 0)

    def behind(self) -> Q:
        return self.part.behind()


Measure = Number | Share | Median | Amount | PerPart


@dataclass(frozen=True)
class CellRef:
    """A cell of a table that another value is computed from; an empty row or column is the value's own."""

    table: str
    row: str = ""
    column: str = ""


@dataclass(frozen=True)
class Measured:
    """A column with a measure of its own: `code` is a public contract.

    `sum_of` names the columns it is the sum of, `computed_from` the cells it follows from.
    """

    code: str
    label: str | Promise
    measure: Measure
    measured_in: MeasuredIn
    definition: str | Promise = ""
    sum_of: tuple[str, ...] = ()
    computed_from: tuple[CellRef, ...] = ()


@dataclass(frozen=True)
class Breakdown:
    """A table of a figure: its rows, its columns, or both. A side that is not there has the total alone.

    Columns are those of a dimension, or have each a measure of their own. `margin` names the table whose row `total`
    is this table's row `total` as well, so that disclosure control treats such a cell as one. Where one thing can
    stand in several rows, `in_rows` is the source that has it once for each, and the figure's source gives the total.
    """

    table: str
    label: str | Promise
    rows: Dimension | None = None
    columns: Dimension | tuple[Measured, ...] | None = None
    margin: str = ""
    in_rows: Source | None = None
    counts: str = ""
    made_up_of: tuple[str, ...] = ()

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The columns that have measures of their own."""
        return self.columns if isinstance(self.columns, tuple) else ()

    @property
    def meanings(self) -> list[Category | Measured]:
        """The rows and columns that need more words than their own."""
        rows = self.rows.categories if self.rows else ()
        return [each for each in (*rows, *self.measured) if each.definition]

    @property
    def sides(self) -> tuple[Dimension | None, Dimension | None]:
        """What the rows and the columns are told apart by."""
        return self.rows, None if isinstance(self.columns, tuple) else self.columns

    @property
    def dimensions(self) -> frozenset[str]:
        """The source's annotations that the cells and the columns' measures need."""
        return frozenset(side.key for side in self.sides if side).union(
            *(column.measure.dimensions for column in self.measured)
        )


@dataclass(frozen=True)
class Figure:
    """One figure of docs/statistics.md.

    It counts the rows of its source that `only` names. `kolada` is the id of the national indicator whose definition
    it follows, empty for the product's own. `published` says whether it may stand in a public report, `subject` how
    disclosure control treats it there, `computed_from` which cells its values follow from. `highlight` is the column
    whose total stands among the key figures, empty for none; `compared` whether it is drawn beside earlier periods.
    """

    key: str
    label: str | Promise
    definition: str | Promise
    section: Section
    source: Source
    breakdowns: tuple[Breakdown, ...]
    measured_in: MeasuredIn = MeasuredIn.PERSONS
    measure: Measure = field(default_factory=Number)
    only: Where = field(default_factory=dict)
    kolada: str = ""
    published: bool = True
    subject: Subject = Subject.PERSONS
    computed_from: tuple[CellRef, ...] = ()
    highlight: str = ""
    compared: bool = False

    @property
    def uses(self) -> list[tuple[Source, frozenset[str]]]:
        """The sources its tables read, each with the annotations that the engine has to group by."""
        own = frozenset(self.only) | self.measure.dimensions
        found = []
        for each in self.breakdowns:
            if each.in_rows:
                found.append((each.in_rows, own | each.dimensions))
                found.append((self.source, own | each.dimensions - {each.rows.key}))
            else:
                found.append((self.source, own | each.dimensions))
        return found

    @property
    def linked(self) -> tuple[str, ...]:
        """The tables that its tables share cells with, or whose cells its values follow from."""
        columns = (column for each in self.breakdowns for column in each.measured)
        refs = [*self.computed_from, *(ref for column in columns for ref in column.computed_from)]
        named = [*(each.margin for each in self.breakdowns), *(ref.table for ref in refs)]
        own = {each.table for each in self.breakdowns}
        return tuple(dict.fromkeys(key for key in named if key and key not in own))
