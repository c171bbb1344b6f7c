"""Case numbers, where the municipality lets the product give them."""

import datetime as dt

from accounts import municipal
from delivery.services.documents import number_take
from participants.case_number_pattern import COUNTER, YEAR
from participants.models import Enrolment
from participants.municipal import CASE_NUMBER_PATTERN

SERIES = "case"


def case_number_take(day: dt.date) -> str:
    """The next case number for an enrolment from `day`, within the transaction that uses it: a rollback gives it
    back, so there are no gaps. Numbers that stand on cases already are passed over. Empty: none are given."""
    pattern = municipal.value_of(CASE_NUMBER_PATTERN.key)
    if not pattern:
        return ""
    year = day.year if YEAR in pattern else 0
    while True:
        written = _written(pattern, day.year, number_take(series=SERIES, year=year))
        if not Enrolment.objects.filter(case_number=written).exists():
            return written


def _written(pattern: str, year: int, number: int) -> str:
    """The number by the pattern: `{nnnn}` has at least four digits."""
    return COUNTER.sub(lambda found: f"{number:0{len(found[1])}d}", pattern.replace(YEAR, str(year)))
