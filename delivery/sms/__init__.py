"""Text messages: one small interface to whatever gateway the municipality has. Without SMS_BACKEND nothing is sent.

A text message is a row of the outbox like a mail (`delivery.models.Mail` with a number as its recipient): sent once,
tried again when that is safe, its failures on the same pages.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class SmsRefused(Exception):
    """The gateway has answered that it does not take the message, so it is not sent; `for_good` if it never will."""

    def __init__(self, code: str = "", *, for_good: bool = False):
        super().__init__(code)
        self.code, self.for_good = code, for_good


class SmsBackend(Protocol):
    """A way to the telephones. A municipality's own is a class like this, named by SMS_BACKEND."""

    def send(self, *, to: str, text: str, reference: str, before_data: Callable[[], None]) -> None:
        """Hand one message over to the gateway.

        `to` is a number like +46701234567, `reference` the same at each attempt, so that a gateway which gets a
        message twice can tell. `before_data` is called once, just before the message is handed over; what it raises
        keeps it from being sent. Raises SmsRefused for a clear no, OSError when the gateway cannot be reached. What
        goes wrong after `before_data` otherwise leaves the message uncertain: it is not sent again by itself.
        """


def is_on() -> bool:
    """Whether this installation can send text messages at all."""
    return bool(settings.SMS_BACKEND)


def backend() -> SmsBackend:
    """The installation's way. Raises SmsRefused when it has none (any more)."""
    if not is_on():
        raise SmsRefused(for_good=True)
    return _made(settings.SMS_BACKEND)


@lru_cache(maxsize=4)
def _made(path: str) -> SmsBackend:
    return import_string(path)()
