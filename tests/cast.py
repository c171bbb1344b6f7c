"""The fixed cast: who is who in the tests of scope and permission.

Two units. Everybody who could be an outsider has a participant of their own, so that no test passes only because
somebody's list is empty; and each unit has a protected participant whom nobody has been named for yet.
"""

from dataclasses import dataclass

import pytest

from accounts.models import LegalBasis, Membership, Role, Unit, UnitTerm, User
from participants.models import Enrolment, Participant, UnitAssignment
from tests.factories import EnrolmentFactory, ParticipantFactory, UserFactory, assignment_of
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
    """Stored with a few statements, row by row it would take longer than many a test."""
    centrum, norr = _units(("CENTRUM", "Jobbcenter Centrum"), ("NORR", "Jobbcenter Norr"))
    users = _users(
        coach=("Alma", "Alm", Role.JOB_COACH, centrum),
        colleague=("Bo", "Berg", Role.JOB_COACH, centrum),
        outsider=("Cecilia", "Carlsson", Role.JOB_COACH, norr),
        coordinator=("David", "Dahl", Role.PLACEMENT_COORDINATOR, centrum),
        manager=("Eva", "Ek", Role.MANAGER, centrum),
        other_manager=("Filip", "Fors", Role.MANAGER, norr),
        head=("Greta", "Gran", Role.MANAGER, None),
        analyst=("Hassan", "Hadi", Role.ANALYST, None),
        union_representative=("Jan", "Jonsson", Role.UNION_REPRESENTATIVE, None),
        administrator=("Ingrid", "Is", Role.ADMINISTRATOR, None),
    )
    cases = _enrolments(
        asa=("Åsa", "Öhrström", centrum, users["coach"], Protection.NONE),
        bertil=("Bertil", "Bodin", centrum, users["colleague"], Protection.NONE),
        ciwan=("Ciwan", "Celik", norr, users["outsider"], Protection.NONE),
        protected_centrum=("Petra", "Hemlig", centrum, users["coach"], Protection.SECRECY_MARK),
        protected_norr=("Pontus", "Dold", norr, users["outsider"], Protection.PROTECTED_REGISTRATION),
    )
    return Cast(centrum=centrum, norr=norr, **users, **cases)


def _units(*named: tuple[str, str]) -> list[Unit]:
    units = Unit.objects.bulk_create(Unit(code=code) for code, _name in named)
    UnitTerm.objects.bulk_create(
        UnitTerm(unit=unit, name=name, legal_basis=LegalBasis.SOCIAL_SERVICES, valid_from=UnitTerm.SINCE_EVER)
        for unit, (_code, name) in zip(units, named, strict=True)
    )
    return units


def _users(**people: tuple[str, str, Role, Unit | None]) -> dict[str, User]:
    users = User.objects.bulk_create(
        UserFactory.build(given_name=given, family_name=family, email=f"{given.lower()}@example.org")
        for given, family, _role, _unit in people.values()
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=role, unit=unit)
        for user, (_given, _family, role, unit) in zip(users, people.values(), strict=True)
    )
    return dict(zip(people, users, strict=True))


def _enrolments(**cases: tuple[str, str, Unit, User, Protection]) -> dict[str, Enrolment]:
    people = Participant.objects.bulk_create(
        ParticipantFactory.build(given_name=given, family_name=family, protection=protection)
        for given, family, _unit, _coach, protection in cases.values()
    )
    enrolments = Enrolment.objects.bulk_create(
        EnrolmentFactory.build(participant=person, unit=unit, coach=coach)
        for person, (_given, _family, unit, coach, _protection) in zip(people, cases.values(), strict=True)
    )
    UnitAssignment.objects.bulk_create(assignment_of(enrolment) for enrolment in enrolments)
    return dict(zip(cases, enrolments, strict=True))
