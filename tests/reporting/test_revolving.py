"""The acceptance data: who goes round on the day when they are enrolled, and nobody else."""

import datetime as dt

import pytest

from participants.models import Enrolment
from participants.revolving import going_round, round_of

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2026, 4, 15)


def test_sara_goes_round_and_nobody_else(acceptance_quarter, cast):
    """One rule for a page and for the figure: both find her on 2 February 2026, as they would have once before."""
    cases = Enrolment.objects.select_related("participant").order_by("pk")
    flagged = {
        (case.participant.full_name, case.start)
        for case in cases
        if round_of(case.participant, case.start, cast.head, as_of=AS_OF)
    }
    assert flagged == {("Sara Nyberg", dt.date(2025, 11, 24)), ("Sara Nyberg", dt.date(2026, 2, 2))}
    found = going_round(cases, AS_OF)
    assert {(case.participant.full_name, case.start) for case in found} == flagged


def test_her_history_is_told_with_it(acceptance_quarter, cast):
    case = Enrolment.objects.get(participant__family_name="Nyberg", start="2026-02-02")
    told = round_of(case.participant, case.start, cast.head, as_of=AS_OF)
    assert told.times == 4
    assert [each.start for each in told.earlier] == [
        dt.date(2025, 11, 24), dt.date(2024, 9, 2), dt.date(2023, 5, 8),
    ]  # fmt: skip
