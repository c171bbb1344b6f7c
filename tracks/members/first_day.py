"""What of job tracks cannot stand before an enrolment begins."""

import datetime as dt
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.first_day import join_standing
from participants.models import Enrolment
from tracks.models import Member, Passage


def standing_before(enrolment: Enrolment, day: dt.date) -> Iterator[str]:
    """Applications to rounds, and steps that began."""
    for told, found in (
        (
            _("an application to a job track of %(day)s"),
            Member.objects.filter(enrolment=enrolment, applied_on__lt=day).values_list("applied_on", flat=True),
        ),
        (
            _("a step of a job track from %(day)s"),
            Passage.objects.filter(member__enrolment=enrolment, start__lt=day).values_list("start", flat=True),
        ),
    ):
        yield from (told % {"day": date_format(each)} for each in sorted(found))


def join() -> None:
    join_standing(standing_before)
