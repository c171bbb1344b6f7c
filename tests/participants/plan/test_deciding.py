"""Deciding a plan: what was decided stays word for word, a revision takes its place, and nobody decides twice."""

import datetime as dt
import uuid

import pytest
from django.db import Error, transaction
from django.utils import timezone

from participants.models import (
    Activity,
    Enrolment,
    Milestone,
    PlanActivity,
    PlanMilestone,
    PlanState,
    PlanVersion,
)
from participants.models.plan import TRANSITIONS
from participants.plan.booking import activities_to_book
from participants.plan.content import content_of_version, fresh
from participants.plan.services.progress import activity_end, milestone_mark_done
from participants.plan.services.versions import DraftGone, plan_decide
from tests.factories import days_ago
from tests.participants.plan.plans import (
    activity,
    address,
    decided,
    drafted,
    in_days,
    milestone,
    one_activity,
    part,
    sent,
    typed,
)
from vocabulary.models import ActivityForm


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_plan_is_written_read_once_more_and_decided(coach, cast):
    plan = typed([milestone(), milestone("Hygienutbildning", responsible="coach")], [activity()])
    answer = coach.post(address("plan_write", cast.asa), sent(plan, act="decide"))
    assert answer["Location"] == address("plan_decide", cast.asa)
    page = text(coach.get(answer["Location"]))
    for words in ("Besluta planen för Åsa Öhrström?", "Anställning som köksbiträde", "Hygienutbildning", "Instämmer",
                  "Klarar ett arbetspass på svenska"):  # fmt: skip
        assert words in page
    draft = PlanVersion.objects.get()
    page = coach.post(address("plan_decide", cast.asa), {"seen": draft.revision, "number": 1}, follow=True)
    assert "Planen är beslutad." in text(page)
    version = PlanVersion.objects.get()
    assert (version.state, version.number, version.typed) == ("decided", 1, {})
    assert (version.goal, version.decided_on, version.decided_by_name) == (plan["goal"], days_ago(0), "Alma Alm")
    assert [each.text for each in version.milestones.all()] == ["Klara språkpraktik 12 veckor", "Hygienutbildning"]
    assert [str(each.public_id) for each in cast.asa.activities.all()] == [plan["activities"][0]["key"]]
    assert "Planen beslutades" in text(coach.get(f"/deltagare/{cast.person.public_id}/"))
    assert Enrolment.objects.get(pk=cast.asa.pk).last_activity_on == days_ago(0)


def test_sent_twice_it_is_decided_once(coach, cast):
    draft = drafted(cast.asa, cast.coach, typed([milestone()], [activity()]))
    for _time in range(2):
        answer = coach.post(
            address("plan_decide", cast.asa), {"seen": draft.revision, "number": draft.number}, follow=True
        )
        assert "Planen är beslutad." in text(answer)
    assert PlanVersion.objects.count() == Activity.objects.count() == Milestone.objects.count() == 1


def test_the_service_gives_the_same_decision_twice_and_nothing_of_another(cast):
    draft = drafted(cast.asa, cast.coach, typed([milestone()]))
    act = {"enrolment": cast.asa, "actor": cast.coach, "seen": 1, "content": content_of_version(draft)}
    first = plan_decide(number=1, **act)
    assert plan_decide(number=1, **act) == first
    with pytest.raises(DraftGone):
        plan_decide(number=2, **act)


def test_a_draft_that_was_changed_meanwhile_is_read_again_first(coach, cast):
    draft = drafted(cast.asa, cast.coach, typed([milestone()]))
    drafted(cast.asa, cast.colleague, typed([milestone("Något annat")]))
    page = coach.post(address("plan_decide", cast.asa), {"seen": draft.revision, "number": 1})
    assert page.status_code == 409
    assert "Inget är beslutat än" in text(page)
    assert "Något annat" in text(page)
    assert PlanVersion.objects.get().state == "draft"


def test_a_draft_that_is_not_whole_leads_back_to_the_form_with_what_is_missing(coach, cast):
    drafted(cast.asa, cast.coach, typed([milestone()], goal=""))
    page = coach.get(address("plan_decide", cast.asa), follow=True)
    assert "Skriv vad målet är." in text(page)


def test_a_draft_that_is_not_there_is_said(coach, cast):
    page = coach.post(address("plan_decide", cast.asa), {"seen": 1, "number": 1}, follow=True)
    assert "det är beslutat eller kastat" in text(page)


