"""Sending the link: one click for staff, what they see of it, and who is never written to."""

import pytest
from django.urls import reverse
from django.utils import timezone

from delivery.models import Mail
from delivery.states import MailState
from participants.aftercare.services import AnsweredOtherwise, aftercare_answer, aftercare_take_back, version_of
from participants.asking.services import NothingToSend, aftercare_link_send
from participants.models import AftercareLink, ProtectedAccess
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.asking.conftest import Asked, ask, leave
from vocabulary.codes import Protection

pytestmark = pytest.mark.django_db
LIST = reverse("participants:aftercare_list")
HTMX = {"headers": {"hx-request": "true"}}


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def shown(client, address=LIST) -> str:
    return client.get(address).content.decode()


def test_one_click_sends_it_and_the_list_says_so(coach, cast):
    case = Asked(leave(cast.asa), None)
    assert "Skicka länk med mejl" in shown(coach)
    response = coach.post(case.staff_page("aftercare_link"), {"seen": "", "origin": "list", "show": "mine"})
    assert response.url == f"{LIST}?show=mine"
    page = shown(coach, response.url)
    assert "Länken är på väg till asa@example.org." in page
    assert "Länk skickad" in page
    assert "Skicka igen" in page
    (mail,) = case.mails()
    assert (mail.recipient, mail.requested_by) == ("asa@example.org", cast.coach)


def test_in_the_row_the_button_becomes_what_was_sent(coach, cast):
    case = Asked(leave(cast.asa), None)
    cell = coach.post(case.staff_page("aftercare_link"), {"seen": "", "origin": "list"}, **HTMX).content.decode()
    assert "<html" not in cell
    assert "Länk skickad" in cell
    assert 'name="status" value="work"' in cell  # the phone may still be quicker


def test_the_page_that_asks_by_phone_sends_the_link_too(coach, cast):
    case = Asked(leave(cast.asa), None)
    page = shown(coach, case.staff_page())
    assert f'action="{case.staff_page("aftercare_link")}"' in page
    assert "Skicka länk med mejl" in page
    coach.post(case.staff_page("aftercare_link"), {"seen": "", "origin": "file"})
    (mail,) = case.mails()
    again = shown(coach, case.staff_page())
    assert "Länk skickad" in again
    assert f'name="seen" value="{mail.public_id}"' in again


def test_sent_twice_or_by_two_it_is_one_mail(coach, asked):
    for _time in range(2):
        coach.post(asked.staff_page("aftercare_link"), {"seen": ""})
    assert len(asked.mails()) == 1


def test_again_it_is_the_same_link_that_holds_longer(coach, asked, cast):
    now = timezone.now()
    Mail.objects.update(state=MailState.SENT, sent_at=now, handing_over_at=now)
    coach.post(asked.staff_page("aftercare_link"), {"seen": str(asked.mails()[0].public_id)})
    first, second = asked.mails()
    assert first.reference == second.reference
    assert AftercareLink.objects.count() == 1


def test_a_mail_that_could_not_be_sent_is_told_and_asked_for_anew(coach, asked):
    Mail.objects.update(state=MailState.FAILED, error="x")
    assert "Länken gick inte att skicka." in shown(coach)
    coach.post(asked.staff_page("aftercare_link"), {"seen": str(asked.mails()[0].public_id)})
    assert asked.mails()[1].resend_of == asked.mails()[0]


@pytest.mark.parametrize(
    ("person", "days", "said"),
    [
        ({"email": ""}, 100, "Med en e-postadress registrerad"),
        ({"protection": Protection.SECRECY_MARK}, 100, "skickas inga mejl"),
        ({}, 80, "Det är för tidigt att fråga"),
    ],
)
def test_who_may_not_be_written_to_is_not(client, cast, person, days, said):
    case = Asked(leave(cast.asa, days=days, **person), None)
    ProtectedAccess.objects.create(participant=cast.person, user=cast.coach)
    client.force_login(cast.coach)
    assert "Skicka länk" not in shown(client)
    page = client.get(case.staff_page()).content.decode()
    assert said in page
    answer = client.post(case.staff_page("aftercare_link"), {"seen": ""}, follow=True)
    assert "Inget skickades" in answer.content.decode()
    assert not Mail.objects.exists()


def test_nothing_is_sent_for_what_is_answered(coach, cast):
    case = leave(cast.asa)
    aftercare_answer(enrolment=case, days_after=90, status="work", checked=timezone.localdate(), seen="")
    with pytest.raises(NothingToSend):
        aftercare_link_send(enrolment=case, days_after=90, actor=cast.coach, seen=None)


def test_what_was_answered_is_seen_at_once_and_marked_as_the_persons(client, coach, asked, cast):
    coach.post(asked.page, {"status": "work"})
    assert "Åsa Öhrström" not in shown(coach)  # nobody need ask any more
    for address in (asked.staff_page(), reverse("participants:file", args=[asked.person.public_id])):
        assert "svarat själv" in shown(coach, address) or "svarade själv" in shown(coach, address)
    assert "personen, genom en länk" in shown(coach, asked.staff_page())
    day = shown(coach, reverse("day:day"))
    assert "Svar att läsa från dem som har slutat" in day


def test_it_is_read_from_min_dag_and_that_is_taken_back(coach, asked, cast):
    coach.post(asked.page, {"status": "work"})
    note = reverse("day:note", args=["svar-pa-efteruppfoljning"])
    coach.post(note, {"reference": asked.answer.pk})
    assert asked.answer.seen_at
    coach.post(note, {"reference": asked.answer.pk, "undo": "1"})
    assert asked.answer.seen_at is None
    assert coach.post(note, {"reference": "0"}).status_code == 404
    coach.force_login(cast.outsider)
    assert coach.post(note, {"reference": asked.answer.pk}).status_code == 404
    coach.force_login(cast.manager)  # reads, and answers nothing
    assert coach.post(note, {"reference": asked.answer.pk}).status_code == 404


def test_it_is_marked_as_read_on_its_own_page(coach, asked):
    coach.post(asked.page, {"status": "work"})
    assert "Personen kan ändra det tills det är läst." in shown(coach, asked.staff_page())
    coach.post(asked.staff_page(), {"read": "1"})
    assert "Svaret är läst" in shown(coach, asked.staff_page())
    assert asked.answer.seen_at


def test_staff_do_not_take_back_what_the_person_said(coach, asked):
    coach.post(asked.page, {"status": "work"})
    with pytest.raises(AnsweredOtherwise):
        aftercare_take_back(enrolment=asked.enrolment, days_after=90, seen=version_of(asked.answer))


def test_links_cost_the_list_two_queries_however_many_there_are(coach, cast, django_assert_max_num_queries):
    used = []
    for rows in (2, 8):
        for number in range(rows):
            case = EnrolmentFactory(
                unit=cast.centrum, coach=cast.coach, start=days_ago(300), end=days_ago(100), study_aid=True,
                closure_reason="studies", participant__email=f"p{number}@example.org",
            )  # fmt: skip
            ask(case, cast.coach)
        with django_assert_max_num_queries(15) as queries:
            coach.get(LIST)
        used.append(len(queries))
    assert used[0] == used[1]
