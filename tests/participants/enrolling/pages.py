"""What the tests of enrolling share."""

from django.urls import reverse

from participants.models import Enrolment, Referral
from tests.cast import Cast
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.person.pages import Page
from tests.participants.referrals.pages import referral_of

NEW = "/deltagare/ny/"
SOMEBODY = {"person-given_name": "Nadja", "person-family_name": "Novak", "person-birth_date": "1992-03-14"}


def accepted(cast: Cast, **facts) -> Referral:
    return referral_of(cast, **{"decision": "accepted", "decided_on": days_ago(2)} | facts)


def enrol(user, referral: Referral) -> Page:
    return Page(user, reverse("referrals:enrol", args=[referral.public_id]))


def direct(user, person=None) -> Page:
    return Page(user, f"{NEW}?person={person.public_id}" if person else NEW)


def file_of(user, enrolment: Enrolment, page: str = "file") -> Page:
    return Page(user, reverse(f"participants:{page}", args=[enrolment.participant.public_id]))


def closed(participant, unit, start: int, end: int, **facts) -> Enrolment:
    """An earlier enrolment, from and to so many days ago."""
    facts = {"closure_reason": "interrupted"} | facts
    return EnrolmentFactory(participant=participant, unit=unit, start=days_ago(start), end=days_ago(end), **facts)
