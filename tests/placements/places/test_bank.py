"""The place bank: the list, what is free, one place, and who may see who is on it."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AccessLogEntry
from placements.models import Employer
from placements.models.place import PlaceState
from tests.factories import WorkplaceFactory, days_ago
from tests.placements.places.conftest import area_of, on, place_of, trained

pytestmark = pytest.mark.django_db
LIST = reverse("places:list")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def listed(client, **query) -> list[str]:
    return [place.title for place, _vacancy in client.get(LIST, query).context["rows"]]


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def test_each_place_says_how_many_seats_are_free_and_from_when_the_next_one_is(coach, cast):
    two = place_of(title="Två platser", capacity=2)
    on(two, cast.asa)
    full = place_of(title="Full")
    on(full, cast.bertil, end=days_ago(-9))
    on(full, cast.ciwan, start=days_ago(-10), end=days_ago(-19))
    for_ever = place_of(title="Tills vidare")
    on(for_ever, cast.ciwan, start=days_ago(300))
    page = text(coach.get(LIST))
    assert "1 av 2 lediga" in page
    assert f"Ledig från {days_ago(-20)}" in page
    assert "Upptagen tills vidare" in page


def test_a_place_that_is_paused_closed_or_over_is_not_among_the_open_ones(coach):
    place_of(title="Öppen")
    place_of(title="Vilar", state=PlaceState.PAUSED)
    place_of(title="Stängd", state=PlaceState.CLOSED)
    place_of(title="Förbi", end=days_ago(1))
    assert listed(coach) == ["Öppen"]
    assert listed(coach, status="paused") == ["Vilar"]
    assert sorted(listed(coach, status="alla")) == ["Förbi", "Stängd", "Vilar", "Öppen"]


def test_what_is_free_on_a_day_counts_those_who_are_there_on_that_day(coach, cast):
    place = place_of()
    on(place, cast.asa, end=days_ago(-10))
    later = place_of(title="Senare", start=days_ago(-30))
    assert listed(coach, ledig=days_ago(0)) == []
    assert listed(coach, ledig=days_ago(-11)) == [place.title]
    assert listed(coach, ledig=days_ago(-31)) == [place.title, later.title]


def test_the_bank_is_narrowed_by_area_words_level_training_and_employer(coach):
    wood = area_of("SNI", "Snickeri")
    shop = WorkplaceFactory(name="Snickeriet")
    place_of(shop, title="Snickare", occupational_area=wood, supervisor=trained(shop))
    kitchen = place_of(title="Köksbiträde")
    kitchen.languages.create(skill="INTERACTION", level="B1")
    assert listed(coach, omrade="SNI") == ["Snickare"]
    assert listed(coach, q="snickeriet") == ["Snickare"]
    assert listed(coach, niva="A2") == ["Snickare"]
    assert listed(coach, niva="B1") == ["Köksbiträde", "Snickare"]
    assert listed(coach, handledare="ja") == ["Snickare"]
    assert listed(coach, handledare="nej") == ["Köksbiträde"]
    assert listed(coach, slag=shop.employer.kind, q="snick") == ["Snickare"]
    assert "Ingen plats passar" in text(coach.get(LIST, {"q": "finns inte"}))


def test_a_place_whose_supervisor_has_no_training_that_holds_is_flagged(coach):
    shop = WorkplaceFactory()
    place = place_of(shop, supervisor=trained(shop, until=days_ago(1)))
    assert "Inte utbildad" in text(coach.get(LIST))
    place.supervisor.trainings.update(valid_until=days_ago(0))
    assert "Inte utbildad" not in text(coach.get(LIST))
    place.supervisor = None
    place.save()
    assert "Ingen handledare" in text(coach.get(LIST))


def test_a_place_never_shows_who_is_on_it_to_those_without_the_case(client, cast):
    place = place_of(capacity=3)
    on(place, cast.asa)
    on(place, cast.protected_centrum, seat=2)
    address = reverse("places:place", args=[place.public_id])
    client.force_login(cast.outsider)
    page = text(client.get(address))
    assert "Öhrström" not in page
    assert "Hemlig" not in page
    assert page.count("Upptagen") == 2
    assert not AccessLogEntry.objects.filter(subject_kind="place").exists()
    client.force_login(cast.coach)
    page = text(client.get(address))
    assert "Åsa Öhrström" in page
    assert "Hemlig" not in page
    assert AccessLogEntry.objects.get(subject_kind="place").subject == place.public_id


def test_who_keeps_users_sees_no_places(client, cast):
    client.force_login(cast.administrator)
    assert client.get(LIST).status_code == 403


def test_the_overview_counts_free_seats_by_area_and_department_and_opens_their_lists(coach, cast):
    kitchen = WorkplaceFactory(employer=Employer.objects.create(code="SERV", name="Service", kind="department"))
    on(place_of(kitchen, capacity=3), cast.asa)
    place_of(WorkplaceFactory(employer=Employer.objects.create(code="LIVS", name="Livs", kind="private")))
    place_of(kitchen, title="Vilar", state=PlaceState.PAUSED)
    response = coach.get(reverse("places:vacancy"))
    overview = response.context["overview"]
    assert [column.label for column in overview.columns] == ["Service", "Privat"]
    line = overview.lines[0]
    assert [(count.free, count.seats) for count, _query in line.cells] == [(2, 3), (1, 1)]
    assert (line.total[0].free, line.total[0].seats) == (3, 4)
    assert coach.get(f"{LIST}?{line.cells[0][1]}").context["page"].paginator.count == 1


def test_the_list_asks_as_much_for_fifty_places_as_for_two(coach, cast, django_assert_max_num_queries):
    for number in range(30):
        place = place_of(title=f"Plats {number}", capacity=2)
        place.languages.create(skill="READING", level="A2")
    on(place, cast.asa)
    with django_assert_max_num_queries(12):
        assert len(listed(coach)) == 30


def test_an_unknown_place_is_not_found(coach):
    assert coach.get(reverse("places:place", args=["6f1c1c7e-5f7f-4a0f-9f59-0c5a4f9b4b52"])).status_code == 404


def test_a_seat_is_free_again_the_day_after_its_last_day(cast):
    from placements.services.seats import free_seat

    place = place_of(capacity=2)
    on(place, cast.asa, seat=1, start=days_ago(10), end=days_ago(-5))
    on(place, cast.bertil, seat=2, start=days_ago(-20), end=None)
    day = days_ago(-5)
    assert free_seat(place, day, day) == 2
    assert free_seat(place, day + dt.timedelta(days=1), None) == 1
    assert free_seat(place, day, None) is None
