"""A real mail server in a thread, that answers as a test has told it."""

import asyncio
import socket
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

#: Answers that are not words: say nothing until the test takes that back, or break the connection.
HANG, CLOSE = "hang", "close"


@dataclass
class MailServer:
    """`answers` say what to answer to MAIL, RCPT, and END (of the data); without one, all is well.

    `got` are the mails that arrived whole, also those that the server then did not take; `reached` says at which
    commands it has been; `looks` are called when a command comes, in the server's thread.
    """

    answers: dict[str, str] = field(default_factory=dict)
    got: list = field(default_factory=list)
    taken: list = field(default_factory=list)
    reached: set = field(default_factory=set)
    looks: dict = field(default_factory=dict)

    def __post_init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await self._answer("MAIL", server) or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return await self._answer("RCPT", server) or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.got.append(message)
        if answer := await self._answer("END", server):
            return answer
        self.taken.append(message)
        return "250 OK"

    async def _answer(self, command, server) -> str | None:
        if look := self.looks.get(command):
            thread = threading.Thread(target=look)
            thread.start()
            await asyncio.to_thread(thread.join)
        self.reached.add(command)
        while (answer := self.answers.get(command)) == HANG:
            await asyncio.sleep(0.05)
        if answer == CLOSE:
            server.transport.abort()
        return answer
