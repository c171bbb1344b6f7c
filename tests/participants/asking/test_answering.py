"""The page of somebody who has left: what it asks, keeps and never tells."""

import logging
import re

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.services import setting_change, user_deactivate
from config.logs import JsonFormatter, ReadableFormatter
from participants.aftercare.services import aftercare_answer
from participants.asking.services import (
    AnswerStands,
    aftercare_answer_by_link,
    aftercare_answer_see,
    aftercare_links_withdraw,
)
from participants.closing.services import Known, closure_annul
from participants.models import Aftercare, AftercareLink, Enrolment
from participants.results import Closure
from tests.factories import days_ago
from tests.participants.asking.conftest import LINK, ask, leave, written
from vocabulary.codes import Protection

pytestmark = pytest.mark.django_db


def text(response) -> str:
    """The page as it is read: without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- Answering ----------------------------------------------------------------------------------------------------


def test_it_asks_one_question_says_who_reads_and_tells_nothing_about_anybody(client, asked, cast):
    setting_change(key="municipality_name", value="Björkåkra kommun")
    page = text(client.get(asked.page))
    for words in ("Vad gör du just nu?", "Jag arbetar", "Jag studerar", "Varken eller", "Alma Alm och kollegor på"):
        assert words in page
    assert cast.coach.email in page
    for words in ("Åsa", "Öhrström", "Jobbcenter", "deltagare", "studier", asked.enrolment.case_number, "inskriv"):
        assert words not in page


@pytest.mark.parametrize(("status", "words"), [("work", "I arbete"), ("studies", "I studier"), ("neither", "Varken")])
def test_one_tap_answers_and_is_kept_as_the_persons_own_word_of_today(client, asked, status, words):
    Enrolment.objects.filter(pk=asked.enrolment.pk).update(last_activity_on=days_ago(99))
    page = text(client.post(asked.page, {"status": status}, follow=True))
    assert "Tack för ditt svar" in page
    answer = asked.answer
    assert (answer.status, answer.checked, answer.by_person, answer.seen_at) == (
        status, timezone.localdate(), True, None,
    )  # fmt: skip
    assert answer.get_status_display() in page
    assert Enrolment.objects.get(pk=asked.enrolment.pk).last_activity_on == timezone.localdate()


def test_looking_never_uses_the_link_up_nor_answers(client, asked):
    for _time in range(2):
        assert client.get(asked.page).status_code == 200
        assert client.head(asked.page).status_code == 200
        assert client.get(asked.page, {"status": "work"}).status_code == 200
    assert asked.answer is None
    assert client.post(asked.page, {"status": "work"}).status_code == 302


@pytest.mark.parametrize("status", ["", "not_reached", "hej", "WORK", "\x00"])
def test_what_is_no_answer_is_asked_again(client, asked, status):
    response = client.post(asked.page, {"status": status})
    assert response.status_code == 422
    assert "Välj ett av de tre svaren." in text(response)
    assert asked.answer is None


def test_it_can_be_changed_until_it_is_read(client, asked):
    client.post(asked.page, {"status": "work"})
    assert "Ändra svaret" in text(client.get(asked.page))
    assert "Ditt svar är: " in text(client.get(asked.page + "?andra"))
    client.post(asked.page, {"status": "studies"})
    assert asked.answer.status == "studies"
    aftercare_answer_see(answer=asked.answer)
    for response in (client.get(asked.page + "?andra"), client.post(asked.page, {"status": "work"}, follow=True)):
        assert "Frågan är redan besvarad" in text(response)
    assert asked.answer.status == "studies"


def test_the_same_tap_twice_is_one_answer(client, asked):
    for _time in range(2):
        client.post(asked.page, {"status": "work"})
    assert Aftercare.pgh_event_model.objects.count() == 1


def test_what_staff_wrote_down_is_neither_shown_nor_changed(client, asked):
    today = timezone.localdate()
    aftercare_answer(enrolment=asked.enrolment, days_after=90, status="neither", checked=today, seen="")
    for response in (client.get(asked.page), client.post(asked.page, {"status": "work"}, follow=True)):
        assert "Frågan är redan besvarad" in text(response)
        assert "Varken" not in text(response)
    assert (asked.answer.status, asked.answer.by_person) == ("neither", False)


def test_staff_correct_what_the_person_said(client, asked, cast):
    client.post(asked.page, {"status": "work"})
    answer = asked.answer
    aftercare_answer(
        enrolment=asked.enrolment, days_after=90, status="studies", checked=answer.checked,
        seen=f"work {answer.checked}",
    )  # fmt: skip
    assert (asked.answer.status, asked.answer.by_person) == ("studies", False)
    assert "Frågan är redan besvarad" in text(client.get(asked.page))


def test_the_history_names_the_link_and_nobody_who_happens_to_be_signed_in(client, asked, cast):
    client.force_login(cast.colleague)
    client.post(asked.page, {"status": "work"})
    (event,) = Aftercare.pgh_event_model.objects.all()
    context = event.pgh_context
    assert (context["user"], context["name"], context["source"]) == (None, "", "link")
    assert context["link"] == str(asked.link.public_id)


def test_the_link_ends_between_the_page_and_the_tap(asked):
    AftercareLink.objects.filter(pk=asked.link.pk).update(valid_until=days_ago(1))
    with pytest.raises(AnswerStands):
        aftercare_answer_by_link(link=asked.link, status="work")


# --- When it does not hold ----------------------------------------------------------------------------------------


def withdrawn(asked, cast):
    aftercare_links_withdraw(enrolment=asked.enrolment)


def annulled(asked, cast):
    seen = str(Known(asked.enrolment.end, Closure.of(asked.enrolment)))
    closure_annul(enrolment=asked.enrolment, actor=cast.manager, why="Fel person.", seen=seen)


def another_address(asked, cast):
    asked.person.email = "ny@example.org"
    asked.person.save()


def protected(asked, cast):
    asked.person.protection = Protection.SECRECY_MARK
    asked.person.save()


def sender_left(asked, cast):
    user_deactivate(user=cast.coach, actor=cast.administrator)


def asked_about_the_next_time(asked, cast):
    leave(asked.enrolment, days=181)
    ask(Enrolment.objects.get(pk=asked.enrolment.pk), cast.coach, days=180)


@pytest.mark.parametrize(
    "ended", [withdrawn, annulled, another_address, protected, sender_left, asked_about_the_next_time]
)
def test_every_link_that_does_not_hold_has_the_same_page_as_one_that_never_was(client, asked, cast, ended):
    Enrolment.objects.filter(coach=cast.coach).exclude(pk=asked.enrolment.pk).update(coach=None)
    ended(asked, cast)
    never = client.get("/efteruppfoljning/" + "x" * 43 + "/")
    assert never.status_code == 404
    for response in (client.get(asked.page), client.post(asked.page, {"status": "work"})):
        assert (response.status_code, response.content) == (404, never.content)
    assert client.post(asked.page + "ny/").content == never.content
    assert not Aftercare.objects.exists()
    assert written(asked.mails()[0]) is None


@pytest.fixture
def expired(asked):
    AftercareLink.objects.filter(pk=asked.link.pk).update(valid_until=days_ago(1))
    for mail in asked.mails():
        type(mail).objects.filter(pk=mail.pk).update(created_at=timezone.now() - timezone.timedelta(days=30))
    return asked


def test_an_expired_link_says_so_and_takes_no_answer(client, expired):
    for response in (client.get(expired.page), client.post(expired.page, {"status": "work"})):
        assert "Länken är för gammal" in text(response)
    assert expired.answer is None


def test_a_new_link_goes_to_the_address_on_file_and_once_in_ten_minutes(client, expired):
    for _time in range(2):
        assert "Titta i din e-post" in text(client.post(expired.page + "ny/"))
    _old, new = expired.mails()
    assert new.recipient == "asa@example.org"
    (address,) = LINK.findall(written(new).body)
    assert "Vad gör du just nu?" in text(client.get(address))
    assert client.post(address + "ny/").status_code == 302  # holds: nothing to renew


def test_nobody_learns_whether_a_new_link_is_sent(client, expired):
    today = timezone.localdate()
    aftercare_answer(enrolment=expired.enrolment, days_after=90, status="neither", checked=today, seen="")
    assert "Titta i din e-post" not in text(client.get(expired.page))
    assert "Titta i din e-post" in text(client.post(expired.page + "ny/"))
    assert len(expired.mails()) == 1


# --- The mail -----------------------------------------------------------------------------------------------------


def test_the_mail_says_neither_who_nor_what_was_left(asked, cast, settings):
    settings.PUBLIC_ADDRESS = "https://jobbspar.example.se"
    setting_change(key="municipality_name", value="Björkåkra kommun")
    message = written(asked.mails()[0])
    assert message.subject == "En kort fråga från Björkåkra kommun"
    assert "https://jobbspar.example.se" + asked.page in message.body
    assert cast.coach.email in message.body
    for words in ("Åsa", "Öhrström", "Jobbcenter", "arbets", "studi", "inskriv", "stöd", asked.enrolment.case_number):
        assert words not in message.subject + message.body.replace(asked.page, "")


def test_it_is_not_sent_when_somebody_has_answered_meanwhile(client, asked):
    client.post(asked.page, {"status": "work"})
    assert written(asked.mails()[0]) is None


def test_the_municipality_decides_how_long_links_hold(cast):
    setting_change(key="aftercare_link_days", value=5)
    assert ask(leave(cast.asa), cast.coach).link.valid_until == days_ago(-5)


# --- What it weighs, and what it leaves behind --------------------------------------------------------------------


def test_it_is_light_and_asks_little_of_the_database(client, asked):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(asked.page)
    assert len(queries) <= 6
    html = response.content.decode()
    assert "<script" not in html
    fetched = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
    style = (project.BASE_DIR / "static" / "css" / "by_link.css").read_text(encoding="utf-8")
    fetched |= {f"fonts/{name}" for name in re.findall(r"\.\./fonts/([\w.-]+)", style)}
    assert (
        len(response.content) + sum((project.BASE_DIR / "static" / each).stat().st_size for each in fetched) < 60_000
    )


def test_no_cookie_no_cache_no_referrer_and_a_form_without_them(client, asked):
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    answers = [client.get(asked.page), client.post(asked.page + "ny/"), client.get("/efteruppfoljning/x/")]
    for response in (*answers, strict.post(asked.page, {"status": "work"})):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies
    assert asked.answer.status == "work"


def test_the_token_stands_in_no_log_line_and_no_table(client, asked, caplog):
    token = asked.link.token
    client.post(asked.page, {"status": "work"})
    withdrawn(asked, None)
    with caplog.at_level(logging.DEBUG):
        client.get(asked.page)
        client.put(asked.page)
    assert caplog.records
    for formatter in (JsonFormatter(), ReadableFormatter("%(message)s")):
        lines = [formatter.format(record) for record in caplog.records if "sql" not in vars(record)]
        assert not any(token in line for line in lines)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'participants_after%'")
        tables = {name for (name,) in cursor.fetchall()}
        assert {"participants_aftercarelink", "participants_aftercarelinkevent"} <= tables
        for table in (*tables, "delivery_mail"):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{token}%"])
            assert cursor.fetchone() == (0,), table
