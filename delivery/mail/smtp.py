"""Django's way to a mail server, with one thing more: it tells when the mail is about to be handed over.

Until the command DATA nothing of the mail has reached the server, so whatever breaks before may safely be tried
again. From DATA until the server's answer nobody knows (RFC 5321, 4.2.5 and 6.1).
"""

import contextlib
import smtplib
from collections.abc import Callable
from functools import partial

from django.core.mail.backends import smtp

#: How long the server may take to answer when it has got the mail: it looks for viruses first. RFC 5321, 4.5.3.2.6
#: would grant ten minutes; breaking off early leaves a mail of which nobody knows whether it arrived.
ANSWER_SECONDS = 60


class _Telling:
    def __init__(self, *args, before_data: Callable[[], None] | None = None, **kwargs):
        self._before_data = before_data
        super().__init__(*args, **kwargs)

    def data(self, msg):
        if self._before_data:
            self._before_data()
        self.sock.settimeout(ANSWER_SECONDS)
        return super().data(msg)


class _Connection(_Telling, smtplib.SMTP):
    """Without TLS from the start; the backend may begin it afterwards."""


class _SecureConnection(_Telling, smtplib.SMTP_SSL):
    """With TLS from the first byte."""


class EmailBackend(smtp.EmailBackend):
    """Sends by SMTP. `before_data` is called once for each mail just before it is handed over; what it raises
    keeps the mail from being handed over."""

    tells_handover = True

    def __init__(self, *args, before_data: Callable[[], None] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self._before_data = before_data

    @property
    def connection_class(self):
        kind = _SecureConnection if self.use_ssl else _Connection
        return partial(kind, before_data=self._before_data)

    def _close_connection(self, connection):
        # The server has answered, or the error is on its way already: how the talk ends changes neither.
        with contextlib.suppress(OSError):
            super()._close_connection(connection)
