"""How the list of participants can be sorted. The name always breaks a tie, then the person's key, so that a page is
the same twice, and one index has the order by name."""

from collections.abc import Callable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Case, F, Func, IntegerField, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from participants.listing.providers import columns
from participants.listing.reader import Reader
from vocabulary.codes import TargetGroup

Order = Callable[[bool, Reader], OrderBy]


def _plain(name: str) -> Order:
    """A column that is never empty: as its index has it, read forwards or backwards."""
    return lambda falling, _reader: F(name).desc() if falling else F(name).asc()


def _last(expression, falling: bool) -> OrderBy:
    """What is not known comes last, whichever way."""
    return expression.desc(nulls_last=True) if falling else expression.asc(nulls_last=True)


def _activity(falling: bool, _reader: Reader) -> OrderBy:
    """Longest silent first begins with those of whom nothing was ever noted; the other way they come last."""
    activity = F("last_activity_on")
    return activity.desc(nulls_last=True) if falling else activity.asc(nulls_first=True)


def _coach(falling: bool, reader: Reader) -> OrderBy:
    """By name: the place of the coach among the few there are, so that no name is folded for thousands of rows."""
    place = Func(
        Value([coach.pk for coach in reader.coaches], output_field=ArrayField(BigIntegerField())),
        F("coach_id"),
        function="array_position",
        output_field=IntegerField(),
    )
    return _last(place, falling)


def _target_group(falling: bool, _reader: Reader) -> OrderBy:
    """As the list of target groups stands: those whom the municipality puts first come first."""
    places = [When(target_group=code, then=Value(place)) for place, code in enumerate(TargetGroup.values)]
    return _last(Case(*places, default=None, output_field=IntegerField()), falling)


NAME = "name"
ORDERS: dict[str, Order] = {
    NAME: _plain("participant__sort_name"),
    "start": _plain("start"),
    "activity": _activity,
    "coach": _coach,
    "target_group": _target_group,
}


def understood_order(sort: str) -> str:
    """The order that an address asks for, `start` or `-start`; by name if it means nothing."""
    return sort if sort.removeprefix("-") in ORDERS.keys() | _joined().keys() else NAME


def in_order(enrolments: QuerySet, sort: str, reader: Reader) -> QuerySet:
    """The rows that the reader sees, in the order the address asks for."""
    sort = understood_order(sort)
    falling, key = sort.startswith("-"), sort.removeprefix("-")
    first = ORDERS[key](falling, reader) if key in ORDERS else _last(_joined()[key](), falling)
    return enrolments.order_by(first, "participant__sort_name", "participant_id")


def _joined() -> dict[str, Callable]:
    """What the columns of other concepts are sorted by."""
    return {column.key: column.sort for column in columns() if callable(column.sort)}
