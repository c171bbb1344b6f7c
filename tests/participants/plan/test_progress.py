"""What becomes of a plan: milestones reached and undone, activities ended, dropped and corrected."""

import datetime as dt
import re

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from participants.models import Activity, Enrolment, Milestone
from participants.plan.services.progress import DROPPED, activity_end, seen_of
from tests.factories import days_ago
from tests.participants.plan.plans import activity, address, decided, milestone, one_activity, part
from tests.placements.groups.conftest import group_of, seat_form

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def a_milestone(cast, **fields) -> Milestone:
    decided(cast.asa, cast.coach, [milestone(**fields)])
    return Milestone.objects.get()


# --- Milestones ---------------------------------------------------------------------------------------------------


def test_one_click_says_that_a_milestone_is_reached_and_another_takes_it_back(coach, cast):
    row = a_milestone(cast)
    here = address("milestone_done", cast.asa, row.public_id)
    for _time in range(2):
        answer = coach.post(here, **HTMX)
        assert f"Klart {days_ago(0)}" in text(answer)
    row.refresh_from_db()
    assert (row.done_on, row.done_by_name) == (days_ago(0), "Alma Alm")
    assert "Delmål klart: Klara språkpraktik 12 veckor" in text(coach.get(f"/deltagare/{cast.person.public_id}/"))
    answer = coach.post(address("milestone_undo", cast.asa, row.public_id), **HTMX)
    assert "Klart</span>" not in text(answer)
    row.refresh_from_db()
    assert (row.done_on, row.done_at, row.done_by_name) == (None, None, "")


def test_the_day_and_the_evidence_are_written_on_a_page_of_their_own(coach, cast):
    row = a_milestone(cast)
    here = address("milestone_done", cast.asa, row.public_id)
    assert "Vad visar det?" in text(coach.get(here))
    page = coach.post(here, {"done_on": days_ago(3).isoformat(), "evidence": "Sagt på trepartssamtalet"}, follow=True)
    assert "Sagt på trepartssamtalet" in text(page)
    assert f"Klart {days_ago(3)}" in text(page)
    coach.post(here, {"done_on": days_ago(2).isoformat(), "evidence": ""})
    row.refresh_from_db()
    assert (row.done_on, row.evidence) == (days_ago(2), "")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("", "Ange vilken dag."), (-1, "Dagen ligger i framtiden."), (90, "Det är före inskrivningens början")],
)
def test_a_day_that_cannot_be_is_refused_and_stays(coach, cast, day, sentence):
    row = a_milestone(cast)
    said = day and days_ago(day).isoformat()
    page = coach.post(address("milestone_done", cast.asa, row.public_id), {"done_on": said, "evidence": "Intyg"})
    assert page.status_code == 422
    assert sentence in text(page)
    assert "Intyg</textarea>" in text(page)


def test_what_was_marked_another_day_is_not_undone(coach, cast):
    row = a_milestone(cast)
    coach.post(address("milestone_done", cast.asa, row.public_id))
    Milestone.objects.update(done_at=timezone.now() - dt.timedelta(days=1))
    page = coach.post(address("milestone_undo", cast.asa, row.public_id), follow=True)
    assert "kan inte längre ångras" in text(page)
    row.refresh_from_db()
    assert row.done_on == days_ago(0)
    assert address("milestone_undo", cast.asa, row.public_id) not in text(coach.get(part(cast.asa)))


def test_a_late_milestone_says_so_and_is_the_next_step(coach, cast):
    a_milestone(cast, due=days_ago(4).isoformat())
    assert "Försenad" in text(coach.get(part(cast.asa)))
    assert "skulle ha varit klart senast den" in text(coach.get(f"/deltagare/{cast.person.public_id}/"))


def test_a_milestone_that_no_plan_holds_any_more_is_not_there(coach, cast):
    row = a_milestone(cast)
    decided(cast.asa, cast.coach, [milestone("Ett annat")])
    assert coach.post(address("milestone_done", cast.asa, row.public_id)).status_code == 404


def test_an_outsider_finds_no_milestone_of_another_unit(client, cast):
    row = a_milestone(cast)
    client.force_login(cast.outsider)
    decided(cast.ciwan, cast.outsider, [milestone()])
    assert client.post(address("milestone_done", cast.asa, row.public_id)).status_code == 404
    assert client.post(address("milestone_done", cast.ciwan, row.public_id)).status_code == 404


