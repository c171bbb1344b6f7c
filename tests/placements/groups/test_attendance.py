"""Attendance of a group: marked, changed, marked by two, and what it comes to in the file and on Min dag."""

import pytest
from django.urls import reverse

from participants.day.lists import day_lists
from participants.models import Enrolment
from placements.models import GroupAttendance
from tests.factories import EnrolmentFactory, days_ago
from tests.placements.groups.conftest import group_of, of, seat_of, session_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(group):
    return session_of(group, days_ago(1))


@pytest.fixture
def places(group, cast):
    return [seat_of(group, cast.asa), seat_of(group, cast.bertil)]


def marks(places, *statuses, seen=("", "")) -> dict:
    data = {}
    for place, status, was in zip(places, statuses, seen, strict=True):
        data |= {f"{place.public_id}-status": status, f"{place.public_id}-seen": was}
    return data


def stored(session) -> dict:
    return dict(session.attendance.values_list("place__enrolment__participant__given_name", "status"))


def test_everybody_is_marked_in_one_form_and_it_is_kept_by_whom(coach, cast, group, session, places):
    page = coach.post(of("attendance", group, session), marks(places, "present", "sick_reported"), follow=True)
    assert "är sparad." in text(page)
    assert stored(session) == {"Åsa": "present", "Bertil": "sick_reported"}
    assert set(session.attendance.values_list("marked_by_name", flat=True)) == {"Alma Alm"}
    assert Enrolment.objects.get(pk=cast.asa.pk).last_activity_on == session.day
    assert Enrolment.objects.get(pk=cast.bertil.pk).last_activity_on is None  # who was ill was not there


def test_the_others_were_present(coach, group, session, places):
    data = marks(places, "absent_invalid", "") | {"rest": "present"}
    coach.post(of("attendance", group, session), data)
    assert stored(session) == {"Åsa": "absent_invalid", "Bertil": "present"}


def test_a_mark_is_changed_and_taken_away_and_unmarked_is_no_row(coach, group, session, places):
    coach.post(of("attendance", group, session), marks(places, "present", "present"))
    coach.post(of("attendance", group, session), marks(places, "", "absent_valid", seen=("present", "present")))
    assert stored(session) == {"Bertil": "absent_valid"}
    assert GroupAttendance.pgh_event_model.objects.count() == 4


def test_what_somebody_else_marked_meanwhile_is_told_and_nothing_is_overwritten(coach, group, session, places):
    coach.post(of("attendance", group, session), marks(places, "present", "present"))
    page = coach.post(of("attendance", group, session), marks(places, "absent_invalid", "present"))
    assert page.status_code == 409
    assert "Markerades under tiden som: Närvarande." in text(page)
    assert stored(session) == {"Åsa": "present", "Bertil": "present"}
    data = marks(places, "absent_invalid", "present", seen=("present", "present"))
    assert coach.post(of("attendance", group, session), data).status_code == 302
    assert stored(session)["Åsa"] == "absent_invalid"


def test_the_same_marks_once_more_are_the_same(coach, group, session, places):
    for _time in range(2):
        page = coach.post(of("attendance", group, session), marks(places, "present", "present"))
        assert page.status_code == 302
    assert GroupAttendance.pgh_event_model.objects.count() == 2


def test_an_unknown_mark_is_refused(coach, group, session, places):
    page = coach.post(of("attendance", group, session), marks(places, "cancelled_by_unit", "present"))
    assert page.status_code == 422
    assert not session.attendance.exists()


def test_a_session_to_come_or_cancelled_is_not_marked(coach, group, places):
    coming = session_of(group, days_ago(-1))
    page = coach.post(of("attendance", group, coming), marks(places, "present", "present"), follow=True)
    assert "Tillfället har inte varit än. Markera närvaron samma dag." in text(page)
    cancelled = session_of(group, days_ago(2))
    coach.post(of("session_cancel", group, cancelled), {"why": "Storm"})
    page = coach.post(of("attendance", group, cancelled), marks(places, "present", "present"), follow=True)
    assert "Tillfället är inställt, så ingen markeras." in text(page)
    assert not GroupAttendance.objects.exists()


def test_who_had_no_seat_that_day_is_not_asked_about(coach, cast, group, session):
    seat_of(group, cast.asa, start=days_ago(0))
    assert "Ingen hade en plats den här dagen" in text(coach.get(of("attendance", group, session)))


def test_the_file_tells_what_it_comes_to(coach, cast, group, places):
    for number, status in enumerate(("present", "present", "absent_invalid", ""), start=1):
        coach.post(of("attendance", group, session_of(group, days_ago(number))), marks(places, status, ""))
    cancelled = session_of(group, days_ago(9))
    coach.post(of("session_cancel", group, cancelled), {"why": "Storm"})
    page = text(coach.get(reverse("participants:part", args=[cast.person.public_id, "grupper"])))
    assert "66,7 %" in page
    assert "6 / 15" in page  # present of planned, three hours each
    assert "66,7 %" in text(coach.get(of("group", group)))


def test_the_group_asks_as_much_for_many_participants_as_for_few(coach, cast, group, django_assert_max_num_queries):
    def asked():
        with django_assert_max_num_queries(30) as asked:
            coach.get(of("group", group))
        return len(asked)

    session = session_of(group, days_ago(1))
    for number in range(8):
        place = seat_of(group, EnrolmentFactory(unit=cast.centrum))
        if number % 2:
            session.attendance.create(place=place, status="present", marked_by=cast.coach, marked_by_name="Alma")
        if number == 2:
            few = asked()
    session_of(group, days_ago(3))
    assert asked() == few


def test_min_dag_asks_about_sessions_that_nobody_marked(cast, group, session, places):
    unmarked = next(each for each in day_lists() if each.key == "omarkerad-narvaro")

    def found():
        rows = unmarked.rows(Enrolment.objects.filter(coach=cast.coach), days_ago(0))
        return list(rows.values_list("day_enrolment", "day_due", "day_note", "day_reference"))

    session_of(group, days_ago(0))  # the day is not over
    session_of(group, days_ago(35))  # too long ago
    session_of(group_of(cast.centrum, name="Utan henne"), days_ago(1))
    reference = f"{group.public_id} {session.public_id}"
    assert found() == [(cast.asa.pk, session.day, group.name, reference)]
    session.attendance.create(place=places[0], status="present", marked_by=cast.coach, marked_by_name="Alma")
    assert found() == []
