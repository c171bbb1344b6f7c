"""Sign-in and administration in a real browser, on a desk and on a phone, checked with axe."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from accounts import demo, services
from accounts.models import Role
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import PASSWORD, UnitFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server) -> str:
    """The site's address, by the name with which browsers allow passkeys without TLS."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def complaints(page) -> list[str]:
    return listen(page)


@pytest.fixture
def at(page, site, complaints, settings):
    """Opens an address of the site: `at("/konto/…")`. In the end the browser has had nothing to complain about."""
    settings.MFA_REQUIRED = False
    yield lambda address: page.goto(site + address)
    assert not complaints


@pytest.fixture
def demo_people(settings, transactional_db):
    settings.DEMO = True
    for code in sorted({login.unit for login in demo.LOGINS if login.unit}):
        UnitFactory(code=code)
    services.demo_users_create()
    services.demo_memberships_create()


@pytest.mark.deep
@desk_first
def test_sign_in_wrong_and_right(page, at, demo_people, width):
    page.set_viewport_size({"width": width, "height": 800})
    at("/konto/logga-in/")
    check(page, "sign-in")
    page.get_by_label("E-postadress").fill("karin.oberg@bjorkakra.example")
    page.get_by_label("Lösenord").fill("fel")
    page.get_by_role("button", name="Logga in", exact=True).click()
    assert page.locator(".error-summary").inner_text()
    check(page, "sign-in-wrong")
    page.get_by_label("Lösenord").fill(demo.PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url(lambda url: "logga-in" not in url)
    at("/konto/losenord/")
    check(page, "change-password")


@pytest.mark.deep
def test_a_demo_button_signs_in(page, at, demo_people):
    at("/konto/logga-in/")
    page.get_by_role("button", name="Administratör: Eva Norling").click()
    page.wait_for_url(lambda url: "logga-in" not in url)
    at("/administration/")
    assert page.get_by_role("heading", name="Administration").is_visible()


@pytest.mark.deep
@desk_first
def test_a_forgotten_password(page, at, width):
    page.set_viewport_size({"width": width, "height": 800})
    UserFactory(email="karin@example.org")
    at("/konto/losenord/glomt/")
    check(page, "reset")
    page.get_by_label("E-postadress").fill("karin@example.org")
    page.get_by_role("button", name="Skicka en länk").click()
    page.get_by_role("heading", name="Titta i din e-post").wait_for()
    check(page, "reset-sent")
    at(re.search(r"https?://[^/]+(/konto/losenord/nytt/\S+)", mail.outbox[0].body)[1])
    check(page, "reset-new")
    page.get_by_label("Nytt lösenord", exact=False).first.fill("ny-hemlighet-2026")
    page.get_by_label("Nytt lösenord en gång till").fill("ny-hemlighet-2026")
    page.get_by_role("button", name="Spara lösenordet").click()
    page.get_by_role("heading", name="Lösenordet är sparat").wait_for()
    check(page, "reset-done")


@pytest.mark.deep
@desk_first
def test_the_second_factor_is_set_up(page, at, site, settings, width):
    settings.MFA_REQUIRED = True
    page.set_viewport_size({"width": width, "height": 800})
    user = UserFactory(role=Role.MANAGER)
    sign_in(page, site, user)
    at("/konto/losenord/")
    page.get_by_role("heading", name="Ställ in det här innan du går vidare").wait_for()
    check(page, "second-factor")
    page.get_by_role("link", name="Ställ in appen").click()
    check(page, "confirm")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Bekräfta").click()
    page.get_by_role("heading", name="Ställ in appen").wait_for()
    check(page, "second-factor-app")


@pytest.mark.deep
def test_a_passkey_is_added_used_as_second_step_and_alone(page, at, site):
    """With the browser's own virtual authenticator: allauth's scripts work under the content policy."""
    user = UserFactory(email="karin@example.org", role=Role.ADMINISTRATOR)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    sign_in(page, site, user)
    at(reverse("mfa_add_webauthn"))
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Bekräfta").click()
    page.get_by_label("Namn").fill("Min jobbdator")
    page.get_by_label("Logga in med bara den här enheten").check()
    check(page, "passkey-add")
    page.get_by_role("button", name="Lägg till passnyckeln").click()
    page.get_by_role("heading", name="Reservkoder").wait_for()
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() == 1
    check(page, "recovery-codes")
    at(reverse("mfa_list_webauthn"))
    assert page.get_by_role("rowheader", name="Min jobbdator").is_visible()
    check(page, "passkeys")

    page.context.clear_cookies()
    at("/konto/logga-in/")
    page.get_by_label("E-postadress").fill("karin@example.org")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.get_by_role("heading", name="Ett steg till").wait_for()
    check(page, "second-step")
    page.get_by_role("button", name="Använd en passnyckel").click()
    page.wait_for_url(lambda url: "logga-in" not in url)
    at("/konto/tvasteg/")
    assert page.get_by_role("link", name="1 passnyckel").is_visible()

    page.context.clear_cookies()
    at("/konto/logga-in/")
    page.get_by_role("button", name="Logga in med passnyckel").click()
    page.wait_for_url(lambda url: "logga-in" not in url)
    at("/konto/losenord/")
    assert page.get_by_role("heading", name="Byt lösenord").is_visible()


@pytest.mark.deep
def test_a_passkey_that_fails_is_said_in_words(page, at, complaints):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": False}})
    at("/konto/logga-in/")
    page.get_by_role("button", name="Logga in med passnyckel").click()
    page.get_by_text("Det gick inte. Försök igen, eller använd ett annat sätt.").wait_for()
    complaints.clear()


@pytest.fixture
def administrator(page, site, at, transactional_db):
    """Signed in as an administrator, in a municipality with a few users and two units."""
    user = UserFactory(given_name="Eva", family_name="Norling", role=Role.ADMINISTRATOR)
    for number, name in enumerate(["Jobbcenter Centrum", "Jobbcenter Norr"]):
        unit = UnitFactory(code=f"JC-{number}", name=name)
        for role in (Role.JOB_COACH, Role.MANAGER):
            UserFactory(given_name="Åsa", role=role, unit=unit)
    sign_in(page, site, user)
    return user


@pytest.mark.deep
@desk_first
def test_administration(page, at, administrator, width):
    page.set_viewport_size({"width": width, "height": 800})
    pages = {
        "administration": "/administration/",
        "users": "/administration/anvandare/",
        "users-filtered": "/administration/anvandare/?q=%C3%A5sa&role=manager",
        "users-none": "/administration/anvandare/?q=ingen",
        "user-new": "/administration/anvandare/ny/",
        "units": "/administration/enheter/",
        "unit-new": "/administration/enheter/ny/",
        "settings": "/administration/installningar/",
        "setting": "/administration/installningar/municipality_name/",
    }
    for name, address in pages.items():
        at(address)
        check(page, name)
    page.get_by_label("Kommunens namn").fill("Björkåkra kommun")
    page.get_by_role("button", name="Spara").click()
    page.get_by_text("”Kommunens namn” är ändrad.").wait_for()
    check(page, "setting-changed")
    at("/administration/enheter/")
    page.get_by_role("link", name="Jobbcenter Norr").click()
    check(page, "unit")


@pytest.mark.deep
@desk_first
def test_a_user_is_added_and_edited(page, at, administrator, width):
    page.set_viewport_size({"width": width, "height": 800})
    at("/administration/anvandare/ny/")
    page.get_by_label("Förnamn").fill("Björn")
    page.get_by_label("Efternamn").fill("Ängström")
    page.get_by_label("E-postadress").fill("bjorn@example.org")
    page.get_by_label("Roll").select_option(label="Jobbcoach")
    page.get_by_label("Enhet").select_option(label="Jobbcenter Norr")
    page.get_by_role("button", name="Lägg till och skicka länken").click()
    page.get_by_role("heading", name="Björn Ängström").wait_for()
    check(page, "user")
    page.get_by_role("link", name="Stäng kontot").click()
    page.get_by_role("heading", name="Stänga kontot för Björn Ängström?").wait_for()
    check(page, "user-close")
    page.get_by_role("button", name="Stäng kontot").click()
    page.get_by_text("Kontot för Björn Ängström är stängt.").wait_for()
    check(page, "user-closed")