# --- Activities ---------------------------------------------------------------------------------------------------


def ended(**fields) -> dict:
    data = {"ended_on": days_ago(1).isoformat(), "outcome": "partly", "note": "Klarar korta samtal.", "seen": ""}
    return data | fields


def test_an_activity_ends_with_its_outcome(coach, cast):
    row = one_activity(cast.asa, cast.coach)
    here = address("activity_end", cast.asa, row.public_id)
    assert "Klarar ett arbetspass på svenska" in text(coach.get(here))
    for _time in range(2):
        page = coach.post(here, ended(), follow=True)
    assert "Delvis uppnått" in text(page)
    assert "Klarar korta samtal." in text(page)
    row.refresh_from_db()
    assert (row.state, row.ended_on, row.outcome, row.settled_by_name) == ("ended", days_ago(1), "partly", "Alma Alm")
    assert "Insats avslutad: Språkpraktik" in text(coach.get(f"/deltagare/{cast.person.public_id}/"))
    assert Enrolment.objects.get(pk=cast.asa.pk).last_activity_on == days_ago(0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": ""}, "Välj hur det gick."),
        ({"outcome": "well"}, "Välj hur det gick."),
        ({"ended_on": ""}, "Ange den sista dagen."),
        ({"ended_on": days_ago(-1).isoformat()}, "Dagen ligger i framtiden."),
        ({"ended_on": days_ago(90).isoformat()}, "Det är före inskrivningens början"),
    ],
)
def test_an_outcome_is_required_and_what_was_typed_stays(coach, cast, fields, sentence):
    row = one_activity(cast.asa, cast.coach)
    page = coach.post(address("activity_end", cast.asa, row.public_id), ended(**fields))
    assert page.status_code == 422
    assert sentence in text(page)
    assert "Klarar korta samtal.</textarea>" in text(page)


def test_two_who_end_it_are_told_of_each_other(coach, cast):
    row = one_activity(cast.asa, cast.coach)
    activity_end(activity=row, actor=cast.colleague, ended_on=days_ago(2), outcome="met", note="Bra!", seen="")
    page = coach.post(address("activity_end", cast.asa, row.public_id), ended())
    assert page.status_code == 409
    assert "Bo Berg skrev detta" in text(page)
    assert "Bra!" in text(page)
    row.refresh_from_db()
    assert row.outcome == "met"
    coach.post(address("activity_end", cast.asa, row.public_id), ended(seen=seen_of(row)))
    row.refresh_from_db()
    assert (row.outcome, row.settled_by_name) == ("partly", "Alma Alm")


def test_what_was_said_by_mistake_is_taken_back_the_same_day(coach, cast):
    row = one_activity(cast.asa, cast.coach)
    coach.post(address("activity_end", cast.asa, row.public_id), ended())
    page = coach.post(address("activity_reopen", cast.asa, row.public_id), follow=True)
    assert "Insatsen pågår igen." in text(page)
    row.refresh_from_db()
    assert (row.state, row.outcome, row.ended_on, row.settled_at) == ("decided", "", None, None)
    coach.post(address("activity_end", cast.asa, row.public_id), ended())
    Activity.objects.update(settled_at=timezone.now() - dt.timedelta(days=1))
    page = coach.post(address("activity_reopen", cast.asa, row.public_id), follow=True)
    assert "kan inte längre ångras" in text(page)


def test_what_never_began_is_dropped_with_a_reason(coach, cast):
    row = one_activity(cast.asa, cast.coach)
    here = address("activity_drop", cast.asa, row.public_id)
    assert "Skriv varför, med några ord." in text(coach.post(here, {"why": ""}))
    page = coach.post(here, {"why": "Kursen ställdes in"}, follow=True)
    assert "Blev aldrig av" in text(page)
    row.refresh_from_db()
    assert (row.state, row.outcome, row.ended_on, row.outcome_note) == ("dropped", "", None, "Kursen ställdes in")
    assert "Insats ströks: Språkpraktik" in text(coach.get(f"/deltagare/{cast.person.public_id}/"))


def test_what_has_ended_is_not_dropped(coach, cast):
    row = one_activity(cast.asa, cast.coach)
    coach.post(address("activity_end", cast.asa, row.public_id), ended())
    page = coach.post(address("activity_drop", cast.asa, row.public_id), {"why": "Nej"}, follow=True)
    assert "Insatsen har avslutats under tiden." in text(page)


