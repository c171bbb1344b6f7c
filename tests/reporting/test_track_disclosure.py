"""What is told of a track and its rounds gives nobody away: neither by itself nor beside each other."""

import datetime as dt
from random import Random

import pytest

from reporting.disclosure.model import HIDDEN
from reporting.tracks.counted import PARTS, counted
from reporting.tracks.told import LASTING, STATES, Told, cells, told_of_rounds, told_of_tracks
from tests.reporting.track_attacker import worked_out
from tests.tracks.making import close, on_round, person, round_of
from tracks.models import LeftWhy, MemberState, Track
from vocabulary.codes import Gender

pytestmark = pytest.mark.django_db
KNOWN = dt.date(2026, 9, 1)
STARTS = ("01-05", "02-02", "03-02", "04-07")


def fill(random: Random, round_, unit, women: int, men: int) -> None:
    """People on a round, each as far and with such an end as chance has it."""
    for gender in [Gender.WOMAN] * women + [Gender.MAN] * men:
        case = person(unit, gender)
        steps = STARTS[: random.randint(1, 4)]
        state = random.choice([MemberState.ON_TRACK, MemberState.COMPLETED, MemberState.LEFT])
        why = random.choice([LeftWhy.WORK, LeftWhy.HEALTH, LeftWhy.STUDIES])
        on_round(round_, case, *steps, state=state, end="06-01", why=why)
        if state != MemberState.ON_TRACK and random.random() < 0.7:
            close(case, "06-15", work=random.random() < 0.5)


def told_of(code: str, *, threshold: int = 5) -> tuple[dict[str, Told], dict[str, Told], dict[str, set[str]]]:
    """What is told of a track and of its rounds; what there is to tell; what the track is made up of."""
    tree = counted(KNOWN)
    track = tree.of(Track.objects.get(code=code))
    of_track = told_of_tracks(tree.whole, threshold, in_full=track)[track.key]
    told = {track.key: of_track, **told_of_rounds(track, of_track, threshold)}
    nodes = [track, *track.children]
    return told, {node.key: _true(node) for node in nodes}, {track.key: {each.key for each in track.children}}


def _true(node) -> Told:
    return Told(_states(node), {part: dict(cells(node.counts, part)) for part in (LASTING, *PARTS[1:])})


def _states(node) -> dict[str, int]:
    states = node.counts.parts["state"]
    return {**{state: states[state] for state in STATES}, "total": node.counts.began}


def test_of_a_round_of_three_with_one_man_nothing_can_be_worked_out(cast):
    """Beside a round of twelve, with what they are together."""
    random = Random(3)
    fill(random, round_of("koksbitrade", cast.centrum, "Liten"), cast.centrum, 2, 1)
    fill(random, round_of("koksbitrade", cast.centrum, "Stor"), cast.centrum, 7, 5)
    told, true, sums = told_of("koksbitrade")
    small = next(each for key, each in told.items() if true[key].state["total"] == 3)
    assert small.state["total"] == HIDDEN
    assert all(value in (0, HIDDEN) for value in small.state.values())
    assert not any(small.parts.values())
    assert told[next(iter(sums))].state["total"] == 15, "what the track is known for is told"
    assert worked_out(told, true, sums, 4) == {}


def test_of_a_small_round_alone_no_small_number_is_told(cast):
    fill(Random(1), round_of("koksbitrade", cast.centrum, "Ensam"), cast.centrum, 2, 1)
    told, _there, _sums = told_of("koksbitrade")
    for each in told.values():
        assert all(value in (0, HIDDEN) for value in each.state.values())
        assert all(value in (0, HIDDEN) for part in each.parts.values() if part for value in part.values())


def test_large_rounds_are_told_in_full(cast):
    for name in ("Våren", "Hösten"):
        round_ = round_of("koksbitrade", cast.centrum, name)
        for number in range(24):
            case = person(cast.centrum, (Gender.WOMAN, Gender.MAN)[number % 2])
            state = (MemberState.ON_TRACK, MemberState.COMPLETED)[number // 12]
            on_round(round_, case, *STARTS, state=state, end="06-01")
            if state == MemberState.COMPLETED:
                close(case, "06-15", work=True)
    told, true, _sums = told_of("koksbitrade")
    for key, each in told.items():
        for part in ("gender", "steps", "results", "lasting"):
            shown = {name: value for name, value in each.parts[part].items() if value}
            assert shown == {name: value for name, value in true[key].parts[part].items() if value}, (key, part)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(12))
def test_nothing_can_be_worked_out_of_random_rounds(cast, seed):
    random = Random(seed)
    for number in range(random.randint(1, 4)):
        round_ = round_of("koksbitrade", cast.centrum, f"Omgång {number}")
        fill(random, round_, cast.centrum, random.randint(0, 15), random.randint(0, 15))
    assert worked_out(*told_of("koksbitrade"), 4) == {}


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(8))
def test_nothing_can_be_worked_out_of_tracks_and_methods_beside_each_other(cast, seed):
    random = Random(100 + seed)
    for code in ("koksbitrade", "gron-service-unga", "vard-och-omsorg", "supported-employment", "rekrytering"):
        for _number in range(random.randint(0, 2)):
            if track := Track.objects.filter(code=code).first():
                fill(
                    random,
                    round_of(track.code, cast.centrum),
                    cast.centrum,
                    random.randint(0, 9),
                    random.randint(0, 9),
                )
    tree = counted(KNOWN)
    told = told_of_tracks(tree.whole, 5)
    sums = {tree.whole.key: {track.key for track in tree.tracks}}
    sums |= {method.key: {track.key for track in method.children} for method in tree.whole.children}
    true = {node.key: _true(node) for node in tree.whole.walk() if node.key in told}
    assert worked_out(told, true, sums, 4) == {}
