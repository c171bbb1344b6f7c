"""Before the track: proposed, the order of priority, offered, answered, withdrawn; and two at the last seat."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.urls import reverse

from accounts.models import AccessLogEntry
from placements.booking.rules import Refused
from tests.factories import EnrolmentFactory, days_ago
from tests.placements.test_followups import text
from tests.tracks.rounds_of import GREEN, in_round, member_of, of_member, on_step, round_in, speaks, step_of
from tracks.members.services.applying import member_offer
from tracks.members.services.moving import Entry, Result, member_move
from tracks.models import Member, MemberState, Passage, Round, RoundState
from vocabulary.codes import TargetGroup


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def propose_page(enrolment, round) -> str:
    return reverse("track_members:propose", args=[enrolment.participant.public_id, round.public_id])


@pytest.mark.django_db
def test_a_coach_proposes_from_the_file_or_the_round_and_sees_gate_by_gate_what_is_missing(coach, cast):
    round = round_in(cast.norr, state=RoundState.OPEN)
    speaks(cast.asa, "A2")
    suits = reverse("track_matching:participants", args=[round.public_id])
    from_round = text(coach.get(suits))
    assert "Åsa Öhrström" in from_round
    assert "har det som första steget kräver" in from_round, "the first step asks for nothing"
    assert "Bertil" not in from_round, "another's case is found by its name"
    found = text(coach.get(suits + "?q=Bertil"))
    assert "Bertil Bodin" in found
    assert "Åsa" not in found
    assert "Ciwan" not in text(coach.get(suits + "?q=Ciwan")), "a case of another unit is not found"
    from_file = reverse("track_matching:tracks", args=[cast.person.public_id])
    assert propose_page(cast.asa, round) in coach.get(from_file).content.decode()
    page = text(coach.get(propose_page(cast.asa, round)))
    assert "Saknas B1 i ”Samtala” krävs. Nivån bedömdes senast till A2." in page
    assert AccessLogEntry.objects.filter(subject=cast.person.public_id, act="opened").exists()

    data = {"enters_at": "bedomning", "why": "Har vårdat sin mor"}
    for _time in range(2):
        shown = coach.post(propose_page(cast.asa, round), data, follow=True)
    assert "Deltagaren är föreslagen och väntar på en plats." in text(shown)
    assert "som nummer 1 i turordningen" in text(shown)
    member = Member.objects.get()
    assert (member.enters_at.key, member.applied_by_name, member.state) == ("bedomning", "Alma Alm", "waiting")

    coach.post(of_member("withdraw", member), {"seen": member.revision})
    member.refresh_from_db()
    assert member.state == MemberState.DECLINED
    Round.objects.filter(pk=round.pk).update(apply_by=days_ago(1))
    closed = coach.post(propose_page(cast.asa, round), data)
    assert "Ansökan var öppen till och med" in text(closed)
    Round.objects.filter(pk=round.pk).update(apply_by=None)
    coach.post(propose_page(cast.asa, round), data)
    assert Member.objects.get().state == MemberState.WAITING
    for state, words in (("planned", "inte öppen för ansökan än"), ("cancelled", "Omgången har läget ”Inställd”")):
        other = round_in(cast.norr, state=state)
        assert words in text(coach.post(propose_page(cast.asa, other), data))


@pytest.mark.django_db
def test_seats_are_offered_in_the_order_of_priority_or_with_a_reason_and_answered(coach, cast):
    round = round_in(cast.centrum, seats={"introduktion": 1})
    preventive = EnrolmentFactory(unit=cast.centrum, target_group=TargetGroup.PREVENTIVE)
    first_come = member_of(round, preventive, cast.coach, applied_on=days_ago(40))
    elsewhere = member_of(round, cast.ciwan, cast.outsider, applied_on=days_ago(12))
    asa = member_of(round, cast.asa, cast.coach, applied_on=days_ago(9))
    assert list(round.members.waiting().in_queue_order()) == [elsewhere, asa, first_come]

    assert "Varför före de andra?" not in text(coach.get(in_round("offer", elsewhere)))
    page = coach.get(in_round("offer", elsewhere))
    assert "en deltagare i en annan enhets ärende" in text(page)
    assert "Ciwan" not in text(page)
    refused = coach.post(in_round("offer", asa), {"seen": 0, "deviation": ""})
    assert "Andra kommer före." in text(refused)
    coach.post(in_round("offer", asa), {"seen": 0, "deviation": "Den första väntar på B1"})
    asa.refresh_from_db()
    assert (asa.state, asa.deviation, asa.offered_on) == ("offered", "Den första väntar på B1", days_ago(0))
    full = coach.post(in_round("offer", elsewhere), {"seen": 0})
    assert "Den enda platsen på ”Introduktion till omsorgsyrket” är upptagen." in text(full)
    hidden = member_of(round, cast.protected_norr, cast.outsider, applied_on=days_ago(1))
    assert coach.get(in_round("offer", hidden)).status_code == 404

    assert "Erbjöds en plats" in text(coach.get(of_member("member", asa)))
    tomorrow = {"answer": "yes", "day": days_ago(-1).isoformat(), "seen": asa.revision}
    assert "Dagen har inte varit ännu." in text(coach.post(of_member("answer", asa), tomorrow))
    coach.post(of_member("answer", asa), tomorrow | {"day": days_ago(0).isoformat()})
    asa.refresh_from_db()
    assert (asa.state, asa.answered_on) == ("offered", days_ago(0))
    coach.post(in_round("offer_back", asa), {"seen": asa.revision})
    asa.refresh_from_db()
    assert (asa.state, asa.answered_on, asa.deviation) == ("waiting", None, "")
    coach.post(in_round("offer", elsewhere), {"seen": 0})
    client = type(coach)()
    client.force_login(cast.outsider)
    elsewhere.refresh_from_db()
    no = {"answer": "no", "day": days_ago(0).isoformat(), "seen": elsewhere.revision}
    for _time in range(2):
        client.post(of_member("answer", elsewhere), no)
    elsewhere.refresh_from_db()
    assert elsewhere.state == MemberState.DECLINED
    assert "Tackade nej" in text(client.get(of_member("member", elsewhere)))


@pytest.mark.django_db
def test_whoever_waits_no_longer_is_not_said_to_have_declined(coach, cast):
    round, other = round_in(cast.centrum), round_in(cast.centrum, GREEN)
    on_step(other, cast.asa, cast.coach, other.version.steps.first().key)
    assert "Deltagaren är på jobbspåret Unga i grön service, Våren." in text(coach.get(propose_page(cast.asa, round)))
    offered = member_of(round, cast.bertil, cast.coach, MemberState.OFFERED, answered_on=days_ago(2))
    coach.post(of_member("withdraw", offered), {"seen": offered.revision})
    said = text(coach.get(of_member("member", offered)))
    assert "Väntar inte längre på en plats." in said
    assert "Tackade nej" not in said
    file = reverse("participants:file", args=[cast.bertil.participant.public_id])
    assert "Tackade nej" not in text(coach.get(file))


def at_once(*acts) -> list:
    """What came of each, all begun at the same moment: "done", or the sentence that refused."""
    ready = Barrier(len(acts))

    def run(act):
        try:
            ready.wait(timeout=20)
            act()
        except Refused as refused:
            return str(refused)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
def test_two_who_want_the_last_seat_at_once_do_not_both_get_it(cast):
    round = round_in(cast.centrum, GREEN, seats={"praktik": 1, "uthyrning": 1})
    waiting = [member_of(round, case, cast.coach) for case in (cast.asa, cast.bertil)]
    said = at_once(
        *(
            lambda member=member: member_offer(member=member, actor=cast.coach, deviation="Båda passar", seen=0)
            for member in waiting
        )
    )
    assert sorted(said)[1] == "done"
    assert sorted(said)[0].startswith("Den enda platsen")
    assert Member.objects.filter(state=MemberState.OFFERED).count() == 1
    Member.objects.filter(pk__in=[each.pk for each in waiting]).delete()

    moving = [on_step(round, case, cast.coach, "anstallning", since=200) for case in (cast.asa, cast.bertil)]
    step = step_of(round, "uthyrning")
    exceptions = {gate.pk: "Arbetsgivaren vill" for gate in step.gates.all()}
    said = at_once(
        *(
            lambda member=member: member_move(
                member=member, actor=cast.coach, entry=Entry(step, days_ago(0), exceptions=exceptions),
                result=Result("passed"), seen=0,
            )
            for member in moving
        )
    )  # fmt: skip
    assert sorted(said)[1] == "done"
    assert sorted(said)[0].startswith("Den enda platsen")
    assert Passage.objects.filter(step=step, end=None).count() == 1
    assert Passage.objects.filter(step__key="anstallning", end=None).count() == 1, "who was refused stays"
