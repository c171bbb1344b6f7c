"""Days and months, in the database and beside it. A month ends when it does: 31 January + 1 month is in February."""

import calendar
import datetime as dt

from django.db.models import DateField, Func, IntegerField


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later, as `MonthsAfter` has it in the database."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


class MonthsAfter(Func):
    """The same day some months later; a negative number of them earlier."""

    template = "((%(expressions)s + interval '%(months)s months')::date)"
    output_field = DateField()

    def __init__(self, day, months: int):
        super().__init__(day, months=months)


class DaysAfter(Func):
    """The day some days later; a negative number of them earlier."""

    template = "(%(expressions)s + (%(days)s))"
    output_field = DateField()

    def __init__(self, day, days: int):
        super().__init__(day, days=days)


class DaysFrom(Func):
    """How many days a last day lies after a first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()

    def __init__(self, first, last, **extra):
        super().__init__(last, first, **extra)


class DaysWithin(DaysFrom):
    """How many days there are from a first to a last, both included; none when they stand the other way round."""

    template = "GREATEST(0, %(expressions)s + 1)"
