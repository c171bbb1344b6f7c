"""Who the supervisor of a placement is. Whenever the address changes, links to the old one stop to hold."""

from django.db import transaction

from accounts.models import User
from placements.models import FollowUp, Placement, Supervisor
from placements.providers import placement_changed
from placements.services.links import link_send, link_withdraw


@transaction.atomic
def placement_choose_supervisor(*, placement: Placement, supervisor: Supervisor, actor: User) -> int:
    """Let one of the workplace's supervisors lead the placement; how many links were sent anew."""
    current = _locked(placement)
    if current.supervisor_id == supervisor.pk:
        return 0
    waiting = _links_withdrawn(current)
    current.supervisor = supervisor
    current.revision += 1
    current.save(update_fields=["supervisor", "revision"])
    placement_changed(current)
    return _send_anew(waiting, actor)


@transaction.atomic
def placement_enter_supervisor(*, placement: Placement, name: str, email: str, phone: str, actor: User) -> int:
    """Enter a supervisor whom nobody has entered for the workplace; how many links were sent anew. Twice is once."""
    current = _locked(placement)
    entered = {"workplace_id": current.workplace_id, "name": name, "email": email, "phone": phone}
    supervisor = Supervisor.objects.filter(**entered).first() or Supervisor.objects.create(**entered)
    return placement_choose_supervisor(placement=placement, supervisor=supervisor, actor=actor)


@transaction.atomic
def placement_correct_supervisor(*, placement: Placement, name: str, email: str, phone: str, actor: User) -> int:
    """Correct the name, the address or the telephone of the placement's supervisor; how many links were sent anew.

    Other placements that have the same supervisor, perhaps of another unit, keep what they have: nobody can lead
    another unit's links elsewhere. This placement then gets a supervisor of its own.
    """
    current = _locked(placement)
    supervisor = current.supervisor
    if Placement.objects.filter(supervisor=supervisor).exclude(pk=current.pk).exists():
        if (supervisor.name, supervisor.email, supervisor.phone) == (name, email, phone):
            return 0
        return placement_enter_supervisor(placement=current, name=name, email=email, phone=phone, actor=actor)
    waiting = _links_withdrawn(current) if supervisor.email.lower() != email.lower() else []
    supervisor.name, supervisor.email, supervisor.phone = name, email, phone
    supervisor.save(update_fields=["name", "email", "phone"])
    return _send_anew(waiting, actor)


def _locked(placement: Placement) -> Placement:
    # No key: whoever sends a link holds its follow-up, for which we may wait, and refers to the placement.
    Placement.objects.select_for_update(of=("self",), no_key=True).get(pk=placement.pk)
    return Placement.objects.select_related("supervisor").get(pk=placement.pk)


def _links_withdrawn(placement: Placement) -> list[FollowUp]:
    """Withdraw the placement's links, before it gets another supervisor; the follow-ups that were to be answered by
    one of them."""
    followups = FollowUp.objects.select_for_update(of=("self",)).filter(placement=placement).order_by("pk")
    return [followup for followup in followups if link_withdraw(followup=followup) and followup.is_open]


def _send_anew(followups: list[FollowUp], actor: User) -> int:
    for followup in followups:
        link_send(followup=followup, actor=actor, seen=None)
    return len(followups)
