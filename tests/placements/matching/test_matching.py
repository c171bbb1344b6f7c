"""Places for a participant and participants for a place: the order, and the reasons."""

import pytest
from django.urls import reverse

from accounts.models import AccessLogEntry
from participants.models import ActivityState
from placements.models.place import PlaceState
from tests.factories import WorkplaceFactory, days_ago
from tests.participants.mapping.conftest import completed_mapping
from tests.placements.groups.conftest import activity_of
from tests.placements.places.conftest import area_of, on, place_of, trained

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(response.content.decode().split())


def places(enrolment) -> str:
    return reverse("matching:places", args=[enrolment.participant.public_id])


def titles(response) -> list[str]:
    return [place.title for place, _reasons in response.context["suggestions"]]


def words(response, title: str) -> list[str]:
    why = {place.title: why for place, why in response.context["suggestions"]}
    return [reason.words for reason in why[title]]


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def asa(cast):
    """Åsa aims for the kitchen, has A2 in conversation and licence B; her plan has work training."""
    activity_of(cast.asa, form="work_training")
    completed_mapping(
        cast.asa,
        cast.coach,
        sprak={"cefr_INTERACTION": "A2"},
        resor={"licences": ["B"]},
        mal={"goal_occupations": [["9412", "Restaurang- och köksbiträden m.fl."]]},
    )
    return cast.asa


def test_nothing_is_suggested_without_a_decided_activity_at_a_workplace(coach, cast):
    place_of()
    activity_of(cast.asa, form="job_search")
    activity_of(cast.asa, form="work_training", state=ActivityState.DROPPED)
    page = text(coach.get(places(cast.asa)))
    assert "Det går inte att matcha ännu" in page
    assert "med syfte och förväntat resultat" in page
    assert "Köksbiträde" not in page


def test_the_order_is_that_of_the_questions_and_each_says_why(coach, cast, asa):
    wood = area_of("SNI", "Snickeri")
    place_of(title="Fel område", occupational_area=wood)
    place_of(title="Rätt")
    on(place_of(title="Upptagen"), cast.bertil, end=days_ago(-30))
    barred = place_of(title="För svår")
    barred.languages.create(skill="INTERACTION", level="B1")
    reached = place_of(title="Klarar", licence="B")
    reached.languages.create(skill="INTERACTION", level="A1")
    response = coach.get(places(asa))
    assert titles(response) == ["Klarar", "Rätt", "Upptagen", "Fel område", "För svår"]
    assert words(response, "Klarar")[:4] == [
        "kräver A1 (samtala), har A2", "har körkort B", "rätt yrkesområde", "ledig nu",
    ]  # fmt: skip
    assert "kräver B1 (samtala), har A2" in words(response, "För svår")
    assert any(each.startswith("ledig från v. ") for each in words(response, "Upptagen"))
    assert AccessLogEntry.objects.filter(act="opened", subject=asa.participant.public_id).exists()


def test_what_is_not_known_bars_nobody_and_is_to_be_asked(coach, cast):
    activity_of(cast.asa, form="work_training")
    place = place_of(licence="B", formal_requirements="Hygienutbildning")
    place.languages.create(skill="READING", level="C1")
    response = coach.get(places(cast.asa))
    assert words(response, place.title) == [
        "kräver C1 (läsa), nivån är inte kartlagd", "kräver körkort B, inte efterfrågat",
        "inget yrke är valt som mål ännu", "fråga om: Hygienutbildning", "ledig nu", "ingen utbildad handledare",
    ]  # fmt: skip
    assert "Ingen kartläggning är klar" in text(response)


def test_the_same_town_and_a_trained_supervisor_come_first_among_equals(coach, cast, asa):
    asa.participant.city = "Björkåkra"
    asa.participant.save()
    near, far = WorkplaceFactory(city="BJÖRKÅKRA"), WorkplaceFactory(city="Storköping")
    place_of(far, title="Långt bort", supervisor=trained(far))
    place_of(near, title="Nära")
    place_of(near, title="Nära, utbildad", supervisor=trained(near))
    response = coach.get(places(asa))
    assert titles(response) == ["Nära, utbildad", "Nära", "Långt bort"]
    assert "på samma ort" in words(response, "Nära")
    assert "i Storköping" in words(response, "Långt bort")


def test_a_place_is_looked_for_from_the_day_the_activity_is_planned(coach, cast, asa):
    asa.activities.update(start=days_ago(-20))
    on(place_of(title="Ledig då"), cast.bertil, end=days_ago(-10))
    place_of(title="Förbi", end=days_ago(-15))
    place_of(title="Vilar", state=PlaceState.PAUSED)
    response = coach.get(places(asa))
    assert titles(response) == ["Ledig då"]
    assert "ledig då" in words(response, "Ledig då")


def test_an_activity_that_is_not_there_is_not_found(coach, asa):
    assert coach.get(places(asa), {"insats": "nej"}).status_code == 404


def test_for_a_place_only_ones_own_participants_are_suggested(client, cast, asa):
    place = place_of()
    place.languages.create(skill="INTERACTION", level="B1")
    for enrolment in (cast.ciwan, cast.bertil, cast.protected_centrum):
        activity_of(enrolment, form="internship_public")
    on(place_of(title="Annan"), cast.colleague and cast.bertil)
    address = reverse("matching:participants", args=[place.public_id])
    client.force_login(cast.coach)
    page = client.get(address)
    assert [activity.enrolment for activity, _reasons in page.context["suggestions"]] == [asa]
    assert "kräver B1 (samtala), har A2" in text(page)
    client.force_login(cast.outsider)
    assert [activity.enrolment for activity, _reasons in client.get(address).context["suggestions"]] == [cast.ciwan]


def test_for_a_place_that_requires_a_licence_who_has_none_comes_last(coach, cast, asa):
    place = place_of(licence="C")
    activity_of(cast.bertil, form="internship_public")  # nobody has asked Bertil
    address = reverse("matching:participants", args=[place.public_id])

    def suggested():
        rows = [activity for activity, _reasons in coach.get(address).context["suggestions"]]
        return [(activity.enrolment, activity.is_barred) for activity in rows]

    assert suggested() == [(cast.bertil, False), (asa, True)]
    place.licence = "B"
    place.save()
    assert suggested() == [(asa, False), (cast.bertil, False)]


def test_the_suggestions_ask_as_much_for_many_places_as_for_few(coach, cast, asa, django_assert_max_num_queries):
    for number in range(20):
        place = place_of(title=f"Plats {number}")
        place.languages.create(skill="READING", level="A2")
    with django_assert_max_num_queries(22):
        assert len(titles(coach.get(places(asa)))) == 20
