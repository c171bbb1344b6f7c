"""Supervisors: entered, changed with their links, and not gone while they lead somebody."""

import threading
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from placements.models import Placement, Supervisor, SupervisorTraining
from placements.services import supervisors as writing
from placements.services.supervisors import (
    StillLeads,
    SupervisorLeft,
    placement_choose_supervisor,
    supervisor_leave,
)
from placements.training import is_trained
from tests.factories import PlacementFactory, SupervisorFactory, days_ago
from tests.placements.employers.conftest import place_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def of(name, *rows):
    return reverse(f"supervisors:{name}", args=[row.public_id for row in rows])


def typed(supervisor=None, **fields) -> dict:
    data = {"name": "Lena Holm", "email": "lena@koket.example", "phone": ""}
    if supervisor:
        data = {"name": supervisor.name, "email": supervisor.email, "phone": "", "workplace": supervisor.workplace_id}
    return data | fields


def seen(client, supervisor) -> str:
    return client.get(of("change", supervisor)).context["form"].initial["seen"]


def test_a_supervisor_is_entered_once_at_a_workplace(coach, cast):
    other = SupervisorFactory(email="kim@koket.example", name="Kim Ek")
    workplace = other.workplace
    data = typed(token="3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d06")
    for _time in range(2):
        page = coach.post(of("create", workplace), data, follow=True)
    assert "Handledaren är inlagd." in text(page)
    assert Supervisor.objects.filter(name="Lena Holm").count() == 1
    page = coach.post(
        of("create", workplace), typed(email="KIM@koket.example", token="3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d07")
    )
    assert "Kim Ek har den här adressen och finns redan på arbetsplatsen." in text(page)
    workplace.closed_on = days_ago(1)
    workplace.save()
    page = coach.post(
        of("create", workplace), typed(email="ny@koket.example", token="3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d08")
    )
    assert "Arbetsplatsen är stängd." in text(page)


def test_a_new_address_ends_the_old_links_and_sends_new_ones(coach, cast, asked):
    supervisor = asked.supervisor
    data = typed(supervisor, email="lena.ny@koket.example", seen=seen(coach, supervisor))
    page = coach.post(of("change", supervisor), data, follow=True)
    assert "Den gamla länken gäller inte längre, och en ny är på väg." in text(page)
    assert [mail.recipient for mail in asked.mails()] == [supervisor.email, "lena.ny@koket.example"]
    assert coach.post(of("change", supervisor), data | {"name": "Lena H"}).status_code == 409


def test_an_address_that_another_units_links_depend_on_stays(coach, cast, asked):
    PlacementFactory(enrolment=cast.ciwan, workplace=asked.placement.workplace, supervisor=asked.supervisor)
    data = typed(asked.supervisor, email="annan@koket.example", seen=seen(coach, asked.supervisor))
    page = coach.post(of("change", asked.supervisor), data)
    assert "Handledaren leder 1 placering som du inte får se." in text(page)
    assert len(asked.mails()) == 1
    # A telephone number leads no link anywhere.
    data = typed(asked.supervisor, phone="070-1740605", seen=seen(coach, asked.supervisor))
    assert coach.post(of("change", asked.supervisor), data).status_code == 302


def test_a_supervisor_moves_within_the_employer_only_while_leading_nobody(coach, cast, asked):
    here = asked.placement.workplace
    other = type(here).objects.create(employer=here.employer, name="Köket på Lindskolan")
    stranger = SupervisorFactory().workplace
    data = typed(asked.supervisor, workplace=other.pk, seen=seen(coach, asked.supervisor))
    page = coach.post(of("change", asked.supervisor), data)
    assert "Handledaren leder 1 placering som pågår eller är på väg." in text(page)
    assert coach.post(of("change", asked.supervisor), data | {"workplace": stranger.pk}).status_code == 422
    Placement.objects.update(end=days_ago(1))
    assert coach.post(of("change", asked.supervisor), data).status_code == 302
    assert Supervisor.objects.get(pk=asked.supervisor.pk).workplace == other


def test_who_leads_somebody_leaves_only_when_somebody_else_takes_over(coach, cast, asked):
    supervisor, today = asked.supervisor, {"day": days_ago(0).isoformat()}
    place = place_of(supervisor.workplace, supervisor=supervisor)
    page = text(coach.get(of("leave", supervisor)))
    assert "1 placering behöver en annan handledare" in page
    assert "Lägg in en handledare först" in page
    assert "Handledaren leder 1 placering" in text(coach.post(of("leave", supervisor), today))
    heir = SupervisorFactory(workplace=supervisor.workplace, name="Kim Ek")
    assert "Handledaren leder 1 placering" in text(coach.post(of("leave", supervisor), today))
    page = coach.post(of("leave", supervisor), today | {"successor": heir.public_id}, follow=True)
    assert "Den gamla länken gäller inte längre" in text(page)
    assert Placement.objects.get(pk=asked.placement.pk).supervisor == heir
    place.refresh_from_db()
    assert (place.supervisor, place.revision) == (heir, 1)
    assert [mail.recipient for mail in asked.mails()] == [supervisor.email, heir.email]
    # Whoever has left is not offered for a placement any more.
    assert supervisor.email not in text(coach.get(asked.coach_page("supervisor_choose")))
    page = coach.post(of("return", supervisor), follow=True)
    assert "är handledare igen" in text(page)


