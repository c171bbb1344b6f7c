"""Standing in for a colleague who is away."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role
from participants.deputies.services import deputy_end, deputy_name
from participants.models import Deputy, ProtectedAccess
from tests.beside import wait_until_somebody_waits
from tests.factories import EnrolmentFactory, FollowUpFactory, UnitFactory, coach_of, days_ago
from tests.participants.days import few_lists  # noqa: F401  only the lists that are told of here

PAGE = reverse("deputies:deputies")
DAY = reverse("day:day")


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def typed(deputy, first=0, last=-7, unit="CENTRUM", **more) -> dict:
    """Days count backwards: from today to a week from now."""
    days = {"start": days_ago(first).isoformat(), "end": days_ago(last).isoformat()}
    return {"unit": unit, "deputy": deputy.public_id, "token": uuid.uuid4(), **days, **more}


def named(cast, first=0, last=-7, **more) -> Deputy:
    who = {"absent": cast.coach, "deputy": cast.colleague, "unit": cast.centrum, "actor": cast.manager} | more
    return deputy_name(start=days_ago(first), end=days_ago(last), token=uuid.uuid4(), **who)


def names(browser) -> list[str]:
    return re.findall(r'class="day-who"><a[^>]*>([^<]+)</a>', browser.get(DAY).content.decode())


def test_a_coach_names_a_colleague_who_then_has_the_rows(client, coach, cast):
    for enrolment in (cast.asa, cast.bertil):
        type(enrolment).objects.filter(pk=enrolment.pk).update(last_activity_on=timezone.localdate())
        FollowUpFactory(placement__enrolment=enrolment)
    page = coach.post(PAGE, typed(cast.colleague), follow=True).content.decode()
    assert f"Bo Berg ersätter Alma Alm till och med {days_ago(-7)}." in page
    row = Deputy.objects.get()
    assert (row.absent, row.deputy, row.made_by_name) == (cast.coach, cast.colleague, "Alma Alm")
    assert "Bo Berg ersätter dig till och med" in coach.get(DAY).content.decode()
    client.force_login(cast.colleague)
    html = client.get(DAY).content.decode()
    assert "Du ersätter Alma Alm till och med" in html
    assert sorted(names(client)) == ["Bertil Bodin", "Åsa Öhrström"]
    assert html.count("för Alma Alm") == 1
    assert html.count(">Följ upp<") == 2
    cast.asa.refresh_from_db()
    assert cast.asa.coach == cast.coach


@pytest.mark.parametrize(("first", "last", "seen"), [(3, 0, True), (0, 0, True), (3, 1, False), (-1, -3, False)])
def test_only_on_those_days_and_then_it_is_over_by_itself(client, cast, first, last, seen):
    row = Deputy(
        absent=cast.coach, deputy=cast.colleague, unit=cast.centrum, made_by=cast.coach,
        made_by_name="Alma Alm", start=days_ago(first), end=days_ago(last),
    )  # fmt: skip
    row.save()
    FollowUpFactory(placement__enrolment=cast.asa)
    client.force_login(cast.colleague)
    assert ("Åsa Öhrström" in names(client)) == seen
    assert row.is_now == seen
    assert row.is_over == (last > 0)


def test_who_stands_in_sees_nobody_else_nor_another_units_participants_of_the_one_who_is_away(client, cast):
    named(cast)
    other = EnrolmentFactory(unit=cast.norr, coach=cast.coach, participant__family_name="Norrsson")
    for enrolment in (other, cast.protected_centrum, cast.ciwan):
        FollowUpFactory(placement__enrolment=enrolment)
    client.force_login(cast.colleague)
    found = client.get(DAY).content.decode()
    assert not {"Anna Norrsson", "Petra Hemlig", "Ciwan Celik"} & set(names(client))
    assert "Hemlig" not in found
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.colleague)
    assert "Petra Hemlig" in names(client)


def test_a_manager_names_somebody_for_a_coach_who_is_ill(client, cast):
    client.force_login(cast.manager)
    assert "Vem är borta?" in client.get(PAGE).content.decode()
    page = client.post(PAGE, typed(cast.colleague, absent=cast.coach.public_id), follow=True).content.decode()
    assert "Bo Berg ersätter Alma Alm" in page
    assert Deputy.objects.get().made_by == cast.manager
    unit = client.get(reverse("unit:unit")).content.decode()
    assert "borta till och med" in unit
    assert "Bo Berg ersätter" in unit


def test_sent_twice_one_is_named(coach, cast):
    data = typed(cast.colleague)
    for _time in range(2):
        assert coach.post(PAGE, data).status_code == 302
    assert Deputy.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"deputy": ""}, "Välj vem som ersätter."),
        ({"start": "", "end": ""}, "Ange den sista dagen."),
        ({"start": "i morgon"}, "2026-03-31"),
        ({"end": days_ago(1).isoformat()}, "Sista dagen är före den första."),
        ({"start": days_ago(9).isoformat(), "end": days_ago(1).isoformat()}, "Den sista dagen har redan varit."),
        ({"start": days_ago(400).isoformat()}, "Det är mer än ett år."),
        ({"end": "9999-12-31"}, "Det är mer än ett år."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(coach, cast, change, said):
    response = coach.post(PAGE, typed(cast.colleague) | change)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Deputy.objects.exists()


def test_no_two_at_once_but_one_after_the_other(coach, cast):
    named(cast, 0, -7)
    response = coach.post(PAGE, typed(cast.coordinator, -7, -9))
    assert response.status_code == 422
    said = f"Bo Berg ersätter redan från {days_ago(0)} till {days_ago(-7)}. Välj andra dagar"
    assert said in response.context["form"].errors["start"][0]
    assert coach.post(PAGE, typed(cast.coordinator, -8, -9)).status_code == 302


def test_nobody_stands_in_who_is_away_on_one_of_the_days(client, cast):
    client.force_login(cast.manager)
    named(cast, 0, -7)
    page = client.post(PAGE, typed(cast.coach, -5, -9, absent=cast.colleague.public_id))
    assert page.status_code == 422
    assert "Alma Alm är borta från" in page.context["form"].errors["deputy"][0]
    assert client.post(PAGE, typed(cast.coach, -8, -9, absent=cast.colleague.public_id)).status_code == 302


def test_who_falls_ill_while_standing_in_gets_a_deputy_and_it_is_said_who_then_has_none(client, cast):
    client.force_login(cast.manager)
    named(cast, -2, -7)
    data = typed(cast.coordinator, 0, -3, absent=cast.colleague.public_id)
    page = client.post(PAGE, data, follow=True).content.decode()
    assert Deputy.objects.count() == 2
    assert "Bo Berg skulle ersätta Alma Alm från" in page


def test_both_work_in_the_unit(client, coach, cast):
    page = coach.get(PAGE).content.decode()
    assert "Cecilia Carlsson" not in page
    assert "Eva Ek" not in page
    assert ">Alma Alm</option>" not in page
    for nobody in (cast.outsider, cast.manager, cast.coach):
        assert coach.post(PAGE, typed(nobody)).status_code == 422
        with pytest.raises(ValidationError):
            named(cast, deputy=nobody)
    client.force_login(cast.manager)
    same = client.post(PAGE, typed(cast.coach, absent=cast.coach.public_id))
    assert "Ingen kan ersätta sig själv." in same.content.decode()


def test_who_manages_two_units_chooses_people_of_the_same(client, cast):
    second = coach_of(cast.norr)
    client.force_login(cast.head)
    response = client.post(PAGE, typed(cast.colleague, unit="NORR", absent=second.public_id))
    assert "Den som ersätter måste arbeta på samma enhet." in response.content.decode()
    response = client.post(PAGE, typed(cast.outsider, unit="NORR", absent=cast.coach.public_id))
    assert "Arbetar inte på den enheten." in response.content.decode()
    assert client.post(PAGE, typed(cast.outsider, unit="NORR", absent=second.public_id)).status_code == 302


def test_who_manages_one_unit_and_coaches_in_another_names_others_only_in_the_first(client, cast):
    Membership.objects.create(user=cast.manager, role=Role.JOB_COACH, unit=cast.norr)
    second = coach_of(cast.norr, given_name="Nils", family_name="Ny")
    client.force_login(cast.manager)
    response = client.post(PAGE, typed(second, unit="NORR", absent=cast.outsider.public_id))
    assert response.status_code == 422
    assert "Du kan bara ange ersättare för dig själv på den enheten." in response.content.decode()
    with pytest.raises(ValidationError):
        named(cast, absent=cast.outsider, deputy=second, unit=cast.norr, actor=cast.manager)
    assert not Deputy.objects.exists()
    own = client.post(PAGE, typed(second, unit="NORR", absent=cast.manager.public_id))
    theirs = client.post(PAGE, typed(cast.colleague, absent=cast.coach.public_id))
    assert (own.status_code, theirs.status_code) == (302, 302)


def test_the_queries_are_the_same_however_many_units_there_are(client, cast, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(20) as found:
            client.get(PAGE)
        return len(found)

    client.force_login(cast.head)
    few = queries()
    for _more in range(5):
        unit = UnitFactory()
        coach_of(unit)
        coach_of(unit)
    assert queries() == few


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_moment_one_is_named_and_nobody_is_told_of_an_error(cast, beside):
    data, client = typed(cast.colleague), Client()
    client.force_login(cast.coach)
    with transaction.atomic():
        first = client.post(PAGE, data)
        answer = beside(client.post, PAGE, data)
        wait_until_somebody_waits()
    assert (first.status_code, answer.result(timeout=20).status_code) == (302, 302)
    assert Deputy.objects.count() == 1


def test_it_is_ended_early_and_what_was_stays_in_sight(client, coach, cast):
    row = named(cast, 0, -7)
    end = reverse("deputies:end", args=[row.public_id])
    assert "Avsluta nu" in coach.get(PAGE).content.decode()
    for _time in range(2):
        assert coach.post(end).url == PAGE
    row.refresh_from_db()
    assert row.ended_by_name == "Alma Alm"
    assert "avslutad" in coach.get(PAGE).content.decode()
    client.force_login(cast.colleague)
    assert "Du ersätter" not in client.get(DAY).content.decode()
    assert row.events.count() == 2
    named(cast, 0, -7)  # now somebody can be named again
    over = Deputy.objects.create(
        absent=cast.coach, deputy=cast.colleague, unit=cast.centrum, made_by=cast.coach,
        made_by_name="Alma Alm", start=days_ago(9), end=days_ago(8),
    )  # fmt: skip
    assert deputy_end(deputy=over, actor=cast.coach).ended_at is None


def test_alone_in_the_unit_there_is_nobody_to_name(client, cast):
    client.force_login(cast.outsider)
    assert "Ingen annan arbetar som jobbcoach" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {}).status_code == 200
