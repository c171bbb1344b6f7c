"""Days and months as the database counts them. A month ends when it does: 31 January + 1 month is in February."""

from django.db.models import DateField, Func, IntegerField


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
