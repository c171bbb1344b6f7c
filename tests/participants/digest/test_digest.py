"""The daily digest: who gets it, when, once, and what it says."""

import datetime as dt
import uuid

import pytest
from django.core import mail as outgoing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services import setting_change
from delivery.models import Mail, ScheduledRun
from delivery.services.mail import mail_send
from participants.deputies.services import deputy_name
from participants.digest import services
from participants.digest.services import counts_for, digest_decide, digest_wish, digests_send
from participants.models import DigestDay, DigestWish
from participants.tasks import send_daily_digests
from tests.beside import wait_until_somebody_waits
from tests.factories import FollowUpFactory
from tests.participants.days import few_lists  # noqa: F401  only the lists that are told of here

PAGE = reverse("day:digest")
#: A Friday.
FRIDAY = dt.date(2026, 3, 27)


@pytest.fixture
def at(monkeypatch):
    """Lets the clock stand at a time of that Friday, or so many days later."""

    def stand(hour, minute=0, days=0):
        zone = timezone.get_current_timezone()
        moment = dt.datetime.combine(FRIDAY + dt.timedelta(days=days), dt.time(hour, minute), zone)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return stand


@pytest.fixture
def waiting(cast, at):
    """Alma has asked for the mail, and one of her follow-ups is late."""
    at(7)
    type(cast.asa).objects.update(start=FRIDAY - dt.timedelta(days=20), last_activity_on=FRIDAY)
    FollowUpFactory(placement__enrolment=cast.asa, due=FRIDAY - dt.timedelta(days=3))
    digest_wish(user=cast.coach, wanted=True)
    return cast.coach


def sent(settings) -> list:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for row in Mail.objects.filter(state="waiting"):
        mail_send(mail_id=row.pk)
    return outgoing.outbox


def test_the_mail_says_how_much_and_never_who(waiting, settings):
    assert digests_send() == "1 asked for"
    row = Mail.objects.get()
    assert (row.kind, row.recipient, row.params) == ("daily_digest", "alma@example.org", {})
    [message] = sent(settings)
    assert message.subject == "Min dag: 1 sak att göra"
    assert "Uppföljningar att göra: 1, varav 1 försenad" in message.body
    assert reverse("day:day") in message.body
    assert PAGE in message.body
    for secret in ("Åsa", "Öhrström", "Alma", "Jobbcenter", "Ekbacken", "social"):
        assert secret not in message.body + message.subject


def test_once_a_day_however_often_it_is_run(waiting, at):
    for hour, minute in ((6, 45), (7, 0), (7, 15), (8, 0)):
        at(hour, minute)
        digests_send()
    assert Mail.objects.count() == 1
    assert not digest_decide(user=waiting, day=FRIDAY)  # another worker at the same moment
    assert Mail.objects.count() == 1
    at(7, days=3)
    digests_send()
    assert Mail.objects.count() == 2


@pytest.mark.parametrize(
    ("hour", "minute", "days", "comes"),
    [(6, 59, 0, False), (7, 0, 0, True), (10, 59, 0, True), (11, 0, 0, False), (8, 0, 1, False), (8, 0, 2, False)],
)
def test_on_weekdays_from_its_time_and_not_in_the_afternoon(waiting, at, hour, minute, days, comes):
    at(hour, minute, days)
    digests_send()
    assert Mail.objects.exists() == comes


def test_the_municipality_decides_when(waiting, at):
    setting_change(key="digest_time", value="08:30")
    at(8, 15)
    assert digests_send() == "not now"
    at(8, 30)
    assert digests_send() == "1 asked for"


def test_nothing_comes_when_nothing_waits_and_it_is_decided_for_the_day(waiting, cast, at):
    cast.asa.placements.get().followups.update(filed=FRIDAY)
    assert digests_send() == "0 asked for"
    assert not DigestDay.objects.get().mailed
    FollowUpFactory(placement__enrolment=cast.asa, due=FRIDAY)
    at(8)
    assert digests_send() == "0 asked for"


