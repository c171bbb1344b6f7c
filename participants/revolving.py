"""Who goes round (snurrar runt): comes back again and again, and nothing lasts.

The rule stands in docs/statistics.md, `revolving`, and here alone: the figure asks it, and so does whoever enrols
somebody. What they look at differs. The figure looks at all units; a page only at the enrolments that its reader may
see, because a flag from others would tell that another unit knows the person.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from participants import results
from participants.calendar import MonthsAfter, months_after
from participants.models import Enrolment, Participant

#: Who goes round: so many enrolment starts within so many months, none of them with a result that lasts.
REVOLVING_STARTS, REVOLVING_MONTHS = 3, 36


def going_round(starts: QuerySet[Enrolment], as_of: dt.date) -> QuerySet[Enrolment]:
    """Those of the enrolments by whose start it shows that the participant goes round, whatever the units."""
    recent = Enrolment.objects.filter(
        participant=OuterRef("participant"),
        start__lte=OuterRef("start"),
        start__gte=MonthsAfter(OuterRef("start"), -REVOLVING_MONTHS),
    ).order_by()
    number = recent.values("participant").annotate(number=Count("pk")).values("number")
    lasting = _lasting(recent.filter(end__lt=OuterRef("start")), as_of)
    return starts.alias(starts=Subquery(number)).filter(~Exists(lasting), starts__gte=REVOLVING_STARTS)


def _lasting(closed: QuerySet[Enrolment], as_of: dt.date) -> QuerySet[Enrolment]:
    return closed.annotate(result=results.result_of_closure(as_of)).filter(result__in=(results.WORK, results.STUDIES))


@dataclass(frozen=True)
class Round:
    """How often somebody has come before, as the reader may see it, the latest first."""

    earlier: list[Enrolment]

    @property
    def times(self) -> int:
        """The how manieth enrolment it is."""
        return len(self.earlier) + 1


def round_of(participant: Participant, start: dt.date, user: User, *, as_of: dt.date) -> Round | None:
    """Whether somebody who is enrolled from `start` goes round by then, whether the enrolment is stored yet or not;
    of the enrolments that the user may see. None if not."""
    seen = Enrolment.objects.visible_to(user).filter(
        participant=participant, start__lt=start, start__gte=months_after(start, -REVOLVING_MONTHS)
    )
    earlier = list(seen.select_related("unit").prefetch_related("unit__terms").order_by("-start"))
    if len(earlier) + 1 < REVOLVING_STARTS:
        return None
    if _lasting(seen.filter(end__lt=start), as_of).exists():
        return None
    return Round(earlier)
