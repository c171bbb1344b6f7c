"""Two at the same moment on real connections, and the reminders' run with real workers: run twice, killed in the
middle, run three days late."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from config.celery import app
from delivery.models import Mail, ScheduledRun
from delivery.states import MailState
from participants.models import Enrolment
from placements.following.planning import followups_of_placement_set
from placements.following.reminders import reminder_decide, supervisors_remind
from placements.models import FollowUp, FollowUpAnswer, FollowUpReminder
from placements.services.followups import followup_withdraw
from tests.beside import wait_until_somebody_waits
from tests.delivery.conftest import until
from tests.factories import FollowUpFactory, PlacementFactory, days_ago
from tests.placements.conftest import GOOD, placement_of

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]


# --- Two at once --------------------------------------------------------------------------------------------------


def both(*posts) -> list:
    """The answers to forms that several threads send at the same moment."""
    ready = threading.Barrier(len(posts))

    def send(page, data):
        try:
            ready.wait(timeout=10)
            return Client().post(page, data)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(posts)) as pool:
        return [each.result(timeout=30) for each in [pool.submit(send, *post) for post in posts]]


@pytest.mark.beside
@pytest.mark.parametrize("tries", range(3))
def test_the_same_answer_filed_four_times_at_once_is_one(asked, tries):
    answers = both(*[(asked.page, GOOD)] * 4)
    assert {answer.status_code for answer in answers} == {302}
    assert FollowUpAnswer.objects.get().version == 1


@pytest.mark.beside
@pytest.mark.parametrize("tries", range(3))
def test_of_two_answers_filed_at_once_one_stands_and_the_other_is_not_lost(asked, tries):
    other = GOOD | {"going": "not_well", "needs": "Mer stöd"}
    first, second = both((asked.page, GOOD), (asked.page, other))
    assert sorted([first.status_code, second.status_code]) == [302, 409]
    row = FollowUpAnswer.objects.get()
    kept, refused = ("well", second) if first.status_code == 302 else ("not_well", first)
    assert (row.going, row.version) == (kept, 1)
    assert "Fler dagar i veckan." in refused.content.decode()
    assert "lämnades in från ett annat fönster" in refused.content.decode()


@pytest.mark.beside
def test_who_closes_the_case_while_the_supervisor_answers_hinders_nobody_for_ever(asked, cast, beside):
    """The one holds the case and wants the follow-up, the other would hold the follow-up and want the case."""
    with transaction.atomic():
        Enrolment.objects.select_for_update(of=("self",)).get(pk=cast.asa.pk)
        filing = beside(Client().post, asked.page, GOOD)
        wait_until_somebody_waits()
        followup_withdraw(followup=asked.followup)
    assert filing.result(timeout=20).status_code in (302, 404)
    assert not FollowUpAnswer.objects.exists()


@pytest.mark.beside
def test_two_runs_at_once_remind_once(cast, beside):
    followup = FollowUpFactory(placement=placement_of(cast.asa), due=days_ago(0))
    with transaction.atomic():
        assert reminder_decide(followup_id=followup.pk, today=days_ago(0))
        other = beside(supervisors_remind)
        wait_until_somebody_waits()
    assert other.result(timeout=20) == "0 reminders"
    assert (FollowUpReminder.objects.count(), Mail.objects.count()) == (1, 1)


@pytest.mark.beside
def test_who_answers_while_the_run_decides_is_not_reminded(asked, beside):
    FollowUp.objects.update(due=days_ago(3))
    Mail.objects.update(created_at=days_ago(3).isoformat() + "T08:00Z")
    with transaction.atomic():
        FollowUp.objects.select_for_update(of=("self",)).get()
        running = beside(supervisors_remind)
        wait_until_somebody_waits()
        FollowUp.objects.update(filed=days_ago(0))
    assert running.result(timeout=20) == "0 reminders"
    assert not FollowUpReminder.objects.exists()


@pytest.mark.beside
def test_two_who_plan_at_once_plan_once(cast, beside):
    placement = PlacementFactory(enrolment=cast.asa, start=days_ago(-7), end=days_ago(-150))
    with transaction.atomic():
        followups_of_placement_set(placement=placement)
        other = beside(lambda: followups_of_placement_set(placement=placement))
        wait_until_somebody_waits()
    other.result(timeout=20)
    assert sorted(FollowUp.objects.values_list("point", flat=True)) == ["final", "mid", "start"]


# --- Real workers -------------------------------------------------------------------------------------------------


@pytest.fixture
def workers(workers, mail_server):
    workers.use(mail_server)
    return workers


def due(cast, number, days) -> list[FollowUp]:
    return [FollowUpFactory(placement=placement_of(cast.asa), due=days_ago(days)) for _each in range(number)]


def run() -> None:
    with app.connection_for_write() as to_this_broker:
        app.send_task("placements.remind_supervisors", connection=to_this_broker)


def finished(number) -> None:
    until(lambda: ScheduledRun.objects.filter(name="placements.remind_supervisors", ok=True).count() >= number)


def all_sent(number) -> None:
    until(lambda: Mail.objects.filter(state=MailState.SENT).count() == number)
    time.sleep(2)  # what comes twice comes now
    assert Mail.objects.count() == number


def recipients(mail_server) -> list[str]:
    return sorted(message["To"] for message in mail_server.taken)


def test_run_twice_and_three_days_late_each_gets_one_mail(workers, mail_server, cast):
    today, late = due(cast, 3, 0), due(cast, 3, 3)
    workers.worker(beat=True)
    run()
    run()
    finished(2)
    all_sent(6)
    expected = [each.placement.supervisor.email for each in [*today, *late]]
    assert recipients(mail_server) == sorted(expected)
    for followup in late:
        steps = {row.step: bool(row.mail) for row in followup.reminders.all()}
        assert steps == {"due": False, "after_3": True}


def test_killed_in_the_middle_it_goes_on_where_it_was(workers, mail_server, cast):
    followups = due(cast, 6, 0)
    killed = workers.worker()
    with transaction.atomic():
        FollowUp.objects.select_for_update(of=("self",)).get(pk=followups[3].pk)
        run()
        wait_until_somebody_waits()  # three are decided, and the fourth is held
        workers.kill(killed)
    connection.close()
    until(lambda: FollowUpReminder.objects.count() == 3)
    assert ScheduledRun.objects.get(name="placements.remind_supervisors").ok is None
    workers.worker(beat=True)
    run()
    finished(1)
    all_sent(6)
    assert FollowUpReminder.objects.count() == 6
    assert recipients(mail_server) == sorted(each.placement.supervisor.email for each in followups)


def test_what_is_answered_while_the_mail_server_is_away_is_not_reminded_of(workers, mail_server, cast):
    followups = due(cast, 2, 0)
    mail_server.answers["RCPT"] = "450 later"
    workers.worker(beat=True)
    run()
    finished(1)
    until(lambda: Mail.objects.filter(attempts__gte=1).count() == 2)
    FollowUp.objects.filter(pk=followups[0].pk).update(filed=days_ago(0))
    mail_server.answers.clear()
    until(lambda: Mail.objects.filter(state=MailState.WITHDRAWN).exists())
    until(lambda: Mail.objects.filter(state=MailState.SENT).exists())
    time.sleep(2)
    assert recipients(mail_server) == [followups[1].placement.supervisor.email]
