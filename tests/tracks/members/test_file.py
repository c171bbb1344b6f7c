"""What job tracks add to the participant's file, to Min dag, to the first day and to the closure."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.first_day import standing_before
from participants.services.activity import enrolment_recall_activity
from tests.factories import EnrolmentFactory, days_ago
from tests.placements.test_followups import text
from tests.tracks.rounds_of import KITCHEN, entry_form, member_of, of_member, on_step, round_in, speaks, step_of
from tracks.members.ready import members_ready
from tracks.models import Member, MemberState, Passage, RoundState

pytestmark = pytest.mark.django_db


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def part(cast, slug="") -> str:
    args = [cast.person.public_id]
    return reverse("participants:part", args=[*args, slug]) if slug else reverse("participants:file", args=args)


def test_the_timeline_the_part_and_the_activity_tell_of_the_track(coach, cast):
    round = round_in(cast.centrum)
    member = member_of(
        round, cast.asa, cast.coach, MemberState.OFFERED, why="Har vårdat sin mor", offered_by_name="David Dahl",
        deviation="Den första väntar",
    )  # fmt: skip
    assert "Inte på något jobbspår än" not in text(coach.get(part(cast, "jobbspar")))
    exceptions = {f"why_{gate.pk}": "Prövar" for gate in step_of(round, "bedomning").gates.all()}
    data = entry_form(member, day=days_ago(20).isoformat(), skipped="Kan yrket", **exceptions)
    coach.post(of_member("start", member) + "?steg=bedomning", data)
    data = {
        "day": days_ago(2).isoformat(),
        "why": "moved",
        "reason": "Till Gävle",
        "result": "partly",
        "note": "Halvvägs",
    }
    member.refresh_from_db()
    coach.post(of_member("leave", member), data | {"seen": member.revision})
    page = text(coach.get(part(cast) + "?visa=job_track"))
    for words in (
        "Föreslogs till jobbspåret Vård och omsorg Alma Alm Har vårdat sin mor",
        "Erbjöds en plats på jobbspåret Vård och omsorg David Dahl Den första väntar",
        "Steget ”Introduktion till omsorgsyrket” hoppades över",
        "Började på steget ”Yrkeskompetensbedömning mot sex yrkeskrav”",
        "Undantag från ett krav för ”Yrkeskompetensbedömning mot sex yrkeskrav” Alma Alm",
        "Lämnade steget ”Yrkeskompetensbedömning mot sex yrkeskrav” Delvis godkänt",
        "Lämnade jobbspåret Vård och omsorg Flyttade",
    ):
        assert words in page, words
    assert "Vård och omsorg Våren, Jobbcenter Centrum Lämnat" in text(coach.get(part(cast, "jobbspar")))
    enrolment_recall_activity(enrolment=cast.asa, day=cast.asa.last_activity_on)
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == days_ago(2)
    assert any("ett steg på ett jobbspår" in each for each in standing_before(cast.asa, days_ago(5)))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            coach.get(part(cast))
        return len(queries)

    cost()  # what is read once for each process
    before = cost()
    for number in range(3):
        Passage.objects.create(
            member=member, step=step_of(round, "praktik"), start=days_ago(10 - number), end=days_ago(9 - number),
            result="passed", by=cast.coach, by_name="Alma Alm",
        )  # fmt: skip
    assert cost() == before


def test_min_dag_tells_of_offers_of_long_steps_and_of_those_who_can_move_on(coach, cast):
    round = round_in(cast.centrum)
    offered = member_of(round, cast.asa, cast.coach, MemberState.OFFERED)
    late = on_step(round_in(cast.centrum, KITCHEN), cast.bertil, cast.coach, "maltidsvard", since=130)
    type(cast.bertil).objects.filter(pk=cast.bertil.pk).update(coach=cast.coach)

    def day() -> str:
        return text(coach.get("/min-dag/"))

    page = day()
    assert "Erbjudna platser på jobbspår" in page
    assert "Steg på jobbspår som har dragit över sin längsta tid" in page
    assert "Måltidsvärd varannan vecka · Köksbiträde i skola och omsorg" in page
    assert "Kan gå vidare" not in page
    assert "Kan börja" not in page
    Member.objects.filter(pk=offered.pk).update(answered_on=days_ago(1))
    page = day()
    assert "Kan börja på sitt jobbspår" in page, "the seat is held for who said yes"
    assert "Erbjudna platser på jobbspår" not in page
    assert members_ready() == "1 deltagare kan gå vidare."
    assert "Kan gå vidare på sitt jobbspår" in day()
    late.refresh_from_db()
    assert late.ready_since == days_ago(0)
    care = on_step(round_in(cast.centrum, name="Hösten"), cast.ciwan, cast.outsider, "introduktion", since=30)
    assert members_ready() == "1 deltagare kan gå vidare.", "the care track asks for B1 first"
    speaks(cast.ciwan, "B1")
    assert members_ready() == "2 deltagare kan gå vidare."
    assert Member.objects.get(pk=care.pk).ready_since == days_ago(0)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            members_ready()
        return len(queries)

    cleaning, few = round_in(cast.centrum, "lokalvard"), cost()
    for _number in range(3):  # whom a competence and an earlier step are missing
        on_step(cleaning, EnrolmentFactory(unit=cast.centrum), cast.coach, "niva2", since=40)
        on_step(cleaning, EnrolmentFactory(unit=cast.centrum), cast.coach, "intro", since=40)
    assert cost() == few


def test_who_got_no_seat_stands_in_min_dag_until_the_coach_has_said_what_follows(coach, cast):
    round = round_in(cast.norr, state=RoundState.OPEN)
    offered = member_of(round, cast.asa, cast.coach, MemberState.OFFERED, answered_on=days_ago(3))
    foreign = member_of(round, cast.ciwan, cast.outsider)
    runner = type(coach)()
    runner.force_login(cast.outsider)
    runner.post(reverse("track_rounds:state", args=[round.public_id, "cancelled"]), {"seen": round.revision})
    offered.refresh_from_db()
    assert (offered.state, offered.finished_on) == (MemberState.NO_SEAT, days_ago(0))

    def day() -> str:
        return text(coach.get("/min-dag/"))

    assert "Fick ingen plats på jobbspår, omgången är slut" in day()
    assert "Ciwan" not in day()
    assert "Ciwan" in text(runner.get("/min-dag/"))
    assert "Fick ingen plats på jobbspåret Vård och omsorg" in text(coach.get(part(cast) + "?visa=job_track"))
    other = member_of(round_in(cast.centrum, KITCHEN), cast.asa, cast.coach)
    assert "Fick ingen plats" not in day(), "they are proposed for another round"
    other.delete()
    for _time in range(2):
        coach.post(of_member("withdraw", offered), {"seen": offered.revision})
    offered.refresh_from_db()
    foreign.refresh_from_db()
    assert (offered.state, offered.finished_on, foreign.state) == ("declined", None, "no_seat")
    assert "Fick ingen plats" not in day()
    assert "Tackade nej" not in text(coach.get(of_member("member", offered))), "a yes is not read as a no"


def test_a_closed_enrolment_ends_what_waits_and_says_how_the_step_went(coach, cast):
    waiting = member_of(round_in(cast.centrum), cast.asa, cast.coach)
    going = on_step(round_in(cast.centrum, KITCHEN), cast.asa, cast.coach, "maltidsvard")
    address = reverse("participants:enrolment_close", args=[cast.person.public_id])
    data = {"end": days_ago(0).isoformat(), "closure_reason": "moved", "details_for": "moved"}
    told = [f"track-{waiting.public_id}", f"track-{going.public_id}"]
    asked = text(coach.post(address, data))
    assert "På jobbspåret Köksbiträde i skola och omsorg, steget ”Måltidsvärd varannan vecka”" in asked
    prefix = told[1]
    missing = coach.post(address, data | {f"{prefix}-act": "left", "told": told, "step": "save"})
    assert "Välj hur steget gick." in text(missing)
    answers = {f"{prefix}-act": "left", f"{prefix}-why": "closed", f"{prefix}-result": "partly"}
    with CaptureQueriesContext(connection) as queries:
        coach.post(address, data | answers | {"told": told, "step": "save"})
    locks = [each["sql"] for each in queries if " UPDATE OF " in each["sql"]]
    held = [name for sql in locks for name in ("enrolment", "member") if sql.endswith(f'_{name}"')]
    assert held.index("enrolment") < held.index("member"), "else a closure and a move at once wait for each other"
    cast.asa.refresh_from_db()
    assert cast.asa.end == days_ago(0)
    waiting.refresh_from_db()
    going.refresh_from_db()
    assert (waiting.state, going.state, going.left_why) == ("declined", "left", "closed")
    assert going.passages.get().result == "partly"
    refused = coach.post(of_member("undo", going), {"seen": going.revision})
    assert "Inskrivningen är avslutad" in text(refused)
