"""What one person can do at the same time, and who is quicker when a supervisor leaves or a workplace closes."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from placements.booking.rules import Refused
from placements.booking.services.book import Booked, placement_book
from placements.employers.services import workplace_close
from placements.models import Placement
from placements.services.supervisors import supervisor_leave
from tests.beside import wait_until_somebody_waits
from tests.factories import EnrolmentFactory, WorkplaceFactory, days_ago
from tests.placements.booking.conftest import (
    EMPLOYMENT,
    MONDAY,
    PRACTICE,
    WEEK,
    book_address,
    book_form,
    hours_form,
    kitchen_of,
    placement_of,
)
from tests.placements.booking.test_course import do, refused
from tests.placements.groups.conftest import activity_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db

TUESDAY = (2, "08:00", "16:00", 60, "every")
CLASH = "är deltagaren på Köket på Ekbacken. Välj andra tider eller andra dagar."


def practice_form(rows, **fields) -> dict:
    said = {"form": PRACTICE, "funding": "", "expected_person": "", "expected_workplace": ""}
    return book_form(rows=rows) | said | fields


# --- Hours --------------------------------------------------------------------------------------------------------


def test_nobody_is_booked_at_two_workplaces_at_the_same_hours(coach, cast, kitchen):
    placement_of(cast.asa)  # mondays 8 to 12, from ten days ahead
    address = book_address(activity_of(cast.asa, form=PRACTICE), kitchen.place)
    answer = coach.post(address, practice_form((MONDAY,)))
    assert answer.status_code == 422
    assert CLASH in text(answer)
    assert re.search(f"Måndag [0-9]+ [a-z]+ 08:00–12:00 {CLASH}", text(answer))
    assert Placement.objects.count() == 1
    assert not kitchen.place.placements.exists(), "the seat is free"
    afternoon = (1, "12:00", "16:00", "", "every")
    assert coach.post(address, practice_form((afternoon, TUESDAY))).status_code == 302


def test_hours_of_the_same_day_are_no_clash_before_or_after_the_other_placement(coach, cast, kitchen):
    placement_of(cast.asa)
    address = book_address(activity_of(cast.asa, form=PRACTICE), kitchen.place)
    assert coach.post(address, practice_form((MONDAY,), end=days_ago(-9).isoformat())).status_code == 302
    after = practice_form((MONDAY,), start=days_ago(-101).isoformat(), end=days_ago(-150).isoformat())
    assert coach.post(address, after).status_code == 302


def test_whoever_is_somewhere_every_second_week_is_elsewhere_in_the_others(coach, cast, kitchen):
    other = placement_of(cast.asa, start=days_ago(-10))
    other.schedules.get().hours.update(weeks="first")
    address = book_address(activity_of(cast.asa, form=PRACTICE), kitchen.place)
    rows = ((1, "08:00", "12:00", "", "first"),)
    days = {"start": days_ago(-10).isoformat(), "end": days_ago(-100).isoformat()}
    assert CLASH in text(coach.post(address, practice_form(rows, **days)))
    rows = ((1, "08:00", "12:00", "", "second"),)
    assert coach.post(address, practice_form(rows, **days)).status_code == 302


def test_no_change_brings_two_workplaces_together(coach, cast, client):
    placement_of(cast.asa)
    practice = activity_of(cast.asa, form=PRACTICE)
    at = {"form": PRACTICE, "activity": practice, "at": WorkplaceFactory(name="Biblioteket")}
    before = placement_of(cast.asa, start=days_ago(30), end=days_ago(-8), **at)
    assert CLASH in refused(do(coach, before, "extend", end=days_ago(-40), why="Går bra"))
    before.refresh_from_db()
    assert (before.end, before.extensions.count()) == (days_ago(-8), 0)
    after = placement_of(cast.asa, start=days_ago(-101), end=days_ago(-150), **at)
    assert CLASH in refused(do(coach, after, "days", start=days_ago(-80), end=days_ago(-150)))
    beside = placement_of(cast.asa, **at)
    beside.schedules.get().hours.update(weekday=2)
    assert CLASH in refused(do(coach, beside, "schedule", valid_from=days_ago(-30), **hours_form([MONDAY])))
    assert beside.schedules.count() == 1
    Placement.objects.filter(pk=beside.pk).update(start=days_ago(50), end=days_ago(3), result="met")
    beside.schedules.get().hours.update(weekday=1)
    client.force_login(cast.manager)
    assert CLASH in refused(do(client, beside, "annul", end=days_ago(-60), why="Fel person"))


def test_what_another_unit_knows_shows_in_no_refusal(coach, cast, kitchen):
    closed = {"start": days_ago(500), "end": days_ago(70), "closure_reason": "moved"}
    elsewhere = EnrolmentFactory(participant=cast.person, unit=cast.norr, coach=cast.outsider, **closed)
    placement_of(elsewhere, start=days_ago(100))  # an employment that goes on after the case was closed
    address = book_address(activity_of(cast.asa, form=EMPLOYMENT), kitchen.place)
    assert coach.post(address, book_form()).status_code == 302


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(day, "07:00", "16:00", 30, "every") for day in range(1, 6)], "Det blir 42,5 timmar i veckan."),
        ([(day, "07:00", "15:00", 0, "every") for day in range(1, 6)], ""),
        ([(day, "07:00", "17:00", 60, "first") for day in range(1, 7)], ""),
    ],
)
def test_more_than_forty_hours_a_week_on_average_are_refused(coach, cast, kitchen, rows, sentence):
    address = book_address(activity_of(cast.asa, form=EMPLOYMENT), kitchen.place)
    answer = coach.post(address, book_form(rows=rows))
    assert answer.status_code == (422 if sentence else 302)
    if sentence:
        assert f"{sentence} Arbetstidslagen tillåter högst 40 i genomsnitt." in text(answer)


# --- Parts of full time -------------------------------------------------------------------------------------------


def test_employments_come_to_no_more_than_full_time(coach, cast, kitchen):
    placement_of(cast.asa)  # 75 per cent
    address = book_address(activity_of(cast.asa, form=EMPLOYMENT), kitchen.place)
    answer = coach.post(address, book_form(rows=(TUESDAY,), grade="50"))
    assert "blir det 125 procent av heltid den" in text(answer)
    assert coach.post(address, book_form(rows=(TUESDAY,), grade="25")).status_code == 302
    second = Placement.objects.get(place=kitchen.place)
    answer = refused(do(coach, second, "grade", valid_from=days_ago(-20), grade="37,5"))
    assert "blir det 112,5 procent av heltid den" in answer
    assert "Sysselsättningsgraden är ändrad." in text(
        do(coach, second, "grade", valid_from=days_ago(-101), grade="100")
    )


# --- Two at once --------------------------------------------------------------------------------------------------


def booked_at(kitchen, **fields) -> Booked:
    options = {
        "workplace": kitchen.workplace, "start": days_ago(0), "end": days_ago(-90), "form": PRACTICE,
        "purpose": "Öva", "expected_outcome": "Klarar köket", "need": "both",
    }  # fmt: skip
    return Booked(**options | fields)


def book(activity, booked) -> str:
    try:
        placement_book(activity=activity, booked=booked, token=uuid.uuid4())
    except Refused as refusal:
        return str(refusal)
    return "booked"


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_two_who_book_the_same_person_at_the_same_moment_for_the_same_hours(cast):
    activity, start = activity_of(cast.asa, form=PRACTICE), Barrier(2)
    kitchens = [kitchen_of("Köket"), kitchen_of("Biblioteket")]

    def take(kitchen) -> str:
        try:
            start.wait(5)
            return book(activity, booked_at(kitchen, hours=WEEK))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(take, kitchens))
    assert said.count("booked") == 1
    assert Placement.objects.count() == 1


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_nobody_is_booked_with_a_supervisor_who_leaves_or_at_a_workplace_that_closes_this_moment(cast, beside):
    kitchen, activity = kitchen_of(), activity_of(cast.asa, form=PRACTICE)
    with transaction.atomic():
        supervisor_leave(supervisor=kitchen.supervisor, day=days_ago(0), successor=None, actor=cast.coach)
        other = beside(book, activity, booked_at(kitchen, supervisor=kitchen.supervisor, place=kitchen.place))
        wait_until_somebody_waits()
    assert kitchen.supervisor.name in other.result(timeout=20)
    assert not Placement.objects.exists()
    kitchen.place.state = "closed"
    kitchen.place.save()
    with transaction.atomic():
        workplace_close(workplace=kitchen.workplace, day=days_ago(-20))
        other = beside(book, activity, booked_at(kitchen))
        wait_until_somebody_waits()
    assert kitchen.workplace.name in other.result(timeout=20)
    assert not Placement.objects.exists()


def test_who_is_at_a_workplace_that_closes_does_not_stay_longer(coach, cast):
    placement = placement_of(cast.asa, start=days_ago(30), end=days_ago(-5))
    placement.workplace.closed_on = days_ago(-10)
    placement.workplace.save()
    assert "Köket på Ekbacken stänger den" in refused(
        do(coach, placement, "extend", end=days_ago(-40), why="Går bra")
    )
    do(coach, placement, "extend", end=days_ago(-10), why="Går bra")
    placement.refresh_from_db()
    assert placement.end == days_ago(-10)
