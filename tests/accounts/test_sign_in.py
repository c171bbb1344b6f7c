"""Signing in: who gets in, what a refusal says, and what nobody is told."""

import logging
import os
import re
import subprocess
import sys

import pytest
from django.core import mail
from django.urls import NoReverseMatch, reverse

from accounts import demo, services
from accounts.models import AccessLogEntry, Membership, Role, User
from tests.factories import PASSWORD, UnitFactory, UserFactory

LOGIN = "/konto/logga-in/"
RESET = "/konto/losenord/glomt/"
pytestmark = pytest.mark.django_db


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_user_signs_in_by_e_mail_whatever_the_case(client):
    UserFactory(email="karin@example.org")
    response = sign_in(client, "Karin@Example.org")
    assert response.status_code == 302
    assert signed_in(client)


def test_the_session_ends_with_the_browser(client):
    UserFactory(email="karin@example.org")
    response = sign_in(client, "karin@example.org")
    assert not response.cookies["sessionid"]["max-age"]


@pytest.mark.parametrize("email", ["karin@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, email):
    UserFactory(email="karin@example.org")
    response = sign_in(client, email, "wrong-password")
    assert not signed_in(client)
    assert "E-postadressen eller lösenordet är fel." in response.content.decode()


def test_what_was_typed_is_kept_but_never_the_password(client):
    page = sign_in(client, "karin@example.org", "wrong-password").content.decode()
    assert "karin@example.org" in page
    assert "wrong-password" not in page


def test_a_closed_account_cannot_sign_in(client):
    UserFactory(email="karin@example.org", is_active=False)
    response = sign_in(client, "karin@example.org", follow=True)
    assert not signed_in(client)
    assert "Kontot är stängt" in response.content.decode()


def test_a_closed_account_with_a_wrong_password_is_not_told_that_it_is_closed(client):
    UserFactory(email="karin@example.org", is_active=False)
    page = sign_in(client, "karin@example.org", "wrong-password", follow=True).content.decode()
    assert "stängt" not in page


def test_closing_an_account_signs_the_user_out(client, cast):
    client.force_login(cast.manager)
    assert client.get("/konto/losenord/").status_code == 200
    services.user_deactivate(user=cast.manager, actor=cast.administrator)
    response = client.get("/konto/losenord/")
    assert response.status_code == 302
    assert response.url.startswith(LOGIN)


def test_after_five_wrong_passwords_even_the_right_one_waits(client):
    UserFactory(email="karin@example.org")
    for _attempt in range(5):
        sign_in(client, "karin@example.org", "wrong-password")
    response = sign_in(client, "karin@example.org")
    assert not signed_in(client)
    assert "För många försök. Vänta fem minuter" in response.content.decode()


def test_the_limit_of_one_account_does_not_close_another(client):
    UserFactory(email="karin@example.org")
    for _attempt in range(6):
        sign_in(client, "sven@example.org", "wrong-password")
    sign_in(client, "karin@example.org")
    assert signed_in(client)


def test_too_many_attempts_from_one_address_get_a_page_of_our_own(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for attempt in range(3):
        response = sign_in(client, f"{attempt}@example.org", "wrong-password")
    assert response.status_code == 429
    assert "För många försök" in response.content.decode()


def test_signing_in_and_failing_to_leave_no_personal_data_in_the_logs(client, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.handler.setLevel(logging.DEBUG)
    UserFactory(email="karin@example.org", given_name="Karin", family_name="Öberg")
    sign_in(client, "karin@example.org", "wrong-password")
    sign_in(client, "karin@example.org")
    client.post(RESET, {"email": "karin@example.org"})
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert lines
    assert not [line for line in lines if re.search("karin|Öberg|example.org", line, re.IGNORECASE)]


def test_every_sign_in_and_every_attempt_is_in_the_access_log(client):
    user = UserFactory(email="karin@example.org", given_name="Karin", family_name="Kvist")
    sign_in(client, "Karin@example.org", "wrong-password")
    sign_in(client, "secret-typed-in-the-wrong-field@example.org", "wrong-password")
    sign_in(client, "karin@example.org")
    done, unknown, wrong = AccessLogEntry.objects.all()
    assert (done.act, done.actor, done.actor_name, done.subject) == ("signed_in", user, "Karin Kvist", user.public_id)
    assert (wrong.act, wrong.actor, wrong.actor_name, wrong.subject) == ("sign_in_failed", None, "", user.public_id)
    assert (unknown.act, unknown.subject) == ("sign_in_failed", None)
    assert done.detail == wrong.detail == unknown.detail == {"how": "password", "address": "127.0.0.1"}


def test_signing_out_takes_a_post(client, cast):
    client.force_login(cast.coach)
    assert client.get("/konto/logga-ut/").status_code == 200
    assert signed_in(client)
    client.post("/konto/logga-ut/")
    assert not signed_in(client)


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_set_password", "socialaccount_connections", "mfa_trust"]
)
def test_what_the_product_does_not_use_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


# --- A forgotten password ---------------------------------------------------------------------------------------


def test_asking_for_a_new_password_never_tells_whether_the_address_is_known(client):
    UserFactory(email="karin@example.org")
    UserFactory(email="closed@example.org", is_active=False)
    answers = []
    for email in ["karin@example.org", "nobody@example.org", "closed@example.org"]:
        response = client.post(RESET, {"email": email}, follow=True)
        page = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', "", response.content.decode())
        answers.append((response.redirect_chain, response.status_code, page))
        assert email not in page
    assert answers[0] == answers[1] == answers[2]
    # One mail each time, so that neither the time nor the mail server's work tells.
    assert [message.to for message in mail.outbox] == [
        ["karin@example.org"],
        ["nobody@example.org"],
        ["closed@example.org"],
    ]
    assert len({message.subject for message in mail.outbox}) == 1
    assert "/konto/losenord/nytt/" in mail.outbox[0].body
    assert "/konto/losenord/nytt/" not in mail.outbox[1].body + mail.outbox[2].body


def test_the_mail_leads_to_a_new_password_and_works_once(client):
    user = UserFactory(email="karin@example.org")
    client.post(RESET, {"email": "karin@example.org"})
    link = re.search(r"https?://[^/]+(/konto/losenord/nytt/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    response = client.post(
        form.redirect_chain[-1][0], {"password1": "ny-hemlighet-2026", "password2": "ny-hemlighet-2026"}
    )
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password("ny-hemlighet-2026")
    assert "fungerar inte längre" in client.get(link, follow=True).content.decode()
    assert mail.outbox[-1].subject == "Ditt lösenord har ändrats"


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        ("kort", "kort", "12 tecken"),
        ("12345678901234", "12345678901234", "numeriskt"),
        ("en-lang-hemlighet", "en-annan-hemlighet", "samma"),
    ],
)
def test_a_poor_password_is_refused_beside_the_field(client, cast, first, second, problem):
    client.force_login(cast.coach)
    response = client.post("/konto/losenord/", {"oldpassword": PASSWORD, "password1": first, "password2": second})
    assert response.status_code == 200
    assert problem in " ".join(response.context["form"].errors.as_text().split())


def test_the_password_is_changed_only_by_who_knows_the_present_one(client, cast):
    client.force_login(cast.coach)
    fields = {"password1": "ny-hemlighet-2026", "password2": "ny-hemlighet-2026"}
    assert client.post("/konto/losenord/", {"oldpassword": "fel", **fields}).status_code == 200
    assert client.post("/konto/losenord/", {"oldpassword": PASSWORD, **fields}).status_code == 302
    cast.coach.refresh_from_db()
    assert cast.coach.check_password("ny-hemlighet-2026")


def test_an_earlier_address_no_longer_signs_in(client):
    user = UserFactory(email="karin@example.org")
    client.post(RESET, {"email": "karin@example.org"})
    services.user_update(user=user, email="karin.ny@example.org", given_name="Karin", family_name="Öberg")
    sign_in(client, "karin@example.org")
    assert not signed_in(client)
    sign_in(client, "karin.ny@example.org")
    assert signed_in(client)


# --- The demo ---------------------------------------------------------------------------------------------------


@pytest.fixture
def demo_people(settings):
    settings.DEMO = True
    for code in sorted({login.unit for login in demo.LOGINS if login.unit}):
        UnitFactory(code=code)
    services.demo_users_create()
    services.demo_memberships_create()


def test_the_demo_offers_one_button_for_each_role_and_signs_in(client, demo_people):
    page = client.get(LOGIN).content.decode()
    for role in Role:
        assert f"{role.label}: " in page
    response = client.post("/konto/logga-in/demo/", {"email": "karin.oberg@bjorkakra.example"})
    assert response.status_code == 302
    assert client.get("/konto/losenord/").context["user"].full_name == "Karin Öberg"


def test_the_demo_users_are_made_once(demo_people):
    services.demo_users_create()
    services.demo_memberships_create()
    assert User.objects.count() == Membership.objects.count() == len(demo.LOGINS)


def test_a_demo_user_signs_in_with_the_password_that_is_printed(client, demo_people):
    sign_in(client, "maria.lind@bjorkakra.example", demo.PASSWORD)
    assert signed_in(client)


def test_outside_the_demo_there_are_no_buttons_and_no_way_in(client, demo_people, settings):
    settings.DEMO = False
    assert "maria.lind" not in client.get(LOGIN).content.decode()
    assert client.post("/konto/logga-in/demo/", {"email": "maria.lind@bjorkakra.example"}).status_code == 404
    assert not signed_in(client)


def test_the_demo_buttons_open_no_other_account(client, demo_people):
    UserFactory(email="real@example.org", role=Role.ADMINISTRATOR)
    assert client.post("/konto/logga-in/demo/", {"email": "real@example.org"}).status_code == 404
    assert not signed_in(client)


def test_production_does_not_start_with_the_demo():
    environment = os.environ | {
        "JOBBSPAR_ENV": "production",
        "JOBBSPAR_DEMO": "true",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "example.org",
        "DATABASE_URL": "postgres://a:b@localhost/c",
        "JOBBSPAR_ADDRESS": "https://jobbspar.example.se",
        "REDIS_URL": "redis://localhost:1/0",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "JOBBSPAR_DEMO" in done.stderr
