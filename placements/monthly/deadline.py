"""By when the file of a month is handed over."""

import datetime as dt

#: The board's system wants a month's file by this day of the next (HSLF-FS 2015:30, 3 §).
DEADLINE_DAY = 15


def due_on(month: dt.date) -> dt.date:
    """The day by which the file of the month that begins on `month` is to be handed over."""
    return (month + dt.timedelta(days=31)).replace(day=DEADLINE_DAY)


def month_before(today: dt.date) -> dt.date:
    """The first day of the month before that of `today`."""
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
