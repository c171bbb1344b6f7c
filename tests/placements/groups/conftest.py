"""A group of Centrum with sessions, and activities in the plans of those who may have seats."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from participants.models import Activity, ActivityState
from placements.models import Group, GroupPlace, GroupSession
from tests.factories import days_ago
from vocabulary.models import ActivityForm


def activity_of(enrolment, form="job_search", state=ActivityState.DECIDED) -> Activity:
    return Activity.objects.create(
        enrolment=enrolment,
        form=ActivityForm.objects.get(code=form),
        purpose="Komma i gång med att söka arbete",
        expected_outcome="Söker tre arbeten i veckan",
        state=state,
    )


def group_of(unit, **fields) -> Group:
    options = {"name": "Jobbsökargrupp tisdag", "form_id": "job_search", "start": days_ago(40), "seats": 3}
    return Group.objects.create(unit=unit, **options | fields)


def session_of(group, day, **fields) -> GroupSession:
    return GroupSession.objects.create(group=group, day=day, begins=dt.time(9), ends=dt.time(12), **fields)


def seat_of(group, enrolment, **fields) -> GroupPlace:
    options = {"start": days_ago(30)}
    return GroupPlace.objects.create(
        group=group, enrolment=enrolment, activity=activity_of(enrolment), **options | fields
    )


@pytest.fixture
def group(cast) -> Group:
    return group_of(cast.centrum)


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def of(name, *rows):
    """The address of a page about a group, or about something of it."""
    return reverse(f"groups:{name}", args=[row.public_id for row in rows])


def seat_form(group, activity, **fields) -> dict:
    data = {"group": group.public_id, "activity": activity.public_id, "start": days_ago(0).isoformat()}
    return data | {"end": "", "token": uuid.uuid4()} | fields
