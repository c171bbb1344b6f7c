"""Reading what came with a participant who was handed over."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from participants.models import Handover


@transaction.atomic
def handover_read(*, handover: Handover, read: bool) -> None:
    """Say that who took over has read it, or (`read` False) take that back. Twice is once."""
    seen_at = Coalesce(F("seen_at"), timezone.now()) if read else None
    Handover.objects.filter(pk=handover.pk).update(seen_at=seen_at)
