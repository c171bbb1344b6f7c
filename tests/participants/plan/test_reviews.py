"""Going through a plan: held and planned anew, counted among the follow-ups, and what another system had planned."""

import datetime as dt

import pytest

from accounts.services import setting_change
from participants.models import PlanReview, PlanVersion
from participants.plan.services.reviews import ReviewChanged, open_review, plan_review_hold
from placements.models import FollowUp
from tests.factories import FollowUpFactory, days_ago
from tests.participants.plan.plans import address, decided, in_days, milestone, part
from vocabulary.codes import FollowUpKind


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def held(review: PlanReview, **fields) -> dict:
    data = {"review": str(review.public_id), "held_on": days_ago(0).isoformat(), "said": "Det går framåt."}
    return data | {"next_due": in_days(150), "then": "as_it_is"} | fields


def mirror(review: PlanReview) -> FollowUp:
    return FollowUp.objects.get(public_id=review.public_id)


def from_elsewhere(enrolment, due, **fields) -> FollowUp:
    """A plan review that a register brought."""
    return FollowUpFactory(placement=None, enrolment=enrolment, kind=FollowUpKind.PLAN_REVIEW, due=due, **fields)


def test_deciding_a_plan_plans_its_review_among_the_follow_ups(cast):
    decided(cast.asa, cast.coach, [milestone()])
    review = open_review(cast.asa)
    row = mirror(review)
    assert (row.kind, row.due, row.filed, row.enrolment, row.participant) == (
        "plan_review", dt.date.fromisoformat(in_days(150)), None, cast.asa, cast.person,
    )  # fmt: skip
    assert (row.placement, row.planned_by, row.planned_by_name) == (None, cast.coach, "Alma Alm")


def test_a_review_is_written_down_and_the_next_one_planned(coach, cast):
    decided(cast.asa, cast.coach, [milestone()], decided_on=days_ago(30).isoformat())
    first = open_review(cast.asa)
    page = text(coach.get(address("plan_review", cast.asa)))
    assert "Planen följdes upp" in page
    assert "Vad kom ni fram till?" in page
    for _time in range(2):
        answer = coach.post(address("plan_review", cast.asa), held(first), follow=True)
        assert "Uppföljningen av planen är sparad." in text(answer)
    first.refresh_from_db()
    assert (first.held_on, first.said, first.held_by_name) == (days_ago(0), "Det går framåt.", "Alma Alm")
    assert mirror(first).filed == days_ago(0)
    second = open_review(cast.asa)
    assert second.due.isoformat() == in_days(150)
    assert mirror(second).filed is None
    assert PlanReview.objects.count() == FollowUp.objects.count() == 2
    overview = text(coach.get(f"/deltagare/{cast.person.public_id}/"))
    assert overview.count("Det går framåt.") == 1  # told with the plan, not once more with the follow-ups
    assert "Det går framåt." in text(coach.get(part(cast.asa)))