def test_what_is_booked_stands_beside_the_activity_and_keeps_it_from_being_dropped(coach, cast):
    row = one_activity(cast.asa, cast.coach, "job_search")
    group = group_of(cast.centrum)
    coach.post(reverse("groups:seat_from_file", args=[cast.person.public_id]), seat_form(group, row))
    page = text(coach.get(part(cast.asa)))
    assert "Jobbsökargrupp tisdag, från" in page
    assert address("activity_drop", cast.asa, row.public_id) not in page
    refused = coach.post(address("activity_drop", cast.asa, row.public_id), {"why": "Nej"})
    assert refused.status_code == 422
    assert "Något är bokat för insatsen" in text(refused)
    assert "pågår tills den avslutas där" in text(coach.get(address("activity_end", cast.asa, row.public_id)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "ended"},
        {"state": "decided", "outcome": "met"},
        {"state": "dropped", "ended_on": "2026-01-01"},
        {"state": DROPPED, "outcome": "met"},
    ],
)
def test_the_database_knows_when_there_is_an_outcome(cast, wrong):
    one_activity(cast.asa, cast.coach)
    with pytest.raises(Error, match="activity_outcome_iff_ended"), transaction.atomic():
        Activity.objects.update(**wrong)


# --- What came of them, for who manages the unit ------------------------------------------------------------------


@pytest.fixture
def three_ended(cast):
    """Of Åsa a course (met) and guidance (partly), of Bertil a course (not met), of Ciwan in Norr a course; and one
    that never began."""
    for enrolment, by, outcomes in (
        (cast.asa, cast.coach, {"course": "met", "guidance": "partly", "motivation": DROPPED}),
        (cast.bertil, cast.colleague, {"course": "not_met"}),
        (cast.ciwan, cast.outsider, {"course": "met"}),
    ):
        decided(enrolment, by, activities=[activity(form) for form in outcomes])
        for row in enrolment.activities.all():
            outcome = outcomes[row.form_id]
            if outcome == DROPPED:
                Activity.objects.filter(pk=row.pk).update(state="dropped")
            else:
                activity_end(activity=row, actor=by, ended_on=days_ago(1), outcome=outcome, note="", seen="")


def cells(page, name: str) -> list[int]:
    row = page.split(f'<th scope="row">{name}</th>')[1].split("</tr>")[0]
    return [int(each) for each in re.findall(r">(\d+)(?:</a>)?</td>", row)]


def test_the_three_outcomes_add_up_to_the_number_ended(client, cast, three_ended):
    client.force_login(cast.manager)
    page = text(client.get("/enheten/insatser/", {"fran": days_ago(9).isoformat()}))
    assert cells(page, "Kurs") == [2, 1, 0, 1]
    assert cells(page, "Studie-, yrkes- och arbetsvägledning") == [1, 0, 1, 0]
    assert cells(page, "Tillsammans") == [3, 1, 1, 1]
    assert "Motivationshöjande" not in page


def test_every_number_opens_its_list_and_another_unit_is_not_in_it(client, cast, three_ended):
    client.force_login(cast.manager)
    asked = {"fran": days_ago(9).isoformat(), "form": "course"}
    page = text(client.get("/enheten/insatser/", asked | {"utfall": "met"}))
    assert "Åsa Öhrström" in page
    assert "Bertil Bodin" not in page
    assert "1 insats" in page
    page = text(client.get("/enheten/insatser/", asked | {"form": ""}))
    assert "3 insatser" in page
    assert "Ciwan" not in page
    client.force_login(cast.head)
    page = text(client.get("/enheten/insatser/", asked | {"unit": "NORR"}))
    assert "Ciwan Celik" in page
    assert "Åsa" not in page


def test_other_days_have_other_numbers(client, cast, three_ended):
    client.force_login(cast.manager)
    page = client.get("/enheten/insatser/", {"till": days_ago(2).isoformat(), "fran": days_ago(9).isoformat()})
    assert "Ingen insats avslutades under perioden" in text(page)
    page = client.get("/enheten/insatser/", {"fran": days_ago(1).isoformat(), "till": days_ago(2).isoformat()})
    assert page.status_code == 422
    assert "Sista dagen är före den första." in text(page)
