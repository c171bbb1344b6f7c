"""Seats: for whom, refused and why, the last one with two at once, left, taken back, ended with the enrolment."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import AccessLogEntry
from participants.models import Activity, ActivityState, Enrolment
from placements.groups.services import GroupFull, seat_take
from placements.models import GroupPlace
from tests.factories import days_ago
from tests.placements.groups.conftest import activity_of, group_of, of, seat_form, seat_of, session_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db


def from_file(enrolment):
    return reverse("groups:seat_from_file", args=[enrolment.participant.public_id])


def part(enrolment):
    return reverse("participants:part", args=[enrolment.participant.public_id, "grupper"])


def close(client, enrolment, step=""):
    """Close because the participant has moved: look at what follows, and with `save` do it."""
    address = reverse("participants:enrolment_close", args=[enrolment.participant.public_id])
    data = {"end": days_ago(0).isoformat(), "closure_reason": "moved", "details_for": "moved", "step": step}
    told = [f"group-{place.public_id}" for place in GroupPlace.objects.filter(enrolment=enrolment).order_by("group")]
    return client.post(address, data | {"told": told})


def test_a_seat_is_booked_from_the_file_once_however_often_the_form_is_sent(coach, cast, group):
    data = seat_form(group, activity_of(cast.asa))
    for _time in range(2):
        page = coach.post(from_file(cast.asa), data, follow=True)
    assert "Platsen är bokad." in text(page)
    place = GroupPlace.objects.get()
    assert (place.enrolment, place.group, place.start, place.end) == (cast.asa, group, days_ago(0), None)


def test_a_seat_is_booked_from_the_group(coach, cast, group):
    activity = activity_of(cast.bertil)
    assert "Bertil Bodin" in text(coach.get(of("seat", group)))
    page = coach.post(of("seat", group), seat_form(group, activity), follow=True)
    assert "Bertil Bodin" in text(page)


def test_of_several_nobody_is_chosen_beforehand_and_who_has_a_seat_is_not_offered_one(coach, cast, group):
    seat_of(group, cast.asa)
    activities = [activity_of(cast.bertil), activity_of(cast.bertil)]
    page = coach.get(of("seat", group))
    assert "Åsa Öhrström" not in text(page)
    assert '<option value="" selected>Välj</option>' in page.content.decode()
    for _time in range(2):
        refused = coach.post(of("seat", group), seat_form(group, activities[0]) | {"activity": ""})
        assert refused.status_code == 422
        assert "Välj en deltagare." in text(refused)
    data = seat_form(group, activities[0])
    for _time in range(2):
        assert coach.post(of("seat", group), data).status_code == 302
    assert GroupPlace.objects.filter(enrolment=cast.bertil).count() == 1


def test_nothing_is_booked_without_an_activity_that_is_decided(coach, cast, group):
    assert "Inget kan bokas än" in text(coach.get(from_file(cast.asa)))
    dropped = activity_of(cast.asa, state=ActivityState.DROPPED)
    page = coach.post(from_file(cast.asa), seat_form(group, dropped))
    assert page.status_code == 422
    assert "Besluta insatsen i planen först." in text(page)
    assert "Ingen kan få en plats än" in text(coach.get(of("seat", group)))
    assert not GroupPlace.objects.exists()


def test_who_comes_preventively_gets_no_seat_before_the_employment_service_agrees(coach, cast, group):
    Enrolment.objects.filter(pk=cast.asa.pk).update(target_group="preventive")
    data = seat_form(group, activity_of(cast.asa))
    page = coach.post(from_file(cast.asa), data)
    assert page.status_code == 422
    assert "Anteckna först överenskommelsen med Arbetsförmedlingen i akten." in text(page)
    assert not GroupPlace.objects.exists()
    cast.asa.agreements.create(
        agreed_on=days_ago(1), contact="Ann Ask", activity="Jobbsökargrupp", by=cast.coach, by_name="Alma Alm"
    )
    coach.post(from_file(cast.asa), data)
    assert GroupPlace.objects.count() == 1


def test_an_activity_without_a_group_of_its_form_is_told(coach, cast, group):
    activity_of(cast.asa, form="course")
    assert "Ingen grupp passar" in text(coach.get(from_file(cast.asa)))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"activity": ""}, "Välj en insats."),
        ({"start": ""}, "Ange vilken dag."),
        ({"start": days_ago(50)}, "Gruppen börjar"),
        ({"end": days_ago(1)}, "Sista dagen är före den första."),
        ({"end": days_ago(-90)}, "Gruppen slutar"),
        ({"start": days_ago(-70)}, "Gruppen slutar"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(coach, cast, fields, sentence):
    group = group_of(cast.centrum, end=days_ago(-60))
    page = coach.post(from_file(cast.asa), seat_form(group, activity_of(cast.asa)) | fields)
    assert page.status_code == 422
    assert sentence in text(page)
    assert not GroupPlace.objects.exists()


def test_a_group_of_another_form_is_refused(coach, cast, group):
    activity_of(cast.asa)
    course, group_of_courses = activity_of(cast.asa, form="course"), group_of(cast.centrum, form_id="course")
    page = coach.post(from_file(cast.asa), seat_form(group, course))
    assert "Insatsen har en annan form än gruppen." in text(page)
    assert coach.post(from_file(cast.asa), seat_form(group_of_courses, course)).status_code == 302


def test_nobody_has_two_seats_in_a_group_on_a_day(coach, cast, group):
    seat_of(group, cast.asa, end=days_ago(-5))
    activity = Activity.objects.get()
    page = coach.post(of("seat", group), seat_form(group, activity))
    assert "Deltagaren har redan en plats i gruppen någon av de här dagarna." in text(page)
    assert coach.post(of("seat", group), seat_form(group, activity, start=days_ago(-6))).status_code == 302


def test_a_full_group_is_told_and_a_later_day_is_free(coach, cast):
    group = group_of(cast.centrum, seats=1)
    seat_of(group, cast.bertil, end=days_ago(-5))
    activity = activity_of(cast.asa)
    page = coach.post(from_file(cast.asa), seat_form(group, activity))
    assert "Alla 1 platser är upptagna någon av de här dagarna." in text(page)
    assert coach.post(from_file(cast.asa), seat_form(group, activity, start=days_ago(-6))).status_code == 302


def test_another_units_group_and_participants_are_not_there(coach, cast):
    elsewhere = group_of(cast.norr, name="Norrs grupp")
    seat_of(elsewhere, cast.ciwan)
    assert "Norrs grupp" not in text(coach.get(reverse("groups:list")))
    assert coach.get(of("group", elsewhere)).status_code == 404
    assert AccessLogEntry.objects.filter(actor=cast.coach, act="denied", subject=elsewhere.public_id).exists()
    page = coach.post(from_file(cast.asa), seat_form(elsewhere, activity_of(cast.asa)))
    assert page.status_code == 422
    assert "Ingen grupp passar" in text(page)


def test_a_protected_person_is_in_the_group_for_nobody_who_is_not_named(coach, cast, group):
    seat_of(group, cast.protected_centrum)
    seat_of(group, cast.asa)
    session = session_of(group, days_ago(0))
    for page in (of("group", group), of("attendance", group, session)):
        said = text(coach.get(page))
        assert "Åsa Öhrström" in said
        assert "Hemlig" not in said
        assert "1 till som du inte har behörighet att se." in said
    assert "Hemlig" not in text(coach.get(of("seat", group)))


def test_to_look_at_a_group_stands_in_the_access_log(coach, cast, group):
    coach.get(of("group", group))
    entry = AccessLogEntry.objects.get(act="opened")
    assert (entry.actor, entry.subject_kind, entry.subject) == (cast.coach, "group", group.public_id)


# --- Leaving ------------------------------------------------------------------------------------------------------


def test_a_participant_leaves_with_a_reason_and_the_seat_is_free(coach, cast, group):
    place = seat_of(group, cast.asa)
    address = of("seat_leave", group, place)
    assert "Skriv varför deltagaren slutar i gruppen." in text(coach.post(address, {"end": days_ago(0), "why": ""}))
    assert "kan inte vara före den dagen" in text(coach.post(address, {"end": days_ago(45), "why": "Fel"}))
    page = coach.post(address, {"end": days_ago(1), "why": "Börjar en placering"}, follow=True)
    assert "1 som har slutat" in text(page)
    assert "Börjar en placering" in text(coach.get(reverse("participants:file", args=[cast.person.public_id])))


def test_a_seat_is_not_left_before_what_has_been_marked_nor_taken_away(coach, cast, group):
    place, session = seat_of(group, cast.asa), session_of(group, days_ago(1))
    session.attendance.create(place=place, status="present", marked_by=cast.coach, marked_by_name="Alma Alm")
    page = coach.post(of("seat_leave", group, place), {"end": days_ago(3), "why": "Fel"})
    assert "Deltagaren är markerad vid ett senare tillfälle." in text(page)
    page = coach.post(of("seat_give_back", group, place), follow=True)
    assert "så platsen avslutas i stället för att tas bort." in text(page)
    assert GroupPlace.objects.filter(pk=place.pk).exists()


def test_a_seat_that_was_given_by_mistake_is_taken_away_and_the_history_keeps_it(coach, cast, group):
    place = seat_of(group, cast.asa)
    page = coach.post(of("seat_give_back", group, place), follow=True)
    assert "Platsen är borttagen." in text(page)
    assert GroupPlace.pgh_event_model.objects.filter(pgh_obj_id=place.pk, pgh_label="delete").exists()


def test_the_seat_ends_with_the_enrolment(coach, cast, group):
    going, later = (
        seat_of(group, cast.asa),
        seat_of(group_of(cast.centrum, name="Senare"), cast.asa, start=days_ago(-9)),
    )
    page = close(coach, cast.asa)
    assert "Slutar" in text(page)
    assert "Platsen tas bort: den skulle ha börjat senare." in text(page)
    close(coach, cast.asa, "save")
    going.refresh_from_db()
    assert (going.end, going.left_why) == (days_ago(0), "Inskrivningen avslutades.")
    assert not GroupPlace.objects.filter(pk=later.pk).exists()


def test_nothing_is_booked_in_a_case_that_is_closed(cast, group, coach):
    activity = activity_of(cast.asa)
    close(coach, cast.asa, "save")
    page = coach.post(from_file(cast.asa), seat_form(group, activity))
    assert page.status_code == 422
    assert not GroupPlace.objects.exists()


# --- Two at once --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_want_the_last_seat_at_the_same_moment_do_not_both_get_it(cast):
    group = group_of(cast.centrum, seats=1)
    wanted = [activity_of(cast.asa), activity_of(cast.bertil)]
    start = Barrier(2)

    def take(activity):
        try:
            start.wait(5)
            seat_take(group=group, activity=activity, start=days_ago(0), end=None, token=uuid.uuid4())
        except GroupFull:
            return "full"
        finally:
            connection.close()
        return "seat"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, wanted)) == ["full", "seat"]
    assert GroupPlace.objects.count() == 1
