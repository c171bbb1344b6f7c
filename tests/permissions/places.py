"""The place bank, and what employers offer."""

from placements.models import PlaceOffer
from tests.cast import Cast
from tests.factories import WorkplaceFactory
from tests.permissions.rows import CASE_WORK, Row, everybody, in_unit, only, person
from tests.placements.places.conftest import offer_of, place_of

REVIEWERS = CASE_WORK - {"coach", "colleague", "outsider"}


def a_place(_cast: Cast, _user) -> list:
    return [place_of().public_id]


def a_workplace(_cast: Cast, _user) -> list:
    return [WorkplaceFactory().public_id]


def an_offer(_cast: Cast, _user) -> list:
    facts = {name: value for name, value in offer_of().items() if name not in ("token", "occupational_area")}
    return [PlaceOffer.objects.create(**facts | {"available_from": None}).public_id]


PLACES = (
    Row("places:list", "The place bank", get=only(CASE_WORK)),
    Row("places:vacancy", "Where it is free", get=only(CASE_WORK)),
    Row("places:choose", "At which workplace a new place is", get=only(CASE_WORK)),
    Row("places:new", "Write a place down", a_workplace, get=only(CASE_WORK), post=only(CASE_WORK, 422)),
    Row("places:place", "A place and its seats", a_place, get=only(CASE_WORK)),
    Row("places:change", "Change a place", a_place, get=only(CASE_WORK), post=only(CASE_WORK, 422)),
    Row("places:state", "Open, pause or close a place", a_place, post=only(CASE_WORK, 404)),
    Row(
        "offers:new",
        "Offer a place, without an account",
        get=everybody(anonymous=200),
        post=everybody(422, anonymous=422),
    ),
    Row("offers:thanks", "What happens with the offer", get=everybody(anonymous=200)),
    Row("offers:list", "Offers of places", get=only(REVIEWERS)),
    Row("offers:offer", "Review an offer", an_offer, get=only(REVIEWERS), post=only(REVIEWERS, 422)),
    Row("matching:places", "Places that suit a participant", person, get=in_unit()),
    Row("matching:participants", "Participants whom a place suits", a_place, get=only(CASE_WORK)),
    Row("marking:week", "Attendance at workplaces in a week", get=only(CASE_WORK), post=only(CASE_WORK, 302)),
)
