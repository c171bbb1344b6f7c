"""What is said of an answer: the coach's reply, which the supervisor reads by the link; the participant's opinion."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from delivery.models import Mail
from delivery.states import MailState
from placements.models import AnswerReply, FollowUpAnswer, FollowUpLink, ParticipantOpinion
from placements.services.supervisors import placement_choose_supervisor
from tests.factories import SupervisorFactory, days_ago
from tests.placements.conftest import GOOD, LINK, written

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def answered(client, asked):
    client.post(asked.page, GOOD)
    return asked


def reply(client, asked, **changed):
    data = {"text": "Tack! Vi ses på torsdag.", "version": "1", "token": uuid.uuid4()} | changed
    return client.post(asked.coach_page("answer_reply"), data, follow=True)


def opinion(client, asked, follow=True, **changed):
    data = {"agrees": "yes", "comment": "", "said_on": days_ago(0).isoformat()} | changed
    return client.post(asked.coach_page("opinion_write"), data, follow=follow)


def read(client, asked):
    client.post(asked.coach_page("answer_read"), {"version": "1"})


# --- Replies ------------------------------------------------------------------------------------------------------


def test_a_reply_is_read_on_the_page_of_the_link_and_the_mail_only_says_so(coach, client, answered, cast):
    token = uuid.uuid4()
    for _time in range(2):
        page = text(reply(coach, answered, token=token))
    assert "Tack! Vi ses på torsdag." in page
    assert "På väg" in page
    mail = AnswerReply.objects.get().mail
    assert (mail.kind, mail.recipient) == ("placements.followup_reply", answered.supervisor.email)
    message = written(mail)
    assert message.subject == "Du har fått svar"
    everything = (message.subject + message.body).lower()
    for secret in ("torsdag", "åsa", "ekbacken", "centrum", "deltagare"):
        assert secret not in everything
    theirs = text(client.get(LINK.search(message.body).group()))
    assert "Svar till dig Tack! Vi ses på torsdag. Alma Alm" in theirs
    answer = FollowUpAnswer.objects.get()
    assert (answer.is_read, answer.read_by) == (True, cast.coach)
    assert "kan inte längre ändras" in theirs


def test_a_reply_to_a_wording_that_was_changed_meanwhile_is_not_sent(coach, client, answered):
    client.post(answered.page, GOOD | {"going": "not_well", "version": "1"})
    page = reply(coach, answered)
    assert page.status_code == 409
    assert "har ändrat svaret under tiden" in text(page)
    assert "Vi ses på torsdag" in page.content.decode()
    assert 'name="version" value="2"' in page.content.decode()
    assert not AnswerReply.objects.exists()
    assert not FollowUpAnswer.objects.get().is_read
    assert reply(coach, answered, text="").status_code == 422


def test_nobody_is_replied_to_who_would_not_read_it(coach, client, asked, cast):
    assert "Ingen skulle läsa" in text(coach.get(asked.coach_page("answer_reply"), follow=True))
    client.post(asked.page, GOOD)
    assert "Svara handledaren" in text(coach.get(asked.coach_page()))
    other = SupervisorFactory(workplace=asked.placement.workplace)
    placement_choose_supervisor(placement=asked.placement, supervisor=other, actor=cast.coach)
    assert "Svara handledaren" not in text(coach.get(asked.coach_page()))
    assert "Ingen skulle läsa" in text(reply(coach, asked))
    assert not AnswerReply.objects.exists()


def test_a_link_that_has_expired_is_renewed_for_a_reply(coach, client, answered):
    FollowUpLink.objects.update(valid_until=days_ago(1))
    reply(coach, answered)
    mail = AnswerReply.objects.get().mail
    assert mail.reference != answered.link.public_id
    page = LINK.search(written(mail).body).group()
    assert "Vi ses på torsdag" in text(client.get(page))
    FollowUpLink.objects.update(valid_until=days_ago(1))
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    Mail.objects.update(created_at=an_hour_ago)
    for _time in range(2):
        client.post(page + "ny/")
    again = Mail.objects.exclude(pk=mail.pk).filter(kind=mail.kind).get()
    assert "Vi ses på torsdag" in text(client.get(LINK.search(written(again).body).group()))


def test_what_could_not_be_sent_is_seen(coach, answered):
    reply(coach, answered)
    Mail.objects.filter(kind="placements.followup_reply").update(
        state=MailState.FAILED, error="E-postservern tog inte emot adressen."
    )
    page = text(coach.get(answered.coach_page()))
    assert "Kunde inte skickas" in page
    assert "tog inte emot adressen" in page


# --- The participant's opinion ------------------------------------------------------------------------------------


def test_the_opinion_is_about_words_that_stand(coach, answered):
    assert "Markera först svaret som läst" in text(opinion(coach, answered))
    assert not ParticipantOpinion.objects.exists()
    read(coach, answered)
    assert "Håller med om svaret" in text(opinion(coach, answered))
    row = ParticipantOpinion.objects.get()
    assert (row.agrees, row.comment, row.said_on, row.by_name) == (True, "", days_ago(0), "Alma Alm")
    overview = reverse("participants:file", args=[answered.followup.participant.public_id])
    assert "Deltagaren håller med." in text(coach.get(overview))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"agrees": ""}, "Välj ja eller nej."),
        ({"agrees": "no"}, "Skriv vad deltagaren inte håller med om."),
        ({"said_on": days_ago(-1).isoformat()}, "Dagen har inte varit ännu."),
        ({"said_on": days_ago(1).isoformat()}, "kan inte ha läst svaret före det"),
        ({"said_on": ""}, "Ange vilken dag"),
        ({"agrees": "no", "comment": "x" * 2001}, "2000"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(coach, answered, wrong, words):
    read(coach, answered)
    page = opinion(coach, answered, **wrong)
    assert page.status_code == 422
    assert words in text(page)
    assert not ParticipantOpinion.objects.exists()


def test_who_wrote_it_down_mends_it_the_same_day_and_then_it_stands(coach, client, answered, cast):
    read(coach, answered)
    opinion(coach, answered)
    assert 'value="yes"' in coach.get(answered.coach_page("opinion_write")).content.decode()
    opinion(coach, answered, agrees="no", comment="Jag kom i tid.")
    assert "Håller inte med om allt Jag kom i tid." in text(coach.get(answered.coach_page()))
    client.force_login(cast.colleague)
    refused = opinion(client, answered, agrees="yes", follow=False)
    assert refused.status_code == 409
    assert "Alma Alm har redan skrivit in" in text(refused)
    assert (
        opinion(client, answered, agrees="no", comment="Jag kom i tid.", follow=False).status_code == 302
    )  # the same
    client.force_login(cast.coach)
    ParticipantOpinion.objects.update(written_at=timezone.now() - dt.timedelta(days=1))
    assert opinion(client, answered, agrees="yes", follow=False).status_code == 409
    assert "Ändra i dag" not in text(client.get(answered.coach_page()))
    assert ParticipantOpinion.objects.get().comment == "Jag kom i tid."
    before = ParticipantOpinion.pgh_event_model.objects.order_by("pgh_id").values_list("agrees", flat=True)
    assert list(before)[:2] == [True, False]  # what was said first is kept


def test_what_staff_wrote_down_stands_once_the_participant_has_spoken_of_it(coach, asked):
    coach.post(asked.coach_page("answer_file"), GOOD)
    assert "Ändra i dag" in text(coach.get(asked.coach_page()))
    opinion(coach, asked, agrees="no", comment="Det var inte så.")
    coach.post(asked.coach_page("answer_file"), GOOD | {"going": "mixed", "version": "1"})
    assert FollowUpAnswer.objects.get().going == "well"