def test_a_plan_that_does_not_hold_is_revised_next(coach, cast):
    decided(cast.asa, cast.coach, [milestone()])
    answer = coach.post(address("plan_review", cast.asa), held(open_review(cast.asa), then="revise"))
    assert answer["Location"] == address("plan_write", cast.asa)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"held_on": ""}, "Ange vilken dag."),
        ({"held_on": in_days(1)}, "Dagen ligger i framtiden."),
        ({"held_on": in_days(-9)}, "då planen senast beslutades eller följdes upp"),
        ({"said": " "}, "Skriv vad ni kom fram till."),
        ({"next_due": ""}, "Ange när planen senast ska följas upp nästa gång."),
        ({"next_due": in_days(0)}, "Nästa gång måste vara senare än den här."),
        ({"next_due": in_days(300)}, "Planen ska följas upp senast den"),
        ({"then": ""}, "Ange om planen håller."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(coach, cast, fields, sentence):
    decided(cast.asa, cast.coach, [milestone()])
    typed = held(open_review(cast.asa), said="Mycket att berätta.") | fields
    page = coach.post(address("plan_review", cast.asa), typed)
    assert page.status_code == 422
    assert sentence in text(page)
    assert "said" in fields or "Mycket att berätta.</textarea>" in text(page)
    assert open_review(cast.asa).is_open


def test_two_who_write_it_down_are_told_of_each_other(coach, cast):
    decided(cast.asa, cast.coach, [milestone()])
    review = open_review(cast.asa)
    act = {"review": review, "held_on": days_ago(0), "next_due": dt.date.fromisoformat(in_days(100))}
    plan_review_hold(actor=cast.colleague, said="Vi sågs i dag.", **act)
    with pytest.raises(ReviewChanged):
        plan_review_hold(actor=cast.coach, said="Något annat", **act)
    page = coach.post(address("plan_review", cast.asa), held(review, said="Mitt eget"))
    assert page.status_code == 409
    assert "Vi sågs i dag." in text(page)
    assert "Mitt eget</textarea>" in text(page)


def test_without_a_plan_there_is_none_to_go_through(coach, cast):
    page = coach.get(address("plan_review", cast.asa), follow=True)
    assert "Ingen plan är beslutad" in text(page)


# --- Revising, closing --------------------------------------------------------------------------------------------


def test_a_revision_moves_a_review_that_was_to_come(cast):
    decided(cast.asa, cast.coach, [milestone()])
    review = open_review(cast.asa)
    decided(cast.asa, cast.coach, [milestone()], review_on=in_days(90))
    assert open_review(cast.asa) == review
    review.refresh_from_db()
    assert review.due.isoformat() == in_days(90)
    assert mirror(review).due == review.due
    assert FollowUp.objects.count() == 1


def test_a_revision_counts_as_the_review_that_was_due(cast):
    decided(cast.asa, cast.coach, [milestone()], decided_on=days_ago(55).isoformat(), review_on=in_days(-5))
    late = open_review(cast.asa)
    assert late.is_late
    decided(cast.asa, cast.coach, [milestone()])
    late.refresh_from_db()
    assert (late.held_on, mirror(late).filed) == (days_ago(0), days_ago(0))
    assert open_review(cast.asa).due.isoformat() == in_days(150)


# --- What another system had planned ------------------------------------------------------------------------------


def test_a_decided_plan_answers_what_was_due_and_takes_the_place_of_what_was_to_come(cast):
    was_due = from_elsewhere(cast.asa, days_ago(10))
    to_come = from_elsewhere(cast.asa, days_ago(-20))
    filed = from_elsewhere(cast.asa, days_ago(50), filed=days_ago(49))
    others = from_elsewhere(cast.bertil, days_ago(10))
    decided(cast.asa, cast.coach, [milestone()])
    for row in (was_due, to_come, filed, others):
        row.refresh_from_db()
    assert (was_due.filed, was_due.withdrawn_on) == (days_ago(0), None)
    assert (to_come.filed, to_come.withdrawn_on) == (None, days_ago(0))
    assert filed.filed == days_ago(49)
    assert (others.filed, others.withdrawn_on) == (None, None)


def test_a_review_that_is_held_answers_every_one_that_was_due(coach, cast):
    decided(cast.asa, cast.coach, [milestone()], decided_on=days_ago(30).isoformat())
    loaded = from_elsewhere(cast.asa, days_ago(3))  # by a register that came later
    coach.post(address("plan_review", cast.asa), held(open_review(cast.asa)))
    loaded.refresh_from_db()
    assert loaded.filed == days_ago(0)


# --- The municipality's interval ----------------------------------------------------------------------------------


def test_the_interval_is_the_municipalitys(coach, cast):
    setting_change(key="plan_review_months", value=3)
    decided(cast.asa, cast.coach, [milestone()], review_on=in_days(60))
    page = coach.post(address("plan_review", cast.asa), held(open_review(cast.asa), next_due=in_days(100)))
    assert page.status_code == 422
    assert "Inom 3 månader." in text(page)
    assert PlanVersion.objects.get().review_on.isoformat() == in_days(60)
