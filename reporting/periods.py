"""The stretch of days a report is about: quarter, tertial, part of a year, year, or any two dates."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace

from django.utils import formats
from django.utils.translation import gettext as _

#: Years in which a period can lie; a year outside them is a slip of the hand.
FIRST_YEAR, LAST_YEAR = 1950, 2199
MONTHS_IN = {"Q": 3, "T": 4}


class PeriodError(ValueError):
    """A period that does not exist; the message says what is wrong, in the reader's language."""


@dataclass(frozen=True)
class Period:
    """The days from `start` to `end`, both included, under the name they are asked for by.

    The names are those of docs/statistics.md: `2026Q1`, `2026T1`, `2026-01..2026-08`, `2026`,
    `2026-01-01..2026-03-31`.
    """

    name: str
    start: dt.date
    end: dt.date

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period that `text` names. PeriodError when there is none, or it ends before it starts."""
        try:
            period = cls._read(text.strip())
        except PeriodError:
            raise
        except ValueError:
            raise PeriodError(
                _(
                    "There is no period called “%(text)s”. Write a quarter (2026Q1), a tertial (2026T1), months "
                    "(2026-01..2026-08), a year (2026) or two dates (2026-01-01..2026-03-31)."
                )
                % {"text": text[:40]}
            ) from None
        if not FIRST_YEAR <= period.start.year <= period.end.year <= LAST_YEAR:
            raise PeriodError(
                _("The year must be between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return period

    @classmethod
    def _read(cls, text: str) -> "Period":
        if match := re.fullmatch(r"(\d{4})([QT])([1-4])", text, re.ASCII | re.IGNORECASE):
            months = MONTHS_IN[match[2].upper()]
            last = int(match[3]) * months
            return cls.of_months(text.upper(), (int(match[1]), last - months + 1), (int(match[1]), last))
        if re.fullmatch(r"\d{4}", text, re.ASCII):
            return cls.of_months(text, (int(text), 1), (int(text), 12))
        if match := re.fullmatch(r"(\d{4})-(\d\d)\.\.(\d{4})-(\d\d)", text, re.ASCII):
            first_year, first_month, last_year, last_month = map(int, match.groups())
            return cls.of_months(text, (first_year, first_month), (last_year, last_month))
        if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", text, re.ASCII):
            return cls.of_days(dt.date.fromisoformat(match[1]), dt.date.fromisoformat(match[2]))
        raise ValueError(text)

    @classmethod
    def of_days(cls, start: dt.date, end: dt.date) -> "Period":
        """The days from `start` to `end`. PeriodError when they stand in the wrong order."""
        if start > end:
            raise PeriodError(
                _("The period ends (%(end)s) before it starts (%(start)s).") % {"start": start, "end": end}
            )
        return cls(f"{start}..{end}", start, end)

    @classmethod
    def of_months(cls, name: str, first: tuple[int, int], last: tuple[int, int]) -> "Period":
        """From the first day of the month `first` to the last day of `last`, each as (year, month)."""
        start = dt.date(*first, 1)
        end = dt.date(*last, 1).replace(day=calendar.monthrange(*last)[1])
        return replace(cls.of_days(start, end), name=name)

    @classmethod
    def quarter_of(cls, day: dt.date) -> "Period":
        return cls._read(f"{day.year}Q{(day.month + 2) // 3}")

    @classmethod
    def tertial_of(cls, day: dt.date) -> "Period":
        return cls._read(f"{day.year}T{(day.month + 3) // 4}")

    @property
    def kind(self) -> str:
        """`quarter`, `tertial`, `year`, `months` or `days`."""
        if match := re.fullmatch(r"\d{4}([QT])?\d?", self.name):
            return {"Q": "quarter", "T": "tertial", None: "year"}[match[1]]
        return "months" if len(self.name) == len("2026-01..2026-08") else "days"

    @property
    def is_standard(self) -> bool:
        """Whether it is one that is published: a quarter, a tertial, a year, or months from January on. Others would
        lie across these, and what differs between the two might be a person."""
        match self.kind:
            case "months":
                return self.start.month == 1 and self.end.year == self.start.year
            case kind:
                return kind != "days"

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def previous(self) -> "Period":
        """The period of the same kind and length that ends the day before this one starts."""
        before = self.start - dt.timedelta(days=1)
        match self.kind:
            case "quarter":
                return self.quarter_of(before)
            case "tertial":
                return self.tertial_of(before)
            case "year":
                return self._read(f"{before.year:04}")
            case "months":
                length = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
                return self._months(_month_before(before, length), before)
            case _:
                return self.of_days(before - dt.timedelta(days=self.days - 1), before)

    @property
    def year_before(self) -> "Period":
        """The same period a year earlier; 29 February becomes the 28th."""
        match self.kind:
            case "days":
                return self.of_days(_year_before(self.start), _year_before(self.end))
            case "months":
                return self._months(_year_before(self.start), _year_before(self.end))
            case _:
                return self._read(f"{self.start.year - 1}{self.name[4:]}")

    @classmethod
    def _months(cls, first: dt.date, last: dt.date) -> "Period":
        return cls._read(f"{first:%Y-%m}..{last:%Y-%m}")

    @property
    def label(self) -> str:
        """The period in words, such as "Quarter 1 2026"."""
        match self.kind:
            case "quarter":
                return _("Quarter %(number)s %(year)s") % {"number": self.name[-1], "year": self.start.year}
            case "tertial":
                return _("Tertial %(number)s %(year)s") % {"number": self.name[-1], "year": self.start.year}
            case "year":
                return _("Year %(year)s") % {"year": self.start.year}
            case "months":
                first, last = (formats.date_format(day, "F Y") for day in (self.start, self.end))
                return first if first == last else f"{first} – {last}"
            case _:
                return self.days_label

    @property
    def days_label(self) -> str:
        """The first and the last day in words."""
        first, last = (formats.date_format(day, "j F Y") for day in (self.start, self.end))
        return first if first == last else f"{first} – {last}"

    @property
    def short_label(self) -> str:
        """The period where room is scarce: days and months in figures."""
        match self.kind:
            case "months":
                return f"{self.start:%Y-%m} – {self.end:%Y-%m}"
            case "days":
                return f"{self.start} – {self.end}"
            case _:
                return self.label

    def __str__(self) -> str:
        return self.label


def latest_ended_quarter(today: dt.date) -> Period:
    """The quarter a report asked for today is most likely about."""
    return Period.quarter_of(today).previous


def _month_before(day: dt.date, months: int) -> dt.date:
    """The first day of the month that lies `months` before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, 1)


def _year_before(day: dt.date) -> dt.date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
