"""The administrator's outbox and the demo's page of sent mail, through the front door."""

import re

import pytest
from django.urls import reverse

from accounts.forms import EVERYWHERE
from delivery.mail import demo
from delivery.models import Mail
from delivery.services.mail import mail_send
from tests.delivery.mail_server import CLOSE
from tests.delivery.test_mail import ask, attempt

pytestmark = pytest.mark.django_db
OUTBOX = "/administration/utskick/"
SENT = "/utskick/"


def html(client, user, address) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def kept(settings, tmp_path):
    """An installation that keeps its mail, as the demo does."""
    settings.EMAIL_BACKEND = demo.BACKEND
    settings.DEMO_MAIL_FOLDER = tmp_path / "mail"
    settings.DEMO = True


# --- The outbox ---------------------------------------------------------------------------------------------------


def test_an_empty_outbox_says_what_it_is_for(client, administrator):
    assert "Inga mejl än" in html(client, administrator, OUTBOX)
    assert OUTBOX in html(client, administrator, "/administration/")


def test_the_administrator_sees_what_was_not_sent_and_why_but_not_to_whom(client, administrator, mail_server):
    mail_server.answers["RCPT"] = "550 5.1.1 <anna@example.org> unknown"
    mail = attempt(ask())
    page = html(client, administrator, OUTBOX)
    for words in ("1 mejl behöver ses över", "Provmejl letter", "Inte skickat", "a•••@example.org", mail.error):
        assert words in page
    detail = html(client, administrator, mail.get_absolute_url())
    assert "SMTPRecipientsRefused 550" in detail
    assert "anna@" not in page + detail


def test_what_is_refused_for_now_says_when_it_is_tried_again(client, administrator, mail_server):
    mail_server.answers["MAIL"] = "451 4.3.0 later"
    page = html(client, administrator, attempt(ask()).get_absolute_url())
    assert "E-postservern tog inte emot mejlet. Ett nytt försök görs av sig självt" in page
    assert reverse("delivery:mail_again", args=[Mail.objects.get().public_id]) not in page


def test_an_uncertain_mail_is_sent_again_once_when_the_administrator_says_so(client, administrator, mail_server):
    mail_server.answers["END"] = CLOSE
    mail = attempt(ask())
    mail_server.answers.clear()
    page = html(client, administrator, mail.get_absolute_url())
    again = reverse("delivery:mail_again", args=[mail.public_id])
    assert f'href="{again}"' in page
    assert "Det första kan ha kommit fram: då får mottagaren två." in html(client, administrator, again)
    addresses = {client.post(again).url for _press in range(2)}
    new = Mail.objects.get(resend_of=mail)
    assert addresses == {new.get_absolute_url()}
    assert attempt(new).state == "sent"
    assert [str(message["To"]) for message in mail_server.taken] == ["anna@example.org"]
    assert new.requested_by == administrator
    assert "Det skickades igen som ett nytt mejl" in html(client, administrator, mail.get_absolute_url())
    assert "behöver ses över" not in html(client, administrator, OUTBOX)


def test_a_mail_that_was_sent_is_not_sent_again(client, administrator, mail_server):
    mail = attempt(ask())
    client.force_login(administrator)
    again = reverse("delivery:mail_again", args=[mail.public_id])
    assert client.get(again).url == mail.get_absolute_url()
    assert "redan skickat eller på väg" in client.post(again, follow=True).content.decode()
    assert Mail.objects.count() == 1


def test_what_the_administrator_has_taken_note_of_is_no_longer_pointed_out(client, administrator, mail_server):
    mail_server.answers["END"] = CLOSE
    mail = attempt(ask())
    attempt(ask())
    client.force_login(administrator)
    client.post(reverse("delivery:mail_seen", args=[mail.public_id]))
    assert "av Ingrid Is" in html(client, administrator, mail.get_absolute_url())
    unseen = html(client, administrator, OUTBOX + "?state=unseen")
    assert "1 mejl behöver ses över" in unseen
    assert str(mail.public_id) not in unseen
    assert str(mail.public_id) in html(client, administrator, OUTBOX + "?state=uncertain")
    assert "Inget mejl är i det läget" in html(client, administrator, OUTBOX + "?state=sent")


def test_a_long_outbox_costs_no_more_queries(client, administrator, coach, django_assert_max_num_queries):
    for _each in range(5):
        ask(actor=coach)
    client.force_login(administrator)
    client.get(OUTBOX)
    with django_assert_max_num_queries(8):
        client.get(OUTBOX)


# --- The demo's sent mail -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("kept")
def test_what_the_outbox_sent_shows_in_the_demo_once_with_links_to_press(client, coach):
    page = html(client, coach, SENT)
    assert "Inga mejl än" in page
    mail = ask(params={"text": "Öppna https://jobb.example.se/u/abc?x=1&y=2 <b>nu</b>"})
    attempt(mail)
    mail_send(mail_id=mail.pk)
    page = html(client, coach, SENT)
    assert page.count("Provmejl på väg") == 1
    assert "anna@example.org" in page
    assert 'href="https://jobb.example.se/u/abc?x=1&amp;y=2"' in page
    assert "&lt;b&gt;nu&lt;/b&gt;" in page


@pytest.mark.usefixtures("kept")
def test_an_invitation_shows_in_the_demo_newest_first_and_its_link_works(client, administrator):
    attempt(ask())
    client.force_login(administrator)
    name = {"given_name": "Nils", "family_name": "Ny"}
    client.post(
        reverse("accounts:user_create"),
        {**name, "email": "nils@example.org", "role": "analyst", "unit": EVERYWHERE},
    )
    page = html(client, administrator, SENT)
    assert page.index("nils@example.org") < page.index("anna@example.org")
    link = re.search(r'href="http://testserver(/konto/[^"]+)"', page).group(1)
    client.logout()
    assert 'name="password1"' in client.get(link, follow=True).content.decode()


@pytest.mark.usefixtures("kept")
def test_without_the_demo_only_administrators_read_kept_mail(client, coach, administrator, settings):
    settings.DEMO = False
    client.force_login(coach)
    assert client.get(SENT).status_code == 403
    assert f'href="{SENT}"' not in client.get(reverse("delivery:job_list")).content.decode()
    assert f'href="{SENT}"' in html(client, administrator, SENT)


def test_an_installation_that_sends_its_mail_has_no_such_page(client, administrator):
    client.force_login(administrator)
    assert client.get(SENT).status_code == 404
    assert f'href="{SENT}"' not in client.get(OUTBOX).content.decode()
