"""Whatever the apps have joined: every list can be asked together with the others, and what they cost is bounded."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.services import setting_change
from participants.day.asking import ListRows, Whose, first_rows, late_by_place, own_day
from participants.day.lists import day_lists
from tests.factories import EnrolmentFactory, FollowUpFactory, PlacementFactory, days_ago

KEYS = [each.key for each in day_lists()]


@pytest.fixture
def busy(cast):
    """Everybody has something that is late, and somebody who has left for studies."""
    for coach, unit in ((cast.coach, cast.centrum), (cast.outsider, cast.norr)):
        for _one in range(2):
            case = EnrolmentFactory(unit=unit, coach=coach, start=days_ago(200))
            FollowUpFactory(placement__enrolment=case)
            PlacementFactory(enrolment=case, start=days_ago(90), end=days_ago(3))
            EnrolmentFactory(
                unit=unit, coach=coach, start=days_ago(300), end=days_ago(95),
                closure_reason="studies", study_aid=True,
            )  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_its_rows_have_the_columns_that_all_lists_have(busy, cast, key):
    whose = own_day(cast.coach, timezone.localdate())
    [day_list] = [each for each in day_lists() if each.key == key]
    rows = ListRows(whose, day_list)
    found = rows[0:50]
    assert rows.count() == len(found)
    for asked in found:
        assert asked.list == key
        assert asked.enrolment or asked.name
    alone = first_rows(whose, [day_list], 50)
    assert [each.key for each in alone] == [each.key for each in found]
    assert {each.total for each in alone} <= {len(found)}


def test_together_they_are_one_question_whoever_asks(busy, cast, django_assert_num_queries):
    today, lists = timezone.localdate(), day_lists()
    for whose, questions in (
        (own_day(cast.coach, today), None),
        (Whose(user=cast.head, today=today), None),
        (Whose(user=cast.manager, today=today, units=(cast.centrum,), late_only=True), None),
        (Whose(user=cast.manager, today=today, without_coach=True), None),
    ):
        shown = [each for each in lists if whose.has(each)]
        with CaptureQueriesContext(connection) as asked:
            found = first_rows(whose, shown, 5)
        assert len([each for each in asked if "UNION ALL" in each["sql"]]) == 1, questions
        assert bool(found) != whose.without_coach
    late = late_by_place(Whose(user=cast.head, today=today), [each for each in lists if not each.own_only])
    assert {(unit, coach) for _key, unit, coach, _count in late} >= {
        (cast.centrum.pk, cast.coach.pk), (cast.norr.pk, cast.outsider.pk)
    }  # fmt: skip


def test_nobody_and_nothing_is_no_question_at_all(cast):
    nobody = Whose(user=cast.analyst, today=timezone.localdate(), coaches=frozenset({cast.analyst.pk}), own=True)
    assert first_rows(nobody, day_lists(), 5) == []
    assert late_by_place(nobody, []) == []


@pytest.mark.parametrize(("who", "address"), [("coach", "day:day"), ("manager", "unit:unit"), ("head", "unit:unit")])
def test_with_every_list_a_page_asks_little_and_always_the_same(client, busy, cast, who, address):
    client.force_login(getattr(cast, who))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(address)).status_code == 200
        return len(asked)

    few = queries()
    for _one in range(8):
        FollowUpFactory(placement__enrolment=EnrolmentFactory(unit=cast.centrum, coach=cast.coach))
    assert queries() == few <= 15


def test_a_question_that_is_kept_for_the_day_is_asked_with_whose_day_it_is(busy, cast):
    """What is put together for the first is asked with the second's keys, and again tomorrow with another day."""
    today = timezone.localdate()
    steady = [each for each in day_lists() if not each.for_reader]
    for user, other in ((cast.coach, cast.outsider), (cast.outsider, cast.coach)):
        found = first_rows(own_day(user, today), steady, 50)
        coaches = {EnrolmentFactory._meta.model.objects.get(pk=each.enrolment).coach for each in found}
        assert coaches == {user} != {other}
    assert [each for each in found if each.list == "ingen-kontakt"]
    setting_change(key="silent_days", value=300)
    found = first_rows(own_day(cast.coach, today), steady, 50)
    assert not [each for each in found if each.list == "ingen-kontakt"]
    early = first_rows(own_day(cast.coach, days_ago(30)), steady, 50)
    assert not [each for each in early if each.list == "uppfoljningar"]  # due two days ago: not within a week then
