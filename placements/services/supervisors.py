"""Who leads the work at a workplace, and whose supervisor they are. Whenever the address changes, links to the old
one stop to hold.

Whoever changes or takes leave of a supervisor holds the places first, then the cases, then the placements, each in
the order of their keys, and the supervisor after (`placements.services.holding`).
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from participants.models import Enrolment
from placements.changing import Overtaken, differs, seen_of
from placements.models import FollowUp, Place, Placement, Supervisor, SupervisorTraining, Workplace
from placements.models.employer import WorkplaceClosed
from placements.models.place import PlaceState
from placements.providers import SentAnew, placement_changed, supervisor_links_withdraw
from placements.services.links import link_send, link_withdraw


class SupervisorThere(Exception):
    """Somebody with this address is known at the workplace already, and has not left: `supervisor`."""

    def __init__(self, supervisor: Supervisor):
        super().__init__()
        self.supervisor = supervisor


class SupervisorLeft(Exception):
    """The supervisor has left, or is at another workplace by now, so nobody new is led by them there."""


class StillLeads(Exception):
    """The supervisor leads placements that go on or are to come: `number` of them."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number


class LedElsewhere(Exception):
    """Of the placements that the supervisor leads, `hidden` are such that the user may not see."""

    def __init__(self, hidden: int):
        super().__init__()
        self.hidden = hidden


# --- The supervisor of a placement --------------------------------------------------------------------------------


@transaction.atomic
def placement_choose_supervisor(*, placement: Placement, supervisor: Supervisor, actor: User) -> int:
    """Let one of the workplace's supervisors lead the placement; how many links were sent anew. Raises
    SupervisorLeft, also for one who has gone to another workplace."""
    current = _locked(placement)
    if current.supervisor_id == supervisor.pk:
        return 0
    chosen = Supervisor.objects.select_for_update(of=("self",), no_key=True).get(pk=supervisor.pk)
    if not chosen.is_here_on(timezone.localdate()) or chosen.workplace_id != current.workplace_id:
        raise SupervisorLeft
    waiting = _links_withdrawn(current)
    current.supervisor = chosen
    current.revision += 1
    current.save(update_fields=["supervisor", "revision"])
    placement_changed(current)
    return _send_anew(waiting, actor)


@transaction.atomic
def placement_enter_supervisor(*, placement: Placement, name: str, email: str, phone: str, actor: User) -> int:
    """Enter a supervisor whom nobody has entered for the workplace; how many links were sent anew. Twice is once."""
    current = _locked(placement)
    entered = {"workplace_id": current.workplace_id, "name": name, "email": email, "phone": phone}
    supervisor = Supervisor.objects.here_on(timezone.localdate()).filter(**entered).first()
    supervisor = supervisor or Supervisor.objects.create(**entered)
    return placement_choose_supervisor(placement=placement, supervisor=supervisor, actor=actor)


@transaction.atomic
def placement_correct_supervisor(*, placement: Placement, name: str, email: str, phone: str, actor: User) -> int:
    """Correct the name, the address or the telephone of the placement's supervisor; how many links were sent anew.

    Placements that the user may not see, perhaps of another unit, and that have the same supervisor, keep what they
    have: nobody can lead another unit's links elsewhere. This placement then gets a supervisor of its own, with the
    same training if it is the same person.
    """
    _hold_led(Q(pk=placement.pk) | Q(supervisor=placement.supervisor_id))
    current = _locked(placement)
    supervisor = current.supervisor
    if (supervisor.name, supervisor.email, supervisor.phone) == (name, email, phone):
        return 0
    if _hidden(Placement.objects.filter(supervisor=supervisor).exclude(pk=current.pk), actor):
        sent = placement_enter_supervisor(placement=current, name=name, email=email, phone=phone, actor=actor)
        if name == supervisor.name:
            _copy_training(supervisor, Placement.objects.get(pk=current.pk).supervisor)
        return sent
    return _write(supervisor, {"name": name, "email": email, "phone": phone}, actor)


