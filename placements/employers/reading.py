"""What the pages of employers and workplaces tell: how much there is of everything, and what is to be seen to."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.swedish import SwedishSortKey
from placements.models import (
    Commitment,
    Employer,
    EmployerAgreement,
    Place,
    Placement,
    Supervisor,
    Workplace,
)
from placements.models.place import PlaceState

#: How many placements a page shows before it leads to the page with them all.
MOST_SHOWN = 30


def _number(rows: QuerySet, of: str) -> Coalesce:
    """How many of the rows belong to the employer or workplace that `of` leads to."""
    counted = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def going_on(day: dt.date) -> QuerySet[Placement]:
    """The placements that go on that day."""
    return Placement.objects.filter(Q(end=None) | Q(end__gte=day), start__lte=day)


def live(day: dt.date) -> QuerySet[Placement]:
    """The placements that go on that day, or are to come."""
    return Placement.objects.filter(Q(end=None) | Q(end__gte=day))


def offered(day: dt.date) -> QuerySet[Place]:
    """The places that are open, now or later."""
    return Place.objects.filter(Q(end=None) | Q(end__gte=day), state=PlaceState.OPEN)


def with_counts(employers: QuerySet[Employer], day: dt.date) -> QuerySet[Employer]:
    """With `workplace_count` (open ones), `place_count` (open ones), `placed` (placements that go on) and
    `trained_count` (supervisors who count as trained)."""
    return employers.annotate(
        workplace_count=_number(Workplace.objects.open_on(day), "employer"),
        place_count=_number(offered(day), "workplace__employer"),
        placed=_number(going_on(day), "workplace__employer"),
        trained_count=_number(Supervisor.objects.trained_on(day), "workplace__employer"),
    )


def with_flags(employers: QuerySet[Employer], day: dt.date) -> QuerySet[Employer]:
    """With what is to be seen to: `run_out` (an agreement without a later one), `overdue` (a commitment) and
    `unchecked` (a workplace in use)."""
    return employers.annotate(
        run_out=Exists(EmployerAgreement.objects.run_out_on(day).filter(employer=OuterRef("pk"))),
        overdue=Exists(Commitment.objects.overdue_on(day).filter(employer=OuterRef("pk"))),
        unchecked=Exists(Workplace.objects.to_check(day).filter(employer=OuterRef("pk"))),
    )


#: What the address calls a flag.
FLAGS = {"avtal": "run_out", "ataganden": "overdue", "kontroll": "unchecked"}


def workplaces_of(employer: Employer, day: dt.date) -> QuerySet[Workplace]:
    """The employer's workplaces, the open ones first, with their latest check, `placed`, `place_count` and
    `trained_count`."""
    return (
        employer.workplaces.with_check(day)
        .select_related("occupational_area")
        .annotate(
            placed=_number(going_on(day), "workplace"),
            place_count=_number(offered(day), "workplace"),
            trained_count=_number(Supervisor.objects.trained_on(day), "workplace"),
            in_use=Exists(Workplace.objects.in_use_on(day).filter(pk=OuterRef("pk"))),
        )
        .order_by(F("closed_on").asc(nulls_first=True), SwedishSortKey("name"), "pk")
    )


@dataclass(frozen=True)
class Placed:
    """Placements somewhere: how many go on, are to come and are over, whoever it is; and those whose cases the
    reader may see, the latest first."""

    going_on: int
    to_come: int
    over: int
    shown: list[Placement]
    hidden: int

    @property
    def total(self) -> int:
        return self.going_on + self.to_come + self.over


def placed_at(where: Q, user: User, day: dt.date) -> Placed:
    """What `Placed` tells of the placements that `where` finds; shown are those that go on or are to come."""
    rows = Placement.objects.filter(where)
    over = Q(end__lt=day)
    counts = rows.aggregate(
        over=Count("pk", filter=over), to_come=Count("pk", filter=Q(start__gt=day)), total=Count("pk")
    )
    now = rows.exclude(over)
    seen = now.visible_to(user)
    shown = list(with_people(seen).order_by("start", "pk")[:MOST_SHOWN])
    return Placed(
        going_on=counts["total"] - counts["over"] - counts["to_come"],
        to_come=counts["to_come"],
        over=counts["over"],
        shown=shown,
        hidden=counts["total"] - counts["over"] - seen.count(),
    )


def with_people(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    return placements.select_related("enrolment__participant", "workplace__employer", "supervisor")


def agreements_of(employer: Employer, day: dt.date) -> QuerySet[EmployerAgreement]:
    """The employer's agreements, with `is_run_out`: it has run out, and no later one of its kind holds."""
    run_out = EmployerAgreement.objects.run_out_on(day).filter(pk=OuterRef("pk"))
    return employer.agreements.annotate(is_run_out=Exists(run_out))


def outstanding_of(commitments: list[Commitment], day: dt.date) -> dict:
    """How many of what has been promised have come, are outstanding, and are outstanding although the day has
    passed."""
    return {
        "promised": sum(each.promised for each in commitments),
        "fulfilled": sum(min(each.fulfilled, each.promised) for each in commitments),
        "outstanding": sum(each.outstanding for each in commitments),
        "overdue": sum(each.outstanding for each in commitments if each.due < day),
    }


def places_of(where: Q) -> QuerySet[Place]:
    """The places that `where` finds, open ones first."""
    closed_last = Case(When(state=PlaceState.OPEN, then=1), When(state=PlaceState.PAUSED, then=2), default=3)
    return (
        Place.objects.filter(where)
        .select_related("occupational_area", "workplace")
        .order_by(closed_last, SwedishSortKey("title"), "pk")
    )
