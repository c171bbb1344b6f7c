"""What of the case itself cannot stand before the enrolment begins."""

import datetime as dt
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.first_day import join_standing
from participants.models import Enrolment, JointReview, Mapping, Pause, PlanVersion


def in_the_case(enrolment: Enrolment, day: dt.date) -> Iterator[str]:
    """Pauses, mappings, decided plans and joint reviews. Contacts may be older: the first ones often are."""
    mine = {"enrolment": enrolment}
    for told, found in (
        (_("a pause from %(day)s"), Pause.objects.filter(**mine, start__lt=day).values_list("start", flat=True)),
        (
            _("a mapping completed on %(day)s"),
            Mapping.objects.filter(**mine, completed_on__lt=day).values_list("completed_on", flat=True),
        ),
        (
            _("a plan decided on %(day)s"),
            PlanVersion.objects.filter(**mine, decided_on__lt=day).values_list("decided_on", flat=True),
        ),
        (
            _("a joint review held on %(day)s"),
            JointReview.objects.filter(**mine, held_on__lt=day).values_list("held_on", flat=True),
        ),
    ):
        yield from (told % {"day": date_format(each)} for each in sorted(found))


def join() -> None:
    join_standing(in_the_case)
