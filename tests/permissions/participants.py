"""The list and the file of a participant, protection."""

from participants.models import ProtectedAccess
from tests.cast import Cast
from tests.factories import days_ago
from tests.permissions.rows import (
    ALL_MANAGERS,
    CASE_WORK,
    MANAGERS,
    Row,
    everybody,
    in_unit,
    only,
    person,
)


def protected_person(cast: Cast, _user) -> list:
    """A protected participant of the unit, for whom nobody has been named."""
    return [cast.protected_centrum.participant.public_id]


def named_person(cast: Cast, _user) -> list:
    """The protected participant, for whom the coach has been named."""
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    return protected_person(cast, _user)


PARTICIPANTS = (
    Row("participants:list", "The list of participants", get=only(CASE_WORK)),
    Row(
        "participants:alike",
        "Who may be the person that is typed",
        post=only(CASE_WORK),
        data=lambda cast, user: {"person-given_name": "Åsa", "person-birth_date": "1990-05-17", "person-asked": "x"},
    ),
    Row("participants:file", "A participant's file", person, get=in_unit()),
    Row("participants:unmask", "Show the identity number", person, get=everybody(302), post=in_unit()),
    Row(
        "participants:contact",
        "How the person is reached, and was",
        person,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"phone": "070-174 06 05"},
    ),
    Row(
        "participants:facts",
        "Who the person is, and facts of the enrolment",
        person,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {
            "given_name": "Åsa",
            "gender": cast.person.gender,
            "initial-gender": cast.person.gender,
            "legal_basis": "social_services",
            "initial-legal_basis": "social_services",
        },
    ),
    Row(
        "participants:number",
        "Give the person another identity number",
        person,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"number": "19900517-2383", "seen": "0"},
    ),
    Row(
        "participants:first_day",
        "Correct the first day of an enrolment",
        person,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"day": days_ago(400), "seen": cast.asa.start, "why": "Fel år."},
    ),
    Row("participants:protected", "Protected persons, by case number", get=only(ALL_MANAGERS)),
    Row(
        "participants:access_grant",
        "Name who may see a protected person",
        protected_person,
        post=only(MANAGERS, 302, other_manager=404),
        data=lambda cast, user: {f"{cast.protected_centrum.participant.public_id}-user": str(cast.coach.public_id)},
    ),
    Row(
        "participants:access_withdraw",
        "Take the name away",
        named_person,
        post=only(MANAGERS, 302, other_manager=404),
        data=lambda cast, user: {"user": str(cast.coach.public_id)},
    ),
)
