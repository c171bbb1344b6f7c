"""The flags that the case itself has. Other concepts join theirs (`participants.listing.providers`)."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from participants.listing.providers import Flag, Moment, join_flag
from participants.models import Pause
from participants.municipal import SILENT_DAYS


def resting(moment: Moment) -> Exists:
    """The case rests today."""
    today = moment.today
    pauses = Pause.objects.filter(Q(end__isnull=True) | Q(end__gte=today), enrolment=OuterRef("pk"), start__lte=today)
    return Exists(pauses)


def not_heard_from(moment: Moment) -> Q:
    """Nothing noted for longer than the municipality's limit; of those newly enrolled, since they came. Of a case
    that rests nobody expects to hear."""
    limit = moment.today - dt.timedelta(days=moment.settings[SILENT_DAYS.key])
    silent = Q(last_activity_on__lt=limit, start__lt=limit) | Q(last_activity_on=None, start__lt=limit)
    return silent & ~Q(resting(moment))


def without_coach(_moment: Moment) -> Q:
    return Q(coach=None)


def join() -> None:
    join_flag(Flag(key="no_contact", label=_("No contact lately"), order=10, holds=not_heard_from))
    join_flag(Flag(key="no_coach", label=_("No job coach"), order=60, holds=without_coach))
