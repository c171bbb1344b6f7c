"""Users, units and settings: what an administrator does, and what is refused with a reason."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import municipal, providers, services
from accounts.models import AccessLogEntry, LegalBasis, Membership, MunicipalSetting, Role, Unit, User
from tests.factories import PASSWORD, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
USERS = "/administration/anvandare/"


def page_of(user: User) -> str:
    return reverse("accounts:user_edit", args=[user.public_id])


def text(response) -> str:
    return response.content.decode()


# --- Reaching it ------------------------------------------------------------------------------------------------


def test_out_of_role_is_refused_and_written_down(client, cast):
    client.force_login(cast.manager)
    assert client.get(USERS).status_code == 403
    entry = AccessLogEntry.objects.get(act=AccessLogEntry.Act.DENIED)
    assert (entry.actor, entry.subject_kind, entry.detail) == (
        cast.manager,
        "page",
        {"page": "accounts:user_list"},
    )
    assert entry.request_id


def test_the_start_page_links_what_there_is_and_what_upper_floors_join(office, monkeypatch):
    entry = providers.AdministrationEntry("Läs in register", "Från ett annat system.", "accounts:unit_list")
    monkeypatch.setattr(providers, "administration_entries", [entry])
    page = text(office.get("/administration/"))
    for words in ["Användare", "Enheter", "Inställningar", "Läs in register"]:
        assert words in page


# --- The list of users ------------------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [user.full_name for user in response.context["page_obj"]]


def test_users_stand_in_swedish_order(office, cast):
    for name in ["Österberg", "Zetterlund", "Ängström", "Åberg", "ek"]:
        UserFactory(given_name="X", family_name=name)
    found = [name for name in names(office.get(USERS)) if name.startswith("X ")]
    assert found == ["X ek", "X Zetterlund", "X Åberg", "X Ängström", "X Österberg"]


def test_units_stand_in_swedish_order(office, cast):
    for number, name in enumerate(["Ödla", "zebra", "Ängel", "Åsna", "Érable"]):
        UnitFactory(code=f"X{number}", name=f"X {name}")
    order = ["X Érable", "X zebra", "X Åsna", "X Ängel", "X Ödla"]
    listed = [unit.name for unit in office.get("/administration/enheter/").context["units"]]
    offered = [label for _code, label in office.get(USERS).context["filter"].form.fields["unit"].choices]
    for names_of_units in (listed, offered):
        assert [name for name in names_of_units if name.startswith("X ")] == order


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=alm", ["Alma Alm"]),
        ("q=ALMA+example.org", ["Alma Alm"]),
        ("role=manager", ["Eva Ek", "Filip Fors", "Greta Gran"]),
        ("role=manager&unit=everywhere", ["Greta Gran"]),
        ("q=nobody", []),
    ],
)
def test_users_are_searched_and_filtered(office, query, expected):
    assert names(office.get(f"{USERS}?{query}")) == expected


@pytest.mark.parametrize("query", ["role=hej", "unit=hej", "unit=%00", "unit=99999999999999999999", "state=hej"])
def test_a_choice_that_does_not_exist_narrows_nothing(office, query):
    assert names(office.get(f"{USERS}?{query}")) == names(office.get(USERS))


def test_role_and_unit_are_asked_of_the_same_membership(office, cast):
    Membership.objects.create(user=cast.coach, role=Role.MANAGER, unit=cast.norr)
    assert names(office.get(f"{USERS}?role=manager&unit={cast.centrum.pk}")) == ["Eva Ek"]


def test_closed_accounts_are_found(office, cast):
    services.user_deactivate(user=cast.coordinator, actor=cast.administrator)
    assert names(office.get(f"{USERS}?state=closed")) == ["David Dahl"]
    assert "David Dahl" not in names(office.get(f"{USERS}?state=open"))


def test_the_list_of_users_takes_as_many_queries_for_five_as_for_fifty(office, cast):
    def queries():
        with CaptureQueriesContext(connection) as context:
            assert office.get(USERS).status_code == 200
        return len(context)

    few = queries()
    for number in range(50):
        user = UserFactory(role=Role.JOB_COACH, unit=UnitFactory() if number % 5 == 0 else cast.norr)
        Membership.objects.create(user=user, role=Role.MANAGER, unit=cast.centrum)
    assert queries() == few <= 12


# --- One user ---------------------------------------------------------------------------------------------------

NEW = {"given_name": "Åsa", "family_name": "Ärlig", "email": "Asa.Arlig@Example.org", "role": Role.JOB_COACH}


def test_a_new_user_gets_a_link_and_chooses_a_password(office, client, cast):
    response = office.post(f"{USERS}ny/", NEW | {"unit": cast.norr.pk}, follow=True)
    assert "Åsa Ärlig är tillagd. En länk för att välja lösenord är på väg till asa.arlig@example.org." in text(
        response
    )
    user = User.objects.get(email="asa.arlig@example.org")
    assert user.memberships.get().unit == cast.norr
    assert not user.has_usable_password()
    (message,) = mail.outbox
    assert message.to == ["asa.arlig@example.org"]
    assert message.subject == "Ditt konto i Jobbspår"
    link = re.search(r"http://testserver(/\S+/losenord/nytt/\S+|/konto/losenord/nytt/\S+)", message.body)[1]
    client.post("/konto/logga-ut/")
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "ny-hemlighet-2026", "password2": "ny-hemlighet-2026"})
    client.post("/konto/logga-in/", {"login": user.email, "password": "ny-hemlighet-2026"})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_mail_server_that_is_down_loses_neither_the_user_nor_the_administrators_work(office, cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = office.post(f"{USERS}ny/", NEW | {"unit": cast.norr.pk}, follow=True)
    assert "Mejlet kunde inte skickas" in text(response)
    assert User.objects.filter(email="asa.arlig@example.org").exists()


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"email": "alma@example.org"}, "email", "Det finns redan en användare med den e-postadressen."),
        ({"email": "ALMA@example.org"}, "email", "Det finns redan en användare med den e-postadressen."),
        ({"email": "not an address"}, "email", "giltig e-postadress"),
        ({"given_name": ""}, "given_name", "måste fyllas i"),
        ({"role": ""}, "role", "måste fyllas i"),
        ({"role": Role.ADMINISTRATOR}, "unit", "hör till hela kommunen"),
        ({"unit": "99999"}, "unit", "giltigt alternativ"),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_nothing_typed_is_lost(office, cast, change, field, problem):
    before = User.objects.count()
    data = NEW | {"unit": cast.norr.pk} | change
    response = office.post(f"{USERS}ny/", data)
    assert response.status_code == 422
    assert problem in str(response.context["form"].errors[field])
    assert list(response.context["form"].errors) == [field]
    assert 'value="Ärlig"' in text(response)
    assert User.objects.count() == before
    assert not mail.outbox


def test_name_and_address_are_changed(office, cast):
    response = office.post(
        page_of(cast.coach), {"given_name": "Alma", "family_name": "Ny", "email": "Alma.Ny@example.org"}
    )
    assert response.status_code == 302
    cast.coach.refresh_from_db()
    assert (cast.coach.full_name, cast.coach.email) == ("Alma Ny", "alma.ny@example.org")


def test_a_refused_change_leaves_the_heading_as_it_was(office, cast):
    response = office.post(page_of(cast.coach), {"given_name": "", "family_name": "Ny", "email": cast.coach.email})
    assert response.status_code == 422
    assert "<h1>Alma Alm</h1>" in text(response)


def test_a_role_is_added_and_removed(office, cast):
    add = reverse("accounts:membership_add", args=[cast.coach.public_id])
    office.post(add, {"role-role": Role.MANAGER, "role-unit": "everywhere"})
    membership = cast.coach.memberships.get(role=Role.MANAGER, unit=None)
    response = office.post(
        reverse("accounts:membership_remove", args=[cast.coach.public_id, membership.pk]), follow=True
    )
    assert "Rollen Chef är borttagen." in text(response)
    assert not cast.coach.memberships.filter(role=Role.MANAGER).exists()


def test_the_same_role_twice_is_refused_beside_the_field(office, cast):
    add = reverse("accounts:membership_add", args=[cast.coach.public_id])
    response = office.post(add, {"role-role": Role.JOB_COACH, "role-unit": cast.centrum.pk})
    assert response.status_code == 422
    assert "Användaren har redan den rollen där." in text(response)


def test_a_role_is_removed_only_from_the_user_in_the_address(office, cast):
    membership = cast.colleague.memberships.get()
    response = office.post(reverse("accounts:membership_remove", args=[cast.coach.public_id, membership.pk]))
    assert response.status_code == 404
    assert cast.colleague.memberships.exists()


def test_closing_an_account_asks_first_and_can_be_undone(office, cast):
    close = reverse("accounts:user_deactivate", args=[cast.coordinator.public_id])
    assert "Stänga kontot för David Dahl?" in text(office.get(close))
    cast.coordinator.refresh_from_db()
    assert cast.coordinator.is_active
    office.post(close)
    cast.coordinator.refresh_from_db()
    assert not cast.coordinator.is_active
    office.post(reverse("accounts:user_reactivate", args=[cast.coordinator.public_id]))
    cast.coordinator.refresh_from_db()
    assert cast.coordinator.is_active


def test_a_coach_with_participants_cannot_be_closed_until_another_has_taken_over(office, cast):
    close = reverse("accounts:user_deactivate", args=[cast.colleague.public_id])
    page = text(office.get(close))
    assert "Användaren är jobbcoach för 1 deltagare på Jobbcenter Centrum." in page
    assert "Bertil" not in page  # an administrator learns how much, never with whom
    assert "Stäng kontot</button>" not in page
    assert "Användaren är jobbcoach för 1 deltagare på Jobbcenter Centrum." in text(office.post(close))
    cast.colleague.refresh_from_db()
    assert cast.colleague.is_active
    type(cast.bertil).objects.filter(pk=cast.bertil.pk).update(coach=cast.coach)
    office.post(close)
    cast.colleague.refresh_from_db()
    assert not cast.colleague.is_active


def test_nobody_closes_their_own_account(office, cast):
    UserFactory(role=Role.ADMINISTRATOR)
    close = reverse("accounts:user_deactivate", args=[cast.administrator.public_id])
    assert "Du kan inte stänga ditt eget konto." in text(office.get(close))
    assert "Du kan inte stänga ditt eget konto." in text(office.post(close))
    cast.administrator.refresh_from_db()
    assert cast.administrator.is_active


def test_the_last_administrator_cannot_lock_everybody_out(office, cast):
    seat = cast.administrator.memberships.get()
    remove = reverse("accounts:membership_remove", args=[cast.administrator.public_id, seat.pk])
    assert "Det här är den sista administratören." in text(office.post(remove, follow=True))
    UserFactory(role=Role.ADMINISTRATOR, is_active=False)  # one who cannot sign in does not count
    with pytest.raises(ValidationError):
        services.user_deactivate(user=cast.administrator, actor=cast.coach)
    other = UserFactory(role=Role.ADMINISTRATOR)
    office.post(remove)
    assert not cast.administrator.memberships.exists()
    assert other.memberships.exists()


def test_the_link_is_sent_again_but_not_to_a_closed_account(office, cast):
    again = reverse("accounts:user_invite", args=[cast.manager.public_id])
    assert office.post(again).status_code == 302
    assert mail.outbox[0].to == [cast.manager.email]
    services.user_deactivate(user=cast.manager, actor=cast.administrator)
    assert office.post(again).status_code == 404
    assert len(mail.outbox) == 1


# --- Units ------------------------------------------------------------------------------------------------------


def test_a_unit_is_added_and_renamed_from_a_date(office, cast):
    office.post(
        "/administration/enheter/ny/", {"code": "NY", "name": "Nya enheten", "legal_basis": "social_services"}
    )
    unit = Unit.objects.get(code="NY")
    assert unit.term_on(date(2001, 1, 1)).name == "Nya enheten"
    today = timezone.localdate()
    office.post(
        reverse("accounts:unit_edit", args=[unit.pk]),
        {"name": "Jobbcenter Söder", "legal_basis": "labour_market", "valid_from": today.isoformat()},
    )
    unit = Unit.objects.get(code="NY")
    assert (unit.name, unit.legal_basis) == ("Jobbcenter Söder", LegalBasis.LABOUR_MARKET)
    assert unit.term_on(date(2001, 1, 1)).legal_basis == LegalBasis.SOCIAL_SERVICES
    assert "Jobbcenter Söder" in text(office.get("/administration/enheter/"))


def test_a_name_from_a_later_date_is_not_shown_yet(office, cast):
    services.unit_rename(unit=cast.norr, name="Framtid", legal_basis="social_services", valid_from=date(2999, 1, 1))
    page = text(office.get("/administration/enheter/"))
    assert "Jobbcenter Norr" in page
    assert "Framtid" not in page


def test_two_names_from_the_same_date_are_refused_beside_the_date(office, cast):
    services.unit_rename(unit=cast.norr, name="Nord", legal_basis="social_services", valid_from=date(2026, 1, 1))
    response = office.post(
        reverse("accounts:unit_edit", args=[cast.norr.pk]),
        {"name": "Norra", "legal_basis": "social_services", "valid_from": "2026-01-01"},
    )
    assert response.status_code == 422
    assert "redan ett namn från det här datumet" in str(response.context["form"].errors["valid_from"])


def test_a_name_that_was_written_wrong_is_corrected_with_its_day_and_not_the_day_after(office, cast):
    today = timezone.localdate()
    where = reverse("accounts:unit_edit", args=[cast.norr.pk])
    typed = {"name": "Jobcenter Nror", "legal_basis": "social_services", "valid_from": "2206-01-01"}
    office.post(where, typed)
    page = text(office.get(f"{where}?correct=2206-01-01"))
    assert "Rätta ”Jobcenter Nror”" in page
    office.post(f"{where}?correct=2206-01-01", typed | {"name": "Jobbcenter Nord", "valid_from": today.isoformat()})
    unit = Unit.objects.get(pk=cast.norr.pk)
    assert unit.name == "Jobbcenter Nord"
    assert unit.terms.count() == 2
    first = unit.terms.order_by("valid_from").first()
    page = office.get(f"{where}?correct={first.valid_from}")
    assert "valid_from" not in page.context["form"].fields
    office.post(f"{where}?correct={first.valid_from}", {"name": "Norr", "legal_basis": "social_services"})
    assert Unit.objects.get(pk=cast.norr.pk).term_on(date(2001, 1, 1)).name == "Norr"
    assert office.get(f"{where}?correct=2001-02-03").status_code == 302


def test_a_name_from_before_the_first_is_a_wrong_year(office, cast):
    typed = {"name": "Nord", "legal_basis": "social_services", "valid_from": "0026-01-01"}
    response = office.post(reverse("accounts:unit_edit", args=[cast.norr.pk]), typed)
    assert response.status_code == 422
    assert "Kontrollera årtalet" in str(response.context["form"].errors["valid_from"])


def test_a_code_that_is_taken_is_refused_beside_the_code(office, cast):
    response = office.post(
        "/administration/enheter/ny/", {"code": "NORR", "name": "En till", "legal_basis": "social_services"}
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["code"]
    assert Unit.objects.filter(code="NORR").count() == 1


def test_the_list_of_units_takes_as_many_queries_for_five_as_for_fifty(office, cast):
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as context:
            office.get("/administration/enheter/")
        counts.append(len(context))
        UnitFactory.create_batch(50)
    assert counts[0] == counts[1] <= 10


# --- Settings ---------------------------------------------------------------------------------------------------


def test_a_setting_is_changed_shown_in_the_frame_and_keeps_its_history(office, cast):
    address = "/administration/installningar/municipality_name/"
    office.post(address, {"value": "Björkåkra kommun"})
    office.post(address, {"value": "Björkåkra"})
    assert municipal.value_of("municipality_name") == "Björkåkra"
    page = text(office.get(address))
    assert '<span class="municipality">Björkåkra</span>' in page
    rows = re.findall(r"<tr><th[^>]*>[^<]+</th><td>([^<]*)</td><td>([^<]*)</td><td>([^<]*)</td></tr>", page)
    assert rows == [
        ("Ingrid Is", "Björkåkra kommun", "Björkåkra"),
        ("Ingrid Is", "Kommunen", "Björkåkra kommun"),
    ]


def test_a_value_that_the_field_refuses_is_not_stored(office, cast):
    response = office.post("/administration/installningar/municipality_name/", {"value": ""})
    assert response.status_code == 422
    assert not MunicipalSetting.objects.exists()
    with pytest.raises(ValidationError):
        services.setting_change(key="municipality_name", value="x" * 61)


def test_a_setting_that_is_saved_as_it_was_is_no_change(office, cast):
    where = reverse("accounts:setting_edit", args=["municipality_name"])
    page = text(office.post(where, {"value": "Kommunen"}, follow=True))
    assert "inget är ändrat" in page
    assert not MunicipalSetting.objects.filter(key="municipality_name").exists()


def test_a_number_out_of_bounds_is_refused_with_the_bound(office, cast):
    response = office.post(reverse("accounts:setting_edit", args=["silent_days"]), {"value": "-5"})
    assert response.status_code == 422
    assert response.context["form"].errors["value"] == ["Ange minst 7."]


def test_an_unknown_setting_does_not_exist(office):
    assert office.get("/administration/installningar/nothing/").status_code == 404


def test_settings_come_back_as_what_they_are(db, monkeypatch):
    monkeypatch.setattr(municipal, "_definitions", {})
    municipal.define(municipal.Definition("limit", "Gräns", "", Decimal("0.5"), forms.DecimalField))
    municipal.define(municipal.Definition("from", "Från", "", date(2026, 1, 1), forms.DateField))
    services.setting_change(key="limit", value=Decimal("0.75"))
    services.setting_change(key="from", value=date(2026, 7, 1))
    assert municipal.values() == {"limit": Decimal("0.75"), "from": date(2026, 7, 1)}
    assert municipal.value_of("limit") == Decimal("0.75")


# --- The first administrator --------------------------------------------------------------------------------------


def test_the_first_administrator_is_made_on_the_command_line(client, db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser", interactive=False, email="Forsta@example.org", given_name="Eva", family_name="Norling"
    )
    client.post("/konto/logga-in/", {"login": "forsta@example.org", "password": PASSWORD})
    assert client.get("/administration/").status_code == 200


def test_a_page_that_asks_for_many_settings_reads_them_once(db, django_assert_num_queries):
    services.setting_change(key="municipality_name", value="Björkåkra kommun")
    with django_assert_num_queries(1), municipal.read_at_once():
        assert municipal.value_of("municipality_name") == "Björkåkra kommun"
        assert municipal.value_of("accessibility_contact") == ""
        assert municipal.values()["municipality_name"] == "Björkåkra kommun"
    services.setting_change(key="municipality_name", value="Åkra")
    with municipal.read_at_once():
        assert municipal.value_of("municipality_name") == "Åkra"
        with pytest.raises(KeyError):
            municipal.value_of("strunt")


# --- Two at once ------------------------------------------------------------------------------------------------


def test_who_saves_second_is_told_what_the_first_saved_and_may_save_again(office, cast):
    where = reverse("accounts:user_edit", args=[cast.coach.public_id])
    seen = office.get(where).context["form"]["seen"].value()
    typed = {"given_name": "Alma", "family_name": "Alm", "email": cast.coach.email, "seen": seen}
    assert office.post(where, typed | {"given_name": "Almira"}).status_code == 302
    page = office.post(where, typed | {"family_name": "Almgren"})
    assert page.status_code == 422
    assert f"Nu står det: Almira Alm, {cast.coach.email}." in text(page)
    assert 'value="Almgren"' in page.content.decode()
    cast.coach.refresh_from_db()
    assert cast.coach.full_name == "Almira Alm"
    again = typed | {"family_name": "Almgren", "seen": page.context["form"]["seen"].value()}
    assert office.post(where, again).status_code == 302
    cast.coach.refresh_from_db()
    assert cast.coach.full_name == "Alma Almgren"


def test_two_who_change_the_same_setting(office, cast):
    where = reverse("accounts:setting_edit", args=["silent_days"])
    seen = office.get(where).context["form"]["seen"].value()
    assert office.post(where, {"value": "20", "seen": seen}).status_code == 302
    page = office.post(where, {"value": "40", "seen": seen})
    assert page.status_code == 422
    assert "Nu står det: 20." in text(page)


def test_two_who_change_the_same_form_of_activity(office, cast):
    where = "/administration/insatsformer/course/"
    typed = {"label": "Kurser", "kind": "activity", "requirement": "ability"}
    seen = office.get(where).context["form"]["seen"].value()
    assert office.post(where, typed | {"seen": seen}).status_code == 302
    page = office.post(where, typed | {"label": "Utbildning", "seen": seen})
    assert page.status_code == 422
    assert "Nu står det: Kurser." in text(page)
