"""The figures of job tracks, against a small quarter that is tallied by hand."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.models import Aftercare
from reporting.engine import answer, rows_behind
from reporting.figures import find_table
from reporting.figures.tracks import STEERING_FIGURES, TRACK_FIGURES
from reporting.periods import Period
from reporting.question import Question
from tests.tracks.making import by, close, day, on_round, person, round_of
from tracks.models import GateException, LeftWhy, MemberState, Track, TrackVersion
from vocabulary.codes import AftercareStatus, Gender

pytestmark = pytest.mark.django_db
COMPLETED, LEFT = MemberState.COMPLETED, MemberState.LEFT
WOMAN, MAN = Gender.WOMAN, Gender.MAN
QUARTER, KNOWN = Period.parse("2026Q1"), dt.date(2026, 4, 15)


@pytest.fixture
def quarter(cast):
    """The kitchen track in two rounds and the care track in one. In the first quarter of 2026:

    kitchen, spring (Centrum): three women. 1 began in 2025 and completes 02-10, to work. 2 began 01-12 and is on
    step 2. 3 began 01-12 and leaves from step 1 on 03-01, to study. One man: 4 began 2025, left in 2025 (not in it).
    kitchen, north (Norr): a man, 5, began 03-20 and is on step 1; a woman, 6, begins 04-02 (not in it).
    care (Centrum): a man, 7, began 2025 on step 1 and is on step 3, past a gate by exception on 02-02; one of no
    known gender, 8, left in 2025-12 for work, closed 2025-12-20: asked after 90 days on 2026-03-20.
    """
    spring = round_of("koksbitrade", cast.centrum, "Våren", start="2025-11-01")
    north = round_of("koksbitrade", cast.norr, "Norra", start="03-15")
    care = round_of("vard-och-omsorg", cast.centrum, "Omsorg", start="2025-10-01")
    people = {number: person(cast.norr if number in (5, 6) else cast.centrum, gender) for number, gender in (
        (1, WOMAN), (2, WOMAN), (3, WOMAN), (4, MAN), (5, MAN), (6, WOMAN), (7, MAN), (8, Gender.UNKNOWN),
    )}  # fmt: skip
    steps = ("2025-11-03", "2025-12-01", "01-10", "02-01")
    on_round(spring, people[1], *steps, state=COMPLETED, end="02-10")
    on_round(spring, people[2], "01-12", "02-20")
    on_round(spring, people[3], "01-12", state=LEFT, end="03-01", why=LeftWhy.STUDIES)
    on_round(spring, people[4], "2025-11-03", state=LEFT, end="2025-12-15", why=LeftWhy.HEALTH)
    on_round(north, people[5], "03-20")
    on_round(north, people[6], "04-02")
    seventh = on_round(care, people[7], "2025-10-06", "2025-11-01", "02-02")
    on_round(care, people[8], "2025-10-06", state=LEFT, end="2025-12-10", why=LeftWhy.WORK)
    gate = seventh.passages.last().step.gates.first()
    GateException.objects.create(
        passage=seventh.passages.last(), gate=gate, lacked="Utdrag", why="Visas på måndag", **by(),
        made_at=dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC),
    )  # fmt: skip
    close(people[1], "02-12", work=True)
    close(people[3], "03-01", studies=True)
    close(people[8], "2025-12-20", work=True)
    Aftercare.objects.create(enrolment=people[8], days_after=90, checked=day("03-21"), status=AftercareStatus.WORK)
    return people


def tallied(asked: Question, figures=TRACK_FIGURES) -> dict[str, dict]:
    """By table the values that are not zero, without the totals of columns."""
    return {
        key: {crossing: value for crossing, value in table.values.items() if value}
        for key, table in answer(asked, figures).tables.items()
    }


def test_a_quarter_tallied_by_hand(quarter):
    said = tallied(Question(QUARTER, KNOWN))
    kitchen, care, total = "koksbitrade", "vard-och-omsorg", "total"
    assert said["track_during"] == {
        (kitchen, "women"): 3, (kitchen, "men"): 1, (kitchen, total): 4,
        (care, "men"): 1, (care, total): 1,
        (total, "women"): 3, (total, "men"): 2, (total, total): 5,
    }  # fmt: skip
    assert said["track_started"][kitchen, total] == 3
    assert said["track_carried"] == {
        (kitchen, "women"): 1, (kitchen, total): 1, (care, "men"): 1, (care, total): 1,
        (total, "women"): 1, (total, "men"): 1, (total, total): 2,
    }  # fmt: skip
    assert said["track_on"][kitchen, total] == 2
    assert said["track_on_step"] == {
        (kitchen, "1"): 1, (kitchen, "2"): 1, (kitchen, total): 2, (care, "3"): 1, (care, total): 1,
        (total, "1"): 1, (total, "2"): 1, (total, "3"): 1, (total, total): 3,
    }  # fmt: skip
    assert said["track_completed"][kitchen, "women"] == said["track_left"][kitchen, "women"] == 1
    assert said["track_left_why"] == {
        ("studies", "women"): 1, ("studies", total): 1, (total, "women"): 1, (total, total): 1,
    }  # fmt: skip
    assert said["track_left_at"] == {(kitchen, "1"): 1, (kitchen, total): 1, (total, "1"): 1, (total, total): 1}
    assert {key: value for key, value in said["track_results"].items() if key[0] == kitchen} == {
        (kitchen, "A"): 1, (kitchen, "B"): 1, (kitchen, total): 2,
    }  # fmt: skip
    assert said["track_results_by_gender"]["A", "women"] == 1
    assert said["track_share_ab"] == {(kitchen, total): Decimal("100.0"), (total, total): Decimal("100.0")}
    assert said["track_cost"] == {}, "what a seat costs is not entered"
    assert said["track_exceptions"] == {(care, total): 1, (total, total): 1}
    assert said["track_after"][care, "due"] == said["track_after"][care, "work_or_studies"] == 1
    assert (kitchen, "due") not in said["track_after"]


def test_a_unit_answers_for_its_rounds(quarter, cast):
    assert tallied(Question(QUARTER, KNOWN, cast.norr))["track_during"] == {
        ("koksbitrade", "men"): 1, ("koksbitrade", "total"): 1, ("total", "men"): 1, ("total", "total"): 1,
    }  # fmt: skip


def test_the_rounds_of_a_track_add_up_to_it_and_people_move_through_its_steps(quarter):
    track = Track.objects.get(code="koksbitrade")
    since = Period.parse("2025-11-01..2026-03-31")
    spring = track.versions.get().rounds.get(name="Våren")
    on_round(spring, person(spring.unit), "03-02", first=2)  # nobody came to the steps that were skipped
    said = answer(Question(since, KNOWN, track=track), STEERING_FIGURES).tables
    during = said["round_during"]
    assert [row.label for row in during.rows[:-1]] == ["Våren", "Norra"]
    assert [during.value(row.code) for row in during.rows] == [5, 1, 6]
    by_step = {
        name: [said[f"round_{name}"].value(column=str(step)) for step in range(1, 5)]
        for name in ("entered", "onward", "on_step", "left_at")
    }
    assert by_step == {
        "entered": [5, 2, 2, 1], "onward": [2, 1, 1, 1], "on_step": [1, 1, 1, 0], "left_at": [2, 0, 0, 0],
    }  # fmt: skip


def test_the_cost_of_a_result_is_that_of_all_seats_used(quarter):
    version = Track.objects.get(code="koksbitrade").versions.get()
    draft = TrackVersion.objects.create(
        track=version.track, number=2, target_group="Alla", purpose="Prov", seat_cost=Decimal("12000.50")
    )
    from tracks.models import Round

    Round.objects.filter(version=version).update(version=draft)
    said = answer(Question(QUARTER, KNOWN), TRACK_FIGURES)
    assert said.value("track_cost", "koksbitrade") == Decimal("12001")


@pytest.mark.deep
@pytest.mark.beside
def test_every_number_is_the_list_behind_it(quarter):
    asked = Question(QUARTER, KNOWN)
    for key, table in answer(asked, (*TRACK_FIGURES, *STEERING_FIGURES)).tables.items():
        figure, breakdown = find_table(key)
        if figure.measured_in in ("percent", "kronor"):
            continue
        for (row, column), value in table.values.items():
            if column == "share_of_due":
                continue
            _source, rows = rows_behind(figure, breakdown, asked, row, column)
            assert rows.count() == value, (key, row, column)


@pytest.mark.parametrize("table", ["track_during", "track_exceptions", "track_after", "round_entered"])
def test_the_list_names_those_whose_cases_one_may_see(quarter, cast, client, table):
    client.force_login(cast.head)
    asked = {"period": "2025-10-01..2026-03-31", "as_of": "2026-04-15"}
    if table == "track_after":
        asked["column"] = "due"
    page = client.get(reverse("reporting:list", args=[table]), asked)
    assert page.status_code == 200
    assert page.context["total"] == len(page.context["rows"]) > 0
    client.force_login(cast.coach)
    assert client.get(reverse("reporting:list", args=[table]), asked).status_code == 403


def test_as_many_questions_to_the_database_whatever_the_number_of_rounds(quarter, cast):
    counts = []
    for more in (0, 3):
        for _number in range(more):
            on_round(round_of("lokalvard", cast.centrum, "Fler"), person(cast.centrum), "01-20")
        with CaptureQueriesContext(connection) as queries:
            answer(Question(QUARTER, KNOWN), TRACK_FIGURES)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5
