"""A steering group with a meeting that decided something, and what is to be done about it."""

import uuid

import pytest
from django.urls import reverse

from tests.factories import days_ago
from tracks.models import Action, Meeting, SteeringGroup
from tracks.steering import services


def group_of(**facts) -> SteeringGroup:
    facts = {"name": "Styrgrupp för jobbspår", "kind": "steering", "members": "Eva Ek, enhetschef"} | facts
    return services.group_create(token=uuid.uuid4(), facts=facts, tracks=[])


def meeting_of(group, day) -> Meeting:
    return services.meeting_create(group=group, token=uuid.uuid4(), facts={"day": day})


def action_of(meeting, due, owner=None, **facts) -> Action:
    decision = meeting.decisions.first() or services.decision_create(
        meeting=meeting, token=uuid.uuid4(), text="Två nya omgångar startas i höst."
    )
    name = owner.full_name if owner else "Anna Arbetsgivare"
    facts = {"text": "Teckna avtal om platser.", "owner": owner, "owner_name": name, "due": due} | facts
    return services.action_create(decision=decision, token=uuid.uuid4(), facts=facts)


@pytest.fixture
def group(db) -> SteeringGroup:
    return group_of()


@pytest.fixture
def held(group) -> Meeting:
    """The meeting of thirty days ago."""
    return meeting_of(group, days_ago(30))


def of(name: str, row) -> str:
    return reverse(f"steering:{name}", args=[row.public_id])
