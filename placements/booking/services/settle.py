"""What is settled before a placement begins: the union, the supervisor, the checklist, and that it is agreed."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from placements.booking import rules
from placements.booking.rules import Refused
from placements.booking.services.locking import check_seen, held, saved
from placements.models import Placement, PlacementChecklist, Supervisor
from placements.services.supervisors import SupervisorLeft, placement_choose_supervisor

TICKS = ("risks_assessed", "introduction_planned", "hours_agreed", "minor_checked", "insurance", "note")


@transaction.atomic
def union_consult(
    *, placement: Placement, consulted: dt.date | None, union: str, said: str, exception: str, seen: int
) -> Placement:
    """Write down that the union was consulted, when and what it said; or `exception`, why it was not before the first
    day. Raises Refused, and Overtaken."""
    current = held(placement)
    if not consulted and not exception:
        raise Refused(_("Give the day on which the union was consulted, or write why it is not done."), "consulted")
    facts = (consulted, union, said, exception)
    if facts == (current.union_consulted, current.union_name, current.union_said, current.union_exception):
        return current
    check_seen(current, seen)
    check_not_ended(current)
    if consulted and consulted > timezone.localdate():
        raise Refused(_("The day has not been yet. Write it down when the union is consulted."), "consulted")
    if consulted and not union:
        raise Refused(_("Write which union was consulted."), "union")
    current.union_consulted, current.union_name, current.union_said, current.union_exception = facts
    if lack := rules.union_lack(current):
        raise Refused(lack.sentence, "exception")
    return saved(current, "union_consulted", "union_name", "union_said", "union_exception")


@transaction.atomic
def supervisor_settle(
    *, placement: Placement, supervisor: Supervisor | None, exception: str, actor: User, seen: int
) -> Placement:
    """Choose who leads the work: somebody at the workplace with a training that holds, or `exception`, why not.

    Links that were sent to whoever led it before stop to hold, and are sent anew. Raises Refused, and Overtaken.
    """
    current = held(placement)
    if supervisor is None and not exception:
        raise Refused(_("Choose a supervisor, or write why there is none."), "supervisor")
    chosen = supervisor.pk if supervisor else None
    if (current.supervisor_id, current.supervisor_exception) == (chosen, exception):
        return current
    check_seen(current, seen)
    check_not_ended(current)
    day = max(current.start, timezone.localdate())
    if supervisor:
        rules.check_supervisor(supervisor, current.workplace_id)
    if supervisor and not exception and not rules.is_trained(supervisor, day):
        raise Refused(rules.untrained_words(supervisor, day), "exception")
    current.supervisor_exception = exception
    saved(current, "supervisor_exception")
    if supervisor and chosen != current.supervisor_id:
        try:
            placement_choose_supervisor(placement=current, supervisor=supervisor, actor=actor)
        except SupervisorLeft:  # this very moment
            rules.check_supervisor(Supervisor.objects.get(pk=supervisor.pk), current.workplace_id)
            raise
        current = held(placement)
    return reconsidered(current)


@transaction.atomic
def checklist_fill(*, placement: Placement, ticks: dict, actor: User, seen: int) -> Placement:
    """Fill in the checklist of the working environment, or change it: `ticks` by `TICKS`. It need not be complete.
    Raises Refused for hours that are agreed and written nowhere, and Overtaken."""
    current = held(placement)
    checklist = rules.checklist_of(current) or PlacementChecklist(placement=current)
    if checklist.pk and all(getattr(checklist, name) == ticks[name] for name in TICKS):
        return current
    check_seen(current, seen)
    check_not_ended(current)
    if ticks["hours_agreed"] and not current.schedules.filter(hours__isnull=False).exists():
        raise Refused(_("Write the schedule first. Then the working hours can be agreed."), "hours_agreed")
    for name in TICKS:
        setattr(checklist, name, ticks[name])
    checklist.by, checklist.by_name, checklist.checked_at = actor, actor.full_name, timezone.now()
    checklist.save()
    current.checklist = checklist
    return reconsidered(saved(current))


@transaction.atomic
def placement_agree(*, placement: Placement, day: dt.date, seen: int) -> Placement:
    """Write down that workplace, participant and municipality have agreed. Raises Refused while anything is lacking,
    and Overtaken."""
    current = held(placement)
    if current.agreed_on == day:
        return current
    check_seen(current, seen)
    check_not_ended(current)
    if current.is_over:
        raise Refused(_("The placement has ended, so there is nothing to agree on."))
    if day > timezone.localdate():
        raise Refused(_("The day has not been yet. Write it down when you have agreed."), "day")
    if lacks := rules.lacks_of(current):
        raise Refused(lacks[0].sentence)
    current.agreed_on = day
    return saved(current, "agreed_on")


def reconsidered(placement: Placement) -> Placement:
    """What was agreed before the first day is to be agreed anew when something is lacking again, whoever changed it:
    it is told of every change (`placements.providers`)."""
    if placement.agreed_on and placement.start > timezone.localdate() and rules.lacks_of(placement):
        placement.agreed_on = None
        placement.save(update_fields=["agreed_on"])
    return placement


def check_not_cancelled(placement: Placement) -> None:
    """Raises Refused for one that was cancelled: nothing is to be done with it any more."""
    if placement.cancelled_on:
        raise Refused(_("The placement is cancelled, so nothing about it can be changed."))


def check_not_ended(placement: Placement) -> None:
    """Raises Refused for one that was cancelled, or of which somebody has said that it has ended: what it was then
    stays, until a manager annuls the end."""
    check_not_cancelled(placement)
    if placement.result or placement.why_interrupted:
        raise Refused(_("The placement has ended. A manager can annul the end."))
