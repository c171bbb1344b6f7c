"""Closing an enrolment, the closure's page, taking it back, and the aftercare."""

from django.utils import timezone

from participants.asking.services import aftercare_link_send
from participants.models import AftercareLink, Enrolment
from tests.cast import Cast
from tests.factories import days_ago
from tests.permissions.rows import CASE_WORK, MANAGERS, WRITERS, Row, everybody, in_unit, only, person
from vocabulary.codes import ClosureReason


def closed_person(cast: Cast, _user) -> list:
    """Åsa, whom the unit closed to studies a hundred days ago."""
    Enrolment.objects.filter(pk=cast.asa.pk).update(
        start=days_ago(200), end=days_ago(100), closure_reason=ClosureReason.STUDIES, study_aid=True
    )
    return person(cast, None)


def her_ninetieth_day(cast: Cast, _user) -> list:
    return [*closed_person(cast, None), 90]


def a_link(cast: Cast, _user) -> list:
    """The token by which Åsa answers herself."""
    her_ninetieth_day(cast, None)
    cast.person.email = "asa@example.org"
    cast.person.save()
    cast.asa.refresh_from_db()
    mail = aftercare_link_send(enrolment=cast.asa, days_after=90, actor=cast.coach, seen=None)
    return [AftercareLink.objects.get(public_id=mail.reference).token]


CLOSURES = (
    Row(
        "participants:enrolment_close",
        "Close an enrolment",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(200, WRITERS),  # the page that asks
        data=lambda cast, user: {"closure_reason": "moved", "end": timezone.localdate().isoformat()},
    ),
    Row(
        "participants:closure",
        "The closure, and completing it",
        closed_person,
        get=in_unit(),
        post=in_unit(200, WRITERS),  # the page that asks
        data=lambda cast, user: {"study_aid": "no"},
    ),
    Row(
        "participants:closure_annul",
        "Take back a closure made in error",
        closed_person,
        get=in_unit(200, MANAGERS),
        post=in_unit(422, MANAGERS),  # not without a reason
    ),
    Row("participants:aftercare_list", "Whom to ask now what they are doing", get=only(CASE_WORK)),
    Row(
        "participants:aftercare",
        "What a person does 90 days after the closure",
        her_ninetieth_day,
        get=in_unit(),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"status": "studies"},
    ),
    Row(
        "participants:aftercare_link",
        "Mail the person a link to answer by",
        her_ninetieth_day,
        post=in_unit(302, WRITERS),
    ),
    Row(
        "asking:answer",
        "Answer the aftercare by a link, without an account",
        a_link,
        get=everybody(anonymous=200),
        post=everybody(302, anonymous=302),
        data=lambda cast, user: {"status": "work"},
    ),
    Row(
        "asking:renew",
        "Ask for a new link in place of an expired one",
        a_link,
        get=everybody(302, anonymous=302),
        post=everybody(302, anonymous=302),
    ),
)
