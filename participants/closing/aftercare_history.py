"""Every answer that a time of the aftercare has had, from the history."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participants.models import Aftercare, Enrolment
from vocabulary.codes import AftercareStatus


@dataclass(frozen=True)
class Answered:
    """An answer of the aftercare as it was from a moment on, and who wrote it. `gone`: the closure was taken back."""

    at: dt.datetime
    by: str
    status: str
    checked: dt.date
    gone: bool


def answers_of(enrolment: Enrolment, days_after: int) -> list[Answered]:
    """Every answer that a time of the aftercare has had, the newest first, from the history."""
    events = Aftercare.pgh_event_model.objects.filter(enrolment_id=enrolment.pk, days_after=days_after)
    return [
        Answered(
            at=event.pgh_created_at,
            by=str(_("the person, by a link")) if event.by_person else (event.pgh_context or {}).get("name", ""),
            status=AftercareStatus(event.status).label,
            checked=event.checked,
            gone=event.pgh_label == "delete",
        )
        for event in events.order_by("-pgh_id")
    ]
