"""Who is who in the table, and what a row of it says."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from tests.cast import Cast

#: The cast by what they are; everything in the table belongs to the unit of the first five.
ROLES = {
    "coach": "Job coach",
    "colleague": "Colleague",
    "coordinator": "Coordinator",
    "manager": "Manager",
    "head": "Head of all",
    "outsider": "Coach, other unit",
    "other_manager": "Manager, other unit",
    "analyst": "Analyst",
    "union_representative": "Union representative",
    "administrator": "Administrator",
}
EVERYBODY = frozenset(ROLES)
IN_UNIT = frozenset({"coach", "colleague", "coordinator", "manager", "head"})
MANAGERS = frozenset({"manager", "head"})
ALL_MANAGERS = MANAGERS | {"other_manager"}
CASE_WORK = IN_UNIT | {"outsider", "other_manager"}
WRITERS = frozenset({"coach", "colleague", "coordinator"})
ADMINISTRATORS = frozenset({"administrator"})
NOBODY: frozenset[str] = frozenset()
Statuses = dict[str, int]


def only(who: frozenset[str], then: int = 200, otherwise: int = 403, **exceptions: int) -> Statuses:
    """`who` get the status `then`, the others `otherwise`."""
    return {role: then if role in who else otherwise for role in ROLES} | exceptions


def in_unit(then: int = 200, who: frozenset[str] = IN_UNIT, in_vain: int = 403) -> Statuses:
    """`who` of the unit get `then`, the others of the unit `in_vain`. For other units it does not exist, and those
    who never see a person are told so whether or not there is one."""
    statuses = only(CASE_WORK, 404)
    return statuses | {role: then if role in who else in_vain for role in IN_UNIT}


def everybody(then: int = 200, **exceptions: int) -> Statuses:
    return only(EVERYBODY, then, **exceptions)


@dataclass(frozen=True)
class Row:
    """One address: what it is about, and who gets which status for GET and for POST.

    The key "anonymous" is named only for public addresses; elsewhere whoever is not signed in is led to sign-in.
    """

    name: str
    what: str
    args: Callable[[Cast, User | None], list] = lambda cast, _user: []
    get: Statuses | None = None
    post: Statuses | None = None
    data: Callable[[Cast, User | None], dict] = lambda cast, user: {}

    @property
    def is_about_the_user(self) -> bool:
        """Whether each user has an address of their own; otherwise the second parameter of `args` is `_user`."""
        return list(inspect.signature(self.args).parameters)[1] != "_user"

    @property
    def is_public(self) -> bool:
        return any("anonymous" in statuses for statuses in (self.get, self.post) if statuses)

    def expected(self, method: str, role: str) -> int | None:
        """The status; None: led to sign-in."""
        statuses = getattr(self, method)
        if role == "anonymous" and not self.is_public:
            return None
        return 405 if statuses is None else statuses[role]


def person(cast: Cast, _user) -> list:
    """Åsa, the coach's own participant."""
    return [cast.person.public_id]
