"""How the list of participants can be sorted. The name always breaks a tie, then the person's key, so that a page is
the same twice, and one index has the order by name."""

from collections.abc import Callable

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Concat, NullIf

from accounts.swedish import SwedishSortKey
from participants.listing.providers import columns
from vocabulary.codes import TargetGroup

Order = Callable[[bool], OrderBy]


def _plain(name: str) -> Order:
    """A column that is never empty: as its index has it, read forwards or backwards."""
    return lambda falling: F(name).desc() if falling else F(name).asc()


def _last(expression) -> Order:
    """What is not known comes last, whichever way."""
    return lambda falling: expression.desc(nulls_last=True) if falling else expression.asc(nulls_last=True)


def _activity(falling: bool) -> OrderBy:
    """Longest silent first begins with those of whom nothing was ever noted; the other way they come last."""
    activity = F("last_activity_on")
    return activity.desc(nulls_last=True) if falling else activity.asc(nulls_first=True)


def _target_group() -> Case:
    """As the list of target groups stands: those whom the municipality puts first come first."""
    places = [When(target_group=code, then=Value(place)) for place, code in enumerate(TargetGroup.values)]
    return Case(*places, default=None, output_field=IntegerField())


NAME = "name"
ORDERS: dict[str, Order] = {
    NAME: _plain("participant__sort_name"),
    "start": _plain("start"),
    "activity": _activity,
    "coach": _last(NullIf(SwedishSortKey(Concat("coach__family_name", Value(" "), "coach__given_name")), Value(" "))),
    "target_group": _last(_target_group()),
}


def understood_order(sort: str) -> str:
    """The order that an address asks for, `start` or `-start`; by name if it means nothing."""
    return sort if sort.removeprefix("-") in ORDERS.keys() | _joined().keys() else NAME


def in_order(enrolments: QuerySet, sort: str) -> QuerySet:
    """The rows in the order the address asks for."""
    sort = understood_order(sort)
    falling, key = sort.startswith("-"), sort.removeprefix("-")
    order = ORDERS[key] if key in ORDERS else _last(_joined()[key]())
    return enrolments.order_by(order(falling), "participant__sort_name", "participant_id")


def _joined() -> dict[str, Callable]:
    """What the columns of other concepts are sorted by."""
    return {column.key: column.sort for column in columns() if callable(column.sort)}
