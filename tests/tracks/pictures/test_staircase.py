"""The pictures of a round tell what its page tells: whom they name, which seats are taken, who came to a step."""

import pytest
from django.urls import reverse

from accounts.models import AccessLogEntry
from tests.factories import days_ago
from tests.placements.test_followups import text
from tests.tracks.rounds_of import member_of, on_step, round_in, step_of
from tracks.models import MemberState, Passage, StepResult
from tracks.pictures.moving import moved_in, told_in, took_in
from tracks.pictures.staircase import staircase_of_round

pytestmark = pytest.mark.django_db


def test_seats_that_are_offered_are_taken_and_steps_that_were_skipped_are_nobodys(client, cast):
    round = round_in(cast.centrum, seats={"introduktion": 2})
    on_step(round, cast.asa, cast.coach, "introduktion")
    on_step(round, cast.protected_centrum, cast.coach, "introduktion", since=4)
    member_of(round, cast.bertil, cast.coach, MemberState.OFFERED)
    ahead = on_step(round, cast.ciwan, cast.outsider, "bedomning")
    Passage.objects.create(
        member=ahead, step=step_of(round, "introduktion"), start=days_ago(10), end=days_ago(10),
        result=StepResult.SKIPPED, by=cast.outsider, by_name="Olle",
    )  # fmt: skip
    first = next(each for each in staircase_of_round(round, cast.coach).stairs if each.number == 1)
    assert (first.taken, first.seats, first.is_full) == (3, 2, True)
    assert [person.name for person in first.standing.people] == ["Åsa Öhrström"]
    assert first.standing.others == 1
    moved = moved_in([round], cast.coach)
    assert {step: counted["total"] for step, counted in told_in(moved).items()} == {1: 2, 2: 1}
    assert took_in(moved) == {}
    client.force_login(cast.coach)
    page = text(client.get(reverse("track_pictures:pictures_of_round", args=[round.public_id])))
    assert "Åsa Öhrström" in page
    assert "Hemlig" not in page
    assert "Ciwan" not in page
    looks = AccessLogEntry.objects.filter(act="opened", subject=round.public_id, actor=cast.coach)
    assert looks.exists(), "the picture names people"