def test_a_plan_is_decided_without_agreement_with_a_reason(coach, cast):
    plan = typed([milestone()], agreement="disagrees", decided_without="Vi prövar i två månader.")
    answer = coach.post(address("plan_write", cast.asa), sent(plan, act="decide"), follow=True)
    assert "Beslutades ändå, för att" in text(answer)
    coach.post(address("plan_decide", cast.asa), {"seen": 1, "number": 1})
    page = text(coach.get(part(cast.asa)))
    assert "Instämmer inte" in page
    assert "Vi prövar i två månader." in page


def test_a_revision_keeps_the_old_word_for_word(coach, cast):
    kept, gone = milestone(), milestone("Körkortsteori")
    decided(cast.asa, cast.coach, [kept, gone], [activity()])
    page = text(coach.get(address("plan_write", cast.asa)))
    assert "Revidera planen" in page
    assert "Jag vill laga mat." in page  # said of the version before
    plan = fresh(cast.asa, PlanVersion.objects.get())
    assert (plan["view"], plan["agreement"]) == ("", "not_asked")
    old = cast.asa.activities.get()
    said = typed([kept | {"due": in_days(90)}], plan["activities"], goal="Anställning som kock")
    said["activities"][0]["purpose"] = "Öva mer"
    coach.post(address("plan_write", cast.asa), sent(said, act="decide"))
    coach.post(address("plan_decide", cast.asa), {"seen": 1, "number": 2})
    first, second = PlanVersion.objects.order_by("number")
    assert (first.state, second.state) == (PlanState.REVISED, PlanState.DECIDED)
    assert first.activities.get().purpose == "Öva yrkessvenska i ett kök"
    assert second.activities.get().activity == old
    old.refresh_from_db()
    assert old.purpose == "Öva mer"
    assert first.milestones.count() == 2
    assert second.milestones.get().milestone.public_id == uuid.UUID(kept["key"])
    page = text(coach.get(address("plan_version", cast.asa, 1)))
    assert "Körkortsteori" in page
    assert "Reviderad" in page
    compared = text(coach.get(address("plan_version", cast.asa, 1) + "?jamfor=2"))
    assert "Vad version 2 ändrade i version 1" in compared
    assert "</span>köksbiträde<span" in compared
    assert "Borttagen" in compared


def test_progress_lives_on_through_a_revision(coach, cast):
    reached, open_one = milestone(), milestone("Hygienutbildning")
    decided(cast.asa, cast.coach, [reached, open_one])
    row = Milestone.objects.get(public_id=reached["key"])
    milestone_mark_done(milestone=row, actor=cast.coach, evidence="Intyg")
    page = text(coach.get(address("plan_write", cast.asa)))
    assert "Det står kvar i planen som det är." in page
    # The words of what is reached are not changed, and it is not taken away, whatever is sent.
    plan = typed([open_one, milestone("Nytt")])
    coach.post(address("plan_write", cast.asa), sent(plan, act="decide"))
    coach.post(address("plan_decide", cast.asa), {"seen": 1, "number": 2})
    words = {each.text: each.milestone.done_on for each in PlanVersion.objects.get(number=2).milestones.all()}
    assert words == {"Klara språkpraktik 12 veckor": days_ago(0), "Hygienutbildning": None, "Nytt": None}


def test_an_activity_that_goes_on_stands_in_every_version_and_one_that_ended_in_none(coach, cast):
    decided(cast.asa, cast.coach, activities=[activity(), activity("course")])
    course = cast.asa.activities.get(form="course")
    draft = drafted(cast.asa, cast.coach, typed([milestone()], [activity("guidance")]))
    activity_end(activity=course, actor=cast.coach, ended_on=days_ago(0), outcome="met", note="", seen="")
    coach.post(address("plan_decide", cast.asa), {"seen": draft.revision, "number": 2})
    version = PlanVersion.objects.get(number=2)
    assert {each.activity.form_id for each in version.activities.all()} == {"language_internship", "guidance"}


def test_a_key_of_somebody_elses_row_makes_a_row_of_ones_own(coach, cast):
    other = one_activity(cast.bertil, cast.colleague)
    decided(cast.asa, cast.coach, activities=[activity(key=str(other.public_id))])
    mine = cast.asa.activities.get()
    assert mine.public_id != other.public_id
    other.refresh_from_db()
    assert other.enrolment == cast.bertil


def test_what_is_decided_some_days_back_is_decided_then(cast):
    decided(cast.asa, cast.coach, [milestone()], decided_on=days_ago(20).isoformat())
    assert PlanVersion.objects.get().decided_on == days_ago(20)


