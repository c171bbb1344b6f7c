"""Two files of one person: comparing them, proposing and deciding that they become one, and undoing it."""

import uuid

from participants.merging.services import merge_at_once, merge_propose
from participants.models import Enrolment, Merge, NumberQuestion
from tests.cast import Cast
from tests.factories import days_ago
from tests.permissions.rows import (
    ADMINISTRATORS,
    CASE_WORK,
    MANAGERS,
    Row,
    in_unit,
    only,
    person,
)

WHY = "Samma namn och adress."


def both(cast: Cast, _user) -> list:
    """Åsa's file and Bertil's, as if they were one person: Bertil's enrolment was before Åsa's."""
    Enrolment.objects.filter(pk=cast.bertil.pk).update(start=days_ago(300), end=days_ago(200), closure_reason="moved")
    return [cast.person.public_id, cast.bertil.participant.public_id]


def proposed(cast: Cast, _user, *, for_administrator: bool = False) -> list:
    """A colleague has proposed it."""
    both(cast, None)
    merge = merge_propose(
        winner=cast.person,
        loser=cast.bertil.participant,
        choices={},
        why=WHY,
        actor=cast.colleague,
        token=uuid.uuid4(),
        for_administrator=for_administrator,
    )
    return [merge.public_id]


def left_to_the_administrator(cast: Cast, user) -> list:
    return proposed(cast, user, for_administrator=True)


def merged(cast: Cast, user) -> list:
    """The manager has made them one."""
    both(cast, None)
    merge_at_once(
        winner=cast.person,
        loser=cast.bertil.participant,
        choices={},
        why=WHY,
        actor=cast.manager,
        token=uuid.uuid4(),
        units=["CENTRUM"],
    )
    return [Merge.objects.get().public_id]


def question(cast: Cast, _user) -> list:
    both(cast, None)
    asked = {"asked_by": cast.coach, "asked_by_name": cast.coach.full_name}
    row = NumberQuestion.objects.create(participant=cast.person, known_on=cast.bertil.participant, **asked)
    return [row.public_id]


MERGES = (
    Row("participants:same_person", "Who may be the same person", person, get=in_unit()),
    Row(
        "participants:compare",
        "Compare two files; managers merge, others propose",
        both,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {
            "goes_on": "first",
            "number": "first",
            "name": "first",
            "why": WHY,
            "token": str(uuid.uuid4()),
            "seen_first": "0",
            "seen_second": "0",
        },
    ),
    Row("merges:list", "Proposals to merge, and merges", get=only(CASE_WORK | ADMINISTRATORS)),
    Row(
        "merges:merge",
        "A merge of which both files are known",
        proposed,
        get=in_unit() | {"administrator": 404},
    ),
    Row(
        "merges:decline",
        "Decline a proposal",
        proposed,
        post=in_unit(302, MANAGERS) | {"administrator": 404},
        data=lambda cast, user: {"note": "Det är två."},
    ),
    Row(
        "merges:carry_out",
        "Merge what is left to the administrator, by case number",
        left_to_the_administrator,
        post=in_unit(403) | {"administrator": 302},
        data=lambda cast, user: {"goes_on": "first", "why": WHY, "token": str(uuid.uuid4())},
    ),
    Row(
        "merges:undo",
        "Undo a merge",
        merged,
        post=in_unit(302, MANAGERS) | {"administrator": 404},
        data=lambda cast, user: {"why": "Det var två."},
    ),
    Row(
        "merges:of_question",
        "Merge two files with one number, by case number",
        question,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"goes_on": "first", "why": WHY, "token": str(uuid.uuid4())},
    ),
)
