"""Somebody who had two files is one person in the figures, from the merge on."""

import io
import json
import uuid

import pytest
from django.core.management import call_command

from participants.merging.services import merge_at_once
from participants.merging.undoing import merge_undo
from participants.models import Enrolment
from tests.factories import EnrolmentFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def figures() -> dict[str, int]:
    out = io.StringIO()
    call_command("statistics", "2025", "--as-of", "2026-01-31", "--format", "json", stdout=out)
    tables = json.loads(out.getvalue())["tables"]
    return {name: tables[name]["total"] for name in ("active", "new", "closed")}


def test_a_merged_participant_is_counted_once(db):
    unit = UnitFactory()
    first = EnrolmentFactory(unit=unit, start="2025-01-10", end="2025-03-31", closure_reason="moved")
    second = EnrolmentFactory(unit=unit, start="2025-06-01")
    before = figures()
    merge = merge_at_once(
        winner=second.participant, loser=first.participant, choices={}, why="Samma.", actor=UserFactory(),
        token=uuid.uuid4(), units=[], blind=True,
    )  # fmt: skip
    assert {name: before[name] - count for name, count in figures().items()} == {"active": 1, "new": 1, "closed": 0}
    assert set(Enrolment.objects.values_list("participant", flat=True)) == {second.participant_id}
    merge_undo(merge=merge, actor=UserFactory(), why="Fel.", units=[])
    assert figures() == before
