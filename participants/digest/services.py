"""Wishing for the digest, and sending it: on weekdays, once, to those for whom something waits."""

import datetime as dt
import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from accounts import municipal
from accounts.models import User
from delivery.services.mail import mail_enqueue
from participants.day.asking import own_day
from participants.day.lists import day_lists
from participants.day.reading import counts_of
from participants.models import Deputy, DigestDay, DigestWish
from participants.municipal import DIGEST_TIME
from participants.permissions import WRITING_ROLES

logger = logging.getLogger(__name__)

KIND = "daily_digest"
#: A digest that could not be sent in the morning is not sent in the afternoon.
LATEST_AFTER = dt.timedelta(hours=4)
SATURDAY = 5


@transaction.atomic
def digest_wish(*, user: User, wanted: bool) -> None:
    """Ask for the digest, or say that it is no longer wanted. Twice is once."""
    if wanted:
        DigestWish.objects.get_or_create(user=user)
    else:
        DigestWish.objects.filter(user=user).delete()


def digests_send() -> str:
    """Ask for today's mails when their time has come; says what was done. Run as often as one likes.

    What goes wrong for one user keeps nobody else from the mail; the first such error is raised when all the others
    have been asked for, so that the run is seen to have failed. The next run tries again.
    """
    now = timezone.localtime()
    hour, minute = municipal.value_of(DIGEST_TIME.key).split(":")
    due = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if now.weekday() >= SATURDAY or not due <= now < due + LATEST_AFTER:
        return "not now"
    asked_for, errors = 0, []
    for user in _waiting(now.date()):
        try:
            asked_for += digest_decide(user=user, day=now.date())
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            logger.exception("digest of user %s", user.public_id)
            errors.append(error)
    if errors:
        raise errors[0]
    return f"{asked_for} asked for"


def _waiting(day: dt.date) -> list[User]:
    """Who wants the digest, has not had the day's, and is not away with somebody standing in."""
    decided = DigestDay.objects.filter(day=day).values("user")
    away = Deputy.objects.holding_on(day).values("absent")
    wishes = DigestWish.objects.values("user")
    users = User.objects.active().filter(pk__in=wishes).exclude(pk__in=decided).exclude(pk__in=away)
    return [user for user in users.order_by("pk") if user.reach.has(*WRITING_ROLES)]


@transaction.atomic
def digest_decide(*, user: User, day: dt.date) -> bool:
    """Decide the user's day, and ask for the mail if something waits; whether it was asked for now. Two who decide at
    the same moment ask for one mail."""
    waits = bool(counts_for(user, day))
    row, decided = DigestDay.objects.get_or_create(user=user, day=day, defaults={"mailed": waits})
    if not decided or not waits:
        return False
    mail_enqueue(kind=KIND, recipient=user.email, reference=row.public_id, actor=None)
    return True


def counts_for(user: User, day: dt.date) -> list[tuple[str, int, int]]:
    """What waits in the user's own day: each list that has something, how much, and how much of it is late."""
    lists = day_lists()
    found = counts_of(own_day(user, day), lists)
    return [(str(each.label), *found[each.key]) for each in lists if each.key in found]
