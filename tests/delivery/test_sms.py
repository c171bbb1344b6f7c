"""Text messages leave by the outbox, through the gateway that the installation names."""

import uuid

import pytest

from delivery import mail_kinds as kinds
from delivery import sms
from delivery.models import Mail
from delivery.services.mail import mail_enqueue, mail_send
from delivery.sms.numbers import mobile_of
from delivery.states import MailState

pytestmark = pytest.mark.django_db

kinds.register(
    kinds.MailKind("test_text", "Prov-sms", lambda mail: kinds.Message("", f"Hej! {mail.params.get('text', '')}"))
)


class Gateway:
    """Answers as the test has told it."""

    taken: list = []
    fault: Exception | None = None
    after_handing_over = False

    def send(self, *, to, text, reference, before_data):
        if self.fault and not self.after_handing_over:
            raise self.fault
        before_data()
        if self.fault:
            raise self.fault
        self.taken.append((to, text, reference))


@pytest.fixture
def gateway(settings, monkeypatch):
    settings.SMS_BACKEND = f"{__name__}.Gateway"
    for name, value in {"taken": [], "fault": None, "after_handing_over": False}.items():
        monkeypatch.setattr(Gateway, name, value)
    return Gateway


def send() -> Mail:
    row = mail_enqueue(kind="test_text", recipient="+46701234567", reference=uuid.uuid4(), actor=None)
    mail_send(mail_id=row.pk)
    row.refresh_from_db()
    return row


def test_it_is_sent_once_and_named_the_same_at_each_attempt(gateway):
    row = send()
    mail_send(mail_id=row.pk)
    assert row.state == MailState.SENT
    assert gateway.taken == [("+46701234567", "Hej! ", str(row.public_id))]
    assert row.masked_recipient == "+4670•••67"


@pytest.mark.parametrize(
    ("fault", "after", "state", "words"),
    [
        (ConnectionRefusedError(), False, MailState.WAITING, "Sms-tjänsten gick inte att nå."),
        (TimeoutError(), True, MailState.UNCERTAIN, "Ingen vet om det kom fram."),
        (sms.SmsRefused("400", for_good=True), True, MailState.FAILED, "Sms-tjänsten tog inte emot meddelandet."),
        (sms.SmsRefused("503"), True, MailState.WAITING, "Sms-tjänsten tog inte emot meddelandet."),
    ],
)
def test_a_fault_is_tried_again_given_up_or_left_to_a_person(gateway, fault, after, state, words):
    gateway.fault, gateway.after_handing_over = fault, after
    row = send()
    assert row.state == state
    assert words in row.error
    assert "+4670" not in row.attempt_rows.get().detail


def test_without_a_gateway_nothing_leaves_and_it_shows(settings):
    settings.SMS_BACKEND = ""
    assert not sms.is_on()
    row = send()
    assert row.state == MailState.FAILED


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("070-123 45 67", "+46701234567"),
        ("0701234567", "+46701234567"),
        ("+46 (0)70 123 45 67", "+46701234567"),
        ("0046 73 123 45 67", "+46731234567"),
        ("+46791234567", "+46791234567"),
        ("08-123 45 67", None),
        ("070-123 45 6", None),
        ("+47 912 34 567", None),
        ("ring växeln", None),
        ("", None),
    ],
)
def test_numbers_are_taken_as_people_write_them(written, number):
    assert mobile_of(written) == number
