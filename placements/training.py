"""Whether somebody trained leads the work: asked of every place, every suggestion and every booking."""

import datetime as dt

from django.db.models import Exists, OuterRef

from placements.models import Supervisor


def is_trained(day: dt.date, supervisor: str = "pk") -> Exists:
    """The condition that a supervisor counts as trained on `day` (`Supervisor.objects.trained_on`). `supervisor` is
    the path from the row that is asked about to the supervisor's key; without a supervisor it does not hold."""
    return Exists(Supervisor.objects.trained_on(day).filter(pk=OuterRef(supervisor)))
