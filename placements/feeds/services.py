"""Getting a feed, another one in its place, and taking it away."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from delivery.services.links import link_make
from placements.models import CalendarFeed

#: An address that nobody has asked for anew for so long is forgotten somewhere.
HOLDS = dt.timedelta(days=366)


@transaction.atomic
def feed_make(*, user: User, first_names: bool) -> CalendarFeed:
    """A feed with a new address for `user`; the one there was leads nowhere from now on."""
    feed_withdraw(user=user)
    feed = CalendarFeed(user=user, first_names=first_names, valid_until=timezone.localdate() + HOLDS)
    return link_make(feed, made_by=user)


@transaction.atomic
def feed_withdraw(*, user: User) -> int:
    """Take the user's feed away; how many there were."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    number = 0
    for feed in CalendarFeed.objects.filter(user=user, withdrawn_at=None):
        feed.withdrawn_at = timezone.now()
        feed.save(update_fields=["withdrawn_at"])
        number += 1
    return number


def feed_of(user: User) -> CalendarFeed | None:
    """The user's feed, if there is one."""
    return CalendarFeed.objects.filter(user=user, withdrawn_at=None).select_related("made_by", "user").first()
