"""Closing a plan, by itself and with the enrolment: every activity gets its outcome, no review is left."""

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.models import Enrolment, PlanReview, PlanVersion
from placements.models import FollowUp
from tests.factories import days_ago
from tests.participants.plan.plans import activity, address, decided, drafted, in_days, milestone, part, typed


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def plan(cast) -> PlanVersion:
    decided(cast.asa, cast.coach, [milestone(), milestone("Hygienutbildning")], [activity(), activity("course")])
    return PlanVersion.objects.get()


def outcomes(enrolment, *chosen, prefix="") -> dict:
    rows = enrolment.activities.filter(state="decided").order_by("created_at", "pk")
    return {f"{prefix}{row.public_id}": each for row, each in zip(rows, chosen, strict=True)}


# --- By itself ----------------------------------------------------------------------------------------------------


def test_a_plan_is_closed_with_the_outcome_of_each_activity(coach, cast, plan):
    page = text(coach.get(address("plan_close", cast.asa)))
    assert "Hygienutbildning" in page  # not reached
    data = {"closed_on": days_ago(0).isoformat(), "note": "Målet är nått."} | outcomes(cast.asa, "met", "dropped")
    for _time in range(2):
        page = coach.post(address("plan_close", cast.asa), data, follow=True)
    plan.refresh_from_db()
    assert (plan.state, plan.closed_on, plan.closed_note, plan.closed_by_name) == (
        "closed", days_ago(0), "Målet är nått.", "Alma Alm",
    )  # fmt: skip
    assert [(each.state, each.outcome) for each in cast.asa.activities.order_by("pk")] == [
        ("ended", "met"), ("dropped", ""),
    ]  # fmt: skip
    assert PlanReview.objects.get().withdrawn_on == days_ago(0)
    assert FollowUp.objects.get().withdrawn_on == days_ago(0)
    shown = text(coach.get(part(cast.asa)))
    assert "Skriv en ny plan" in shown
    assert "Målet är nått." in shown
    # A new plan begins from what was not reached.
    assert "Hygienutbildning</textarea>" in text(coach.get(address("plan_write", cast.asa)))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"closed_on": ""}, "Ange vilken dag."),
        ({"closed_on": in_days(1)}, "Dagen ligger i framtiden."),
        ({"closed_on": in_days(-5)}, "Det är innan planen beslutades"),
        ({"note": ""}, "Skriv varför planen avslutas."),
        ({"first": ""}, "Välj hur det gick."),
    ],
)
def test_nothing_is_closed_without_what_it_takes(coach, cast, plan, fields, sentence):
    data = {"closed_on": days_ago(0).isoformat(), "note": "Målet är nått."} | outcomes(cast.asa, "met", "partly")
    key = next(iter(outcomes(cast.asa, "met", "partly")))
    data |= {key if name == "first" else name: value for name, value in fields.items()}
    page = coach.post(address("plan_close", cast.asa), data)
    assert page.status_code == 422
    assert sentence in text(page)
    assert PlanVersion.objects.get().state == "decided"


def test_a_review_that_was_due_counts_as_held_by_the_closing(coach, cast):
    decided(cast.asa, cast.coach, [milestone()], decided_on=days_ago(55).isoformat(), review_on=in_days(-5))
    coach.post(address("plan_close", cast.asa), {"closed_on": days_ago(0).isoformat(), "note": "Klart."})
    assert PlanReview.objects.get().held_on == days_ago(0)
    assert FollowUp.objects.get().filed == days_ago(0)


# --- With the enrolment -------------------------------------------------------------------------------------------


def close_enrolment(coach, cast, **more):
    data = {"closure_reason": "moved", "end": timezone.localdate().isoformat()} | more
    return coach.post(reverse("participants:enrolment_close", args=[cast.person.public_id]), data)


def test_the_enrolments_closing_asks_for_each_outcome_and_tells_what_was_not_reached(coach, cast, plan):
    page = text(coach.get(reverse("participants:enrolment_close", args=[cast.person.public_id])))
    assert "Planen, beslutad den" in page
    assert "2 delmål är inte klara: Klara språkpraktik 12 veckor; Hygienutbildning." in page
    assert "Uppföljning av planen" not in page  # it ends with the plan
    refused = close_enrolment(coach, cast)
    assert refused.status_code == 422
    assert text(refused).count("Välj hur det gick.") == 4  # in the summary and beside each
    chosen = outcomes(cast.asa, "partly", "not_met", prefix="plan-1-")
    asked = close_enrolment(coach, cast, **chosen)
    assert "Språkpraktik: delvis uppnått; Kurs: inte uppnått." in text(asked)
    close_enrolment(coach, cast, step="save", told=["plan-1"], details_for="moved", **chosen)
    plan.refresh_from_db()
    assert (plan.state, plan.closed_on) == ("closed", days_ago(0))
    assert Enrolment.objects.get(pk=cast.asa.pk).end == days_ago(0)
    assert FollowUp.objects.get().withdrawn_on == days_ago(0)
    assert "Revidera planen" not in text(coach.get(part(cast.asa)))


def test_a_draft_goes_with_the_enrolment_and_is_told(coach, cast):
    drafted(cast.asa, cast.coach, typed([milestone()]))
    assert "Det blev aldrig beslutat och kastas." in text(close_enrolment(coach, cast))
    close_enrolment(coach, cast, step="save", told=["plan-draft-1-1"], details_for="moved")
    assert not PlanVersion.objects.exists()
    assert Enrolment.objects.get(pk=cast.asa.pk).end == days_ago(0)


def test_what_changed_while_the_page_asked_is_looked_through_again(coach, cast, plan):
    chosen = outcomes(cast.asa, "partly", "not_met", prefix="plan-1-")
    drafted(cast.asa, cast.colleague, typed([milestone()]))
    page = close_enrolment(coach, cast, step="save", told=["plan-1"], details_for="moved", **chosen)
    assert "Titta igenom" in text(page) or "en gång till" in text(page)
    assert Enrolment.objects.get(pk=cast.asa.pk).end is None
    assert PlanVersion.objects.get(state="decided")


def test_a_plan_left_by_a_closing_elsewhere_can_be_closed_and_not_revised(coach, cast, plan):
    Enrolment.objects.filter(pk=cast.asa.pk).update(end=days_ago(0), closure_reason="moved")
    page = text(coach.get(part(cast.asa)))
    assert "Revidera planen" not in page
    assert "Avsluta planen" in page
    data = {"closed_on": days_ago(0).isoformat(), "note": "Stängd."} | outcomes(cast.asa, "met", "met")
    coach.post(address("plan_close", cast.asa), data)
    plan.refresh_from_db()
    assert plan.state == "closed"
