"""What certificates add to Min dag: placements that end, or have just ended, and whose certificate is not issued."""

import datetime as dt

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competence.certifying.readiness import lacks_in_words, may_be_written, with_lacks
from competence.certifying.services import BEFORE_DAYS
from competence.permissions import can_write_certificate
from competence.querysets import lacking_certificate
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from placements.models import Placement
from vocabulary.codes import PlacementForm

#: A placement is told of from so many days before its end as its certificate can be prepared, and for so long after
#: it has ended. Later the list of certificates still has it.
AFTER_DAYS = 60


def ending_placements(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Placement]:
    rows = Placement.objects.filter(
        lacking_certificate(),
        enrolment__in=enrolments,
        start__lte=today,
        end__range=(today - dt.timedelta(days=AFTER_DAYS), today + dt.timedelta(days=BEFORE_DAYS)),
    )
    return with_lacks(rows).annotate(
        day_enrolment=F("enrolment"),
        day_due=F("end"),
        day_reference=F("pk"),
        day_note=Concat("form", Value(" "), "lacks", Value(" "), "workplace__name"),
    )


def certificate_address(row: DayRow) -> str:
    """Where the certificate is written, or, as long as the assessment is not signed, what there is of that."""
    person = row.enrolment.participant.public_id
    if may_be_written(_read(row)[1]):
        return reverse("competence:certificate_write", args=[person, row.reference])
    return reverse("participants:part", args=[person, "kompetens"])


def placement_words(row: DayRow) -> str:
    """Form and workplace, and what is missing."""
    form, lacks, where = _read(row)
    words = f"{PlacementForm(form).label} · {where}"
    if missing := lacks_in_words(lacks):
        words = _("%(placement)s · missing: %(what)s") % {"placement": words, "what": ", ".join(missing)}
    return words


def _read(row: DayRow) -> tuple[str, str, str]:
    form, lacks, where = row.note.split(" ", 2)
    return form, lacks, where


def join() -> None:
    join_day_list(
        DayList(
            key="slutar-utan-intyg",
            label=gettext_lazy("Placements that end without a certificate"),
            order=50,
            action=gettext_lazy("Prepare the certificate"),
            rows=ending_placements,
            address=certificate_address,
            told=placement_words,
            closed=AFTER_DAYS,
            may_act=can_write_certificate,
        )
    )
