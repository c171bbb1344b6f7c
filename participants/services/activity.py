"""When something last happened in a case: a column on the enrolment, so that lists need not search for it."""

import datetime as dt

from django.db.models import Q

from participants.models import Enrolment


def enrolment_note_activity(*, enrolment: Enrolment, day: dt.date) -> None:
    """Note that something happened in the case on `day`; an earlier day than the noted one changes nothing."""
    Enrolment.objects.filter(Q(last_activity_on__isnull=True) | Q(last_activity_on__lt=day), pk=enrolment.pk).update(
        last_activity_on=day
    )
