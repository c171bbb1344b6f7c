"""The second factor: set up before anything else where it is required, asked for at sign-in, taken away when lost."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.urls import reverse

from accounts import services
from accounts.models import AccessLogEntry
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
OTHER_PAGE = "/konto/losenord/"


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def required(settings):
    settings.MFA_REQUIRED = True


@pytest.fixture
def secret(cast) -> str:
    """The key of the coach's app."""
    secret = generate_totp_secret()
    TOTP.activate(cast.coach, secret)
    return secret


def confirm(client):
    client.post("/konto/bekrafta/", {"password": PASSWORD})


def sign_in(client, user):
    return client.post("/konto/logga-in/", {"login": user.email, "password": PASSWORD})


def test_without_a_second_factor_every_page_leads_to_the_set_up(client, cast, required):
    client.force_login(cast.coach)
    response = client.get(OTHER_PAGE)
    assert response.status_code == 302
    assert response.url == reverse("mfa_index")
    assert "Ställ in det här innan du går vidare" in client.get(response.url).content.decode()
    assert client.post("/konto/logga-ut/").status_code == 302


def test_a_part_of_a_page_asked_for_by_htmx_leads_there_too(client, cast, required):
    client.force_login(cast.coach)
    response = client.get(OTHER_PAGE, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == reverse("mfa_index")
    assert not response.content


def test_public_pages_stay_open_without_a_second_factor(client, cast, required):
    client.force_login(cast.coach)
    assert client.get("/tillganglighet/").status_code == 200


def test_where_it_is_not_required_nothing_stops_anybody(client, cast, settings):
    settings.MFA_REQUIRED = False
    client.force_login(cast.coach)
    assert client.get(OTHER_PAGE).status_code == 200


def test_an_app_is_set_up_with_recovery_codes_and_opens_the_way(client, cast, required):
    sign_in(client, cast.coach)
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Koden är fel" in wrong.content.decode()
    response = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert len(re.findall(r"<code>[^<]+</code>", response.content.decode())) == 10
    assert client.get(OTHER_PAGE).status_code == 200


def test_setting_up_asks_for_the_password_once_more(client, cast):
    client.force_login(cast.coach)
    response = client.get(reverse("mfa_activate_totp"))
    assert response.status_code == 302
    assert response.url.startswith("/konto/bekrafta/")


def test_sign_in_asks_for_the_code(client, cast, secret):
    response = sign_in(client, cast.coach)
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    refused = client.post(response.url, {"code": "000000"})
    assert "Koden är fel" in refused.content.decode()
    client.post(response.url, {"code": code_now(secret)})
    assert client.session["_auth_user_id"] == str(cast.coach.pk)


def test_a_wrong_code_is_in_the_access_log_and_the_sign_in_only_when_it_is_whole(client, cast, secret):
    def written():
        return list(AccessLogEntry.objects.values_list("act", "subject", "detail__how"))

    sign_in(client, cast.coach)
    client.post("/konto/logga-in/kod/", {"code": "000000"})
    assert written() == [("sign_in_failed", cast.coach.public_id, "code")]
    client.post("/konto/logga-in/kod/", {"code": code_now(secret)})
    assert written()[0] == ("signed_in", cast.coach.public_id, "mfa")


def test_a_code_is_good_once(client, cast, secret):
    code = code_now(secret)
    sign_in(client, cast.coach)
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post("/konto/logga-ut/")
    sign_in(client, cast.coach)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_works_once(client, cast, secret):
    code = RecoveryCodes.activate(cast.coach).get_unused_codes()[0]
    for signed_in in (True, False):
        sign_in(client, cast.coach)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in client.session) is signed_in
        client.post("/konto/logga-ut/")


def test_guessing_codes_is_limited(client, cast, secret):
    sign_in(client, cast.coach)
    for _attempt in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert "_auth_user_id" not in client.session


def test_the_app_is_removed_and_a_mail_says_so(client, cast, secret, django_capture_on_commit_callbacks):
    client.force_login(cast.coach)
    confirm(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=cast.coach).exists()
    assert mail.outbox[-1].to == [cast.coach.email]
    assert mail.outbox[-1].subject == "Tvåstegsinloggningen har ändrats"


def test_recovery_codes_alone_are_no_second_factor(client, cast, required):
    RecoveryCodes.activate(cast.coach)
    client.force_login(cast.coach)
    assert client.get(OTHER_PAGE).url == reverse("mfa_index")


def test_an_administrator_resets_a_lost_second_factor(client, cast, secret):
    client.force_login(cast.administrator)
    client.post(reverse("accounts:second_factor_reset", args=[cast.coach.public_id]))
    client.post("/konto/logga-ut/")
    sign_in(client, cast.coach)
    assert client.session["_auth_user_id"] == str(cast.coach.pk)


def test_the_reset_reaches_no_other_user(cast, secret):
    services.second_factor_reset(user=cast.colleague)
    assert Authenticator.objects.filter(user=cast.coach).exists()


def test_every_page_of_the_second_factor_is_in_plain_swedish(client, cast, secret):
    RecoveryCodes.activate(cast.coach)
    client.force_login(cast.coach)
    confirm(client)
    for name in [
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
    ]:
        response = client.get(reverse(name))
        assert response.status_code == 200, name
        assert "Jobbspår" in response.content.decode()
    codes = client.get(reverse("mfa_download_recovery_codes"))
    assert codes["Content-Type"].startswith("text/plain")
