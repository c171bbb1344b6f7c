"""Rounds: begun, changed, their seats, who takes people on, how far they have come, and whom the page names."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessLogEntry
from tests.factories import EmployerFactory, EnrolmentFactory, PlacementFactory, WorkplaceFactory, days_ago
from tests.placements.test_followups import text
from tests.tracks.rounds_of import CARE, KITCHEN, member_of, of_round, on_step, round_in
from tracks.models import GateException, MemberState, Round, RoundState, Track

pytestmark = pytest.mark.django_db
LIST = "/jobbspar/omgangar/"


@pytest.fixture
def manager(client, cast):
    client.force_login(cast.manager)
    return client


def facts(unit, **fields) -> dict:
    data = {"name": "Hösten 2026", "unit": unit.pk, "start": days_ago(-10).isoformat(), "end": "", "apply_by": ""}
    return data | fields


def test_a_round_is_begun_changed_and_given_seats(manager, cast):
    new = reverse("track_rounds:new", args=[Track.objects.get(code=CARE).public_id])
    assert "Vård och omsorg" in text(manager.get(new))
    wrong = manager.post(new, facts(cast.centrum, end=days_ago(5).isoformat(), token=uuid.uuid4()))
    assert "Sista dagen är före den första." in text(wrong)
    for name in ("start", "end", "apply_by"):
        far = manager.post(new, facts(cast.centrum, token=uuid.uuid4()) | {name: "9999-12-31"})
        assert "Det är mer än tio år bort." in text(far)
    assert manager.post(new, facts(cast.norr, token=uuid.uuid4())).status_code == 422, "not a unit of hers"
    data = facts(cast.centrum, token=uuid.uuid4())
    for _time in range(2):
        manager.post(new, data)
    round = Round.objects.get()
    assert (round.version.track.code, round.state) == (CARE, RoundState.PLANNED)

    manager.post(of_round("change", round), facts(cast.centrum, name="Vintern", seen="0"))
    late = manager.post(of_round("change", round), facts(cast.centrum, name="Sommaren", seen="0"))
    assert late.status_code == 409
    assert "Vintern" in text(late)

    manager.post(of_round("seats", round), {"introduktion": "2", "praktik": "1", "seen": "1"})
    assert dict(round.seats.values_list("step__key", "seats")) == {"introduktion": 2, "praktik": 1}
    round.refresh_from_db()
    for case in (cast.asa, cast.bertil):
        member_of(round, case, cast.coach, MemberState.OFFERED)
    fewer = manager.post(of_round("seats", round), {"introduktion": "1", "praktik": "", "seen": round.revision})
    assert "2 platser är upptagna eller erbjudna. Det kan inte bli färre." in text(fewer)
    page = text(manager.get(of_round("round", round)))
    assert "2 av 2" in page
    assert "Fullt" in page


def test_each_state_follows_from_another_and_says_why_not(manager, cast):
    round = round_in(cast.centrum, state=RoundState.PLANNED, start=days_ago(-5))

    def to(state: str) -> str:
        round.refresh_from_db()
        return text(manager.post(of_round("state", round, state), {"seen": round.revision}, follow=True))

    assert "Läget ”Planerad” kan inte bli ”Pågår”." in to("running")
    assert "Omgångens läge är nu: Öppen för ansökan." in to("open")
    assert "Omgången börjar" in text(manager.get(of_round("state", round, "running")))
    assert "Ändra första dagen" in to("running")
    member = member_of(round, cast.asa, cast.coach)
    assert "1 är föreslagen och väntar på besked." in to("planned")
    Round.objects.filter(pk=round.pk).update(start=days_ago(1))
    assert "Omgångens läge är nu: Pågår." in to("running")
    on_track = on_step(round, cast.bertil, cast.coach, "introduktion")
    assert "1 är kvar på spåret." in to("closed")
    on_track.passages.update(end=days_ago(0), result="passed")
    type(on_track).objects.filter(pk=on_track.pk).update(state=MemberState.COMPLETED, finished_on=days_ago(0))
    to("closed")
    member.refresh_from_db()
    round.refresh_from_db()
    assert (round.state, round.end, member.state) == (RoundState.CLOSED, days_ago(0), MemberState.NO_SEAT)
    assert "så inget i den ändras" in text(
        manager.post(of_round("change", round), facts(cast.centrum, seen=round.revision))
    )
    assert "Omgångens läge är nu: Pågår." in to("running")
    member.refresh_from_db()
    assert (member.state, member.finished_on) == (MemberState.WAITING, None), "they wait again"
    closed = round_in(cast.centrum, KITCHEN, state=RoundState.PLANNED)
    Track.objects.filter(code=KITCHEN).update(closed_on=days_ago(1), closed_why="Behovet är fyllt")
    assert "Spåret är stängt" in text(manager.get(of_round("state", closed, "open")))


def test_only_those_whose_case_is_open_to_the_reader_are_named(client, cast):
    round = round_in(cast.centrum, seats={"introduktion": 5})
    for case in (cast.asa, cast.protected_centrum):
        on_step(round, case, cast.coach, "introduktion")
    for number, case in enumerate((cast.bertil, cast.ciwan, cast.protected_norr)):
        member_of(round, case, cast.coach, applied_on=days_ago(20 - number))

    def seen(user) -> str:
        client.force_login(user)
        return text(client.get(of_round("round", round)))

    page = seen(cast.coach)
    assert "Åsa Öhrström" in page
    assert "Petra Hemlig" not in page
    assert "1 som du inte får se" in page
    assert "1. Bertil Bodin Försörjningsstöd, väntat 20 dagar" in page
    assert "2. En deltagare i en annan enhets ärende väntat 19 dagar Erbjud en plats" in page
    assert "1 som du inte får se." in page, "the protected one has no row"
    assert AccessLogEntry.objects.filter(subject=round.public_id, act="opened", actor=cast.coach).exists()
    page = seen(cast.outsider)
    assert "Åsa Öhrström" not in page
    assert "Bertil" not in page
    assert "2 som du inte får se" in page
    assert "2. Ciwan Celik" in page
    assert "2 som du inte får se." in page
    assert "Erbjud en plats" not in page
    page = seen(cast.administrator)
    assert not any(name in page for name in ("Åsa", "Bertil", "Ciwan", "Petra", "Pontus"))
    assert "3 väntar på en plats" in page


def test_a_seat_that_is_offered_is_taken_in_the_staircase_and_its_picture(manager, cast):
    round = round_in(cast.centrum, seats={"introduktion": 2, "bedomning": 1})
    on_step(round, cast.asa, cast.coach, "introduktion")
    member_of(round, cast.bertil, cast.coach, MemberState.OFFERED)
    page = text(manager.get(of_round("round", round)))
    assert "1. Introduktion till omsorgsyrket Kurs 2 av 2 platser är tagna Fullt" in page
    assert page.index("5. Jobb som vårdbiträde") < page.index("1. Introduktion"), "the end of the track is at the top"
    picture = manager.get(reverse("track_pictures:pictures_of_round", args=[round.public_id])).content.decode()
    assert "2 av 2 platser · fullt" in picture
    assert "0 av 1 plats ·" in picture


def test_what_employers_promise_stands_beside_what_came_of_it(manager, cast):
    round, employer = round_in(cast.centrum), EmployerFactory(name="Äldreförvaltningen")
    data = {"employer": employer.pk, "takes": 3, "hires": 2, "token": uuid.uuid4()}
    assert "Ange högst 999." in text(manager.post(of_round("partner_new", round), data | {"takes": 99999}))
    for _time in range(2):
        assert manager.post(of_round("partner_new", round), data).status_code == 302
    assert "är redan med" in text(manager.post(of_round("partner_new", round), data | {"takes": 4}))
    member = on_step(round, cast.asa, cast.coach, "praktik", planned=True)
    PlacementFactory(
        enrolment=cast.asa, workplace=WorkplaceFactory(employer=employer), activity=member.passages.get().activity
    )
    type(member).objects.filter(pk=member.pk).update(hired_on=days_ago(1), hired_by=employer)
    page = text(manager.get(of_round("round", round)))
    assert "Äldreförvaltningen 3 1 2 1" in page
    partner = round.partners.get()
    seen = manager.get(of_round("partner", round, partner.pk)).context["form"].initial["seen"]
    manager.post(of_round("partner", round, partner.pk), {"takes": 1, "hires": 1, "seen": seen})
    partner.refresh_from_db()
    assert (partner.takes, partner.hires) == (1, 1)
    manager.post(of_round("partner_remove", round, partner.pk), {"seen": round.revision})
    assert not round.partners.exists()


def test_the_list_begins_with_what_lives_and_costs_the_same_for_many(manager, cast):
    round_in(cast.centrum, name="Pågår")
    round_in(cast.norr, KITCHEN, name="Öppen", state=RoundState.OPEN)
    round_in(cast.norr, KITCHEN, name="Inställd", state=RoundState.CANCELLED)
    page = text(manager.get(LIST))
    assert "2 omgångar" in page
    assert "Inställd Köks" not in page
    assert "1 omgång " in text(manager.get(LIST + "?lage=cancelled"))
    assert "3 omgångar" in text(manager.get(LIST + "?lage=alla"))
    assert (
        "Pågår"
        not in text(manager.get(LIST + f"?enhet={cast.norr.code}")).split("Starta en omgång")[0].split("1 omgång")[1]
    )
    kitchen = Track.objects.get(code=KITCHEN).public_id
    assert "1 omgång " in text(manager.get(LIST + f"?spar={kitchen}"))

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            manager.get(address)
        return len(queries)

    few, round = cost(LIST), round_in(cast.centrum, name="Med många")
    page_of_few = cost(of_round("round", round))
    for number in range(6):
        round_in(cast.centrum, name=f"Nummer {number}")
        on_step(round, EnrolmentFactory(unit=cast.centrum), cast.coach, "introduktion")
        member_of(round, EnrolmentFactory(unit=cast.centrum), cast.coach)
    passage = round.members.on_track().first().passages.get()
    GateException.objects.create(
        passage=passage, gate=passage.step.version.steps.get(key="bedomning").gates.first(), lacked="B1 krävs",
        why="Prövar", by=cast.coach, by_name="Alma Alm",
    )  # fmt: skip
    assert cost(LIST) == few
    assert cost(of_round("round", round)) <= page_of_few + 1
    assert "1 undantag" in text(manager.get(of_round("round", round)))
