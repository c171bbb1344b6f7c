"""The days on the supervisor's page."""

import pytest
from django.urls import reverse

from placements.marking.services import attendance_mark
from placements.marking.sessions import sessions_of
from placements.models import FollowUpAnswer, FollowUpLink, PlacementAttendance, Supervisor
from placements.services.links import link_send
from tests.browser import check
from tests.factories import FollowUpFactory, days_ago
from tests.placements.marking.conftest import scheduled

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def placement(cast):
    """Åsa's, on Mondays and Wednesdays since three weeks, led by Lena Holm."""
    placement = scheduled(cast.asa, start=days_ago(21))
    placement.supervisor = Supervisor.objects.create(
        workplace=placement.workplace, name="Lena Holm", email="lena.holm@example.org"
    )
    placement.save()
    return placement


@pytest.fixture
def address(cast, placement) -> str:
    """Where the mailed link leads."""
    followup = FollowUpFactory(placement=placement, due=days_ago(0))
    mail = link_send(followup=followup, actor=cast.coach, seen=None)
    return reverse("placements:supervisor", args=[FollowUpLink.objects.get(public_id=mail.reference).token])


def planned(placement):
    return sessions_of([placement], placement.start, days_ago(0))[placement.pk]


def sent(placement, **chosen: str) -> dict:
    """The whole form: every day as it was shown, and what was chosen by number."""
    data = {"came": "yes", "going": "well", "hours": "", "works_well": "", "needs": "", "wishes": "", "version": "0"}
    for number, each in enumerate(planned(placement)):
        data[f"dagar-{each.key}"] = chosen.get(f"d{number}", each.status)
        data[f"dagar-{each.key}-seen"] = each.status
    return data


def test_the_days_are_told_and_filed_with_the_answer(client, placement, address):
    assert "Vilka dagar?" in text(client.get(address))
    client.post(address, sent(placement, d0="present", d1="absent_invalid"))
    marks = list(PlacementAttendance.objects.values_list("status", "marked_by_name", "marked_by"))
    assert marks == [("present", "Lena Holm", None), ("absent_invalid", "Lena Holm", None)]
    assert FollowUpAnswer.objects.exists()


def test_all_other_days_with_one_tap(client, placement, address):
    client.post(address, sent(placement, d0="sick_reported") | {"dagar-rest": "1"})
    statuses = [mark.status for mark in PlacementAttendance.objects.order_by("day")]
    assert statuses == ["sick_reported"] + ["present"] * (len(planned(placement)) - 1)


def test_who_never_came_has_no_days(client, placement, address):
    client.post(address, sent(placement, d0="present") | {"came": "no", "dagar-rest": "1"})
    assert FollowUpAnswer.objects.get().no_show
    assert not PlacementAttendance.objects.exists()


def test_what_staff_marked_meanwhile_is_said_and_nothing_is_filed_until_it_was_seen(client, cast, placement, address):
    data = sent(placement, d0="present") | {"needs": "En extra handduk."}
    first = planned(placement)[0]
    attendance_mark(placement=placement, marks={first.key: "sick_certified"}, seen={}, actor=cast.coach)
    response = client.post(address, data)
    assert response.status_code == 409
    assert "Sjuk med intyg" in text(response)
    assert "En extra handduk." in text(response)
    assert not FollowUpAnswer.objects.exists()
    client.post(address, data | {f"dagar-{first.key}-seen": "sick_certified"})
    assert FollowUpAnswer.objects.exists()
    assert PlacementAttendance.objects.get().status == "present"


def test_what_staff_have_marked_stays_as_they_said(client, cast, placement, address):
    first = planned(placement)[0]
    attendance_mark(placement=placement, marks={first.key: "external"}, seen={}, actor=cast.coach)
    assert "Annan planerad aktivitet" in text(client.get(address))
    client.post(address, sent(placement))
    assert PlacementAttendance.objects.get().marked_by == cast.coach


def test_without_a_schedule_no_days_are_asked_about(client, placement, address):
    placement.schedules.all()[0].hours.all().delete()
    assert "Vilka dagar?" not in text(client.get(address))
    assert client.post(address, sent(placement)).status_code == 302


def test_a_day_of_which_nothing_is_said_stays_as_staff_marked_it_meanwhile(client, cast, placement, address):
    data = sent(placement, d1="present")
    first = planned(placement)[0]
    attendance_mark(placement=placement, marks={first.key: "sick_certified"}, seen={}, actor=cast.coach)
    assert client.post(address, data).status_code == 302
    assert [mark.status for mark in PlacementAttendance.objects.order_by("day")] == ["sick_certified", "present"]
    assert "Var här: 1 dag" in text(client.get(address))


def test_with_all_other_days_a_day_that_staff_marked_meanwhile_is_told_and_kept(client, cast, placement, address):
    data = sent(placement) | {"dagar-rest": "1"}
    first = planned(placement)[0]
    attendance_mark(placement=placement, marks={first.key: "sick_certified"}, seen={}, actor=cast.coach)
    again = client.post(address, data)
    assert again.status_code == 409
    assert "Några dagar har markerats under tiden" in text(again)
    fields = again.context["days"]
    assert (fields.is_rest, fields[first.key].value()) == (True, "sick_certified")
    shown = {field.html_name: field.value() or "" for field in fields}
    assert client.post(address, data | shown).status_code == 302
    assert PlacementAttendance.objects.get(day=first.session.day).status == "sick_certified"


def test_a_second_tab_is_told_of_the_answer_and_of_the_days_at_once(client, placement, address):
    second = sent(placement, d0="sick_reported") | {"going": "mixed"}
    client.post(address, sent(placement, d0="present"))
    again = client.post(address, second)
    assert "från ett annat fönster" in text(again)
    assert "Markerades under tiden som: Närvarande." in text(again)
    shown = {field.html_name: field.value() or "" for field in again.context["days"]}
    assert client.post(address, second | shown | {"version": "1"}).status_code == 302
    assert PlacementAttendance.objects.get().status == "sick_reported"


def test_the_page_stays_light_with_many_days(client, cast, placement, address):
    placement.start = days_ago(400)
    placement.save()
    placement.schedules.update(valid_from=days_ago(400))
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert len(response.content) < 8_000  # of 60,000 with style sheet and fonts
    weeks = response.context["days"].weeks()
    assert sum(len(week.cells) for week in weeks) == 60
    assert [week.is_open for week in weeks][-3:] == [False, True, True]


@pytest.mark.browser
@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_the_days_are_whole_on_the_smallest_phone(page, live_server, address, placement):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(live_server.url + address)
    check(page, "supervisor-days")
    page.get_by_label("Ja").first.check()
    page.get_by_label("Bra", exact=True).check()
    page.get_by_label("Var här alla dagar som inte är ifyllda").check()
    page.get_by_role("button", name="Lämna in").click()
    page.wait_for_load_state()
    assert PlacementAttendance.objects.count() == len(planned(placement))
