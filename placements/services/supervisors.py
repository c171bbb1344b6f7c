"""Who the supervisor of a placement is. Whenever the address changes, links to the old one stop to hold."""

from django.db import transaction

from accounts.models import User
from placements.models import FollowUp, Placement, Supervisor
from placements.services.links import link_send, link_withdraw


@transaction.atomic
def placement_choose_supervisor(*, placement: Placement, supervisor: Supervisor, actor: User) -> int:
    """Let one of the workplace's supervisors lead the placement; how many links were sent anew."""
    current = _locked(placement)
    if current.supervisor_id == supervisor.pk:
        return 0
    current.supervisor = supervisor
    current.save(update_fields=["supervisor"])
    return _send_anew(current, actor)


@transaction.atomic
def placement_enter_supervisor(*, placement: Placement, name: str, email: str, phone: str, actor: User) -> int:
    """Enter a supervisor whom nobody has entered for the workplace; how many links were sent anew."""
    supervisor = Supervisor.objects.create(workplace_id=placement.workplace_id, name=name, email=email, phone=phone)
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
    moved = supervisor.email.lower() != email.lower()
    supervisor.name, supervisor.email, supervisor.phone = name, email, phone
    supervisor.save(update_fields=["name", "email", "phone"])
    return _send_anew(current, actor) if moved else 0


def _locked(placement: Placement) -> Placement:
    Placement.objects.select_for_update(of=("self",)).get(pk=placement.pk)
    return Placement.objects.select_related("supervisor").get(pk=placement.pk)


def _send_anew(placement: Placement, actor: User) -> int:
    """Withdraw the placement's links; whoever was to answer by one of them is sent another."""
    sent = 0
    for followup in FollowUp.objects.select_for_update(of=("self",)).filter(placement=placement).order_by("pk"):
        if link_withdraw(followup=followup) and followup.is_open:
            link_send(followup=followup, actor=actor, seen=None)
            sent += 1
    return sent