# --- The supervisor -----------------------------------------------------------------------------------------------


@transaction.atomic
def supervisor_create(*, workplace: Workplace, token: uuid.UUID, facts: Mapping[str, Any]) -> Supervisor:
    """Enter a supervisor at a workplace. `token` belongs to the form and becomes the public id: a form that is sent
    twice enters one. Raises WorkplaceClosed and SupervisorThere."""
    there = Workplace.objects.select_for_update(of=("self",), no_key=True).get(pk=workplace.pk)
    if entered := Supervisor.objects.filter(public_id=token).first():
        return entered
    if there.is_closed_on(timezone.localdate()):
        raise WorkplaceClosed
    _nobody_else(there.pk, facts["email"])
    return Supervisor.objects.create(workplace=there, public_id=token, **facts)


@transaction.atomic
def supervisor_change(*, supervisor: Supervisor, facts: Mapping[str, Any], seen: str, actor: User) -> int:
    """Change who a supervisor is and how they are reached, or where in the employer's house they are; how many links
    were sent anew to a new address.

    Raises Overtaken, SupervisorThere, LedElsewhere for an address that placements depend on which the user may not
    see, and StillLeads for another workplace while somebody is led at the old one.
    """
    _hold_places(supervisor)
    _hold_led(Q(supervisor=supervisor))
    current = Supervisor.objects.select_for_update(of=("self",), no_key=True).get(pk=supervisor.pk)
    if not differs(current, facts):
        return 0
    if seen_of(current, facts) != seen:
        raise Overtaken(current)
    workplace = facts.get("workplace", current.workplace)
    moves = workplace.pk != current.workplace_id
    if moves or not _same_address(facts["email"], current.email):
        _nobody_else(workplace.pk, facts["email"], but=current)
    led = led_by(current, timezone.localdate())
    if moves and (number := led.count()):
        raise StillLeads(number)
    if not _same_address(facts["email"], current.email) and (hidden := _hidden(led, actor)):
        raise LedElsewhere(hidden)
    if moves:
        _places_of(current).update(supervisor=None, revision=F("revision") + 1)
    return _write(current, facts, actor)


@transaction.atomic
def supervisor_leave(*, supervisor: Supervisor, day: dt.date, successor: Supervisor | None, actor: User) -> int:
    """Say that a supervisor leads nobody from `day` on; how many links were sent anew.

    `successor`, of the same workplace, takes over the placements that go on or are to come, and the places; without
    one the places stand without a supervisor. Raises StillLeads when somebody is led and there is no successor,
    LedElsewhere for placements that the user may not see, SupervisorLeft when the successor has left meanwhile.
    """
    _hold_places(supervisor)
    _hold_led(Q(supervisor=supervisor))
    both = [supervisor.pk, *([successor.pk] if successor else [])]
    rows = Supervisor.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=both).order_by("pk")
    held = {each.pk: each for each in rows}
    current, heir = held[supervisor.pk], held[successor.pk] if successor else None
    if heir and (heir.workplace_id != current.workplace_id or heir.left_on):
        raise SupervisorLeft
    led = led_by(current, day)
    if hidden := _hidden(led, actor):
        raise LedElsewhere(hidden)
    if heir is None and (number := led.count()):
        raise StillLeads(number)
    sent = sum(
        placement_choose_supervisor(placement=placement, supervisor=heir, actor=actor)
        for placement in led.order_by("pk")
    )
    _places_of(current).update(supervisor=heir, revision=F("revision") + 1)
    if current.left_on != day:
        current.left_on = day
        current.save(update_fields=["left_on"])
    return sent


