"""The year's sheet of answers: what the product has, what is typed, and what is missing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from participants import results
from reporting.engine import Answer, answer
from reporting.figures import find_table
from reporting.figures.definition import TOTAL, Value, rounded
from reporting.kolada.counted import figures_for, referred_unknown
from reporting.kolada.indicators import ALL, BY_ID, INDICATORS, MEN, TABLES, WOMEN, Held, Indicator, Measured, Part
from reporting.models import KoladaAnswer
from reporting.moment import one_moment
from reporting.periods import Period
from reporting.question import Question
from reporting.telling.formats import plain_number

#: The indicator and the gender (`women`, `men`, `total`) of one number of the sheet.
Place = tuple[str, str]
#: Until this day of the year after, the sheet follows the calendar; then what it says of jobs stands still.
SETTLED = (3, 31)


def question_of(year: Period, as_of: dt.date | None = None) -> Question:
    """What the sheet of a year asks: the whole municipality, as known today, but on 31 March of the year after at the
    latest. By then each job of the year has lasted its month or has not. AsOfError when the year has not begun."""
    latest = dt.date(year.end.year + 1, *SETTLED)
    return Question(year, as_of or min(timezone.localdate(), latest))


@dataclass(frozen=True)
class Cell:
    """One number: what the product has (`held`, None where it has nothing or there is nothing to count), and what is
    typed in its place."""

    indicator: Indicator
    gender: str
    held: Value
    typed: KoladaAnswer | None
    url: str

    @property
    def place(self) -> Place:
        return self.indicator.id, self.gender

    @property
    def label(self) -> str:
        return str(KoladaAnswer.Gender(self.gender).label)

    @property
    def value(self) -> Value:
        """The number that is answered."""
        return in_unit(self.typed.value, self.indicator.measured_in) if self.typed else self.held

    @property
    def text(self) -> str:
        return plain_number(self.value) or "–"

    @property
    def held_text(self) -> str:
        return plain_number(self.held) or "–"

    @property
    def is_own(self) -> bool:
        """Whether a typed value stands in place of what the product has."""
        return self.typed is not None and self.indicator.held is not None

    @property
    def is_missing(self) -> bool:
        """Whether somebody has yet to type it."""
        return self.indicator.held is None and self.typed is None


@dataclass(frozen=True)
class Row:
    """One answer: its numbers (women, men and total, or the total alone) and where they come from."""

    indicator: Indicator
    cells: tuple[Cell, ...]
    source: str

    def value(self, gender: str) -> Value:
        """The number of a gender; None where the survey does not ask for it."""
        return next((cell.value for cell in self.cells if cell.gender == gender), None)

    @property
    def is_missing(self) -> bool:
        return any(cell.is_missing for cell in self.cells)

    @property
    def is_own(self) -> bool:
        return any(cell.is_own for cell in self.cells)

    @property
    def last_typed(self) -> KoladaAnswer | None:
        """Who typed last, and when."""
        return max((cell.typed for cell in self.cells if cell.typed), key=lambda each: each.edited_at, default=None)

    @property
    def warning(self) -> str:
        """What does not add up, where somebody has typed; empty when nothing."""
        women, men, everybody = (self.value(gender) for gender in (WOMEN, MEN, ALL))
        if not self.last_typed or not self.indicator.measured_in.adds_up or None in (women, men, everybody):
            return ""
        if women + men == everybody:
            return ""
        return _("Women and men are %(sum)s together, but the total is %(total)s. Check the numbers.") % {
            "sum": as_typed(women + men),
            "total": as_typed(everybody),
        }

    @property
    def told_source(self) -> str:
        """Where the numbers come from, in words for the files."""
        if self.is_missing:
            return pgettext("answer", "Missing")
        if not self.is_own:
            return self.source
        held = "; ".join(f"{cell.label.lower()} {cell.held_text}" for cell in self.cells if cell.is_own)
        return _("Value of one's own, instead of what was counted (%(held)s)") % {"held": held}


@dataclass(frozen=True)
class Group:
    """A part of the sheet; `by_gender` when any of its answers is."""

    part: Part
    rows: list[Row]

    @property
    def by_gender(self) -> bool:
        return any(row.indicator.by_gender for row in self.rows)


@dataclass(frozen=True)
class Sheet:
    """The answers of a year, and what whoever sends them should know about them."""

    question: Question
    rows: Mapping[str, Row]
    notes: list[str]

    @property
    def year(self) -> int:
        return self.question.period.end.year

    @property
    def groups(self) -> list[Group]:
        """The parts, each with its answers in the survey's order."""
        return [Group(part, [self.rows[each.id] for each in INDICATORS if each.part == part]) for part in Part]

    @property
    def by_id(self) -> list[Row]:
        return [self.rows[each.id] for each in BY_ID]

    @property
    def missing(self) -> int:
        return sum(row.is_missing for row in self.rows.values())

    @property
    def typed(self) -> dict[Place, Decimal]:
        """What is stored, by its place."""
        cells = (cell for row in self.rows.values() for cell in row.cells)
        return {cell.place: cell.value for cell in cells if cell.typed}


