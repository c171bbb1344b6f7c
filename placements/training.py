"""Whether somebody trained leads the work: asked of every place, every suggestion and every booking."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from placements.models import SupervisorTraining


def is_trained(day: dt.date, supervisor: str = "pk") -> Exists:
    """The condition that a supervisor has a training that holds on `day`. `supervisor` is the path from the row that
    is asked about to the supervisor's key; of a row without supervisor it does not hold."""
    held = SupervisorTraining.objects.filter(Q(valid_until=None) | Q(valid_until__gte=day), completed_on__lte=day)
    return Exists(held.filter(supervisor=OuterRef(supervisor)))
