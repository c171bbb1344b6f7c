"""Text messages that go nowhere: they are written where the worker writes. For development; never in production,
where what is written is kept, and links that let people in must not be."""

import sys
from collections.abc import Callable


class ConsoleBackend:
    """Writes each message to standard output."""

    def send(self, *, to: str, text: str, reference: str, before_data: Callable[[], None]) -> None:
        before_data()
        sys.stdout.write(f"--- SMS {reference} to {to}\n{text}\n---\n")
        sys.stdout.flush()
