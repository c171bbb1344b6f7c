"""What a supervisor wishes for themselves, by the link."""

from django.db import transaction

from accounts.history import act_as
from placements.models import FollowUpLink, Supervisor


@transaction.atomic
def reminders_wish(*, link: FollowUpLink, wanted: bool) -> None:
    """Note that the supervisor wants reminders, or none: of any follow-up, until they say otherwise. Links come in
    either case. Twice is once."""
    # Whoever is signed in on the same telephone did not say it; the history tells which link did.
    with act_as(actor=None, source="link", link=str(link.public_id)):
        Supervisor.objects.filter(pk=link.supervisor_id).exclude(no_reminders=not wanted).update(
            no_reminders=not wanted
        )
