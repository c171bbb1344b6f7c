"""Faults in the middle of a mail: real worker processes that are killed, a real mail server, a broker away."""

import time

import pytest
from django.urls import reverse

from delivery.models import Mail
from delivery.states import MailState
from tests.delivery.conftest import until
from tests.delivery.mail_server import HANG
from tests.delivery.test_mail import ask, attempts

pytestmark = pytest.mark.deep
LONG_ENOUGH = 8  # seconds: above the pause, the stale limit and the schedule's interval together


def ended(mail, state) -> Mail:
    until(lambda: Mail.objects.filter(pk=mail.pk, state=state).exists())
    mail.refresh_from_db()
    return mail


@pytest.fixture
def workers(workers, mail_server):
    workers.use(mail_server)
    return workers


def test_a_worker_killed_before_the_mail_is_handed_over_loses_nothing_and_doubles_nothing(workers, mail_server):
    mail_server.answers["RCPT"] = HANG
    first = workers.worker()
    mail = ask()
    until(lambda: "RCPT" in mail_server.reached)
    workers.kill(first)
    mail_server.answers.clear()
    workers.worker(beat=True)
    ended(mail, MailState.SENT)
    time.sleep(LONG_ENOUGH)
    assert attempts(mail) == [("broken_off", "WorkerLost"), ("sent", "")]
    assert len(mail_server.got) == len(mail_server.taken) == 1


def test_a_worker_killed_while_the_mail_is_handed_over_leaves_it_to_a_person(
    workers, mail_server, client, administrator
):
    mail_server.answers["END"] = HANG
    first = workers.worker()
    mail = ask()
    until(lambda: "END" in mail_server.reached)
    workers.kill(first)
    mail_server.answers.clear()
    workers.worker(beat=True)
    ended(mail, MailState.UNCERTAIN)
    time.sleep(LONG_ENOUGH)
    assert attempts(mail) == [("uncertain", "WorkerLost")]
    assert len(mail_server.got) == 1
    client.force_login(administrator)
    assert "1 mejl behöver ses över" in client.get(reverse("delivery:mail_list")).content.decode()
    assert client.get("/healthz").json()["checks"]["mails"]["ok"] is False
    client.post(reverse("delivery:mail_again", args=[mail.public_id]))
    ended(Mail.objects.get(resend_of=mail), MailState.SENT)
    assert len(mail_server.taken) == 1


def test_a_killed_child_process_is_replaced_and_the_mail_arrives_once(workers, mail_server):
    mail_server.answers["RCPT"] = HANG
    workers.beat()
    worker = workers.worker()
    mail = ask()
    until(lambda: "RCPT" in mail_server.reached)
    mail_server.answers.clear()
    workers.kill_children(worker)
    ended(mail, MailState.SENT)
    assert attempts(mail) == [("broken_off", "WorkerLost"), ("sent", "")]
    assert len(mail_server.got) == 1


def test_mails_asked_for_while_the_broker_is_down_are_sent_once_when_it_is_back(workers, mail_server, broker):
    workers.worker(beat=True)
    broker.stop()
    began = time.monotonic()
    mails = [ask() for _each in range(5)]
    assert time.monotonic() - began < 5
    time.sleep(3)
    assert not mail_server.got
    broker.start()
    for mail in mails:
        assert ended(mail, MailState.SENT).attempts == 1
    time.sleep(LONG_ENOUGH)
    assert len(mail_server.got) == len(mails)
    assert len({message["Message-ID"] for message in mail_server.taken}) == len(mails)


def test_a_worker_that_sleeps_before_it_hands_over_finds_the_mail_taken_and_sends_nothing(workers, mail_server):
    """A machine that is put to sleep for longer than a mail may take, and wakes up in the middle of it."""
    mail_server.answers["RCPT"] = HANG
    first = workers.worker("--hostname", "one@%h")
    mail = ask()
    until(lambda: "RCPT" in mail_server.reached)
    workers.pause(first)
    mail_server.answers.clear()
    workers.worker("--hostname", "two@%h", beat=True)
    ended(mail, MailState.SENT)
    workers.go_on(first)
    time.sleep(LONG_ENOUGH)
    assert attempts(mail) == [("broken_off", "WorkerLost"), ("sent", "")]
    assert len(mail_server.got) == 1
