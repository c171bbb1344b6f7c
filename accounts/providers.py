"""What the floors above have to say on accounts' pages. They join in their `AppConfig.ready`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from accounts.models import Membership, User

#: Why a user cannot be deactivated yet, in sentences for the administrator; nothing when there is no hindrance.
#: participants joins with: the user is the coach of open enrolments.
deactivation_blockers: list[Callable[[User], Iterable[str]]] = []

#: Why a role cannot be taken from a user yet, in the same way.
membership_blockers: list[Callable[[Membership], Iterable[str]]] = []


@dataclass(frozen=True)
class AdministrationEntry:
    """One thing an administrator can do: its name, a sentence about it, the name of its address, and how much waits
    there to be done."""

    label: str
    description: str
    url_name: str
    waiting: Callable[[], int] = field(default=lambda: 0)


#: What /administration/ offers beside users, units and settings.
administration_entries: list[AdministrationEntry] = []
