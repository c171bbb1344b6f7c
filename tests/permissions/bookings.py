"""Placements: booked and brought to their end by those who work with cases in the unit; annulled by managers."""

from tests.cast import Cast
from tests.factories import days_ago
from tests.permissions.rows import MANAGERS, WRITERS, Row, in_unit, only, person
from tests.placements.booking.conftest import placement_of

WORDS = {
    "union": "Consult the union about a placement",
    "supervisor": "Choose who leads a placement",
    "checklist": "Fill in the checklist of a placement",
    "agree": "Agree on a placement",
    "cancel": "Cancel a placement",
    "days": "Change the days of a placement",
    "facts": "Change the purpose and terms of a placement",
    "schedule": "Change the schedule of a placement",
    "grade": "Change what part of full time it is",
}
LATER = {"extend": "Extend a placement", "end": "End a placement", "interrupt": "Interrupt a placement"}


def _of(cast: Cast, **fields) -> list:
    placement = placement_of(cast.asa, **fields)
    return [cast.person.public_id, placement.public_id]


def to_come(cast: Cast, _user) -> list:
    return _of(cast)


def going_on(cast: Cast, _user) -> list:
    return _of(cast, start=days_ago(20))


def ended(cast: Cast, _user) -> list:
    return _of(cast, start=days_ago(40), end=days_ago(2), result="met")


def cancelled(cast: Cast, _user) -> list:
    return _of(cast, cancelled_on=days_ago(0), why_cancelled="Fick ett arbete")


def _act(name: str, what: str, args, who=WRITERS) -> Row:
    empty = 302 if name == "checklist" else 422  # nothing ticked is an answer
    return Row(f"booking:{name}", what, args, get=in_unit(200, who), post=in_unit(empty, who))


BOOKINGS = (
    Row("booking:book", "Book a placement", person, get=in_unit(200, WRITERS), post=in_unit(422, WRITERS)),
    Row("booking:placement", "A placement", to_come, get=in_unit()),
    *(_act(name, what, to_come) for name, what in WORDS.items()),
    *(_act(name, what, going_on) for name, what in LATER.items()),
    _act("restore", "Take back the cancellation of a placement", cancelled),
    _act("values", "Assess what value a placement added", ended),
    _act("annul", "Annul the end of a placement", ended, MANAGERS),
    Row(
        "booking:consultations",
        "Where, when and for how many the union was consulted, without whom",
        get=only(frozenset({"union_representative"})),
    ),
)
