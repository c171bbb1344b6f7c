"""Groups: started, changed by two at once, ended; their sessions planned by a schedule and cancelled."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from placements.groups import services
from placements.groups.services import days_between, most_taken
from placements.models import Group, GroupPlace
from tests.factories import days_ago
from tests.placements.groups.conftest import activity_of, group_of, of, seat_form, seat_of, session_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db


def typed(**fields) -> dict:
    data = {
        "name": "Data för nybörjare", "form": "course", "about": "Mejl, e-legitimation och blanketter.", "leader": "",
        "where": "Storgatan 4", "start": days_ago(0).isoformat(), "end": "", "seats": "8", "seen": "0",
        "token": uuid.uuid4(),
    }  # fmt: skip
    return data | fields


# --- The group ----------------------------------------------------------------------------------------------------


def test_a_group_is_started_once_however_often_the_form_is_sent(coach, cast):
    data = typed()
    for _time in range(2):
        page = coach.post(reverse("groups:create"), data, follow=True)
    assert "Gruppen är startad. Planera tillfällen nu." in text(page)
    group = Group.objects.get()
    assert (group.unit, group.name, group.form_id, group.seats) == (cast.centrum, "Data för nybörjare", "course", 8)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Skriv vad gruppen heter."),
        ({"form": ""}, "Välj en insatsform."),
        ({"seats": ""}, "Skriv hur många som kan delta samtidigt."),
        ({"seats": "0"}, "En grupp har minst en plats."),
        ({"seats": "många"}, "Skriv ett heltal."),
        ({"start": "31 mars"}, "Skriv dagen som 2026-03-31."),
        ({"end": days_ago(1).isoformat()}, "Sista dagen är före den första."),
        ({"form": "utbildningskontrakt"}, "Välj ett giltigt alternativ."),  # abolished: not among the choices
        ({"form": "internship_public"}, "Välj ett giltigt alternativ."),  # no group, but a workplace
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(coach, fields, sentence):
    page = coach.post(reverse("groups:create"), typed(**fields))
    assert page.status_code == 422
    assert sentence in text(page)
    assert "Mejl, e-legitimation och blanketter." in text(page)
    assert not Group.objects.exists()


def test_an_abolished_form_stays_readable_in_the_group_that_has_it(coach, cast):
    group = group_of(cast.centrum, form_id="utbildningskontrakt", start=dt.date(2022, 1, 10))
    assert "Utbildningskontrakt" in text(coach.get(of("group", group)))
    page = coach.post(
        of("change", group), typed(form="utbildningskontrakt", start="2022-01-10", name="Ny"), follow=True
    )
    assert "Gruppen är sparad." in text(page)


def test_two_who_change_a_group_do_not_overwrite_each_other(coach, group):
    first = coach.post(of("change", group), typed(form="job_search", start=group.start, name="Min", seats="5"))
    assert first.status_code == 302
    page = coach.post(of("change", group), typed(form="job_search", start=group.start, name="Din", seats="9"))
    assert page.status_code == 409
    assert "Någon annan har ändrat gruppen under tiden" in text(page)
    assert 'value="Din"' in page.content.decode()
    group.refresh_from_db()
    assert (group.name, group.seats) == ("Min", 5)
    again = coach.post(
        of("change", group), typed(form="job_search", start=group.start, name="Din", seats="9", seen="1")
    )
    assert again.status_code == 302


def test_seats_that_are_taken_cannot_be_taken_away(coach, group, cast):
    seat_of(group, cast.asa)
    seat_of(group, cast.bertil)
    page = coach.post(of("change", group), typed(form="job_search", start=group.start, seats="1"))
    assert "2 platser är upptagna samtidigt." in text(page)
    page = coach.post(of("change", group), typed(form="job_search", start=days_ago(3), seats="2"))
    assert "Någon har en plats före den dagen." in str(page.context["form"].errors["start"])
    ends = typed(form="job_search", start=group.start, end=days_ago(1), seats="2")
    page = coach.post(of("change", group), ends)
    assert "Någon har en plats utanför de här dagarna." in str(page.context["form"].errors["end"])


def test_a_year_that_nobody_can_have_meant_is_refused_beside_the_day(coach, group, cast):
    far = "9999-12-31"
    page = coach.post(of("change", group), typed(form="job_search", start="0026-01-01", end=far))
    assert set(page.context["form"].errors) == {"start", "end"}
    assert "Kontrollera året" in str(page.context["form"].errors["end"])
    assert "Kontrollera året" in str(coach.post(of("end", group), {"end": far}).context["form"].errors["end"])
    schedule = {"first": days_ago(0), "last": far, "weekdays": ["0"], "every": "1", "begins": "9:00", "ends": "10:00"}
    page = coach.post(of("sessions", group), schedule)
    assert "Kontrollera året" in str(page.context["form"].errors["last"])


def test_a_group_ends_with_its_seats_and_the_sessions_that_would_come(coach, group, cast):
    been, later = session_of(group, days_ago(2)), session_of(group, days_ago(-5))
    going, future = seat_of(group, cast.asa), seat_of(group, cast.bertil, start=days_ago(-3))
    assert "Avsluta gruppen Jobbsökargrupp tisdag?" in text(coach.get(of("end", group)))
    page = coach.post(of("end", group), {"end": days_ago(0)}, follow=True)
    assert "Gruppen slutar" in text(page)
    assert list(group.sessions.all()) == [been]
    assert not GroupPlace.objects.filter(pk=future.pk).exists()
    going.refresh_from_db()
    assert going.end == days_ago(0)
    assert later.pk not in group.sessions.values_list("pk", flat=True)


def test_a_group_does_not_end_before_what_has_been_marked(coach, group, cast):
    session, place = session_of(group, days_ago(1)), seat_of(group, cast.asa)
    session.attendance.create(place=place, status="present", marked_by=cast.coach, marked_by_name="Alma Alm")
    page = coach.post(of("end", group), {"end": days_ago(2)})
    assert "Närvaro är markerad vid ett senare tillfälle." in text(page)
    page = coach.post(of("end", group), {"end": days_ago(50)})
    assert "Den kan inte sluta före den dagen." in text(page)
    group.refresh_from_db()
    assert group.end is None


def test_the_list_tells_how_full_a_group_is_and_what_is_to_be_marked(coach, group, cast, django_assert_num_queries):
    seat_of(group, cast.asa)
    session_of(group, days_ago(1))
    session_of(group, days_ago(-6))
    ended = group_of(cast.centrum, name="Gammal grupp", end=days_ago(10))
    page = text(coach.get(reverse("groups:list")))
    assert "1 av 3" in page
    assert "1 tillfälle att markera" in page
    assert days_ago(-6).isoformat() in page
    assert ended.name not in page
    assert ended.name in text(coach.get(reverse("groups:list"), {"visa": "avslutade"}))


def test_the_list_asks_as_much_for_many_groups_as_for_few(coach, cast, django_assert_max_num_queries):
    def asked():
        with django_assert_max_num_queries(20) as asked:
            coach.get(reverse("groups:list"))
        return len(asked)

    for number in range(3):
        session_of(group_of(cast.centrum, name=f"Grupp {number}"), days_ago(1))
    few = asked()
    for number in range(20):
        session_of(group_of(cast.centrum, name=f"Till {number}"), days_ago(1))
    assert asked() == few


# --- Sessions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weekdays", "every", "days"),
    [
        ([0], 1, ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]),
        ([0], 2, ["2026-03-02", "2026-03-16", "2026-03-30"]),
        ([1, 3], 2, ["2026-03-03", "2026-03-05", "2026-03-17", "2026-03-19", "2026-03-31"]),
        ([6], 2, ["2026-03-08", "2026-03-22"]),  # the Sunday of a week belongs to its Monday
    ],
)
def test_a_schedule_gives_every_week_or_every_second(weekdays, every, days):
    found = days_between(dt.date(2026, 3, 2), dt.date(2026, 3, 31), weekdays, every)
    assert [day.isoformat() for day in found] == days


def schedule(group, **fields) -> dict:
    start = days_ago(0)
    data = {"first": start, "last": start + dt.timedelta(days=13), "weekdays": [str(start.weekday())], "every": "1"}
    return data | {"begins": "09:00", "ends": "11:30"} | fields


def test_sessions_are_planned_and_those_that_are_there_stay(coach, group):
    page = coach.post(of("sessions", group), schedule(group), follow=True)
    assert "2 tillfällen är planerade." in text(page)
    page = coach.post(of("sessions", group), schedule(group), follow=True)
    assert "0 tillfällen är planerade." in text(page)
    assert [session.hours for session in group.sessions.all()] == [
        dt.timedelta(hours=2.5) / dt.timedelta(hours=1)
    ] * 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"weekdays": []}, "Välj minst en veckodag."),
        ({"ends": "08:00"}, "Tillfället slutar innan det börjar."),
        ({"begins": "nio"}, "Skriv klockslaget som 09:30."),
        ({"first": days_ago(60)}, "Tillfällen kan inte komma före den dagen."),
        ({"last": days_ago(-60)}, "Tillfällen kan inte komma efter den dagen."),
        ({"last": days_ago(2)}, "Sista dagen är före den första."),
        (
            {"last": days_ago(-1), "weekdays": [str(days_ago(-3).weekday())]},
            "Ingen av veckodagarna infaller mellan de två dagarna.",
        ),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(coach, cast, fields, sentence):
    group = group_of(cast.centrum, end=days_ago(-30))
    page = coach.post(of("sessions", group), schedule(group, **fields))
    assert page.status_code == 422
    assert sentence in text(page)
    assert not group.sessions.exists()


def test_a_group_that_gets_other_days_while_the_form_is_filled_in_is_told(coach, group, cast, monkeypatch):
    activity = activity_of(cast.asa)
    for name, address, data in (
        ("sessions_plan", of("sessions", group), schedule(group)),
        ("seat_take", of("seat", group), seat_form(group, activity)),
    ):
        act = getattr(services, name)

        def too_late(act=act, **given):
            Group.objects.update(end=days_ago(30))
            return act(**given)

        monkeypatch.setattr(services, name, too_late)
        answer = coach.post(address, data)
        assert answer.status_code == 422
        assert "Gruppen har fått andra dagar under tiden. Se efter och försök igen." in text(answer)
        Group.objects.update(end=None)
    assert not group.sessions.exists()
    assert not group.places.exists()


def test_more_sessions_than_anybody_means_are_refused(coach, group):
    every_day = [str(number) for number in range(7)]
    page = coach.post(of("sessions", group), schedule(group, last=days_ago(-400), weekdays=every_day))
    assert "Det blir 401 tillfällen. Planera högst 200 på en gång." in text(page)


def test_a_session_is_cancelled_with_why_and_takes_place_after_all(coach, group):
    session = session_of(group, days_ago(-3))
    assert "Skriv varför tillfället ställs in." in text(coach.post(of("session_cancel", group, session), {"why": ""}))
    page = coach.post(of("session_cancel", group, session), {"why": "Ledaren är sjuk"}, follow=True)
    assert "Ledaren är sjuk" in text(page)
    assert "Tillfället är inställt: Ledaren är sjuk" in text(coach.get(of("attendance", group, session)))
    page = coach.post(of("session_restore", group, session), follow=True)
    assert "blir av ändå." in text(page)
    session.refresh_from_db()
    assert not session.is_cancelled


def test_a_session_that_took_place_is_not_cancelled(coach, group, cast):
    session, place = session_of(group, days_ago(1)), seat_of(group, cast.asa)
    session.attendance.create(place=place, status="present", marked_by=cast.coach, marked_by_name="Alma Alm")
    page = coach.post(of("session_cancel", group, session), {"why": "Fel"})
    assert "Ta bort markeringarna först" in text(page)


def test_the_fullest_day_decides(cast):
    def seat(first, last):
        return GroupPlace(start=dt.date(2026, 3, first), end=last and dt.date(2026, 3, last))

    seats = [seat(1, 10), seat(5, 7), seat(8, None)]
    assert most_taken(seats, dt.date(2026, 3, 1), dt.date(2026, 3, 4)) == 1
    assert most_taken(seats, dt.date(2026, 3, 1), None) == 2
    assert most_taken(seats, dt.date(2026, 3, 11), dt.date(2026, 3, 12)) == 1
    assert most_taken([], dt.date(2026, 3, 1), None) == 0
