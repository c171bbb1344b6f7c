"""What supervisors add to Min dag of the placement coordinators: training that runs out, and that has."""

import datetime as dt

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import municipal
from accounts.models import Role, User
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from placements.models import Supervisor
from placements.municipal import TRAINING_DAYS


def runs_out_soon(today: dt.date, supervisors: QuerySet[Supervisor]) -> QuerySet[Supervisor]:
    """Those whose training runs out within the municipality's limit; `supervisors` are `with_training(today)`."""
    limit = today + dt.timedelta(days=municipal.value_of(TRAINING_DAYS.key))
    return supervisors.filter(is_trained=True, trained_until__lte=limit)


def training_to_renew(_enrolments: QuerySet[Enrolment], today: dt.date, reader: User) -> QuerySet[Supervisor]:
    """Supervisors at open workplaces whose training runs out soon; and those whose training has run out while they
    lead somebody or stand on a place. Placement coordinators see to the training; for others there is nothing."""
    if not reader.reach.has(Role.PLACEMENT_COORDINATOR):
        return Supervisor.objects.none()
    rows = Supervisor.objects.visible_to(reader).here_on(today).with_training(today)
    rows = rows.filter(Q(workplace__closed_on=None) | Q(workplace__closed_on__gte=today))
    run_out = Q(is_trained=False, trained_until__isnull=False)
    leading = Supervisor.objects.leading_on(today).values("pk")
    found = rows.filter(Q(pk__in=runs_out_soon(today, rows).values("pk")) | run_out & Q(pk__in=leading))
    return found.annotate(
        day_enrolment=Value(None),
        day_due=F("trained_until"),
        day_reference=F("public_id"),
        day_note=Concat("workplace__name", Value(", "), "workplace__employer__name", output_field=CharField()),
        day_name=F("name"),
    )


def supervisor_address(row: DayRow) -> str:
    return reverse("supervisors:supervisor", args=[row.reference])


def join() -> None:
    join_day_list(
        DayList(
            key="handledarutbildning",
            label=gettext_lazy("Supervisors' training that runs out"),
            order=65,
            action=pgettext_lazy("verb", "Open"),
            rows=training_to_renew,
            address=supervisor_address,
            for_reader=True,
        )
    )
