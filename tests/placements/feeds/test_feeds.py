"""The calendar feed: what it says, what it never says, and who can read it."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from participants.protecting.services import protected_access_grant
from placements.models import CalendarFeed
from tests.factories import FollowUpFactory, PlacementFactory, days_ago
from tests.placements.groups.conftest import group_of, session_of

pytestmark = pytest.mark.django_db
PAGE = reverse("feeds:page")


def address_of(client) -> str:
    address = client.get(PAGE).context["feed"].address
    return address[address.index("/kalender/") :]


def entries(client, address) -> dict[str, dict]:
    response = client.get(address)
    assert response["Content-Type"].startswith("text/calendar")
    return {str(each["summary"]): each for each in Calendar.from_ical(response.content).walk("VEVENT")}


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def days(cast):
    """Åsa's follow-up in a week, the end of her placement, a group that Alma leads; and a protected person's, whose
    file is open to Alma."""
    placement = PlacementFactory(enrolment=cast.asa, start=days_ago(10), end=days_ago(-20))
    FollowUpFactory(placement=placement, due=days_ago(-7))
    protected_access_grant(participant=cast.protected_centrum.participant, user=cast.coach, actor=cast.administrator)
    hidden = PlacementFactory(enrolment=cast.protected_centrum, start=days_ago(-3))
    FollowUpFactory(placement=hidden, due=days_ago(-8))
    session_of(group_of(cast.centrum, leader=cast.coach), days_ago(-2))
    return placement


def test_it_tells_initials_and_where_and_never_a_protected_person(coach, client, days):
    coach.post(PAGE)
    address = address_of(coach)
    client.logout()
    found = entries(client, address)
    assert len(found) == 4
    followup = next(each for name, each in found.items() if name.endswith(": Å.Ö."))
    assert followup["dtstart"].dt == days_ago(-7)
    assert str(followup["location"]) == days.workplace.name
    assert found["Å.Ö. börjar"]["dtstart"].dt == days_ago(10)
    assert found["Å.Ö.: sista dagen"]["dtstart"].dt == days_ago(-20)
    group = found["Jobbsökargrupp tisdag"]
    assert group["dtstart"].dt.date() == days_ago(-2)
    whole = client.get(address).content.decode()
    for never in ("Åsa", "Öhrström", "Hemlig", "P.H.", "Centrum", "försörjningsstöd"):
        assert never not in whole


def test_first_names_only_if_asked_for(coach, days):
    coach.post(PAGE, {"first_names": "on"})
    assert "Åsa börjar" in entries(coach, address_of(coach))


def test_another_address_ends_the_first_and_taking_it_away_ends_both(coach):
    coach.post(PAGE)
    first = address_of(coach)
    coach.post(PAGE)
    second = address_of(coach)
    assert coach.get(first).status_code == 404
    assert coach.get(second).status_code == 200
    coach.post(PAGE, {"withdraw": "1"})
    assert coach.get(second).status_code == 404
    assert coach.get(PAGE).context["feed"] is None


@pytest.mark.parametrize("end", ["account", "role", "day", "wrong"])
def test_it_leads_nowhere_when_its_owner_or_its_time_is_gone(coach, cast, end):
    coach.post(PAGE)
    address = address_of(coach)
    if end == "account":
        cast.coach.is_active = False
        cast.coach.save()
    elif end == "role":
        cast.coach.memberships.all().delete()
    elif end == "day":
        CalendarFeed.objects.update(valid_until=days_ago(1))
    else:
        address = address.replace(".ics", "x.ics")
    coach.logout()
    assert coach.get(address).status_code == 404


def test_the_token_is_stored_nowhere(coach):
    coach.post(PAGE)
    feed = CalendarFeed.objects.get()
    token = address_of(coach).removeprefix("/kalender/").removesuffix(".ics")
    assert token not in (feed.nonce, feed.token_hash)


def test_it_asks_as_much_for_many_as_for_one(coach, cast, django_assert_max_num_queries):
    coach.post(PAGE)
    address = address_of(coach)
    for _ in range(6):
        FollowUpFactory(placement__enrolment=cast.asa, due=days_ago(-7))
    coach.logout()
    with django_assert_max_num_queries(8):
        coach.get(address)