# --- Nothing is booked without a purpose --------------------------------------------------------------------------


def test_only_what_is_decided_and_goes_on_can_be_booked(cast):
    drafted(cast.asa, cast.coach, typed([], [activity()]))
    assert not activities_to_book(cast.asa).exists()
    draft = drafted(cast.asa, cast.coach, typed([], [activity(), activity("jog"), activity("course")]))
    content = content_of_version(draft)
    plan_decide(enrolment=cast.asa, actor=cast.coach, number=1, seen=draft.revision, content=content)
    course = cast.asa.activities.get(form="course")
    activity_end(activity=course, actor=cast.coach, ended_on=days_ago(0), outcome="met", note="", seen="")
    booked = list(activities_to_book(cast.asa))
    assert [each.form_id for each in booked] == ["language_internship"]  # nor what others arrange
    assert {each.form_id for each in cast.asa.activities.all() if each.can_be_booked} == {"language_internship"}


@pytest.mark.parametrize("missing", ["purpose", "expected_outcome"])
def test_the_database_has_no_activity_without_purpose_and_expected_outcome(cast, missing):
    words = {"purpose": "Öva", "expected_outcome": "Kan"} | {missing: ""}
    with pytest.raises(Error, match="activity_with_purpose"), transaction.atomic():
        Activity.objects.create(enrolment=cast.asa, form=ActivityForm.objects.get(code="course"), **words)


# --- What the database sees to ------------------------------------------------------------------------------------


def test_what_is_decided_never_changes(cast):
    version = decided(cast.asa, cast.coach, [milestone()], [activity()])
    attempts = (
        lambda: PlanVersion.objects.update(goal="Något annat"),
        lambda: PlanVersion.objects.update(agreement_comment="Nej"),
        lambda: PlanVersion.objects.all().delete(),
        lambda: PlanMilestone.objects.update(text="Något annat"),
        lambda: PlanMilestone.objects.all().delete(),
        lambda: PlanActivity.objects.update(purpose="Något annat"),
        lambda: PlanActivity.objects.all().delete(),
        lambda: PlanMilestone.objects.create(
            version=version, milestone=Milestone.objects.create(enrolment=cast.asa), position=9, text="Nytt",
            due=days_ago(0), responsible="coach",
        ),
    )  # fmt: skip
    for attempt in attempts:
        with pytest.raises(Error, match=r"never|nothing is added|Cannot"), transaction.atomic():
            attempt()


@pytest.mark.parametrize("old", PlanState)
def test_a_plan_moves_only_as_the_table_says(cast, old):
    version = decided(cast.asa, cast.coach, [milestone()])
    if old == PlanState.DRAFT:
        version = drafted(cast.asa, cast.coach, typed([milestone()]))
    elif old != PlanState.DECIDED:
        closed = {"closed_on": timezone.localdate()} if old == PlanState.CLOSED else {}
        PlanVersion.objects.update(state=old, **closed)
    for new in set(PlanState) - {old} - set(TRANSITIONS[old]):
        with pytest.raises(Error), transaction.atomic():
            PlanVersion.objects.filter(pk=version.pk).update(
                state=new, closed_on=timezone.localdate() if new == PlanState.CLOSED else None
            )
    version.refresh_from_db()
    assert version.state == old
    assert all(version.may_become(new) for new in TRANSITIONS[old])


def test_there_is_one_draft_and_one_plan_that_holds(cast):
    decided(cast.asa, cast.coach, [milestone()])
    drafted(cast.asa, cast.coach, typed([milestone()]))
    with pytest.raises(Error, match="plan_one_draft"), transaction.atomic():
        PlanVersion.objects.create(enrolment=cast.asa, number=7)
    other = PlanVersion.objects.get(state="draft")
    with pytest.raises(Error, match="plan_one_decided"), transaction.atomic():
        PlanVersion.objects.filter(pk=other.pk).update(
            state="decided", goal="x", goal_on=days_ago(0), agreement="agrees", agreement_way="paper", typed={},
            agreement_on=days_ago(0), review_on=days_ago(0) + dt.timedelta(days=9), decided_on=days_ago(0),
        )  # fmt: skip


def test_a_plan_that_is_not_whole_cannot_be_decided_past_the_pages(cast):
    draft = drafted(cast.asa, cast.coach, typed([milestone()]))
    with pytest.raises(Error, match="plan_decided_is_whole"), transaction.atomic():
        PlanVersion.objects.filter(pk=draft.pk).update(state="decided", decided_on=days_ago(0), typed={})