def sheet_of(question: Question) -> Sheet:
    """The sheet of a year (a question about the whole municipality)."""
    with one_moment():
        found = answer(question, figures_for(set(TABLES)))
        stored = KoladaAnswer.objects.filter(year=question.period.end.year)
        typed = {(each.indicator, each.gender): each for each in stored}
        notes = list(_notes(found))
    rows = {indicator.id: _row(indicator, found, typed) for indicator in INDICATORS}
    return Sheet(question, rows, notes)


def in_unit(value: Decimal, measured_in: Measured) -> int | Decimal:
    """A stored number as its unit is written: whole persons, one decimal of a per cent."""
    if measured_in.decimals == 0:
        return int(value)
    return rounded(value, measured_in.decimals)


def as_typed(value: int | Decimal) -> str:
    """A number as one would type it: decimal comma, no zeros at the end."""
    text = plain_number(value)
    return text.rstrip("0").rstrip(",") if "," in text else text


def _row(indicator: Indicator, found: Answer, typed: Mapping[Place, KoladaAnswer]) -> Row:
    cells = tuple(
        Cell(
            indicator,
            gender,
            _held(found, indicator.held, gender) if indicator.held else None,
            typed.get((indicator.id, gender)),
            _list_behind(found, indicator, gender),
        )
        for gender in indicator.genders
    )
    source = str(found.tables[indicator.held.table].breakdown.label) if indicator.held else _("Typed")
    return Row(indicator, cells, source)


def _held(found: Answer, held: Held, gender: str) -> Value:
    value = found.value(held.table, held.row, gender)
    if held.also:
        value = sum((found.value(held.table, row, gender) for row in held.also), value)
    if not held.share:
        return value
    whole = found.value(held.table, column=gender)
    return rounded(Decimal(100 * value) / whole, 1) if whole else None


def _list_behind(found: Answer, indicator: Indicator, gender: str) -> str:
    """The address of the persons a number counts; empty where there is no such list, or nobody on it."""
    held = indicator.held
    if held is None or indicator.measured_in != Measured.NUMBER or find_table(held.table) is None:
        return ""
    if not found.value(held.table, held.row, gender):
        return ""
    query = urlencode(found.question.address | {"row": held.row, "column": gender})
    return f"{reverse('reporting:list', args=[held.table])}?{query}"


def _notes(found: Answer) -> Iterable[str]:
    pending = found.value("results", results.PENDING)
    if pending:
        yield ngettext(
            "%(count)s closed person has a job that had not lasted a month by then. The result is not yet "
            "determined: the person stands in N40450 and in none of A–E.",
            "%(count)s closed persons have jobs that had not lasted a month by then. Their results are not yet "
            "determined: they stand in N40450 and in none of A–E.",
            pending,
        ) % {"count": pending}
    unknown = found.value("active", column="unknown")
    if unknown:
        yield ngettext(
            "%(count)s participant's gender is not known: in the total alone.",
            "%(count)s participants' gender is not known: in the total alone.",
            unknown,
        ) % {"count": unknown}
    unregistered = found.value("active_by_education", "unknown")
    if unregistered:
        yield ngettext(
            "%(count)s participant of %(all)s has no education registered, so the shares of education do not add "
            "up to 100.",
            "%(count)s participants of %(all)s have no education registered, so the shares of education do not add "
            "up to 100.",
            unregistered,
        ) % {"count": unregistered, "all": found.value("active", TOTAL.code)}
    strangers = referred_unknown(found.question)
    if strangers:
        yield ngettext(
            "%(count)s referral is of somebody who is not in the register: it counts among the referrals, not in "
            "U40803.",
            "%(count)s referrals are of persons who are not in the register: they count among the referrals, not in "
            "U40803.",
            strangers,
        ) % {"count": strangers}