def test_a_successor_who_leaves_meanwhile_takes_nobody_over(coach, cast, asked, monkeypatch):
    heir, leave = SupervisorFactory(workplace=asked.supervisor.workplace), writing.supervisor_leave

    def too_late(**given):
        Supervisor.objects.filter(pk=heir.pk).update(left_on=days_ago(0))
        return leave(**given)

    monkeypatch.setattr(writing, "supervisor_leave", too_late)
    data = {"day": days_ago(0).isoformat(), "successor": heir.public_id}
    page = coach.post(of("leave", asked.supervisor), data)
    assert "Den du valde har slutat eller bytt arbetsplats. Välj någon annan." in text(page)
    assert Placement.objects.get(pk=asked.placement.pk).supervisor == asked.supervisor


def test_nobody_takes_another_units_placements_over(coach, cast, asked):
    elsewhere = PlacementFactory(
        enrolment=cast.ciwan, workplace=asked.placement.workplace, supervisor=asked.supervisor
    )
    heir = SupervisorFactory(workplace=asked.supervisor.workplace)
    page = coach.post(of("leave", asked.supervisor), {"day": days_ago(0).isoformat(), "successor": heir.public_id})
    assert "Handledaren leder 1 placering som du inte får se." in text(page)
    assert set(Placement.objects.filter(supervisor=asked.supervisor)) == {asked.placement, elsewhere}


