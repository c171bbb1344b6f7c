"""When something last happened in a case: a column on the enrolment, so that lists need not search for it."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Max, Q
from django.utils import timezone

from participants.models import Aftercare, Enrolment, JournalEntry

#: The latest day on which something that an app keeps happened in the enrolment; None if nothing did.
ActivityProvider = Callable[[Enrolment], dt.date | None]
_activity: list[ActivityProvider] = []


def join_activity(provider: ActivityProvider) -> None:
    """Tell of what an app notes by `enrolment_note_activity`, for when the day must be worked out anew."""
    _activity.append(provider)


def enrolment_note_activity(*, enrolment: Enrolment, day: dt.date) -> None:
    """Note that something happened in the case on `day`; an earlier day than the noted one changes nothing."""
    Enrolment.objects.filter(Q(last_activity_on__isnull=True) | Q(last_activity_on__lt=day), pk=enrolment.pk).update(
        last_activity_on=day
    )


def enrolment_recall_activity(*, enrolment: Enrolment, day: dt.date) -> None:
    """What happened on `day` turned out not to belong to the case. If that is the noted day, it is worked out anew
    from what remains: somebody who has not been heard from must not look as if they had."""
    current = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if current.last_activity_on != day:
        return
    days = [found for provider in (case_activity, *_activity) if (found := provider(current))]
    Enrolment.objects.filter(pk=current.pk).update(last_activity_on=max(days, default=None))


def case_activity(enrolment: Enrolment) -> dt.date | None:
    """The enrolment's own first and last day, what is written in its journal, and the answers of the aftercare."""
    today = timezone.localdate()
    days = [day for day in (enrolment.start, enrolment.end) if day and day <= today]
    for rows, column in ((JournalEntry, "occurred_on"), (Aftercare, "checked")):
        days.append(rows.objects.filter(enrolment=enrolment).aggregate(day=Max(column))["day"])
    return max(filter(None, days), default=None)
