"""What of the placements, follow-ups and groups cannot stand before an enrolment begins."""

import datetime as dt
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.first_day import join_standing
from participants.models import Enrolment
from placements.models import FollowUp, GroupPlace, Placement


def standing_before(enrolment: Enrolment, day: dt.date) -> Iterator[str]:
    """Placements and seats in groups that began before `day`, and what was to be followed up before it."""
    mine = {"enrolment": enrolment}
    for told, found in (
        (
            _("a placement from %(day)s"),
            Placement.every.filter(**mine, start__lt=day, cancelled_on=None).values_list("start", flat=True),
        ),
        (
            _("a seat in a group from %(day)s"),
            GroupPlace.objects.filter(**mine, start__lt=day).values_list("start", flat=True),
        ),
        (
            _("a follow-up of %(day)s"),
            FollowUp.objects.filter(**mine, due__lt=day, withdrawn_on=None).values_list("due", flat=True),
        ),
    ):
        yield from (told % {"day": date_format(each)} for each in sorted(found))


def join() -> None:
    join_standing(standing_before)