def test_the_page_names_only_those_whose_cases_are_the_readers(coach, cast, asked):
    PlacementFactory(enrolment=cast.ciwan, workplace=asked.placement.workplace, supervisor=asked.supervisor)
    page = text(coach.get(of("supervisor", asked.supervisor)))
    assert "2 placeringar pågår" in page
    assert "Öhrström" in page
    assert "Celik" not in page


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_nobody_is_led_by_who_leaves_at_the_same_moment(cast):
    for _time in range(4):
        supervisor = SupervisorFactory()
        placement = PlacementFactory(enrolment=cast.asa, workplace=supervisor.workplace)
        gate, outcomes = threading.Barrier(2), []

        def at_once(act, refused, gate=gate, outcomes=outcomes):
            gate.wait()
            try:
                act()
                outcomes.append("done")
            except refused:
                outcomes.append("refused")
            finally:
                connection.close()

        leave = partial(supervisor_leave, supervisor=supervisor, day=days_ago(0), successor=None, actor=cast.coach)
        choose = partial(placement_choose_supervisor, placement=placement, supervisor=supervisor, actor=cast.coach)
        threads = [
            threading.Thread(target=at_once, args=[leave, StillLeads]),
            threading.Thread(target=at_once, args=[choose, SupervisorLeft]),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(outcomes) == ["done", "refused"]
        left, led = (
            Supervisor.objects.get(pk=supervisor.pk).left_on,
            Placement.objects.get(pk=placement.pk).supervisor,
        )
        assert (left is None) == (led is not None)


# --- From the participant's file ----------------------------------------------------------------------------------


def test_a_correction_in_the_file_keeps_the_training(coach, cast, asked):
    trained = SupervisorTraining.objects.create(
        supervisor=asked.supervisor, course="Handledarutbildning", completed_on=days_ago(30)
    )
    own = PlacementFactory(enrolment=cast.asa, workplace=asked.placement.workplace, supervisor=asked.supervisor)
    data = {"name": asked.supervisor.name, "email": "lena.ny@koket.example", "phone": ""}
    coach.post(asked.coach_page("supervisor_correct"), data)
    assert Placement.objects.get(pk=own.pk).supervisor == asked.supervisor  # the unit's own: one supervisor still
    # With another unit's placement beside it, this one gets a supervisor of its own, as well trained.
    PlacementFactory(enrolment=cast.ciwan, workplace=asked.placement.workplace, supervisor=asked.supervisor)
    coach.post(asked.coach_page("supervisor_correct"), data | {"email": "lena.tredje@koket.example"})
    copy = Placement.objects.get(pk=asked.placement.pk).supervisor
    assert copy != asked.supervisor
    assert Supervisor.objects.trained_on(days_ago(0)).filter(pk=copy.pk).exists()
    assert copy.trainings.get().course == trained.course


# --- Training -----------------------------------------------------------------------------------------------------


def test_training_counts_from_its_day_to_its_end_and_not_for_who_has_left(coach):
    today = timezone.localdate()

    def trained(**fields):
        supervisor = SupervisorFactory(left_on=fields.pop("left_on", None))
        SupervisorTraining.objects.create(supervisor=supervisor, course="Kurs", **fields)
        return supervisor

    lasting = trained(completed_on=days_ago(10), valid_until=None)
    last_day = trained(completed_on=days_ago(10), valid_until=today, language=True)
    expired = trained(completed_on=days_ago(10), valid_until=days_ago(1))
    trained(completed_on=days_ago(-1))
    trained(completed_on=days_ago(10), left_on=today)
    leaving = trained(completed_on=days_ago(10), left_on=days_ago(-1))
    SupervisorFactory()
    assert set(Supervisor.objects.trained_on(today)) == {lasting, last_day, leaving}
    assert set(Supervisor.objects.filter(is_trained(today))) == {lasting, last_day, leaving}
    assert set(Supervisor.objects.language_trained_on(today)) == {last_day}
    told = {row.pk: (row.is_trained, row.trained_until) for row in Supervisor.objects.with_training(today)}
    assert told[lasting.pk] == (True, None)
    assert told[last_day.pk] == (True, today)
    assert told[expired.pk] == (False, days_ago(1))
    for asked, number in (("utbildade", 3), ("sprak", 1), ("snart", 1), ("utgangna", 1), ("outbildade", 2)):
        assert coach.get(of("list"), {"training": asked}).context["page_obj"].paginator.count == number, asked


def test_a_training_is_entered_changed_and_taken_away(coach):
    supervisor = SupervisorFactory()
    data = {"course": "Handledarutbildning", "level": "Grund", "completed_on": "2026-01-10",
            "valid_until": "2025-01-01", "token": "3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d09"}  # fmt: skip
    page = coach.post(of("training_create", supervisor), data)
    assert "Utbildningen kan inte gå ut innan den genomfördes." in text(page)
    assert "Skriv vad kursen heter." in text(coach.post(of("training_create", supervisor), data | {"course": ""}))
    data["valid_until"] = ""
    for _time in range(2):
        page = coach.post(of("training_create", supervisor), data, follow=True)
    training = SupervisorTraining.objects.get()
    change = data | {
        "language": "on",
        "seen": coach.get(of("training_change", supervisor, training)).context["form"].initial["seen"],
    }
    page = coach.post(of("training_change", supervisor, training), change, follow=True)
    assert "Språkhandledare" in text(page)
    assert coach.post(of("training_change", supervisor, training), change | {"level": "Två"}).status_code == 409
    coach.post(of("training_remove", supervisor, training))
    assert "Ingen utbildning är inlagd." in text(coach.get(of("supervisor", supervisor)))


def test_a_support_visit_is_written_down_with_who_was_there(coach, cast):
    supervisor = SupervisorFactory()
    data = {
        "day": days_ago(-1).isoformat(),
        "note": "Pratade om rutinerna.",
        "token": "3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d10",
    }
    assert "har inte varit än" in text(coach.post(of("visit_record", supervisor), data))
    page = coach.post(of("visit_record", supervisor), data | {"day": days_ago(2).isoformat()}, follow=True)
    assert "Pratade om rutinerna." in text(page)
    assert supervisor.visits.get().by_name == "Alma Alm"


# --- Min dag ------------------------------------------------------------------------------------------------------


def test_training_that_runs_out_stands_in_min_dag_of_the_coordinators(coach, client, cast, asked):
    def until(supervisor, day):
        SupervisorTraining.objects.create(
            supervisor=supervisor, course="Kurs", completed_on=days_ago(800), valid_until=day
        )

    until(SupervisorFactory(name="Snart Slut"), days_ago(-60))
    until(SupervisorFactory(name="Lång Tid"), days_ago(-61))
    until(SupervisorFactory(name="Slut Utan Uppdrag"), days_ago(5))
    until(SupervisorFactory(name="Har Slutat", left_on=days_ago(3)), days_ago(-3))
    until(asked.supervisor, days_ago(5))  # leads Åsa's placement
    address = reverse("day:list", args=["handledarutbildning"])
    assert "Snart Slut" not in text(coach.get(address))
    client.force_login(cast.coordinator)
    page = text(client.get(address))
    assert "Snart Slut" in page
    assert asked.supervisor.name in page
    for name in ("Lång Tid", "Slut Utan Uppdrag", "Har Slutat"):
        assert name not in page
    assert "Handledarutbildning som går ut" in text(client.get(reverse("day:day")))


def test_the_list_asks_as_much_for_fifty_supervisors_as_for_five(coach, django_assert_max_num_queries):
    def more(number):
        for _each in range(number):
            SupervisorTraining.objects.create(
                supervisor=SupervisorFactory(), course="Kurs", completed_on=days_ago(9), valid_until=days_ago(-9)
            )

    more(3)
    coach.get(of("list"))
    with django_assert_max_num_queries(9):
        coach.get(of("list"))
    more(15)
    with django_assert_max_num_queries(9):
        coach.get(of("list"))
