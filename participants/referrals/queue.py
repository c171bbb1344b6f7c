"""The queue: whose turn it is and why, how many stand where, and how long it takes."""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Aggregate, Count, DateField, ExpressionWrapper, F, FloatField, Q, QuerySet
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Unit, User
from participants.calendar import DaysFrom
from participants.cautions import Caution, cautions
from participants.models import Referral
from vocabulary.codes import ReferralDecision, TargetGroup

#: Lead times are those of what was decided in so many days.
LEAD_TIME_DAYS = 365


def why(referral: Referral, today: dt.date) -> str:
    """Why a referral stands where it does in the queue, such as "Income support, has waited 12 days"."""
    return waited(referral.target_group, referral.days_waited(today))


def _group_of(target_group: str) -> str:
    """The target group in words that stand alone: that it is another one says nothing of what."""
    if not target_group:
        return _("No target group")
    if target_group == TargetGroup.OTHER:
        return _("Another target group")
    return TargetGroup(target_group).label


def waited(target_group: str, days: int) -> str:
    group = _group_of(target_group)
    if days < 1:
        return _("%(group)s, came today") % {"group": group}
    words = ngettext("has waited %(days)s day", "has waited %(days)s days", days) % {"days": days}
    return f"{group}, {words}"


def thoughts(referral: Referral, today: dt.date) -> list[Caution]:
    """What to think of with the person."""
    return cautions(referral, referral.participant, [referral.target_group], today)


@dataclass(frozen=True)
class Counts:
    """How many referrals a user may see, by where they stand."""

    received: int
    assessing: int
    to_enrol: int

    @property
    def waiting(self) -> int:
        return self.received + self.assessing


def counts_of(user: User) -> Counts:
    waiting, accepted = Q(decision=ReferralDecision.PENDING), Q(decision=ReferralDecision.ACCEPTED)
    found = (
        Referral.objects.visible_to(user)
        .filter(waiting | accepted & to_enrol())
        .aggregate(
            received=Count("pk", filter=waiting & Q(assessing_since=None)),
            assessing=Count("pk", filter=waiting & Q(assessing_since__isnull=False)),
            to_enrol=Count("pk", filter=accepted),
        )
    )
    return Counts(**found)


def to_enrol() -> Q:
    """Accepted here, and nobody is enrolled by it yet. What came decided with a register tells no day, nor whether
    somebody was enrolled."""
    return Q(decision=ReferralDecision.ACCEPTED, decided_on__isnull=False, enrolment=None)


class Median(Aggregate):
    """The middle value; between the two middle ones where they are even in number."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class LeadTime:
    """How many days it takes in a unit, in the middle of those of the last year: from received to accepted, and from
    accepted to enrolled. None: none yet."""

    unit: Unit
    to_accepted: float | None
    to_enrolled: float | None
    accepted: int
    enrolled: int

    @property
    def told_to_accepted(self) -> str:
        return _days_of(self.to_accepted, self.accepted)

    @property
    def told_to_enrolled(self) -> str:
        return _days_of(self.to_enrolled, self.enrolled)


def _days_of(median: float | None, number: int) -> str:
    """The median, and in brackets how many it is of; empty for none."""
    if median is None:
        return ""
    words = ngettext("%(days)s day (%(number)s)", "%(days)s days (%(number)s)", math.ceil(abs(median)))
    return words % {"days": floatformat(median), "number": number}


def lead_times(user: User, units: Iterable[Unit], today: dt.date) -> list[LeadTime]:
    """The lead times of the units, of the referrals that the user may see."""
    since = today - dt.timedelta(days=LEAD_TIME_DAYS)
    accepted = Referral.objects.visible_to(user).filter(
        decision=ReferralDecision.ACCEPTED, decided_on__range=(since, today)
    )
    by_unit = {row["unit"]: row for row in _by_unit(accepted)}
    return [
        LeadTime(
            unit=unit,
            to_accepted=by_unit[unit.pk]["to_accepted"],
            to_enrolled=by_unit[unit.pk]["to_enrolled"],
            accepted=by_unit[unit.pk]["accepted"],
            enrolled=by_unit[unit.pk]["enrolled"],
        )
        for unit in units
        if unit.pk in by_unit
    ]


def _by_unit(accepted: QuerySet) -> QuerySet:
    began = ExpressionWrapper(F("enrolment__start"), output_field=DateField())
    return (
        accepted.order_by()
        .values("unit")
        .annotate(
            to_accepted=Median(DaysFrom("received", "decided_on")),
            to_enrolled=Median(DaysFrom("decided_on", began)),
            accepted=Count("pk"),
            enrolled=Count("enrolment"),
        )
    )
