"""The way out of one mail or text message, and what a fault on it means: tried again, given up, or nobody knows."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from delivery import sms
from delivery.faults import name_of
from delivery.mail_kinds import Message
from delivery.models import Mail
from delivery.sms import SmsRefused
from delivery.states import AttemptOutcome


@dataclass(frozen=True)
class Verdict:
    """How an attempt ended.

    detail    the kind of fault and the server's code, never an address
    reason    why it is not sent, in plain words
    for_good  trying again is of no use
    """

    outcome: AttemptOutcome
    detail: str = ""
    reason: str = ""
    for_good: bool = False


def deliver(*, mail: Mail, message: Message, before_data: Callable[[], None]) -> None:
    """Send the mail by the installation's way. `before_data` is called when it is about to be handed over.

    Raises whatever breaks; `verdict_on` knows what it means.
    """
    if mail.is_text:
        sms.backend().send(
            to=mail.recipient, text=message.body, reference=str(mail.public_id), before_data=before_data
        )
        return
    connection = get_connection(before_data=before_data)
    if not getattr(connection, "tells_handover", False):
        before_data()  # another's backend does not say when: from here on nobody knows
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    # The same at each attempt, so that a server which gets the mail twice can tell.
    headers = {"Message-ID": f"<{mail.public_id}@{sender.rpartition('@')[2]}>", "Auto-Submitted": "auto-generated"}
    email = EmailMessage(
        subject=message.subject, body=message.body, to=[mail.recipient], headers=headers, connection=connection
    )
    for enclosure in message.enclosures:
        email.attach(enclosure.name, enclosure.content, enclosure.media_type)
    email.send()


def verdict_on(error: Exception, *, handed_over: bool, is_text: bool = False) -> Verdict:
    """What an error means for the mail; `handed_over`: it came after the mail began to be handed over."""
    if isinstance(error, SmsRefused):
        reason = _("The gateway for text messages did not take the message.")
        return Verdict(AttemptOutcome.REFUSED, _describe(error), reason, for_good=error.for_good)
    if handed_over and not _is_refusal_of_data(error):
        return uncertain(_describe(error))
    refused_for_good = isinstance(error, smtplib.SMTPRecipientsRefused) and _code(error) >= 500
    if refused_for_good:
        reason = _("The mail server does not accept the recipient's address.")
    elif isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        reason = _("The mail server did not accept the mail.")
    elif isinstance(error, SoftTimeLimitExceeded):
        return broken_off(_describe(error))
    elif isinstance(error, OSError) and is_text:
        reason = _("The gateway for text messages could not be reached.")
    elif isinstance(error, OSError):
        reason = _("The mail server could not be reached.")
    else:
        reason = _("Something went wrong when the mail was to be written.")
    return Verdict(AttemptOutcome.REFUSED, _describe(error), reason, for_good=refused_for_good)


def uncertain(detail: str) -> Verdict:
    """Handed over, but the answer never came."""
    reason = _("The connection was broken while the mail was handed over. Nobody knows whether it arrived.")
    return Verdict(AttemptOutcome.UNCERTAIN, detail, reason)


def broken_off(detail: str) -> Verdict:
    """Ended before anything was handed over."""
    reason = _("The work was broken off before the mail was handed over.")
    return Verdict(AttemptOutcome.BROKEN_OFF, detail, reason)


def _is_refusal_of_data(error: Exception) -> bool:
    """Whether the server answered DATA with an error: then it has not taken the mail."""
    return isinstance(error, smtplib.SMTPDataError) and 400 <= _code(error) < 600


def _code(error: Exception) -> int | str:
    """The server's code, 0 if it gave none."""
    if isinstance(error, SmsRefused):
        return error.code
    if isinstance(error, smtplib.SMTPRecipientsRefused):  # there is one recipient
        return next((code for code, _text in error.recipients.values()), 0)
    return getattr(error, "smtp_code", 0)


def _describe(error: Exception) -> str:
    code = _code(error)
    return f"{name_of(error)} {code}" if code else name_of(error)