@pytest.mark.parametrize("change", ["closed", "no role", "stopped", "new address", "tomorrow", "done"])
def test_it_is_not_sent_when_it_is_no_longer_wanted(waiting, cast, at, settings, change):
    digests_send()
    match change:
        case "closed":
            type(waiting).objects.filter(pk=waiting.pk).update(is_active=False)
        case "no role":
            waiting.memberships.all().delete()
        case "stopped":
            digest_wish(user=waiting, wanted=False)
        case "new address":
            type(waiting).objects.filter(pk=waiting.pk).update(email="ny@example.org")
        case "tomorrow":
            at(1, days=1)
        case "done":
            cast.asa.placements.get().followups.update(filed=FRIDAY)
    assert sent(settings) == []
    assert Mail.objects.get().state == "withdrawn"


def test_not_to_those_who_have_not_asked_have_left_or_have_no_role(waiting, cast):
    digest_wish(user=cast.colleague, wanted=True)
    digest_wish(user=cast.manager, wanted=True)
    type(waiting).objects.filter(pk__in=[waiting.pk, cast.colleague.pk]).update(is_active=False)
    assert digests_send() == "0 asked for"
    assert not DigestDay.objects.exists()


def test_who_stands_in_gets_it_and_who_is_away_does_not(waiting, cast, settings):
    digest_wish(user=cast.colleague, wanted=True)
    deputy_name(
        absent=cast.coach, deputy=cast.colleague, unit=cast.centrum, start=FRIDAY, end=FRIDAY, actor=cast.manager,
        token=uuid.uuid4(),
    )  # fmt: skip
    digests_send()
    assert [each.recipient for each in Mail.objects.all()] == ["bo@example.org"]
    [message] = sent(settings)
    assert "Uppföljningar att göra: 1" in message.body


def test_the_schedule_runs_it_and_keeps_the_run(waiting, settings):
    send_daily_digests()
    run = ScheduledRun.objects.get(name="participants.send_daily_digests")
    assert (run.ok, run.detail) == (True, "1 asked for")
    assert "participants.send_daily_digests" in {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}


def test_what_goes_wrong_for_one_keeps_nobody_else_from_the_mail_and_is_seen(waiting, cast, monkeypatch):
    """Alma is asked about first; whatever breaks for her, Bo has his mail, and the run says that it failed."""
    digest_wish(user=cast.colleague, wanted=True)
    FollowUpFactory(placement__enrolment=cast.bertil, due=FRIDAY)

    def counts(user, day):
        if user == cast.coach:
            raise ZeroDivisionError
        return counts_for(user, day)

    monkeypatch.setattr(services, "counts_for", counts)
    with pytest.raises(ZeroDivisionError):
        send_daily_digests()
    assert [mail.recipient for mail in Mail.objects.all()] == ["bo@example.org"]
    run = ScheduledRun.objects.get()
    assert (run.ok, run.detail) == (False, "ZeroDivisionError")
    monkeypatch.undo()


def test_a_mail_that_cannot_be_stored_is_no_day_that_is_decided(waiting, monkeypatch):
    def refused(**_mail):
        raise IntegrityError("the mail")

    with monkeypatch.context() as patched:
        patched.setattr(services, "mail_enqueue", refused)
        with pytest.raises(IntegrityError):
            digests_send()
    assert not DigestDay.objects.exists()
    assert digests_send() == "1 asked for"


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_the_same_moment_ask_for_one_mail(waiting, beside):
    with transaction.atomic():
        assert digest_decide(user=waiting, day=FRIDAY)
        again = beside(digest_decide, user=waiting, day=FRIDAY)
        wait_until_somebody_waits()
    assert not again.result(timeout=20)
    assert Mail.objects.count() == 1


def test_the_page_asks_for_it_and_stops_it(client, cast):
    FollowUpFactory(placement__enrolment=cast.asa)
    client.force_login(cast.coach)
    page = client.get(PAGE).content.decode()
    assert "Du får inte mejlet" in page
    assert "Uppföljningar att göra: 1" in page
    assert PAGE in client.get(reverse("day:day")).content.decode()  # in the user's menu
    for _time in range(2):
        page = client.post(PAGE, {"wanted": "1"}, follow=True).content.decode()
    assert "Du får mejlet" in page
    assert "07.00" in page
    assert DigestWish.objects.get().user == cast.coach
    page = client.post(PAGE, {"wanted": "0"}, follow=True).content.decode()
    assert "Du får inga fler sådana mejl." in page
    assert not DigestWish.objects.exists()


def test_with_nothing_to_do_the_page_says_that_no_mail_would_come(client, cast):
    client.force_login(cast.coordinator)
    assert "Inget väntar: inget mejl skulle komma." in client.get(PAGE).content.decode()
