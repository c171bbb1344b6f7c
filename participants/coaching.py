"""What the administrators' pages must know of a coach's work: that it goes on. How much, and never with whom."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from accounts.providers import deactivation_blockers
from participants.models import Enrolment


def open_enrolments(user: User) -> Iterable[str]:
    """A coach whose participants nobody else has taken over cannot be deactivated: they would have no coach."""
    count = Enrolment.objects.filter(coach=user).open_on(timezone.localdate()).count()
    if count:
        yield ngettext(
            "The user is the job coach of %(count)s participant. Load the register with another job coach first.",
            "The user is the job coach of %(count)s participants. Load the register with other job coaches first.",
            count,
        ) % {"count": count}


def join() -> None:
    deactivation_blockers.append(open_enrolments)
