"""The day that a supervisor can put in the own calendar, with the mail that asks."""

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.utils.formats import date_format
from icalendar import Calendar

from delivery.mail.transport import deliver
from placements.mail import compose
from placements.models import Supervisor
from placements.services.links import link_send
from tests.factories import FollowUpFactory, PlacementFactory, days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def placement(cast):
    placement = PlacementFactory(enrolment=cast.asa)
    placement.supervisor = Supervisor.objects.create(
        workplace=placement.workplace, name="Lena Holm", email="lena.holm@example.org"
    )
    placement.save()
    return placement


def mailed(placement, cast, due: int):
    followup = FollowUpFactory(placement=placement, due=days_ago(due))
    return link_send(followup=followup, actor=cast.coach, seen=None)


def test_the_mail_carries_the_day_and_nothing_about_anybody(placement, cast):
    (enclosure,) = compose(mailed(placement, cast, due=-7)).enclosures
    (entry,) = Calendar.from_ical(enclosure.content).walk("VEVENT")
    assert entry["dtstart"].dt == days_ago(-7)
    written = enclosure.content.decode()
    for never in ("http", "Åsa", "Öhrström", "praktik", "Jobbcenter", placement.workplace.name):
        assert never not in written


def test_the_mail_says_in_both_languages_by_when_as_long_as_there_is_time(placement, cast):
    message = compose(mailed(placement, cast, due=-7))
    assert f"Svara senast {date_format(days_ago(-7), 'j F Y')}." in message.body
    assert f"please answer by {days_ago(-7)}" in message.body


def test_a_day_that_has_come_needs_no_calendar(placement, cast):
    message = compose(mailed(placement, cast, due=0))
    assert message.enclosures == ()
    assert "senast" not in message.body


def test_the_file_leaves_with_the_mail(placement, cast, monkeypatch):
    row = mailed(placement, cast, due=-7)
    monkeypatch.setattr("delivery.mail.transport.get_connection", lambda **_options: EmailBackend())
    deliver(mail=row, message=compose(row), before_data=lambda: None)
    (sent,) = outbox.outbox
    assert sent.attachments[0][0] == "svara.ics"
