"""The demo municipality's users: one for each role, and a few colleagues. Never in production."""

from dataclasses import dataclass

from accounts.models import Role

#: One password for all demo users, printed by `make run`. The demo holds invented people only.
PASSWORD = "bjorkakra-demo"


#: What the invented municipality is called.
MUNICIPALITY = "Björkåkra kommun"


@dataclass(frozen=True)
class Login:
    """A demo user: who, with which role, in which unit (its code; None: the whole municipality)."""

    email: str
    given_name: str
    family_name: str
    role: Role
    unit: str | None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


#: The first of each role has a button on the sign-in page; the others are listed below them.
LOGINS = (
    Login("maria.lind@bjorkakra.example", "Maria", "Lind", Role.JOB_COACH, "JC-CENTRUM"),
    Login("johan.asp@bjorkakra.example", "Johan", "Åsp", Role.PLACEMENT_COORDINATOR, "JC-CENTRUM"),
    Login("karin.oberg@bjorkakra.example", "Karin", "Öberg", Role.MANAGER, "JC-CENTRUM"),
    Login("amir.rezai@bjorkakra.example", "Amir", "Rezai", Role.ANALYST, None),
    Login("peter.fors@bjorkakra.example", "Peter", "Fors", Role.UNION_REPRESENTATIVE, None),
    Login("eva.norling@bjorkakra.example", "Eva", "Norling", Role.ADMINISTRATOR, None),
    Login("sven.dahl@bjorkakra.example", "Sven", "Dahl", Role.MANAGER, None),
    Login("leila.haddad@bjorkakra.example", "Leila", "Haddad", Role.JOB_COACH, "JC-CENTRUM"),
    Login("oskar.wik@bjorkakra.example", "Oskar", "Wik", Role.JOB_COACH, "JC-NORR"),
    Login("hodan.warsame@bjorkakra.example", "Hodan", "Warsame", Role.JOB_COACH, "JC-NORR"),
    Login("asa.ek@bjorkakra.example", "Åsa", "Ek", Role.JOB_COACH, "AKTIV"),
)

EMAILS = frozenset(login.email for login in LOGINS)


def buttons() -> dict[str, list[Login]]:
    """The logins of the sign-in page: `first` of each role, and the `others`."""
    seen, first, others = set(), [], []
    for login in LOGINS:
        (others if login.role in seen else first).append(login)
        seen.add(login.role)
    return {"first": first, "others": others}
