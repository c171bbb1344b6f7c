"""The demo municipality's users, one for each role. Never in production."""

from dataclasses import dataclass

from accounts.models import Role

#: One password for all demo users, printed by `make run`. The demo holds invented people only.
PASSWORD = "bjorkakra-demo"


@dataclass(frozen=True)
class Login:
    """A demo user: who, with which role, in which unit (None: the whole municipality)."""

    email: str
    given_name: str
    family_name: str
    role: Role
    unit: str | None


LOGINS = (
    Login("maria.lind@bjorkakra.example", "Maria", "Lind", Role.JOB_COACH, "JC-CENTRUM"),
    Login("johan.asp@bjorkakra.example", "Johan", "Åsp", Role.PLACEMENT_COORDINATOR, "JC-CENTRUM"),
    Login("karin.oberg@bjorkakra.example", "Karin", "Öberg", Role.MANAGER, "JC-CENTRUM"),
    Login("sven.dahl@bjorkakra.example", "Sven", "Dahl", Role.MANAGER, None),
    Login("amir.rezai@bjorkakra.example", "Amir", "Rezai", Role.ANALYST, None),
    Login("eva.norling@bjorkakra.example", "Eva", "Norling", Role.ADMINISTRATOR, None),
)
