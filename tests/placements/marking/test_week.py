"""A week of attendance at workplaces, marked by staff."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AccessLogEntry
from placements.marking.services import NotYet, attendance_mark, unmarked_find
from placements.marking.sessions import attendance_in, sessions_of
from placements.models import PlacementAttendance
from placements.models.schedule import Weekday
from placements.services.schedules import schedule_write
from tests.factories import days_ago
from tests.placements.marking.conftest import hours, key, last_week, named, scheduled, sent

pytestmark = pytest.mark.django_db
WEEK = reverse("marking:week")
DAY = dt.timedelta(days=1)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def address(week, **more) -> str:
    return WEEK + "?" + "&".join(f"{name}={value}" for name, value in {"vecka": week.key, **more}.items())


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def placement(cast):
    return scheduled(cast.asa)


@pytest.fixture
def week():
    return last_week()


def test_a_week_shows_who_was_to_be_where_and_marks_stay(coach, cast, placement, week):
    page = text(coach.get(address(week)))
    assert "Åsa Öhrström" in page
    assert page.count("08.00–12.00") == 2
    monday, wednesday = week.monday, week.monday + 2 * DAY
    data = sent(placement, **{named(monday): ("present", ""), named(wednesday): ("absent_valid", "")})
    response = coach.post(address(week), data, follow=True)
    assert "2 tillfällen är markerade." in text(response)
    marks = PlacementAttendance.objects.values_list("day", "status", "marked_by_name")
    assert list(marks) == [(monday, "present", "Alma Alm"), (wednesday, "absent_valid", "Alma Alm")]
    assert "4 / 8" in text(response)
    assert AccessLogEntry.objects.filter(subject=cast.person.public_id, detail__part="attendance").exists()


def test_unmarked_is_no_row_and_never_absence(placement, week):
    kept = sessions_of([placement], week.monday, week.sunday)[placement.pk]
    found = attendance_in(kept)
    assert (found.planned, found.unmarked, found.invalid, found.share) == (Decimal(8), Decimal(8), 0, None)


def test_the_rest_is_present_with_one_press_and_a_mark_can_be_taken_away(coach, placement, week):
    monday, wednesday = week.monday, week.monday + 2 * DAY
    data = sent(placement, **{named(monday): ("sick_reported", ""), named(wednesday): ("", "")})
    coach.post(address(week), data | {"rest": "present"})
    assert [mark.status for mark in PlacementAttendance.objects.all()] == ["sick_reported", "present"]
    coach.post(address(week), sent(placement, **{named(monday): ("", "sick_reported")}))
    assert [mark.day for mark in PlacementAttendance.objects.all()] == [wednesday]


def test_a_session_to_come_is_not_marked(coach, cast, placement):
    with pytest.raises(NotYet):
        attendance_mark(placement=placement, marks={key(days_ago(-1)): "present"}, seen={}, actor=cast.coach)
    coming = last_week().after.after
    assert "kommer" in text(coach.get(address(coming)))
    coach.post(address(coming), sent(placement, **{named(coming.monday): ("present", "")}))
    assert not PlacementAttendance.objects.exists()


def test_what_another_has_marked_meanwhile_is_said_and_other_rows_are_saved(coach, cast, placement, week):
    other = scheduled(cast.asa, Weekday.TUESDAY, start=days_ago(39))
    attendance_mark(placement=placement, marks={key(week.monday): "present"}, seen={}, actor=cast.coordinator)
    data = sent(placement, **{named(week.monday): ("absent_invalid", "")})
    data |= sent(other, **{named(week.monday + DAY): ("present", "")})
    response = coach.post(address(week), data)
    assert response.status_code == 409
    assert "Markerades under tiden som: Närvarande." in text(response)
    assert PlacementAttendance.objects.get(placement=placement).status == "present"
    assert PlacementAttendance.objects.get(placement=other).status == "present"
    again = sent(placement, **{named(week.monday): ("absent_invalid", "present")})
    assert coach.post(address(week), again).status_code == 302
    assert PlacementAttendance.objects.get(placement=placement).status == "absent_invalid"


def test_what_is_sent_twice_is_stored_once(coach, placement, week):
    data = sent(placement, **{named(week.monday): ("present", "")})
    coach.post(address(week), data)
    assert "Inget var ändrat." in text(coach.post(address(week), data, follow=True))
    assert PlacementAttendance.objects.count() == 1


def test_a_false_status_is_refused_at_its_cell(coach, placement, week):
    response = coach.post(address(week), sent(placement, **{named(week.monday): ("borta", "")}))
    assert response.status_code == 422
    assert not PlacementAttendance.objects.exists()


def test_a_marked_session_keeps_its_hours_when_the_schedule_is_changed(cast, placement, week):
    attendance_mark(placement=placement, marks={key(week.monday): "present"}, seen={}, actor=cast.coach)
    schedule_write(
        owner=placement,
        valid_from=placement.start,
        hours=hours(Weekday.FRIDAY, ends=dt.time(17)),
        on_holidays=True,
    )
    kept = sessions_of([placement], week.monday, week.sunday)[placement.pk]
    assert [(each.session.day, each.session.hours, each.status) for each in kept] == [
        (week.monday, 4, "present"), (week.monday + 4 * DAY, 9, ""),
    ]  # fmt: skip


def test_who_marks_where(client, cast, week):
    mine, theirs = scheduled(cast.asa), scheduled(cast.ciwan)
    scheduled(cast.protected_centrum)
    client.force_login(cast.manager)
    page = client.get(address(week))
    assert "Åsa Öhrström" in text(page)
    assert "Ciwan" not in text(page)
    assert "Hemlig" not in text(page)
    assert "Spara närvaro" not in text(page)  # a manager reads
    assert "Ej markerad" in text(page), "what has been is not to come"
    assert "kommer<" not in text(page)
    shown = client.get(reverse("booking:placement", args=[cast.person.public_id, mine.public_id])).content.decode()
    assert "?vecka=" in shown
    assert "/extra/" not in shown
    client.post(address(week), sent(mine, **{named(week.monday): ("present", "")}))
    client.force_login(cast.outsider)
    client.post(address(week), sent(mine, **{named(week.monday): ("present", "")}))
    assert not PlacementAttendance.objects.exists()
    client.post(address(week), sent(theirs, **{named(week.monday): ("present", "")}))
    assert PlacementAttendance.objects.get().placement == theirs
    client.force_login(cast.analyst)
    assert client.get(WEEK).status_code == 403


def test_a_week_that_is_none_is_not_found(coach):
    for wrong in ("2026-W54", "2026", "x", "9999-W52", "0001-W01"):
        assert coach.get(WEEK, {"vecka": wrong}).status_code == 404
    assert coach.get(WEEK, {"vecka": "2026-W53"}).status_code == 200


def test_the_first_day_that_is_not_marked_is_kept_and_told_in_min_dag(coach, cast, placement, week):
    placement.refresh_from_db()
    first = placement.unmarked_on
    assert first.isoweekday() in (1, 3)
    assert first < days_ago(0)
    html = coach.get(reverse("day:day")).content.decode()
    assert "Närvaro på arbetsplatser som inte är markerad" in html
    planned = sessions_of([placement], placement.start, days_ago(0))[placement.pk]
    attendance_mark(placement=placement, marks={each.key: "present" for each in planned}, seen={}, actor=cast.coach)
    placement.refresh_from_db()
    assert placement.unmarked_on > days_ago(0)
    assert "Närvaro på arbetsplatser" not in coach.get(reverse("day:day")).content.decode()
    placement.end = days_ago(0)
    assert unmarked_find(placement=placement) is None


def test_the_first_day_of_what_begins_far_ahead_is_kept_although_it_is_not_the_first_session(cast):
    start = days_ago(-200)
    weekday = (start + dt.timedelta(days=3)).isoweekday()
    placement = scheduled(cast.asa, weekday, start=start, end=None)
    assert placement.unmarked_on == start + dt.timedelta(days=3)


def test_presence_is_when_the_case_was_last_heard_from(cast, placement, week):
    attendance_mark(placement=placement, marks={key(week.monday): "present"}, seen={}, actor=cast.coach)
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == week.monday


def test_the_week_asks_as_much_for_many_as_for_one(coach, cast, week, django_assert_max_num_queries):
    for _ in range(8):
        scheduled(cast.asa)
    with django_assert_max_num_queries(18):
        assert len(coach.get(address(week)).context["lines"]) == 8


# --- Sessions that no schedule plans ------------------------------------------------------------------------------


def extra(client, placement, day, **fields):
    address = reverse("marking:extra", args=[placement.enrolment.participant.public_id, placement.public_id])
    data = {"day": day, "begins": "13:00", "ends": "16:30", "break_minutes": "30", "status": "present"}
    return client.post(address, data | fields, follow=True)


def test_an_extra_session_counts_as_planned_and_goes_when_its_mark_is_taken_away(coach, placement, week):
    tuesday = week.monday + DAY
    for _ in range(2):  # sent twice it is one
        page = text(extra(coach, placement, tuesday))
        assert "Det extra tillfället är markerat." in page
        assert "utöver schemat" in page
        assert "3 / 11" in page
    assert [(mark.day, mark.hours) for mark in PlacementAttendance.objects.all()] == [(tuesday, 3)]
    coach.post(address(week), sent(placement, **{named(tuesday, dt.time(13)): ("", "present")}))
    assert not PlacementAttendance.objects.exists()
    assert "utöver schemat" not in text(coach.get(address(week)))


def test_what_is_no_extra_session_is_refused(coach, cast, client, placement, week):
    refusals = [
        (days_ago(-1), {}, "Den dagen har inte varit än."),
        (days_ago(50), {}, "Placeringen pågår från"),
        (week.monday, {"begins": "11:00"}, "Det finns redan ett tillfälle 08.00–12.00 den dagen."),
        (week.monday, {"ends": "13:00"}, "Slutet är före starten."),
        (week.monday, {"begins": "01:00", "ends": "23:00", "break_minutes": ""}, "Kontrollera tiderna."),
        (week.monday, {"ends": "14:00", "break_minutes": "60"}, "Rasten är längre än tillfället."),
    ]
    for day, fields, sentence in refusals:
        response = extra(coach, placement, day, **fields)
        assert response.status_code == 422
        assert sentence in text(response)
    assert not PlacementAttendance.objects.exists()


def test_the_pages_of_attendance_lead_to_each_other_and_on_from_an_empty_week(coach, cast, client, week):
    scheduled(cast.bertil)
    files = reverse("monthly:files")
    assert files not in text(coach.get(address(week)))
    client.force_login(cast.coordinator)
    page = client.get(address(week)).content.decode()
    assert f'href="{files}"' in page
    assert "Ingen av dina deltagare är på en arbetsplats" in page
    assert f'href="{WEEK}"' in client.get(files).content.decode()
