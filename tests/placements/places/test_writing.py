"""Writing a place down, changing it, opening and closing it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from placements.models import Place, ScheduledHours
from placements.models.place import PlaceState
from tests.factories import WorkplaceFactory, days_ago
from tests.placements.places.conftest import form_of, on, place_of, trained

pytestmark = pytest.mark.django_db
MONDAY = {"hours-0-begins": "08:00", "hours-0-ends": "16:30", "hours-0-break_minutes": "30"}


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def workplace():
    return WorkplaceFactory(name="Skolkök Ekbacken")


def new(workplace) -> str:
    return reverse("places:new", args=[workplace.public_id])


def change(place) -> str:
    return reverse("places:change", args=[place.public_id])


def test_a_place_is_written_down_with_its_levels_and_hours(coach, workplace):
    leads = trained(workplace)
    data = form_of(language_interaction="A2", supervisor=leads.pk, capacity="2", **MONDAY)
    response = coach.post(new(workplace), data)
    place = Place.objects.get()
    assert response.url == reverse("places:place", args=[place.public_id])
    assert (place.workplace, place.supervisor, place.capacity) == (workplace, leads, 2)
    assert list(place.languages.values_list("skill", "level")) == [("INTERACTION", "A2")]
    hours = ScheduledHours.objects.get(schedule__place=place)
    assert (hours.weekday, hours.begins, hours.break_minutes) == (1, dt.time(8), 30)
    page = text(coach.get(response.url))
    assert "8 timmar i veckan" in page
    assert "Utbildad" in page


def test_the_same_form_sent_twice_makes_one_place(coach, workplace):
    data = form_of()
    coach.post(new(workplace), data)
    coach.post(new(workplace), data)
    assert Place.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "Skriv vad platsen heter."),
        ({"occupational_area": ""}, "Välj ett yrkesområde."),
        ({"capacity": "0"}, "En plats tar emot minst en person."),
        ({"capacity": ""}, "Skriv hur många som kan vara där samtidigt."),
        ({"capacity": "många"}, "Skriv ett heltal."),
        ({"end": "2020-01-01"}, "Sista dagen är före den första."),
        ({"hours-0-begins": "08:00"}, "Ange båda tiderna."),
        ({"hours-0-begins": "16:00", "hours-0-ends": "08:00"}, "Slutet är före starten."),
        ({**MONDAY, "hours-0-break_minutes": "600"}, "240"),
        (
            {**MONDAY, "hours-1-weekday": "1", "hours-1-begins": "12:00", "hours-1-ends": "18:00"},
            "De här tiderna överlappar andra samma dag.",
        ),
        (
            {
                f"hours-{row}-{name}": value
                for row in range(5)
                for name, value in (
                    ("weekday", f"{row + 1}"),
                    ("begins", "07:00"),
                    ("ends", "16:00"),
                    ("break_minutes", "30"),
                    ("weeks", "every"),
                )
            },
            "Arbetstidslagen tillåter högst 40 i genomsnitt.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(coach, workplace, given, said):
    response = coach.post(new(workplace), form_of(tasks="Bre smörgåsar.", **given))
    assert response.status_code == 422
    assert said in text(response)
    assert "Bre smörgåsar." in text(response)
    assert not Place.objects.exists()


def test_two_weeks_may_have_the_same_hours_of_a_day_one_in_each(coach, workplace):
    every_second = {"hours-0-weeks": "first", "hours-1-weekday": "1", "hours-1-weeks": "second"}
    other = {"hours-1-begins": "12:00", "hours-1-ends": "18:00"}
    assert coach.post(new(workplace), form_of(**MONDAY, **every_second, **other)).status_code == 302
    assert ScheduledHours.objects.count() == 2


def test_a_supervisor_of_another_workplace_cannot_lead(coach, workplace):
    response = coach.post(new(workplace), form_of(supervisor=trained(WorkplaceFactory()).pk))
    assert response.status_code == 422


def test_a_workplace_is_chosen_by_a_part_of_its_name(coach, workplace):
    WorkplaceFactory(name="Badhuset")
    page = text(coach.get(reverse("places:choose"), {"q": "ekback"}))
    assert "Skolkök Ekbacken" in page
    assert "Badhuset" not in page
    workplace.closed_on = days_ago(1)
    workplace.save()
    assert "Ingen arbetsplats med det namnet" in text(coach.get(reverse("places:choose"), {"q": "ekback"}))
    assert coach.get(new(workplace)).status_code == 404


def test_a_place_is_changed_and_its_hours_with_it(coach, workplace):
    coach.post(new(workplace), form_of(language_reading="B1", **MONDAY))
    place = Place.objects.get()
    data = form_of(title="Kallskänka", seen="0", **{"hours-2-begins": "09:00", "hours-2-ends": "12:00"})
    assert coach.post(change(place), data).status_code == 302
    place.refresh_from_db()
    assert (place.title, place.revision) == ("Kallskänka", 1)
    assert not place.languages.exists()
    assert ScheduledHours.objects.get().weekday == 3


def test_what_another_has_changed_meanwhile_is_shown_and_nothing_is_lost(coach, workplace):
    place = place_of(workplace)
    coach.post(change(place), form_of(title="Först", seen="0"))
    response = coach.post(change(place), form_of(title="Sedan", seen="0"))
    assert response.status_code == 409
    assert "Någon annan har ändrat platsen under tiden" in text(response)
    assert "Först" in text(response)
    assert 'value="Sedan"' in text(response)
    assert coach.post(change(place), form_of(title="Först", seen="0")).status_code == 302  # sent twice
    assert coach.post(change(place), form_of(title="Sedan", seen="1")).status_code == 302


def test_there_cannot_be_fewer_seats_than_somebody_has(coach, cast, workplace):
    place = place_of(workplace, capacity=2)
    on(place, cast.asa, seat=2)
    response = coach.post(change(place), form_of(capacity="1"))
    assert response.status_code == 422
    assert "Någon har plats nummer 2." in text(response)
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.update(capacity=1)


def test_the_database_lets_nobody_into_a_seat_that_is_taken_or_not_there(cast):
    place = place_of()
    on(place, cast.asa, end=days_ago(-10))
    with pytest.raises(IntegrityError, match="placement_one_in_a_seat"), transaction.atomic():
        on(place, cast.bertil, start=days_ago(-10))
    with pytest.raises(IntegrityError, match="no such seat"), transaction.atomic():
        on(place, cast.bertil, seat=2)
    on(place, cast.bertil, start=days_ago(-11))


def test_a_place_is_paused_closed_and_opened_again(coach):
    place = place_of()
    address = reverse("places:state", args=[place.public_id])
    for state, said in (("paused", "Platsen vilar"), ("closed", "Platsen är stängd"), ("open", "Platsen är öppen.")):
        assert said in text(coach.post(address, {"state": state}, follow=True))
        place.refresh_from_db()
        assert place.state == PlaceState(state)
    assert coach.post(address, {"state": "borta"}).status_code == 404