@transaction.atomic
def supervisor_return(*, supervisor: Supervisor) -> None:
    """Take back that a supervisor has left. Raises WorkplaceClosed, and SupervisorThere when somebody with the same
    address has been entered meanwhile."""
    rows = Supervisor.objects.select_for_update(of=("self",), no_key=True).select_related("workplace")
    current = rows.get(pk=supervisor.pk)
    if current.left_on is None:
        return
    if current.workplace.is_closed_on(timezone.localdate()):
        raise WorkplaceClosed
    _nobody_else(current.workplace_id, current.email, but=current)
    current.left_on = None
    current.save(update_fields=["left_on"])


def led_by(supervisor: Supervisor, day: dt.date):
    """The placements that a supervisor leads on `day` or later, those to come too."""
    return Placement.objects.filter(Q(end=None) | Q(end__gte=day), supervisor=supervisor)


# --- What they share ----------------------------------------------------------------------------------------------


def _locked(placement: Placement) -> Placement:
    _hold_led(Q(pk=placement.pk))
    return Placement.objects.select_related("supervisor").get(pk=placement.pk)


def _hold_led(which: Q) -> None:
    """Hold the placements whose links may be sent anew, and their cases before them, always in the same order.

    No key: whoever sends a link holds its follow-up, for which we may wait, and refers to the placement.
    """
    cases = Placement.objects.filter(which).values("enrolment")
    list(Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=cases).order_by("pk"))
    list(Placement.objects.select_for_update(of=("self",), no_key=True).filter(which).order_by("pk"))


def _hold_places(supervisor: Supervisor) -> None:
    """Hold the places that the supervisor stands on, before anything else is."""
    list(_places_of(supervisor).select_for_update(of=("self",), no_key=True).order_by("pk"))


def _hidden(placements, actor: User) -> int:
    """How many of these the user may not see."""
    return placements.exclude(pk__in=Placement.objects.visible_to(actor).values("pk")).count()


def _places_of(supervisor: Supervisor):
    return Place.objects.filter(supervisor=supervisor).exclude(state=PlaceState.CLOSED)


def _nobody_else(workplace_id: int, email: str, but: Supervisor | None = None) -> None:
    others = Supervisor.objects.at(workplace_id).filter(email__iexact=email, left_on=None)
    if there := others.exclude(pk=but.pk if but else None).first():
        raise SupervisorThere(there)


def _same_address(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _write(supervisor: Supervisor, facts: Mapping[str, Any], actor: User) -> int:
    """Store what a supervisor is called and how they are reached; their links follow a new address."""
    waiting = []
    if not _same_address(supervisor.email, facts["email"]):
        for placement in Placement.objects.filter(supervisor=supervisor).order_by("pk"):
            waiting += _links_withdrawn(placement)
    for name, value in facts.items():
        setattr(supervisor, name, value)
    supervisor.save(update_fields=list(facts))
    return _send_anew(waiting, actor)


def _copy_training(one: Supervisor, other: Supervisor) -> None:
    if one.pk == other.pk or other.trainings.exists():
        return
    told = ("course", "level", "language", "completed_on", "valid_until")
    SupervisorTraining.objects.bulk_create(
        SupervisorTraining(supervisor=other, **{name: getattr(training, name) for name in told})
        for training in one.trainings.all()
    )


def _links_withdrawn(placement: Placement) -> list[SentAnew]:
    """Withdraw the placement's links, before it gets another supervisor; what was to be answered by one of them is
    sent anew."""
    followups = FollowUp.objects.select_for_update(of=("self",)).filter(placement=placement).order_by("pk")
    waiting = [followup for followup in followups if link_withdraw(followup=followup) and followup.is_open]
    return [*(partial(_followup_anew, each) for each in waiting), *supervisor_links_withdraw(placement)]


def _followup_anew(followup: FollowUp, actor: User) -> None:
    link_send(followup=followup, actor=actor, seen=None)


def _send_anew(waiting: list[SentAnew], actor: User) -> int:
    for send in waiting:
        send(actor)
    return len(waiting)
