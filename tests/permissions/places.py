"""The place bank, and what employers offer."""

from django.utils import timezone

from placements.feeds.services import feed_make
from placements.models import AttendanceReport, PlaceOffer
from placements.monthly.services import basis_make, benefit_file_make, handover_write
from tests.cast import Cast
from tests.factories import WorkplaceFactory
from tests.permissions.rows import ALL_MANAGERS, CASE_WORK, WRITERS, Row, everybody, in_unit, only, person
from tests.placements.marking.conftest import scheduled
from tests.placements.places.conftest import offer_of, place_of

EXPORTERS = ALL_MANAGERS | {"coordinator"}


def of_unit(then: int) -> dict[str, int]:
    """Whoever takes lists out gets it in the own unit; for others' it is not there."""
    return only(EXPORTERS - {"other_manager"}, then, other_manager=404)


COACHES = WRITERS | {"outsider"}
REVIEWERS = CASE_WORK - {"coach", "colleague", "outsider"}


def a_place(_cast: Cast, _user) -> list:
    return [place_of().public_id]


def at_a_workplace(cast: Cast, _user) -> list:
    return [cast.person.public_id, scheduled(cast.asa).public_id]


def a_workplace(_cast: Cast, _user) -> list:
    return [WorkplaceFactory().public_id]


def a_basis(cast: Cast, _user) -> list:
    report = basis_make(enrolment=cast.asa, month=timezone.localdate().replace(day=1), actor=cast.coach)
    return [cast.person.public_id, report.public_id]


def a_file(cast: Cast, _user) -> list:
    month = timezone.localdate().replace(day=1)
    return [benefit_file_make(unit=cast.centrum, month=month, actor=cast.manager).public_id]


def handed(report_id) -> int:
    report = AttendanceReport.objects.get(public_id=report_id)
    return handover_write(
        report=report, recipient="Karin Ek", sent_on=timezone.localdate(), how="", actor=report.made_by
    ).pk


def a_handed_basis(cast: Cast, user) -> list:
    person_id, report_id = a_basis(cast, user)
    return [person_id, report_id, handed(report_id)]


def a_handed_file(cast: Cast, user) -> list:
    (report_id,) = a_file(cast, user)
    return [report_id, handed(report_id)]


def a_feed(cast: Cast, _user) -> list:
    return [feed_make(user=cast.coach, first_names=False).token]


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
    Row(
        "offers:enter",
        "Enter the employer and the workplace of an offer",
        an_offer,
        get=only(REVIEWERS),
        post=only(REVIEWERS, 422),
    ),
    Row("matching:places", "Places that suit a participant", person, get=in_unit()),
    Row("matching:participants", "Participants whom a place suits", a_place, get=only(CASE_WORK)),
    Row("marking:week", "Attendance at workplaces in a week", get=only(CASE_WORK), post=only(CASE_WORK, 302)),
    Row(
        "marking:extra",
        "Mark an extra session",
        at_a_workplace,
        get=in_unit(200, WRITERS),
        post=in_unit(422, WRITERS),
    ),
    Row(
        "monthly:basis_list", "A participant's attendance by month", person, get=in_unit(), post=in_unit(422, WRITERS)
    ),
    Row("monthly:basis", "The basis of a month", a_basis, get=in_unit(), post=in_unit(422, WRITERS)),
    Row("monthly:basis_print", "The basis as a PDF", a_basis, get=in_unit()),
    Row(
        "monthly:basis_withdraw",
        "Withdraw a basis that was handed over",
        a_handed_basis,
        get=in_unit(200, WRITERS),
        post=in_unit(422, WRITERS),
    ),
    Row("monthly:files", "Files for the benefit system", get=only(EXPORTERS), post=only(EXPORTERS, 422)),
    Row("monthly:file", "A file for the benefit system", a_file, get=of_unit(200), post=of_unit(422)),
    Row("monthly:file_download", "Take the file out", a_file, get=of_unit(200)),
    Row("monthly:file_withdraw", "Withdraw a file", a_handed_file, get=of_unit(200), post=of_unit(422)),
    Row("feeds:page", "One's days in one's own calendar", get=only(COACHES), post=only(COACHES, 302)),
    Row("feeds:feed", "The calendar feed, by its secret address", a_feed, get=everybody(anonymous=200)),
)
