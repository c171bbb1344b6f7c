"""How long something lasts that begins and ends on the same day."""

import datetime as dt
from decimal import Decimal


def hours_between(begins: dt.time, ends: dt.time, break_minutes: int = 0) -> Decimal:
    """The hours from `begins` to `ends` without the break, in minutes; never less than none."""
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    return Decimal(max(0, minutes - break_minutes)) / 60
