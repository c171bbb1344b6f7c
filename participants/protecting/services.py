"""Naming the staff who may see a protected participant: one person at a time, written to the history."""

from django.db import transaction

from accounts.models import User
from participants.models import Participant, ProtectedAccess


@transaction.atomic
def protected_access_grant(*, participant: Participant, user: User, actor: User) -> ProtectedAccess:
    """Put `user` on the participant's access list; somebody who is there already stays, with who granted it first."""
    access, _created = ProtectedAccess.objects.get_or_create(
        participant=participant, user=user, defaults={"granted_by": actor}
    )
    return access


@transaction.atomic
def protected_access_withdraw(*, participant: Participant, user: User) -> None:
    """Take `user` off the access list. For the user the participant no longer exists. Nothing if not there."""
    ProtectedAccess.objects.filter(participant=participant, user=user).delete()
