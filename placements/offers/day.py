"""What offers of places add to Min dag of the placement coordinators: those that nobody has reviewed."""

import datetime as dt

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from placements.models import PlaceOffer
from placements.offers.permissions import can_review_offers


def offers_to_review(_enrolments: QuerySet[Enrolment], _today: dt.date, reader: User) -> QuerySet[PlaceOffer]:
    """Offers that wait, for those who review them: an employer that hears nothing offers no more."""
    if not can_review_offers(reader):
        return PlaceOffer.objects.none()
    return PlaceOffer.objects.waiting().annotate(
        day_enrolment=Value(None),
        day_due=Value(None, output_field=DateField()),
        day_since=TruncDate("received_at"),
        day_reference=Cast("public_id", CharField()),
        day_note=F("workplace_name"),
        day_name=F("employer_name"),
    )


def offer_address(row: DayRow) -> str:
    return reverse("offers:offer", args=[row.reference])


def join() -> None:
    join_day_list(
        DayList(
            key="erbjudna-platser",
            label=gettext_lazy("Offers of places to review"),
            order=63,
            action=gettext_lazy("Review"),
            rows=offers_to_review,
            address=offer_address,
            for_reader=True,
        )
    )
