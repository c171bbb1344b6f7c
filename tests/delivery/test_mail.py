"""The outbox against a real mail server: sent once, tried again when it is refused, never sent twice."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from delivery import health
from delivery.mail.transport import Verdict
from delivery.models import Mail, ScheduledRun
from delivery.services.jobs import ClaimLost, UnknownKind
from delivery.services.mail import (
    mail_claim,
    mail_enqueue,
    mail_hand_over,
    mail_resend,
    mail_send,
    mail_settle,
    mail_withdraw,
    mails_send_due,
)
from delivery.states import MailState
from tests.delivery.mail_server import CLOSE

pytestmark = pytest.mark.django_db


def ask(kind="letter", actor=None, **options) -> Mail:
    options = {"recipient": "anna@example.org", "reference": uuid.uuid4(), **options}
    return mail_enqueue(kind=f"test_{kind}", actor=actor, **options)


def attempt(mail) -> Mail:
    """Let a worker try, and see what the row says then."""
    mail_send(mail_id=mail.pk)
    mail.refresh_from_db()
    return mail


def let_pass(mail, time) -> None:
    """The clock goes on: everything the row says was so much longer ago."""
    names = ("created_at", "next_attempt_at", "give_up_at", "claimed_at")
    Mail.objects.filter(pk=mail.pk).update(**{name: F(name) - time for name in names})
    mail.refresh_from_db()


def attempts(mail) -> list[tuple[str, str]]:
    assert [row.number for row in mail.attempt_rows.all()] == list(range(1, mail.attempts + 1))
    return list(mail.attempt_rows.values_list("outcome", "detail"))


# --- Asked for ----------------------------------------------------------------------------------------------------


def test_only_the_key_goes_to_the_worker_and_only_when_the_transaction_is_committed(
    coach, broker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        mail = ask(actor=coach)
        assert broker.messages() == []
    mail.refresh_from_db()
    assert (mail.state, mail.requested_by_name) == (MailState.WAITING, "Alma Öst")
    [(args, kwargs, _)] = broker.messages()
    assert (args, kwargs) == ([mail.pk], {})


def test_a_broker_that_is_down_raises_nothing_and_the_schedule_tells_later(
    broker, django_capture_on_commit_callbacks
):
    broker.stop()
    with django_capture_on_commit_callbacks(execute=True):
        mail = ask()
    broker.start()
    let_pass(mail, timedelta(seconds=2))
    assert mails_send_due() == "taken back 0, told of 1"
    assert [args for args, *_ in broker.messages()] == [[mail.pk]]
    assert mails_send_due() == "taken back 0, told of 0"


def test_an_unknown_kind_is_refused_and_nothing_stored():
    with pytest.raises(UnknownKind):
        ask("that_nobody_knows")
    assert not Mail.objects.exists()


# --- Sent ---------------------------------------------------------------------------------------------------------


def test_it_is_written_when_it_is_sent_and_arrives_once(mail_server):
    mail = ask(params={"text": "Tvåan är ledig."})
    assert attempt(mail).state == MailState.SENT
    assert mail.sent_at
    assert attempts(mail) == [("sent", "")]
    [message] = mail_server.taken
    assert message["To"] == "anna@example.org"
    assert message["Subject"] == "Provmejl på väg"
    assert message.get_content().strip() == "Hej! Tvåan är ledig."
    assert message["Message-ID"] == f"<{mail.public_id}@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    for _again in range(2):
        attempt(mail)
        mails_send_due()
    assert len(mail_server.got) == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_is_talked_to_and_the_handing_over_is_written_before(mail_server):
    mail = ask()
    seen = []

    def look():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            seen.append((Mail.objects.get(pk=mail.pk).handing_over_at is not None, cursor.fetchone()[0]))
        connection.close()

    mail_server.looks = {"RCPT": look, "END": look}
    assert attempt(mail).state == MailState.SENT
    assert seen == [(False, 0), (True, 0)]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_while_the_server_answers_does_not_make_it_uncertain(mail_server):
    def cut_off():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
            )
        connection.close()

    mail_server.looks = {"END": cut_off}
    assert attempt(ask()).state == MailState.SENT
    assert len(mail_server.taken) == 1


# --- Refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "answer", "detail"),
    [
        ("MAIL", "451 4.3.0 later", "SMTPSenderRefused 451"),
        ("RCPT", "450 4.2.0 greylisted", "SMTPRecipientsRefused 450"),
        ("RCPT", "421 4.3.2 closing", "SMTPRecipientsRefused 421"),
        ("END", "451 4.3.0 later", "SMTPDataError 451"),
        ("END", "554 5.6.0 not like this", "SMTPDataError 554"),
    ],
)
def test_a_definite_refusal_is_tried_again(mail_server, command, answer, detail):
    mail_server.answers[command] = answer
    mail = attempt(ask())
    assert (mail.state, mail.error) == (MailState.WAITING, "E-postservern tog inte emot mejlet.")
    assert attempts(mail) == [("refused", detail)]
    mail_server.answers.clear()
    assert attempt(mail).state == MailState.WAITING  # not before its time
    let_pass(mail, timedelta(minutes=1))
    assert attempt(mail).state == MailState.SENT
    assert (mail.error, len(mail_server.taken)) == ("", 1)


def test_a_connection_lost_before_the_mail_is_handed_over_is_tried_again(mail_server):
    mail_server.answers["RCPT"] = CLOSE
    mail = attempt(ask())
    assert mail.state == MailState.WAITING
    assert attempts(mail) == [("refused", "SMTPServerDisconnected")]


def test_an_address_that_is_refused_for_good_fails_at_once(mail_server):
    mail_server.answers["RCPT"] = "550 5.1.1 <anna@example.org> unknown"
    mail = attempt(ask())
    assert mail.state == MailState.FAILED
    assert mail.error == "E-postservern godtar inte mottagarens adress. Ett försök gjordes."
    assert attempts(mail) == [("refused", "SMTPRecipientsRefused 550")]


def test_the_pauses_grow_and_after_a_day_it_is_given_up(mail_server, settings):
    settings.EMAIL_PORT = 1  # where nobody answers
    mail = ask()
    pauses = []
    while attempt(mail).state == MailState.WAITING:
        pauses.append(round((mail.next_attempt_at - timezone.now()).total_seconds() / 60))
        let_pass(mail, mail.next_attempt_at - timezone.now())
    assert pauses == [1, 5, 15, 30, 60, 120, 240, 240, 240, 240, 240]
    assert mail.state == MailState.FAILED
    assert mail.error == "E-postservern gick inte att nå. 12 försök gjordes."
    assert set(attempts(mail)) == {("refused", "ConnectionRefusedError")}
    assert timedelta(hours=23) < timezone.now() - mail.created_at < timedelta(hours=24)


def test_one_that_nobody_took_in_time_is_not_sent_late(mail_server):
    mail = ask()
    let_pass(mail, timedelta(hours=24))
    assert attempt(mail).state == MailState.FAILED
    assert mail.error == "Det gick inte att skicka i tid: bakgrundsarbetet stod stilla."
    assert not mail_server.got


def test_a_mail_that_cannot_be_written_is_tried_again_and_the_values_of_the_error_are_not_kept(mail_server):
    mail = attempt(ask("broken"))
    assert (mail.state, mail.error) == (MailState.WAITING, "Något gick fel när mejlet skulle skrivas.")
    assert attempts(mail) == [("refused", "RuntimeError")]
    assert not ScheduledRun.objects.exists()  # what the kind wrote before it broke
    assert not mail_server.got


# --- Uncertain ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "detail"), [(CLOSE, "SMTPServerDisconnected"), ("999 what now", "SMTPDataError 999")]
)
def test_handed_over_without_a_clear_answer_it_is_uncertain_and_not_sent_again(mail_server, answer, detail):
    mail_server.answers["END"] = answer
    mail = attempt(ask())
    assert mail.state == MailState.UNCERTAIN
    assert attempts(mail) == [("uncertain", detail)]
    mail_server.answers.clear()
    let_pass(mail, timedelta(hours=1))
    assert mails_send_due() == "taken back 0, told of 0"
    assert attempt(mail).state == MailState.UNCERTAIN
    assert len(mail_server.got) == 1


@pytest.mark.parametrize(
    ("handed_over", "state", "outcome"),
    [(False, MailState.WAITING, "broken_off"), (True, MailState.UNCERTAIN, "uncertain")],
)
def test_what_a_dead_worker_leaves_is_sent_again_only_if_it_was_not_handed_over(handed_over, state, outcome):
    mail = mail_claim(mail_id=ask().pk)
    if handed_over:
        mail_hand_over(mail=mail)
    assert mails_send_due() == "taken back 0, told of 0"
    let_pass(mail, timedelta(minutes=4))
    assert mails_send_due() == "taken back 1, told of 0"
    mail.refresh_from_db()
    assert mail.state == state
    assert attempts(mail) == [(outcome, "WorkerLost")]


def test_a_worker_that_was_taken_for_dead_hands_nothing_over(mail_server):
    mail = attempt(ask("taken_meanwhile"))
    assert mail.state == MailState.WAITING
    assert attempts(mail) == [("broken_off", "WorkerLost")]
    assert "RCPT" in mail_server.reached
    assert not mail_server.got


def test_of_two_workers_one_has_the_mail():
    mail = ask()
    first = mail_claim(mail_id=mail.pk)
    assert mail_claim(mail_id=mail.pk) is None
    let_pass(mail, timedelta(minutes=4))
    mails_send_due()
    let_pass(mail, timedelta(minutes=4))
    assert mail_claim(mail_id=mail.pk).attempts == 2
    with pytest.raises(ClaimLost):
        mail_hand_over(mail=first)
    assert not mail_settle(mail=first, verdict=Verdict("refused"))


# --- No longer wanted ---------------------------------------------------------------------------------------------


def test_what_is_withdrawn_is_not_sent_and_what_is_sent_is_not_withdrawn(mail_server):
    sent, other = attempt(ask()), ask()
    waiting = ask(reference=sent.reference)
    assert mail_withdraw(kind="test_letter", references=[sent.reference]) == 1
    assert [attempt(mail).state for mail in (waiting, sent, other)] == ["withdrawn", "sent", "sent"]
    assert len(mail_server.taken) == 2


def test_what_is_no_longer_wanted_when_it_is_to_be_sent_is_withdrawn(mail_server):
    mail = attempt(ask("unwanted"))
    assert mail.state == MailState.WITHDRAWN
    assert attempts(mail) == [("withdrawn", "")]
    assert not mail_server.got


def test_what_is_withdrawn_while_a_worker_has_it_is_not_handed_over(mail_server):
    mail = attempt(ask("withdrawn_meanwhile"))
    assert "RCPT" in mail_server.reached
    assert mail.state == MailState.WITHDRAWN
    assert attempts(mail) == [("withdrawn", "")]
    assert not mail_server.got


# --- Seen ---------------------------------------------------------------------------------------------------------


def test_the_health_page_tells_of_mail_that_stands_still_or_is_in_trouble(administrator, mail_server):
    mail = ask()
    assert health.mails().ok
    let_pass(mail, timedelta(hours=1))
    assert (health.mails().ok, health.mails().detail) == (False, "1 stuck")
    mail_server.answers["END"] = CLOSE
    attempt(mail)
    assert health.mails().detail == "1 not sent or uncertain, to be looked at"
    mail_resend(mail=mail, actor=administrator)
    assert health.mails().ok
