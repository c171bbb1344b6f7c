"""Which days a follow-up asks about, as the supervisor reads them."""

import datetime as dt

import pytest
from django.utils import timezone

from placements.models import FollowUpAnswer
from placements.period import Period, period_of
from tests.factories import FollowUpFactory, days_ago
from tests.placements.conftest import GOOD, ask, placement_of

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.date:
    return days_ago(-days)


def test_a_follow_up_that_was_answered_early_leaves_the_days_after_it_to_the_next(client, cast):
    placement = placement_of(cast.asa, start=days_ago(30), end=in_days(60))
    early = ask(FollowUpFactory(placement=placement, due=in_days(3)), cast.coach)
    client.post(early.page, GOOD)
    assert FollowUpAnswer.objects.get(followup=early.followup).days == (days_ago(30), days_ago(0))
    coming = FollowUpFactory(placement=placement, due=in_days(8))
    assert period_of(coming, in_days(8)) == Period(days_ago(0), in_days(8))


def test_a_follow_up_that_is_still_to_come_takes_no_days_from_a_link_that_is_opened_early(cast):
    placement = placement_of(cast.asa, start=days_ago(30), end=in_days(60))
    FollowUpFactory(placement=placement, due=in_days(3))
    last = FollowUpFactory(placement=placement, due=in_days(8))
    assert period_of(last, timezone.localdate()) == Period(days_ago(30), days_ago(0))
    assert period_of(last, in_days(8)) == Period(in_days(3), in_days(8))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (dt.date(2026, 2, 2), dt.date(2026, 3, 31), "v. 6–14, 2 februari–31 mars"),
        (dt.date(2026, 11, 5), dt.date(2026, 11, 22), "v. 45–47, 5–22 november"),
        (dt.date(2026, 11, 25), dt.date(2026, 11, 25), "v. 48, 25 november"),
        (dt.date(2025, 12, 29), dt.date(2026, 12, 29), "v. 1–53, 29 december 2025–29 december 2026"),
    ],
)
def test_a_period_is_written_as_people_write_it(first, last, words):
    assert str(Period(first, last)) == words
