"""Reminders to the supervisor: on the day, after three and ten days, each once; then it is the job coach's turn."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.services import setting_change
from delivery.models import Mail, ScheduledRun
from delivery.models.link import LinkState
from delivery.services.mail import mail_send
from delivery.states import MailState
from placements.following.reminders import reminder_decide, supervisors_remind
from placements.models import FollowUp, FollowUpLink, FollowUpReminder
from placements.services.followups import followup_withdraw
from placements.services.links import link_send
from placements.services.supervisors import placement_choose_supervisor
from placements.tasks import remind_supervisors
from tests.factories import FollowUpFactory, SupervisorFactory
from tests.placements.conftest import GOOD, LINK, placement_of, written
from tests.placements.following.conftest import MONDAY, subject
from vocabulary.codes import Protection

pytestmark = pytest.mark.django_db
LISTS = {
    "due": "uppfoljningar", "unanswered": "handledaren-har-inte-svarat", "undelivered": "lanken-kom-inte-fram",
}  # fmt: skip
LINK_SUBJECT, REMINDER_SUBJECT = (
    "Uppföljning på arbetsplatsen: två minuter",
    "Påminnelse: uppföljning på arbetsplatsen, två minuter",
)


def page_of(mail) -> str:
    """The path of the link that the mail carries."""
    return LINK.search(written(mail).body).group()


# --- Once for each step -------------------------------------------------------------------------------------------


def test_each_step_comes_on_its_day_and_once(due):
    for days in range(-2, 30):
        for _time in range(2):
            due.run(days)
    assert due.steps() == {"due": "sent", "after_3": "sent", "after_10": "sent"}
    mails = due.mails()
    assert [(mail.created_at.date() - MONDAY).days for mail in mails] == [0, 3, 10]
    assert [mail.params for mail in mails] == [{}, {"step": "after_3"}, {"step": "after_10"}]
    assert {mail.requested_by for mail in mails} == {None}
    due.on(10)
    assert [subject(mail) for mail in mails] == [LINK_SUBJECT, REMINDER_SUBJECT, REMINDER_SUBJECT]


def test_the_run_says_what_it_did(due):
    remind_supervisors()
    assert ScheduledRun.objects.get().detail == "1 reminders"


def test_one_link_goes_with_all_of_them_and_holds_each_time(due, client, cast):
    setting_change(key="followup_link_days", value=2)
    for days in (0, 3, 10):
        due.run(days)
        assert client.get(page_of(due.mails()[-1])).status_code == 200
        link = FollowUpLink.objects.whole().get(public_id=due.mails()[-1].reference)
        assert (link.state, link.made_by) == (LinkState.HOLDS, cast.coach)
        due.on(days + 2)
        assert client.get(page_of(due.mails()[-1])).status_code == 200


def test_a_run_that_comes_three_days_late_sends_the_latest_step_alone(due):
    due.run(3)
    assert due.steps() == {"due": "Dagen hade passerat när den skulle skickas.", "after_3": "sent"}
    assert [subject(mail) for mail in due.mails()] == [LINK_SUBJECT]  # it is the first that they hear of it
    due.run(13)
    assert due.steps()["after_10"] == "sent"


@pytest.mark.parametrize(("days", "said"), [(17, "sent"), (18, "Dagen hade passerat"), (30, "Dagen hade passerat")])
def test_what_comes_too_late_is_not_sent_at_all(due, days, said):
    due.run(days)
    assert due.steps()["after_10"].startswith(said)
    assert len(due.mails()) == (said == "sent")


def test_nothing_is_written_of_what_has_been_late_for_ever(due):
    due.run(31)
    assert due.steps() == {}


def test_a_later_day_uses_no_step_twice(due):
    due.run(0)
    due.change(due=MONDAY + dt.timedelta(days=14))
    for days in range(30):
        due.run(days)
    assert [(mail.created_at.date() - MONDAY).days for mail in due.mails()] == [0, 17, 24]


# --- Never ----------------------------------------------------------------------------------------------------------


def filed(due, cast):
    due.change(filed=MONDAY)


def withdrawn(due, cast):
    followup_withdraw(followup=due.followup)


def nobody_there(due, cast):
    due.followup.placement.supervisor = None
    due.followup.placement.save()


def left(due, cast):
    due.change_supervisor(left_on=MONDAY)


def without_a_coach(due, cast):
    type(cast.asa).objects.filter(pk=cast.asa.pk).update(coach=None)


@pytest.mark.parametrize("why", [filed, withdrawn, nobody_there, left, without_a_coach])
def test_nobody_is_reminded_of_what_needs_no_answer_or_has_nobody_to_give_it(due, cast, why):
    why(due, cast)
    due.run(0)
    assert (due.steps(), Mail.objects.count()) == ({}, 0)


def protected(due, cast):
    type(cast.person).objects.filter(pk=cast.person.pk).update(protection=Protection.SECRECY_MARK)


def never_came(due, cast):
    earlier = FollowUpFactory(placement=due.followup.placement, due=MONDAY - dt.timedelta(days=14))
    link_send(followup=earlier, actor=cast.coach, seen=None)
    due.on(-3)
    Client().post(page_of(Mail.objects.get()), {"came": "no", "version": "0"})
    Mail.objects.update(state=MailState.WITHDRAWN)


def sent_just_now(due, cast):
    due.on(-1)
    link_send(followup=due.followup, actor=cast.coach, seen=None)


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (protected, "Deltagaren har skyddade personuppgifter. Det är jobbcoachen som påminner."),
        (never_came, "Handledaren har svarat att deltagaren aldrig kom."),
        (sent_just_now, "Länken skickades 1 mars 2026."),
    ],
)
def test_a_step_that_is_passed_by_says_why(due, cast, client, why, words):
    why(due, cast)
    before = Mail.objects.count()
    due.run(0)
    assert due.steps() == {"due": words}
    assert Mail.objects.count() == before
    if why is not protected:
        client.force_login(cast.coach)
        page = client.get(reverse("placements:followup", args=[cast.person.public_id, due.followup.public_id]))
        assert f"Skickades inte. {words}" in page.content.decode()


def test_a_mail_that_never_arrived_keeps_no_reminder_back(due, cast):
    link_send(followup=due.followup, actor=cast.coach, seen=None)
    Mail.objects.update(state=MailState.FAILED, error="Adressen finns inte.")
    due.run(0)
    assert due.steps() == {"due": "sent"}


@pytest.mark.parametrize("change", [{"filed": MONDAY}, {"withdrawn_on": MONDAY}])
def test_a_reminder_that_waits_is_not_sent_once_it_is_stale(due, change):
    due.run(3)
    due.change(**change)
    assert written(due.mails()[0]) is None


def test_a_reminder_that_waits_goes_to_nobody_else(due, cast):
    due.run(0)
    due.run(3)
    (first, reminder) = due.mails()
    other = SupervisorFactory(workplace=due.followup.placement.workplace)
    placement_choose_supervisor(placement=due.followup.placement, supervisor=other, actor=cast.coach)
    assert (written(first), written(reminder)) == (None, None)
    assert due.mails()[-1].recipient == other.email
    assert Mail.objects.get(pk=reminder.pk).state == MailState.WITHDRAWN
    due.run(10)
    assert [mail.recipient for mail in due.mails()][-1] == other.email


# --- What it says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 3])
def test_it_reveals_nothing_and_has_some_english(due, days):
    due.run(0)
    due.run(days)
    message = written(due.mails()[-1])
    everything = (message.subject + message.body).lower()
    for secret in ("åsa", "öhrström", "jobbcenter", "centrum", "ekbacken", "praktik", "deltagare", "socialtjänst"):
        assert secret not in everything
    assert 'choose "In English"' in message.body
    assert "Lena Holm" not in message.body
    assert "&" not in message.body
    assert "\n\n\n" not in message.body


# --- Who wants none -----------------------------------------------------------------------------------------------


def test_who_wants_no_reminders_still_gets_the_link(due, client):
    due.run(0)
    page = page_of(due.mails()[0])
    wish = page + "paminnelser/"
    assert wish in client.get(page).content.decode()
    assert "Sluta påminna mig" in client.get(wish).content.decode()
    for _time in range(2):
        answer = client.post(wish, {"wanted": "0"}, follow=True)
        assert "Du får inga påminnelser" in answer.content.decode()
    due.run(3)
    assert due.steps() == {"due": "sent", "after_3": "Handledaren vill inte ha påminnelser."}
    due.on(4)
    other = FollowUpFactory(placement=due.followup.placement, due=MONDAY + dt.timedelta(days=4))
    supervisors_remind()
    assert other.reminders.get().mail  # the link itself
    event = type(due.supervisor).pgh_event_model.objects.order_by("pgh_id").last()
    assert (event.no_reminders, event.pgh_context["source"], event.pgh_context["user"]) == (True, "link", None)
    assert "Du får inga påminnelser. Ändra det" in client.get(page).content.decode()
    client.post(wish, {"wanted": "1"})
    due.run(10)
    assert due.steps()["after_10"] == "sent"


def test_a_reminder_that_waits_is_not_sent_to_who_said_no_meanwhile(due, client):
    due.run(0)
    due.run(3)
    first, reminder = due.mails()
    due.change_supervisor(no_reminders=True)
    assert written(first)
    assert written(reminder) is None


# --- Then it is the job coach's turn ------------------------------------------------------------------------------


def row_in(client, user, key) -> bool:
    client.force_login(user)  # days have passed since
    return "Verkstan" in client.get(reverse("day:list", args=[LISTS[key]])).content.decode()


def test_after_ten_days_the_coach_is_told_and_each_thing_stands_once(due, client, cast):
    due.followup.placement.workplace.name = "Verkstan"
    due.followup.placement.workplace.save()
    due.change_supervisor(phone="070-123 45 67")
    due.run(0)
    due.run(3)
    assert (row_in(client, cast.coach, "due"), row_in(client, cast.coach, "unanswered")) == (True, False)
    due.run(10)
    assert (row_in(client, cast.coach, "due"), row_in(client, cast.coach, "unanswered")) == (False, True)
    assert "Lena Holm 070-123 45 67 · Verkstan" in client.get(reverse("day:day")).content.decode()
    client.post(page_of(due.mails()[0]), GOOD)
    assert (row_in(client, cast.coach, "due"), row_in(client, cast.coach, "unanswered")) == (False, False)


def test_the_coach_is_told_of_a_link_that_did_not_come_through_until_there_is_another(due, client, cast):
    def lists() -> list[str]:
        return [name for name in LISTS if row_in(client, cast.coach, name)]

    due.followup.placement.workplace.name = "Verkstan"
    due.followup.placement.workplace.save()
    due.on(-20)
    link_send(followup=due.followup, actor=cast.coach, seen=None)
    assert lists() == []
    Mail.objects.update(state=MailState.FAILED, error="Adressen finns inte.")
    assert lists() == ["undelivered"]
    due.on(0)
    assert lists() == ["undelivered"]  # and not among the due ones as well
    due.change_supervisor(email="lena.holm@kommunen.example")
    link_send(followup=due.followup, actor=cast.coach, seen=None)
    assert lists() == ["due"]


def test_who_was_never_asked_has_not_kept_quiet(due, client, cast):
    due.run(18)
    due.followup.placement.workplace.name = "Verkstan"
    due.followup.placement.workplace.save()
    assert (row_in(client, cast.coach, "due"), row_in(client, cast.coach, "unanswered")) == (True, False)


# --- Many -----------------------------------------------------------------------------------------------------------


def test_nothing_to_do_is_one_question_however_many_there_are(due, cast):
    for number in range(10):
        FollowUpFactory(placement=placement_of(cast.bertil), due=MONDAY - dt.timedelta(days=number))
    supervisors_remind()
    with CaptureQueriesContext(connection) as queries:
        assert supervisors_remind() == "0 reminders"
    assert len(queries) == 1


def test_one_that_breaks_keeps_no_other_from_its_reminder(due, cast, monkeypatch):
    other = FollowUpFactory(placement=placement_of(cast.bertil), due=MONDAY)

    def breaks(*, followup_id, today):
        if followup_id == due.followup.pk:
            raise RuntimeError
        return reminder_decide(followup_id=followup_id, today=today)

    monkeypatch.setattr("placements.following.reminders.reminder_decide", breaks)
    with pytest.raises(RuntimeError):
        supervisors_remind()
    assert list(FollowUpReminder.objects.values_list("followup", flat=True)) == [other.pk]


# --- Text messages ------------------------------------------------------------------------------------------------


@pytest.fixture
def texting(due, settings):
    settings.SMS_BACKEND = "delivery.sms.console.ConsoleBackend"
    setting_change(key="followup_text_messages", value=True)
    due.change_supervisor(phone="070-123 45 67")


def texts(due) -> list[Mail]:
    return [mail for mail in due.mails() if mail.is_text]


def test_a_text_message_goes_beside_the_mail_once(due, texting, client, cast, capsys):
    due.run(0)
    mail_send(mail_id=texts(due)[0].pk)
    said = capsys.readouterr().out
    for days in (0, 3, 3, 10, 10):
        due.run(days)
    assert [mail.recipient for mail in texts(due)] == ["+46701234567"] * 3
    assert [row.text_message for row in due.followup.reminders.order_by("pk")] == texts(due)
    path = page_of(due.mails()[0])
    assert "Hur går det på din arbetsplats? Svara på två minuter: http" in said
    assert path in said
    assert not any(word in said for word in ("Åsa", "Ekbacken", "Centrum"))
    assert texts(due)[0].state == MailState.SENT
    client.force_login(cast.coach)
    page = client.get(reverse("placements:followup", args=[cast.person.public_id, due.followup.public_id]))
    assert "Sms:" in page.content.decode()


@pytest.mark.parametrize(
    "off",
    [
        lambda due, settings: setattr(settings, "SMS_BACKEND", ""),
        lambda due, settings: setting_change(key="followup_text_messages", value=False),
        lambda due, settings: due.change_supervisor(phone="08-123 45 67"),
        lambda due, settings: due.change_supervisor(no_reminders=True),
    ],
)
def test_no_text_message_goes_where_it_is_not_wanted(due, texting, settings, off):
    off(due, settings)
    due.run(0)
    assert (due.steps(), texts(due)) == ({"due": "sent"}, [])


def test_a_text_message_that_waits_is_withdrawn_when_it_is_stale(due, texting, client):
    due.run(0)
    client.post(page_of(due.mails()[0]), GOOD)
    assert texts(due)[0].state == MailState.WITHDRAWN
    FollowUp.objects.update(filed=None)
    due.change_supervisor(phone="070-765 43 21")
    assert written(texts(due)[0]) is None
