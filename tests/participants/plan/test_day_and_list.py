"""What plans add to Min dag and to the list of participants."""

import re

import pytest
from django.urls import reverse

from accounts.services import setting_change
from participants.models import Enrolment, Milestone, PlanVersion
from participants.plan.listing import plan_states
from tests.factories import EnrolmentFactory, FollowUpFactory, PlanFactory, days_ago
from tests.participants.plan.plans import activity, address, decided, drafted, in_days, milestone, typed
from vocabulary.codes import FollowUpKind


@pytest.fixture
def coach(client, cast):
    Enrolment.objects.update(last_activity_on=days_ago(0))
    client.force_login(cast.coach)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def rows(client, key: str, **params) -> list[str]:
    page = text(client.get(reverse("day:list", args=[key]), params))
    return re.findall(r'class="day-who"><a[^>]*>([^<]+)</a>', page)


# --- Reviews ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("due", "told"), [(-3, True), (14, True), (15, False)])
def test_a_plan_is_to_be_gone_through_in_time(coach, cast, due, told):
    decided(cast.asa, cast.coach, [milestone()], decided_on=days_ago(50).isoformat(), review_on=in_days(due))
    assert rows(coach, "planer-att-se-over") == (["Åsa Öhrström"] if told else [])
    page = text(coach.get(reverse("day:day")))
    assert (address("plan_review", cast.asa) in page) == told


def test_what_another_system_planned_is_asked_for_too(coach, cast):
    FollowUpFactory(placement=None, enrolment=cast.asa, kind=FollowUpKind.PLAN_REVIEW, due=days_ago(1))
    assert rows(coach, "planer-att-se-over") == ["Åsa Öhrström"]
    page = coach.get(address("plan_review", cast.asa), follow=True)
    assert "Skriv och besluta den först." in text(page)


# --- Milestones ---------------------------------------------------------------------------------------------------


def test_a_late_milestone_is_reached_with_one_click_and_taken_back(coach, cast):
    decided(
        cast.asa, cast.coach,
        [milestone("Ring kursen", due=days_ago(1).isoformat()), milestone("I dag", due=in_days(0))],
        decided_on=days_ago(20).isoformat(),
    )  # fmt: skip
    page = text(coach.get(reverse("day:list", args=["sena-delmal"])))
    assert "Ring kursen" in page
    assert "I dag</span>" not in page
    reference = str(Milestone.objects.get(wordings__text="Ring kursen").public_id)
    note = reverse("day:note", args=["sena-delmal"])
    answer = coach.post(note, {"reference": reference}, headers={"HX-Request": "true"})
    assert "Klart" in text(answer)
    assert rows(coach, "sena-delmal") == []
    coach.post(note, {"reference": reference, "undo": "1"})
    assert rows(coach, "sena-delmal") == ["Åsa Öhrström"]


@pytest.mark.parametrize("reference", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_milestone_that_is_not_there_is_not_noted(coach, cast, reference):
    assert coach.post(reverse("day:note", args=["sena-delmal"]), {"reference": reference}).status_code == 404


def test_nobody_marks_what_another_unit_or_a_manager_may_not(client, cast):
    decided(cast.asa, cast.coach, [milestone(due=days_ago(1).isoformat())], decided_on=days_ago(20).isoformat())
    reference = str(Milestone.objects.get().public_id)
    for user in (cast.outsider, cast.manager):
        client.force_login(user)
        answer = client.post(reverse("day:note", args=["sena-delmal"]), {"reference": reference})
        assert answer.status_code == 404
    assert Milestone.objects.get().done_on is None


def test_what_stands_only_in_a_version_that_was_revised_is_not_late(coach, cast):
    decided(cast.asa, cast.coach, [milestone(due=days_ago(1).isoformat())], decided_on=days_ago(20).isoformat())
    decided(cast.asa, cast.coach, [milestone()])
    assert rows(coach, "sena-delmal") == []


# --- No plan ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "told"), [(15, False), (16, True), (31, True)])
def test_who_has_no_plan_is_told_of_in_time(coach, cast, days, told):
    Enrolment.objects.filter(pk=cast.asa.pk).update(start=days_ago(days))
    page = text(coach.get(reverse("day:day")))
    assert ("Ingen plan är beslutad" in page) == told


def test_a_draft_waits_to_be_decided_and_a_plan_ends_the_waiting(coach, cast):
    drafted(cast.asa, cast.coach, typed([milestone()]))
    assert "Ett utkast väntar på beslut" in text(coach.get(reverse("day:list", args=["plan-saknas"])))
    PlanVersion.objects.all().delete()
    decided(cast.asa, cast.coach, [milestone()])
    assert rows(coach, "plan-saknas") == []


def test_after_a_plan_was_closed_the_days_are_counted_anew(coach, cast):
    PlanFactory(enrolment=cast.asa, state="closed", closed_on=days_ago(3))
    assert rows(coach, "plan-saknas") == []
    Enrolment.objects.filter(pk=cast.asa.pk).update(start=days_ago(200))
    setting_change(key="plan_within_days", value=10)
    assert rows(coach, "plan-saknas") == ["Åsa Öhrström"]


# --- The list of participants -------------------------------------------------------------------------------------


def test_the_list_has_flags_for_no_plan_and_late_milestones(client, cast):
    client.force_login(cast.manager)
    decided(cast.asa, cast.coach, [milestone(due=days_ago(1).isoformat())], decided_on=days_ago(20).isoformat())
    EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=days_ago(5))
    late = text(client.get(reverse("participants:list"), {"show": "all", "flag": "late_milestone"}))
    assert "Åsa Öhrström" in late
    assert "Bertil Bodin" not in late
    missing = text(client.get(reverse("participants:list"), {"show": "all", "flag": "no_plan"}))
    assert "Bertil Bodin" in missing
    assert "Åsa Öhrström" not in missing
    assert "1 deltagare" in missing


def test_the_states_of_plans_stand_in_a_column_of_the_files(cast):
    decided(cast.asa, cast.coach, [milestone()], [activity()])
    drafted(cast.asa, cast.coach, typed([milestone()]))
    drafted(cast.bertil, cast.colleague, typed([milestone()]))
    found = plan_states([cast.asa, cast.bertil, cast.ciwan])
    assert {key: str(tag) for key, tag in found.items()} == {cast.asa.pk: "Beslutad", cast.bertil.pk: "Utkast"}
