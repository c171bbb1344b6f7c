"""A follow-up that is due on Monday 2 March 2026, and what the reminders of it came to."""

import datetime as dt
from dataclasses import dataclass

import pytest

from delivery import mail_kinds as kinds
from delivery.models import Mail
from placements.following.reminders import supervisors_remind
from placements.models import FollowUp, FollowUpLink
from tests.delivery.conftest import broker, mail_server, workers
from tests.factories import FollowUpFactory
from tests.placements.conftest import placement_of

__all__ = ["broker", "due", "mail_server", "workers"]
MONDAY = dt.date(2026, 3, 2)


@dataclass
class Due:
    """The follow-up, and the clock."""

    followup: FollowUp
    clock: object

    @property
    def supervisor(self):
        return self.followup.placement.supervisor

    def on(self, days: int) -> None:
        """So many days after it was due."""
        self.clock.on(MONDAY + dt.timedelta(days=days))

    def run(self, days: int) -> None:
        self.on(days)
        supervisors_remind()

    def steps(self) -> dict[str, str]:
        """What became of each step: "sent", or why not."""
        rows = self.followup.reminders.order_by("made_at", "pk")
        return {row.step: row.why_not or "sent" for row in rows}

    def mails(self) -> list[Mail]:
        """Every mail with a link of the follow-up, in their order."""
        links = FollowUpLink.objects.filter(followup=self.followup).values("public_id")
        return list(Mail.objects.filter(reference__in=links).order_by("pk"))

    def change(self, **values) -> None:
        type(self.followup).objects.filter(pk=self.followup.pk).update(**values)

    def change_supervisor(self, **values) -> None:
        type(self.supervisor).objects.filter(pk=self.supervisor.pk).update(**values)
        for name, value in values.items():
            setattr(self.supervisor, name, value)


def subject(mail: Mail) -> str | None:
    """The first line of the mail as it is written now; None if it is no longer wanted."""
    message = kinds.find(mail.kind).compose(mail)
    return message and message.subject


@pytest.fixture
def due(clock, cast) -> Due:
    clock.on(MONDAY)
    placement = placement_of(cast.asa, start=MONDAY - dt.timedelta(days=30))
    return Due(FollowUpFactory(placement=placement, due=MONDAY), clock)
