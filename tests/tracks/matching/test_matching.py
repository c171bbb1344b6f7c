"""Tracks for a participant and participants for a round: the order, and the reasons."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessLogEntry
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.mapping.conftest import completed_mapping
from tracks.models import Gate, Member, MemberState, Passage, Round, RoundState, StepSeats, Track

pytestmark = pytest.mark.django_db


def round_of(code: str, unit, *, name: str = "Omgång 1", state=RoundState.OPEN, seats: int | None = None, **fields):
    """A round of a shipped track; `seats` are those of its first step."""
    version = Track.objects.get(code=code).versions.get()
    made = Round.objects.create(
        version=version, unit=unit, name=name, state=state, **{"start": days_ago(-10)} | fields
    )
    if seats:
        StepSeats.objects.create(round=made, step=version.steps.get(position=1), seats=seats)
    return made


def in_round(round, case, user, state=MemberState.WAITING) -> Member:
    member = Member.objects.create(
        round=round, enrolment=case, state=state, applied_on=days_ago(3), applied_by=user, applied_by_name="Alma"
    )
    if state == MemberState.ON_TRACK:
        step = round.version.steps.get(position=1)
        Passage.objects.create(member=member, step=step, start=days_ago(1), by=user, by_name="Alma")
    return member


def tracks(case) -> str:
    return reverse("track_matching:tracks", args=[case.participant.public_id])


def participants(round) -> str:
    return reverse("track_matching:participants", args=[round.public_id])


def suggested(response) -> list[tuple[str, str]]:
    return [(each.track.code, each.round.name if each.round else "") for each in response.context["page"].object_list]


def words(response, code: str) -> list[str]:
    why = next(each.reasons for each in response.context["page"].object_list if each.track.code == code)
    return [reason.words for reason in why]


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def asa(cast):
    """Åsa aims for the kitchen and has A2 in conversation."""
    completed_mapping(
        cast.asa,
        cast.coach,
        sprak={"cefr_INTERACTION": "A2"},
        mal={"goal_occupations": [["9412", "Restaurang- och köksbiträden m.fl."]]},
    )
    return cast.asa


def test_the_order_is_that_of_the_questions_and_each_says_why(coach, cast, asa):
    full = round_of("vard-och-omsorg", cast.norr, seats=1)
    in_round(full, cast.ciwan, cast.outsider, MemberState.ON_TRACK)
    round_of("koksbitrade", cast.centrum, seats=2, apply_by=days_ago(-5))
    round_of("koksbitrade", cast.centrum, name="Inte öppen", state=RoundState.PLANNED)
    round_of("koksbitrade", cast.centrum, name="Förbi", apply_by=days_ago(1))
    asa.participant.birth_date, asa.participant.birth_year = dt.date(1970, 1, 1), 1970
    asa.participant.save()
    response = coach.get(tracks(asa))
    order = suggested(response)
    assert order[:2] == [("koksbitrade", "Omgång 1"), ("vard-och-omsorg", "Omgång 1")]
    assert order[-1] == ("gron-service-unga", "")  # she is too old
    assert len(order) == Track.objects.count()
    assert words(response, "koksbitrade")[:4] == [
        "har det som första steget kräver", "rätt yrkesområde", "yrket är ett bristyrke",
        "2 platser är lediga",
    ]  # fmt: skip
    care = words(response, "vard-och-omsorg")
    assert "annat yrkesområde" in care
    assert "fullt nu: den som föreslås får vänta på en plats" in care
    assert any(each.startswith("senare, för ”Yrkeskompetensbedömning") and "B1" in each for each in care)
    assert "högst 29 år" in words(response, "gron-service-unga")[0]
    assert AccessLogEntry.objects.filter(act="opened", subject=asa.participant.public_id).exists()
    page = response.content.decode()
    assert reverse("track_members:propose", args=[asa.participant.public_id, full.public_id]) in page


def test_whoever_stands_in_a_round_is_not_proposed_for_it_again(coach, cast, asa):
    round = round_of("koksbitrade", cast.centrum)
    member = in_round(round, asa, cast.coach)
    page = coach.get(tracks(asa)).content.decode()
    assert reverse("track_members:propose", args=[asa.participant.public_id, round.public_id]) not in page
    assert reverse("track_members:member", args=[asa.participant.public_id, member.public_id]) in page


def test_for_a_round_only_ones_own_participants_are_suggested(client, cast, asa):
    round = round_of("koksbitrade", cast.norr)
    client.force_login(cast.coach)
    page = client.get(participants(round))
    assert [each.case for each in page.context["page"].object_list] == [asa]
    page = client.get(participants(round), {"vilka": "alla"})
    assert {each.case for each in page.context["page"].object_list} == {asa, cast.bertil}
    assert page.context["page"].object_list[0].case == asa  # who has A1 comes before who was not assessed
    assert "Hemlig" not in page.content.decode()
    client.force_login(cast.outsider)
    assert [each.case for each in client.get(participants(round)).context["page"].object_list] == [cast.ciwan]
    in_round(round_of("vard-och-omsorg", cast.norr), cast.ciwan, cast.outsider, MemberState.ON_TRACK)
    assert "Ingen att föreslå" in client.get(participants(round), {"vilka": "alla"}).content.decode()
    client.force_login(cast.analyst)
    assert client.get(participants(round)).status_code == 403


def test_the_number_of_questions_does_not_grow(coach, cast, asa):
    first = round_of("koksbitrade", cast.centrum, seats=2)

    def asked(address) -> int:
        coach.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            coach.get(address)
        return len(queries)

    before = asked(tracks(asa)), asked(participants(first) + "?vilka=alla")
    step = first.version.steps.get(position=1)
    assert Gate.objects.filter(step=step).exists()
    for number in range(6):
        made = round_of("koksbitrade", cast.centrum, name=f"Omgång {number + 2}", seats=3)
        case = EnrolmentFactory(unit=cast.centrum, coach=cast.coach)
        in_round(made, case, cast.coach, MemberState.ON_TRACK)
        EnrolmentFactory(unit=cast.centrum, coach=cast.coach)
    assert (asked(tracks(asa)), asked(participants(first) + "?vilka=alla")) == before
