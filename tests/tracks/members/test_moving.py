"""On the track, through the front door: gates, exceptions, what is booked, undone, completed and left."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from participants.models import Activity, ActivityState
from placements.models import GroupPlace, Placement
from placements.schedules import planned_sessions
from tests.factories import EmployerFactory, days_ago
from tests.placements.booking.conftest import hours_form, kitchen_of
from tests.placements.groups.conftest import group_of
from tests.placements.test_followups import text
from tests.tracks.rounds_of import (
    EXTRACT,
    GREEN,
    KITCHEN,
    entry_form,
    member_of,
    of_member,
    of_round,
    on_step,
    planned_for,
    round_in,
    speaks,
    step_of,
)
from tracks.models import GateException, MemberState, Round, RoundState, StepResult

pytestmark = pytest.mark.django_db


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def to(member, key: str, name="move") -> str:
    """The page on which somebody comes to a step."""
    return of_member(name, member) + f"?steg={key}"


def lacking(round, key: str) -> dict[str, str]:
    """Reasons for an exception from every gate of a step."""
    return {f"why_{gate.pk}": "Arbetsgivaren vill pröva" for gate in step_of(round, key).gates.all()}


def test_the_care_track_refuses_at_a2_and_admits_at_b1(coach, cast):
    member = on_step(round_in(cast.centrum), cast.asa, cast.coach, "introduktion", planned=True)
    speaks(cast.asa, "A2")
    page = text(coach.get(to(member, "bedomning")))
    assert "Saknas B1 i ”Samtala” krävs. Nivån bedömdes senast till A2." in page
    assert "Uppfyllt ”Introduktion till omsorgsyrket” med resultatet ”Godkänt”" in page
    refused = coach.post(to(member, "bedomning"), entry_form(member))
    assert refused.status_code == 422
    assert "Nivån bedömdes senast till A2." in text(refused)
    assert member.passages.get(end=None).step.key == "introduktion", "nothing is stored"

    speaks(cast.asa, "B1", day=1)
    failed = coach.post(to(member, "bedomning"), entry_form(member, result="not_passed"))
    assert "ska ha gått bra" in text(failed)
    sent = entry_form(member, note="Vet vad yrket kräver")
    for _time in range(2):
        moved = coach.post(to(member, "bedomning"), sent, follow=True)
    assert "Åsa Öhrström är på steget ”Yrkeskompetensbedömning mot sex yrkeskrav”." in text(moved)
    before, now = member.passages.order_by("pk")
    assert (before.result, before.end, before.note) == ("passed", days_ago(1), "Vet vad yrket kräver")
    assert (now.step.key, now.start, now.activity) == ("bedomning", days_ago(0), None)
    assert not GateException.objects.exists()
    ended = Activity.objects.get(enrolment=cast.asa)
    assert (ended.state, ended.outcome, ended.ended_on) == (ActivityState.ENDED, "met", days_ago(1))


def test_an_exception_has_a_reason_and_a_name_and_is_counted(coach, cast):
    round = round_in(cast.centrum, GREEN, seats={"anstallning": 1})
    planned_for(cast.asa)
    member = on_step(round, cast.asa, cast.coach, "praktik", since=22)
    assert "1 vecka återstår" in text(coach.get(to(member, "anstallning")))
    coach.post(to(member, "anstallning"), entry_form(member, **lacking(round, "anstallning")))
    exception = GateException.objects.get()
    assert (exception.gate.kind, exception.why, exception.by_name) == ("time", "Arbetsgivaren vill pröva", "Alma Alm")
    assert "1 vecka återstår" in exception.lacked
    assert "1 undantag" in text(coach.get(of_round("round", round)))
    assert "Arbetsgivaren vill pröva" in text(coach.get(of_member("member", member)))
    other = on_step(round, cast.bertil, cast.coach, "praktik", since=40)
    planned_for(cast.bertil)
    assert "Den enda platsen på ”Anställning i grön service” är upptagen." in text(
        coach.post(to(other, "anstallning"), entry_form(other))
    )
    outside = member_of(round_in(cast.centrum, GREEN), cast.ciwan, cast.outsider)
    cast.ciwan.participant.birth_date = dt.date(1980, 1, 1)
    cast.ciwan.participant.birth_year = 1980
    cast.ciwan.participant.save()
    client = type(coach)()
    client.force_login(cast.outsider)
    assert "högst 29 år" in text(client.get(of_member("member", outside)))


def test_somebody_enters_at_the_step_that_suits_and_the_steps_before_are_skipped(coach, cast):
    round = round_in(cast.centrum, state=RoundState.OPEN)
    member = member_of(round, cast.asa, cast.coach, MemberState.OFFERED, enters_at=step_of(round, "bedomning"))
    speaks(cast.asa, "B1")
    begin = to(member, "bedomning", "start")
    data = entry_form(member, skipped="Har arbetat i hemtjänsten")
    assert "Omgången pågår inte" in text(coach.post(begin, data))
    Round.objects.filter(pk=round.pk).update(state=RoundState.RUNNING)
    assert "Skriv varför stegen före hoppas över." in text(coach.post(begin, data | {"skipped": ""}))
    early = coach.post(begin, data | {"day": days_ago(90).isoformat()})
    assert "är inskriven från" in text(early)
    before = coach.post(begin, data | {"day": days_ago(31).isoformat()})
    assert "Omgången börjar" in text(before), "nobody is on a round before it begins"
    on_step(round_in(cast.centrum, KITCHEN), cast.bertil, cast.coach, "maltidsvard")
    coach.post(begin, data)
    skipped, now = member.passages.order_by("pk")
    assert (skipped.step.key, skipped.result, skipped.note) == (
        "introduktion",
        "skipped",
        "Har arbetat i hemtjänsten",
    )
    assert now.step.key == "bedomning"
    second = member_of(round_in(cast.centrum, KITCHEN), cast.asa, cast.coach, MemberState.OFFERED)
    planned_for(cast.asa)
    again = coach.post(to(second, "maltidsvard", "start"), entry_form(second))
    assert "Deltagaren är på ett annat jobbspår. Avsluta det först." in text(again)


def test_a_step_at_a_workplace_is_booked_with_the_hours_of_every_second_week(coach, cast):
    round, place = round_in(cast.centrum, KITCHEN), kitchen_of().place
    member = member_of(round, cast.asa, cast.coach, MemberState.OFFERED)
    speaks(cast.asa, "A2")
    begin = to(member, "maltidsvard", "start")
    assert "Det finns ingen beslutad plan" in text(coach.post(begin, entry_form(member)))
    planned_for(cast.asa)
    page = coach.get(begin)
    assert "Köksbiträde, Skolkök Ekbacken" in text(page)
    chosen = coach.get(begin + f"&plats={place.public_id}")
    rows = [form.initial for form in chosen.context["rows"] if form.initial.get("begins")]
    assert {row["weeks"] for row in rows} == {"first"}
    data = entry_form(member) | hours_form([(row["weekday"], "08:00", "14:00", 30, row["weeks"]) for row in rows]) | {
        "start": days_ago(0).isoformat(), "end": days_ago(-90).isoformat(), "form": "language_internship",
        "supervisor": "", "need": "participant", "purpose": "Öva svenska", "expected_outcome": "Klarar ett pass",
        "expected_person": "", "expected_workplace": "", "funding": "", "token": uuid.uuid4(),
    }  # fmt: skip
    wrong = coach.post(begin + f"&plats={place.public_id}", data | {"purpose": ""})
    assert wrong.status_code == 422
    for _time in range(2):
        coach.post(begin + f"&plats={place.public_id}", data)
    placement = Placement.objects.get()
    passage = member.passages.get()
    assert placement.activity == passage.activity
    assert (passage.activity.purpose, passage.activity.form_id) == (passage.step.purpose, "language_internship")
    schedules = placement.schedules.prefetch_related("hours")
    monday = days_ago(0) - dt.timedelta(days=days_ago(0).weekday())
    days = {each.day for each in planned_sessions(schedules, monday, monday + dt.timedelta(days=27))}
    assert {(day - monday).days // 7 for day in days} <= {0, 2}
    assert any((day - monday).days // 7 == 2 for day in days)
    shown = text(coach.get(of_member("member", member)))
    assert "Skolkök Ekbacken" in shown
    assert "Kvar att boka" not in shown
    plan = text(coach.get(reverse("participants:part", args=[cast.person.public_id, "plan"])))
    assert "Köksbiträde i skola och omsorg, steg 1: Måltidsvärd varannan vecka" in plan


def test_a_language_group_is_chosen_at_once_and_a_place_may_be_chosen_later(coach, cast):
    round = round_in(cast.centrum, KITCHEN)
    member = on_step(round, cast.asa, cast.coach, "maltidsvard", planned=True, since=95)
    assert "Ingen plats är bokad för steget än." in text(coach.get(of_member("member", member)))
    assert "Kvar att boka" in text(coach.get(of_member("member", member)))
    group = group_of(cast.centrum, form_id="language_training", name="Språkgrupp kök", start=days_ago(10))
    full = group_of(cast.centrum, form_id="language_training", name="Full grupp", seats=1, start=days_ago(10))
    GroupPlace.objects.create(
        group=full, enrolment=cast.bertil, start=days_ago(5),
        activity=Activity.objects.create(
            enrolment=cast.bertil, form_id="language_training", purpose="Öva", expected_outcome="A2"
        ),
    )  # fmt: skip
    refused = coach.post(
        to(member, "sprakgrupp"), entry_form(member, group=str(full.public_id), seat_token=uuid.uuid4())
    )
    assert "Alla 1 platser i gruppen är upptagna" in text(refused)
    coach.post(to(member, "sprakgrupp"), entry_form(member, group=str(group.public_id), seat_token=uuid.uuid4()))
    seat = GroupPlace.objects.get(group=group)
    assert seat.activity == member.passages.get(end=None).activity
    assert seat.start == days_ago(0)


def test_the_last_move_is_taken_back_while_nothing_hangs_on_it(coach, cast):
    round = round_in(cast.centrum)
    member = on_step(round, cast.asa, cast.coach, "introduktion", planned=True)
    speaks(cast.asa, "B1")

    def undo() -> str:
        member.refresh_from_db()
        return text(coach.post(of_member("undo", member), {"seen": member.revision}, follow=True))

    coach.post(to(member, "bedomning"), entry_form(member))
    assert "Flytten till" in text(coach.get(of_member("undo", member)))
    assert "Det är taget tillbaka." in undo()
    passage = member.passages.get()
    assert (passage.step.key, passage.end, passage.result) == ("introduktion", None, "")
    assert passage.activity.state == ActivityState.DECIDED

    coach.post(to(member, "bedomning"), entry_form(member))
    coach.post(to(member, "praktik"), entry_form(member, **lacking(round, "praktik")))
    now = member.passages.get(end=None)
    kitchen = kitchen_of()
    Placement.objects.create(
        enrolment=cast.asa, activity=now.activity, workplace=kitchen.workplace, form="language_internship",
        start=days_ago(-5), purpose="Öva", expected_outcome="Klarar",
    )  # fmt: skip
    assert "En placering är bokad för steget. Ställ in den först." in undo()
    Placement.objects.update(cancelled_on=days_ago(0), why_cancelled="Fel")
    undo()
    assert member.passages.get(end=None).step.key == "bedomning"
    assert not GateException.objects.exists()
    assert Activity.objects.get(pk=now.activity_id).state == ActivityState.DROPPED

    member.refresh_from_db()
    data = {
        "day": days_ago(0).isoformat(),
        "why": "health",
        "reason": "",
        "result": "partly",
        "seen": member.revision,
    }
    coach.post(of_member("leave", member), data)
    undo()
    member.refresh_from_db()
    assert (member.state, member.left_why, member.finished_on) == ("on_track", "", None)
    undo()
    assert "Att deltagaren har börjat tas tillbaka." in text(coach.get(of_member("undo", member)))
    undo()
    member.refresh_from_db()
    assert (member.state, member.passages.count()) == ("offered", 0)
    assert "inget att ta tillbaka" in undo()


def test_a_track_ends_in_a_job_or_is_left_with_a_reason(coach, cast):
    round, employer = round_in(cast.centrum), EmployerFactory(name="Äldreförvaltningen")
    member = on_step(round, cast.asa, cast.coach, "praktik", planned=True)
    data = {"day": days_ago(0).isoformat(), "result": "passed", "note": "", "hired_on": "", "hired_by": "", "seen": 0}
    assert "är inte sista steget" in text(coach.post(of_member("complete", member), data))
    late = data | {"day": days_ago(30).isoformat(), "hired_on": days_ago(0).isoformat()}
    assert "Sista dagen kan inte ligga före det." in text(coach.post(of_member("complete", member), late))
    early = data | {"hired_on": days_ago(11).isoformat()}
    assert "Deltagaren började på spåret" in text(coach.post(of_member("complete", member), early))
    late = data | {"hired_on": "9999-12-31"}
    assert "mer än ett år efter spåret" in text(coach.post(of_member("complete", member), late))
    hired = data | {"hired_on": days_ago(-20).isoformat(), "hired_by": employer.pk}
    for _time in range(2):
        shown = coach.post(of_member("complete", member), hired, follow=True)
    assert "Anställd av Äldreförvaltningen från" in text(shown)
    assert member.passages.get().result == StepResult.PASSED

    left = on_step(round, cast.bertil, cast.coach, "praktik")
    data = {"day": days_ago(0).isoformat(), "why": "", "reason": "", "result": "not_passed", "seen": 0}
    assert "Skriv varför deltagaren lämnar" in text(coach.post(of_member("leave", left), data))
    coach.post(of_member("leave", left), data | {"why": "work", "reason": "Fick jobb på lager"})
    left.refresh_from_db()
    assert (left.state, left.left_why, left.left_note) == ("left", "work", "Fick jobb på lager")
    assert "Åsa Öhrström Genomfört" in text(coach.get(of_round("round", round)))


def test_what_was_shown_opens_the_gate_and_two_windows_are_told(coach, cast):
    round = round_in(cast.centrum)
    member = on_step(round, cast.asa, cast.coach, "bedomning")
    planned_for(cast.asa)
    old = entry_form(member)
    assert f"”{EXTRACT}” ska ha visats upp." in text(coach.get(of_member("member", member)))
    shown = {"words": EXTRACT, "shown_on": days_ago(1).isoformat()}
    for _time in range(2):
        coach.post(of_member("document", member), shown)
    document = cast.asa.shown_documents.get()
    assert (document.words, document.shown_on, document.by_name) == (EXTRACT, days_ago(1), "Alma Alm")
    page = text(coach.get(to(member, "praktik")))
    assert f"Uppfyllt ”{EXTRACT}” har visats upp." in page
    other = type(coach)()
    other.force_login(cast.colleague)
    other.post(to(member, "praktik"), entry_form(member))
    assert member.passages.get(end=None).step.key == "praktik"
    told = coach.post(to(member, "utbildning"), old | {"skipped": "Nej", "note": "Mitt"})
    assert told.status_code == 409
    assert "Mitt" in told.content.decode()
    coach.post(of_member("document_withdraw", member, document.pk), {"seen": member.revision})
    document.refresh_from_db()
    assert document.withdrawn_on == days_ago(0)
