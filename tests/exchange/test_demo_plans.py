"""The invented municipality's plans: of every sort, and each such as a coach could have written it."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from exchange.demo import plans
from exchange.demo.plans import demo_plans_create
from participants.models import Activity, Enrolment, Milestone, PlanMilestone, PlanReview, PlanVersion
from participants.plan.forms import PlanForms
from participants.plan.services.versions import plan_draft_save
from tests.factories import EnrolmentFactory, PlacementFactory, days_ago
from vocabulary.codes import PlacementResult

PEOPLE = 40


@pytest.fixture
def people(clock, cast) -> list[Enrolment]:
    """Enrolled some weeks to two years before a day, every third with a placement that has ended. What chance gives
    depends on which days are working days, so the day is always the same."""
    clock.on("2026-11-27")
    rows = []
    for number in range(PEOPLE):
        start = days_ago(5 + number * 18)
        row = EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=start)
        if number % 3 == 0 and number > 8:
            PlacementFactory(
                enrolment=row, form="work_training", start=days_ago(100), end=days_ago(30), purpose="Pröva",
                expected_outcome="Vet vad som passar", result=PlacementResult.PARTLY,
            )  # fmt: skip
        rows.append(row)
    return rows


@pytest.mark.deep
@pytest.mark.beside
def test_there_are_plans_of_every_sort_that_could_have_been_written_on_the_page(people, monkeypatch):
    wrong = []

    def saved(*, enrolment, typed, **options):
        draft = plan_draft_save(enrolment=enrolment, typed=typed, **options)
        forms = PlanForms(enrolment, draft.typed, checked=True)
        if typed["decided_on"] and not forms.is_valid():
            wrong.append([form.errors for form in forms.every if form.errors])
        return draft

    monkeypatch.setattr(plans, "plan_draft_save", saved)
    demo_plans_create()
    assert not wrong
    versions_are_of_every_sort()
    what_became_of_them_is_of_every_sort()


def versions_are_of_every_sort() -> None:
    states, answers = (set(PlanVersion.objects.values_list(name, flat=True)) for name in ("state", "agreement"))
    assert states == {"draft", "decided", "revised", "closed"}
    assert answers == {"not_asked", "agrees", "with_comment", "disagrees"}
    assert PlanVersion.objects.filter(number__gte=3).exists()
    assert Enrolment.objects.filter(plans=None, start__lt=days_ago(60)).exists()


def what_became_of_them_is_of_every_sort() -> None:
    """Nothing is of a day to come but what is planned, and an activity has ended as its placement did."""
    today = timezone.localdate()
    assert Milestone.objects.exclude(evidence="").exists()
    assert not Milestone.objects.filter(done_on__gt=today).exists()
    late = PlanMilestone.objects.filter(version__state="decided", milestone__done_on=None, due__lt=today)
    assert late.exists()
    ended = Activity.objects.filter(state="ended")
    assert set(ended.values_list("outcome", flat=True)) == {"met", "partly", "not_met"}
    assert not ended.filter(ended_on__gt=today).exists()
    assert set(ended.filter(form="work_training").values_list("outcome", "ended_on")) == {("partly", days_ago(30))}
    waiting = PlanReview.objects.filter(held_on=None, withdrawn_on=None)
    assert waiting.filter(due__lt=today).exists()
    assert waiting.filter(due__range=(today, today + dt.timedelta(days=14))).exists()
    assert waiting.filter(due__gt=today + dt.timedelta(days=60)).exists()
    assert PlanReview.objects.exclude(said="").exists()


@pytest.mark.beside
@pytest.mark.deep
def test_the_same_people_get_the_same_plans_and_nothing_a_second_time(people):
    def told():
        rows = PlanMilestone.objects.order_by("version__enrolment", "version__number", "position")
        return list(rows.values_list("version__enrolment", "version__number", "text", "due", "milestone__done_on"))

    with transaction.atomic():
        demo_plans_create()
        first = told()
        transaction.set_rollback(True)
    demo_plans_create()
    assert first
    assert told() == first
    demo_plans_create()
    assert told() == first
