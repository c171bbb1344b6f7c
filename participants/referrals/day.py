"""The referrals in Min dag: what nobody has begun with, what is being assessed, and who waits to be enrolled."""

import datetime as dt

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import municipal
from accounts.models import User
from participants.calendar import DaysAfter
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment, Referral
from participants.municipal import REFERRAL_DAYS
from participants.referrals.queue import to_enrol, waited
from vocabulary.codes import ReferralState


def _as_day(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Late when it has waited longer than the municipality's limit. Who it is about may not be known."""
    name = Trim(Concat("participant__given_name", Value(" "), "participant__family_name"))
    return rows.annotate(
        day_enrolment=Value(None),
        day_due=DaysAfter(F("received"), municipal.value_of(REFERRAL_DAYS.key)),
        day_reference=F("public_id"),
        day_note=Concat("target_group", Value("|"), "received", output_field=CharField()),
        day_name=Coalesce(NullIf(name, Value("")), Value(str(_("Nobody known yet"))), output_field=CharField()),
    )


def received(_enrolments: QuerySet[Enrolment], _today: dt.date, reader: User) -> QuerySet[Referral]:
    return _as_day(Referral.objects.visible_to(reader).in_state(ReferralState.RECEIVED))


def assessing(_enrolments: QuerySet[Enrolment], _today: dt.date, reader: User) -> QuerySet[Referral]:
    return _as_day(Referral.objects.visible_to(reader).in_state(ReferralState.ASSESSING))


def accepted(_enrolments: QuerySet[Enrolment], _today: dt.date, reader: User) -> QuerySet[Referral]:
    rows = Referral.objects.visible_to(reader).filter(to_enrol())
    return _as_day(rows).annotate(day_due=DaysAfter(F("decided_on"), municipal.value_of(REFERRAL_DAYS.key)))


def address(row: DayRow) -> str:
    return reverse("referrals:referral", args=[row.reference])


def enrol_address(row: DayRow) -> str:
    return reverse("referrals:enrol", args=[row.reference])


def told(row: DayRow) -> str:
    group, _line, day = row.note.partition("|")
    return waited(group, (timezone.localdate() - dt.date.fromisoformat(day)).days)


def join() -> None:
    new, undecided = gettext_lazy("New referrals"), gettext_lazy("Referrals to decide")
    to_come = gettext_lazy("Accepted, to be enrolled")
    for key, label, order, action, rows, where in (
        ("nya-anvisningar", new, 20, gettext_lazy("Assess"), received, address),
        ("anvisningar-att-avgora", undecided, 21, gettext_lazy("Decide"), assessing, address),
        ("att-skriva-in", to_come, 22, gettext_lazy("Enrol"), accepted, enrol_address),
    ):
        known = {"key": key, "label": label, "order": order, "action": action, "rows": rows, "address": where}
        join_day_list(DayList(**known, told=told, for_reader=True, own_only=True))
