"""In which order rows are held, so that no two who change the same wait for each other: the place, the case, the
placement, then the supervisor and the workplace, the follow-ups last.

No key is locked: who sends a link holds a follow-up or an assessment, for which we may wait, and refers to the
placement and the supervisor.
"""

from participants.models import Enrolment
from placements.models import Placement


def case_held(enrolment_id: int) -> Enrolment:
    """The case as it is now, held until the transaction ends: nothing is booked or goes on in one that is being
    closed, and two who change something for the same person come one after the other."""
    return Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment_id)


def placement_held(placement: Placement) -> Placement:
    """The row as it is now, also of a cancelled one, held until the transaction ends; its case before it."""
    case_held(placement.enrolment_id)
    rows = Placement.every.select_for_update(of=("self",), no_key=True)
    return rows.select_related("workplace", "enrolment__participant", "supervisor", "place").get(pk=placement.pk)
