"""The agreements with the public employment service in the timeline."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.models import Enrolment, ServiceAgreement
from participants.providers import TimelineEntry, join_timeline


def agreement_entries(enrolments: list[Enrolment], _user: User) -> Iterator[TimelineEntry]:
    person = enrolments[0].participant
    for row in ServiceAgreement.objects.filter(enrolment__in=enrolments):
        yield TimelineEntry(
            date=row.agreed_on,
            kind="agreement",
            title=_("Agreed with the employment service"),
            text=f"{row.activity}, {row.extent}" if row.extent else row.activity,
            by=row.by_name,
            link=reverse("participants:agreement_edit", args=[person.public_id, row.public_id]),
            quiet=False,
        )


def join() -> None:
    join_timeline(agreement_entries, kinds={"agreement": gettext_lazy("Agreements with the employment service")})
