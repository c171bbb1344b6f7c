"""The pictures of a round: who stands where, names only for those who may see them, numbers equal to the figures."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.tracks.counted import STEP, counted
from tests.reporting.test_track_disclosure import KNOWN, fill
from tests.tracks.making import day, on_round, person, round_of
from tracks.models import Member, MemberState, Track
from tracks.pictures.moving import HIDDEN, flow_picture, moved_in, time_picture, told_in, took_in
from tracks.pictures.staircase import staircase_of_round, staircase_of_version
from tracks.pictures.wording import wrapped

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    """Four seats a step. On step 1 Åsa (Centrum) and somebody of Norr; on step 2 the protected of Centrum; one has
    completed, one has left, Ciwan waits."""
    made = round_of("koksbitrade", cast.centrum, seats=2)
    on_round(made, cast.asa, "01-12")
    on_round(made, person(cast.norr, given_name="Nora", family_name="Nord"), "01-12")
    on_round(made, cast.protected_centrum, "01-12", "03-02")
    on_round(made, cast.bertil, *("01-12", "03-02", "05-01", "10-01"), state=MemberState.COMPLETED, end="10-20")
    on_round(made, person(cast.norr), "01-12", state=MemberState.LEFT, end="02-01")
    Member.objects.create(
        round=made, enrolment=cast.ciwan, applied_on=day("01-02"), applied_by=cast.outsider, applied_by_name="Cecilia"
    )
    return made


def standing(round_, user) -> list[tuple[str, list[str], int]]:
    """From below: what it is, who is named, how many others."""
    return [
        (str(stair.number) if stair.number else stair.kind, [each.name for each in stair.standing.people],
         stair.standing.others)
        for stair in staircase_of_round(round_, user).from_below
    ]  # fmt: skip


def test_everybody_is_named_to_whom_may_see_them_and_counted_for_the_others(round_, cast):
    assert standing(round_, cast.coach) == [
        ("waiting", [], 1), ("1", ["Åsa Öhrström"], 1), ("2", [], 1), ("3", [], 0), ("4", [], 0),
        ("completed", ["Bertil Bodin"], 0),
    ]  # fmt: skip
    assert standing(round_, cast.outsider) == [
        ("waiting", ["Ciwan Celik"], 0), ("1", ["Nora Nord"], 1), ("2", [], 1), ("3", [], 0), ("4", [], 0),
        ("completed", [], 1),
    ]  # fmt: skip


def test_the_page_names_nobody_whom_the_reader_may_not_see(round_, cast, client):
    address = reverse("track_pictures:pictures_of_round", args=[round_.public_id])
    for user, seen, unseen in (
        (cast.coach, ["Åsa Öhrström"], ["Nora", "Ciwan", "Hemlig"]),
        (cast.outsider, ["Nora Nord", "Ciwan Celik"], ["Åsa", "Bertil", "Hemlig"]),
    ):
        client.force_login(user)
        html = client.get(address).content.decode()
        assert all(name in html for name in seen)
        assert not any(name in html for name in unseen)
        assert "1 har slutat i förtid." in html
    member = Member.objects.get(enrolment=cast.asa)
    client.force_login(cast.coach)
    page = reverse("track_members:member", args=[cast.person.public_id, member.public_id])
    assert page in client.get(address).content.decode()


def test_a_track_is_drawn_without_people(client, cast):
    version = Track.objects.get(code="vard-och-omsorg").versions.get()
    picture = staircase_of_version(version)
    assert not picture.with_people
    assert [stair.number for stair in picture.from_below] == [1, 2, 3, 4, 5]
    assert picture.description.startswith("Steg 1: Introduktion till omsorgsyrket: 1–3 veckor.")
    lowest, highest = picture.from_below[0], picture.from_below[-1]
    assert lowest.x < highest.x
    assert lowest.y > highest.y
    client.force_login(cast.coach)
    assert client.get(reverse("track_pictures:pictures_of_track", args=[version.track.public_id])).status_code == 200


def test_a_full_step_says_so(round_, cast):
    stairs = staircase_of_round(round_, cast.coach).from_below
    assert stairs[1].facts == "2 av 2 platser · fullt · 13–17 veckor"
    assert stairs[2].facts == "1 av 2 platser · 4–17 veckor"


def test_the_numbers_of_the_picture_are_the_figures(cast):
    for name in ("Våren", "Hösten"):
        round_ = round_of("koksbitrade", cast.centrum, name)
        fill(Random(name), round_, cast.centrum, 5, 4)
        told = told_in(moved_in([round_], cast.head))
        figures = counted(KNOWN).of(round_).counts.parts[STEP]
        assert {
            (step, each): n for step, row in told.items() for each, n in row.items() if each != "total" and n
        } == {key: count for key, count in figures.items() if count}


def test_what_one_person_took_is_told_only_to_whom_sees_them_all(round_, cast):
    steps = list(round_.version.steps.all())
    of_head = took_in(moved_in([round_], cast.head))
    assert of_head == {}, "the protected person is on nobody's list, and too few have ended a step"
    Member.objects.filter(enrolment=cast.protected_centrum).first().passages.all().delete()
    of_head = took_in(moved_in([round_], cast.head))
    assert of_head[1] == {"median": 35.0, "shortest": 21, "longest": 49}
    assert took_in(moved_in([round_], cast.coach)) == {}
    picture = time_picture("x", steps, of_head)
    assert picture.with_range
    assert picture.times[0].in_words == (
        "hälften behövde högst 5 veckor, kortast 3 veckor, längst 7 veckor (ska ta 13–17 veckor)"
    )


def test_what_is_hidden_of_a_bar_is_one_part_without_number(round_):
    steps = list(round_.version.steps.all())
    told = {1: {"total": 20, "onward": 12, "here": HIDDEN, "left": HIDDEN}, 2: {"total": HIDDEN}}
    picture = flow_picture("x", steps, told)
    assert [(each.kind, each.width) for each in picture.flows[0].segments] == [("onward", 216.0), ("rest", 144.0)]
    assert picture.flows[1].segments == ()
    assert "20 kom, 12 gick vidare, .. är kvar på steget, .. slutade" in picture.description


def test_a_picture_costs_as_much_whoever_is_in_it(round_, cast, client):
    client.force_login(cast.head)
    counts = []
    for more in (0, 12):
        for _number in range(more):
            on_round(round_, person(cast.centrum), "01-12", "02-10")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("track_pictures:pictures_of_round", args=[round_.public_id]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 26


def test_long_words_are_broken():
    assert wrapped("Yrkeskompetensbedömning mot sex krav", 120) == ["Yrkeskompetensb-", "edömning mot sex", "krav"]
    assert wrapped("ett två tre fyra fem sex", 40, most=2) == ["ett", "två…"]


def test_the_steering_group_reads_numbers_and_no_name(cast, client, clock):
    clock.on(KNOWN)
    round_ = round_of("koksbitrade", cast.centrum, "Våren")
    fill(Random(5), round_, cast.centrum, 14, 12)
    small = round_of("vard-och-omsorg", cast.centrum, "Liten")
    on_round(small, cast.asa, "01-12")
    for user in (cast.analyst, cast.administrator, cast.outsider):
        client.force_login(user)
        for name, subject in (("track", round_.version.track), ("round", round_), ("round", small)):
            html = client.get(reverse(f"track_pictures:{name}", args=[subject.public_id])).content.decode()
            assert "Andersson" not in html
            assert "Öhrström" not in html
        page = client.get(reverse("track_pictures:round", args=[small.public_id]))
        numbers = {each.label: each.cell.text for each in page.context["shown"].numbers}
        assert numbers["Började"] == numbers["På spåret nu"] == ".."
        assert not any(each.cell.url for each in page.context["shown"].numbers)
    client.force_login(cast.head)
    page = client.get(reverse("track_pictures:round", args=[round_.public_id]))
    began = page.context["shown"].numbers[0].cell
    assert began.text == "26"
    assert client.get(began.url).context["total"] == 26, "the number opens the list behind it"


def test_tracks_and_methods_stand_beside_each_other(cast, client, clock):
    clock.on(KNOWN)
    for code, women, men in (("koksbitrade", 14, 12), ("supported-employment", 9, 8), ("vard-och-omsorg", 1, 1)):
        fill(Random(code), round_of(code, cast.centrum), cast.centrum, women, men)
    client.force_login(cast.analyst)
    shown = client.get(reverse("track_pictures:compare")).context["shown"]
    told = {row.label: row.cells[0].text for _method, rows in shown.methods for row in rows}
    assert told["Köksbiträde i skola och omsorg"] == "26"
    assert told["Supported Employment"] == "17"
    assert told["Vård och omsorg"] == told["Hela metoden"] == ".."
    assert [method for method, _rows in shown.methods] == ["Trappa av utbildning och arbete", "Supported Employment"]
