"""Steering groups and audits: what was decided, what is done about it, and that nothing overdue is forgotten."""

import uuid

import pytest
from django.urls import reverse

from tests.factories import days_ago
from tests.tracks.steering.conftest import action_of, group_of, meeting_of, of
from tracks.models import Action, SteeringGroup
from tracks.steering.day import my_actions

pytestmark = pytest.mark.django_db


def test_from_a_group_to_an_action_on_the_pages(client, cast):
    """A form that is sent twice enters it once; the day of a meeting is the group's alone."""
    client.force_login(cast.manager)
    said = {"name": "Stadsrevisionen 2026", "kind": "audit", "token": uuid.uuid4()}
    group_page = client.post(reverse("steering:new"), said).url
    assert client.post(reverse("steering:new"), said).url == group_page
    group = SteeringGroup.objects.get()
    held = {"day": days_ago(5), "token": uuid.uuid4(), "present": "Eva Ek"}
    meeting_page = client.post(of("meeting_new", group), held).url
    refused = client.post(of("meeting_new", group), held | {"token": uuid.uuid4()})
    assert refused.status_code == 422
    assert "möte den dagen" in refused.text
    meeting = group.meetings.get()
    client.post(of("decision_new", meeting), {"text": "Följ upp efter 90 dagar.", "token": uuid.uuid4()})
    decision = meeting.decisions.get()
    task = {"text": "Mät i juni.", "due": days_ago(-30), "token": uuid.uuid4()}
    assert "Välj vem som gör det" in client.post(of("action_new", decision), task).text
    client.post(of("action_new", decision), task | {"owner": cast.coach.pk})
    assert Action.objects.get().owner_name == "Alma Alm"
    page = client.get(meeting_page).text
    assert "Följ upp efter 90 dagar." in page
    assert "Mät i juni." in page
    assert "Rekommendationer" in page


def test_what_is_overdue_stands_first_at_the_next_meeting_and_on_the_groups_page(client, cast, group, held):
    late = action_of(held, days_ago(10), text="Sen.")
    action_of(held, days_ago(-40), text="I tid.")
    after, to_come = meeting_of(group, days_ago(5)), meeting_of(group, days_ago(-7))
    client.force_login(cast.coach)
    assert client.get(of("group", group)).context["actions"].overdue == [late]
    for meeting in (after, to_come):
        page = client.get(of("meeting", meeting))
        assert page.context["agenda"].overdue == [late]
        assert page.text.index("Sen.") < page.text.index("<h2>Beslut</h2>")
    assert client.get(of("meeting", held)).context["agenda"].overdue == []
    # Once it is settled it was overdue at the meeting before that, and not at the next one.
    Action.objects.filter(pk=late.pk).update(state="done", settled_on=days_ago(1), evidence="Dnr 1")
    assert client.get(of("meeting", after)).context["agenda"].overdue == [late]
    assert client.get(of("meeting", to_come)).context["agenda"].overdue == []
    listed = client.get(reverse("steering:list")).context["groups"].get()
    assert (listed.unsettled, listed.overdue, listed.next_day) == (1, 0, days_ago(-7))


def test_who_is_to_do_it_sees_it_in_min_dag_and_done_needs_what_shows_it(client, cast, held):
    mine = action_of(held, days_ago(2), owner=cast.coach, text="Ring Ekbacken.")
    action_of(held, days_ago(2), owner=cast.colleague, text="Ring Almgården.")
    action_of(held, days_ago(-60), owner=cast.coach, text="Långt fram.")
    client.force_login(cast.coach)
    day = client.get(reverse("day:day")).text
    assert "Ring Ekbacken." in day
    assert "Ring Almgården." not in day
    assert "Långt fram." not in day
    page = of("action", mine)
    refused = client.post(page, {"state": "done", "evidence": "", "seen": "0"})
    assert refused.status_code == 422
    assert "vad som visar" in refused.text
    assert client.post(page, {"state": "done", "evidence": "Dnr 2026/14", "seen": "0"}).status_code == 302
    assert (row := Action.objects.get(pk=mine.pk)).settled_on == days_ago(0)
    assert row.evidence == "Dnr 2026/14"
    assert not my_actions(None, days_ago(0), cast.coach).exists()
    # Another window, which has not seen that.
    answer = client.post(page, {"state": "under_way", "evidence": "Ringt", "seen": "0"})
    assert answer.status_code == 409
    assert "Dnr 2026/14" in answer.text
    assert Action.objects.get(pk=mine.pk).state == "done"


def test_a_group_is_closed_when_nothing_is_left_and_takes_nothing_more(client, cast, group, held):
    action = action_of(held, days_ago(2))
    client.force_login(cast.administrator)
    page = client.post(of("close", group), follow=True)
    assert "Skriv först vad det blev av den" in page.text
    client.post(of("action", action), {"state": "dropped", "evidence": "Behovet finns inte kvar.", "seen": "0"})
    client.post(of("close", group))
    assert SteeringGroup.objects.get().closed_on == days_ago(0)
    data = {"day": days_ago(1), "token": uuid.uuid4()}
    assert "Gruppen är avslutad" in client.post(of("meeting_new", group), data, follow=True).text
    words = {"text": "Andra ord.", "seen": "0"}
    assert "Gruppen är avslutad" in client.post(of("decision_change", action.decision), words, follow=True).text
    assert "Ändra" not in client.get(of("meeting", held)).text
    # An action of it is not taken up again by a window that is still open.
    again = {"state": "open", "evidence": "Behovet finns inte kvar.", "seen": "1"}
    assert "Gruppen är avslutad" in client.post(of("action", action), again, follow=True).text
    assert Action.objects.get().state == "dropped"
    client.post(of("reopen", group))
    assert client.post(of("meeting_new", group), data).status_code == 302


def test_a_decision_with_an_action_is_not_taken_away(client, cast, held):
    action = action_of(held, days_ago(-3))
    client.force_login(cast.manager)
    page = client.post(of("decision_remove", action.decision), follow=True)
    assert "Det finns åtgärder" in page.text
    assert held.decisions.exists()
    Action.objects.all().delete()
    client.post(of("decision_remove", action.decision))
    assert not held.decisions.exists()


def test_two_who_change_a_group_are_told(client, cast):
    group = group_of()
    client.force_login(cast.manager)
    seen = {"name": group.name, "kind": "steering", "members": "Ny", "seen": "0"}
    assert client.post(of("change", group), seen).status_code == 302
    answer = client.post(of("change", group), seen | {"members": "Annan"})
    assert answer.status_code == 409
    assert "Ny" in answer.text
