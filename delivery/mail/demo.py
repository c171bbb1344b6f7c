"""Mail that goes nowhere: in development and the demo each mail is kept as a file, and shown on a page."""

import email
import email.policy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

BACKEND = "delivery.mail.demo.EmailBackend"


class EmailBackend(BaseEmailBackend):
    """Keeps each mail as a file named after its Message-ID, so that the same mail is never there twice."""

    tells_handover = True

    def __init__(self, *args, before_data: Callable[[], None] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self._before_data = before_data

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.DEMO_MAIL_FOLDER)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # the mails hold links that let people in
        for message in email_messages:
            content = message.message()
            name = hashlib.sha256(content["Message-ID"].encode()).hexdigest()[:32]
            unfinished = folder / f"{name}.new"
            unfinished.write_bytes(content.as_bytes())
            if self._before_data:
                self._before_data()
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class SentMail:
    """A mail as its recipient would read it."""

    sent_at: datetime
    recipient: str
    subject: str
    body: str


def in_use() -> bool:
    """Whether this installation keeps its mail instead of sending it."""
    return settings.EMAIL_BACKEND == BACKEND


def files() -> list[Path]:
    """The kept mails, the newest first."""
    found = [(path.stat().st_mtime_ns, path) for path in Path(settings.DEMO_MAIL_FOLDER).glob("*.eml")]
    return [path for _when, path in sorted(found, reverse=True)]


def read(file: Path) -> SentMail:
    """What a kept mail says, and when it was kept."""
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    text = message.get_body(preferencelist=("plain",))
    return SentMail(
        sent_at=datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_current_timezone()),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        body=text.get_content() if text else "",
    )
