"""The fixed cast: who is who in the tests of scope and permission.

Two units. Everybody who could be an outsider has a participant of their own, so that no test passes only because
somebody's list is empty; and each unit has a protected participant whom nobody has been named for yet.
"""

from dataclasses import dataclass

import pytest

from accounts.models import Role, Unit, User
from participants.models import Enrolment, Participant
from tests.factories import EnrolmentFactory, ParticipantFactory, UnitFactory, UserFactory
from vocabulary.codes import Protection


@dataclass(frozen=True)
class Cast:
    """Users by what they are, and the participants by whose they are."""

    centrum: Unit
    norr: Unit

    coach: User
    """Alma, job coach in Centrum; her participant is Åsa."""
    colleague: User
    """Bo, job coach in Centrum; his participant is Bertil."""
    outsider: User
    """Cecilia, job coach in Norr; her participant is Ciwan."""
    coordinator: User
    """David, placement coordinator in Centrum."""
    manager: User
    """Eva, manager of Centrum."""
    other_manager: User
    """Filip, manager of Norr."""
    head: User
    """Greta, manager of the whole municipality."""
    analyst: User
    union_representative: User
    administrator: User

    asa: Enrolment
    bertil: Enrolment
    ciwan: Enrolment
    protected_centrum: Enrolment
    """Protected, in Centrum with Alma as coach; nobody is on the access list."""
    protected_norr: Enrolment

    @property
    def users(self) -> dict[str, User]:
        """Every user, by the name it has here."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}

    @property
    def person(self) -> Participant:
        """The coach's own participant."""
        return self.asa.participant


@pytest.fixture
def cast(db) -> Cast:
    centrum = UnitFactory(code="CENTRUM", name="Jobbcenter Centrum")
    norr = UnitFactory(code="NORR", name="Jobbcenter Norr")

    def user(given_name, family_name, role, unit=None):
        email = f"{given_name.lower()}@example.org"
        return UserFactory(email=email, given_name=given_name, family_name=family_name, role=role, unit=unit)

    def enrolment(given_name, family_name, unit, coach, protection=Protection.NONE):
        person = ParticipantFactory(given_name=given_name, family_name=family_name, protection=protection)
        return EnrolmentFactory(participant=person, unit=unit, coach=coach)

    coach = user("Alma", "Alm", Role.JOB_COACH, centrum)
    colleague = user("Bo", "Berg", Role.JOB_COACH, centrum)
    outsider = user("Cecilia", "Carlsson", Role.JOB_COACH, norr)
    return Cast(
        centrum=centrum,
        norr=norr,
        coach=coach,
        colleague=colleague,
        outsider=outsider,
        coordinator=user("David", "Dahl", Role.PLACEMENT_COORDINATOR, centrum),
        manager=user("Eva", "Ek", Role.MANAGER, centrum),
        other_manager=user("Filip", "Fors", Role.MANAGER, norr),
        head=user("Greta", "Gran", Role.MANAGER),
        analyst=user("Hassan", "Hadi", Role.ANALYST),
        union_representative=user("Jan", "Jonsson", Role.UNION_REPRESENTATIVE),
        administrator=user("Ingrid", "Is", Role.ADMINISTRATOR),
        asa=enrolment("Åsa", "Öhrström", centrum, coach),
        bertil=enrolment("Bertil", "Bodin", centrum, colleague),
        ciwan=enrolment("Ciwan", "Celik", norr, outsider),
        protected_centrum=enrolment("Petra", "Hemlig", centrum, coach, Protection.SECRECY_MARK),
        protected_norr=enrolment("Pontus", "Dold", norr, outsider, Protection.PROTECTED_REGISTRATION),
    )
