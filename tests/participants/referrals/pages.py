"""What the tests of referrals share: a referral of the coach's unit, and its pages."""

from django.urls import reverse

from participants.models import Referral
from tests.cast import Cast
from tests.factories import ParticipantFactory, days_ago
from tests.participants.person.pages import Page
from vocabulary.codes import TargetGroup

QUEUE = "/anvisningar/"
NEW = "/anvisningar/ny/"


def referral_of(cast: Cast, **facts) -> Referral:
    """Somebody new, referred to Centrum twelve days ago with income support; nobody has begun."""
    if "participant" not in facts:
        facts["participant"] = ParticipantFactory(given_name="Nadja", family_name="Novak")
    known = {
        "unit": cast.centrum,
        "source": "social_services",
        "received": days_ago(12),
        "decision": "pending",
        "target_group": TargetGroup.INCOME_SUPPORT,
    }
    return Referral.objects.create(**known | facts)


def act(user, referral: Referral, slug: str) -> Page:
    return Page(user, reverse("referrals:act", args=[referral.public_id, slug]))


def page_of(user, referral: Referral, name: str = "referral") -> Page:
    return Page(user, reverse(f"referrals:{name}", args=[referral.public_id]))
