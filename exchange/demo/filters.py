"""Two filters that the first coach has saved."""

from accounts import demo
from accounts.models import User
from participants.listing.question import ALL, MINE
from participants.listing.services import saved_filter_create

FILTERS = (
    ("Mina utan kontakt", {"show": [MINE], "flag": ["no_contact"], "sort": ["activity"]}),
    ("Enhetens praktikanter", {"show": [ALL], "status": ["active"], "placement": ["internship"]}),
)


def demo_filters_create() -> None:
    """Save them; the same once more is the same."""
    coach = User.objects.get(email=demo.LOGINS[0].email)
    for name, choices in FILTERS:
        saved_filter_create(user=coach, name=name, choices=choices, is_default=False, replaces=True)
