"""What a union representative sees: where, what, when and how many; nothing of the case."""

import pytest
from django.urls import reverse

from accounts.models import Role
from tests.factories import UserFactory, WorkplaceFactory, days_ago
from tests.placements.booking.conftest import placement_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db

PAGE = "/samrad/"


def consulted(enrolment, workplace, **fields):
    options = {
        "at": workplace, "union_consulted": days_ago(5), "union_name": "Kommunal", "union_said": "Om henne sas detta",
        "purpose": "Hemligt syfte",
    }  # fmt: skip
    return placement_of(enrolment, **options | fields)


def test_workplace_sort_period_and_number_and_nothing_of_the_case(client, cast):
    kitchen = WorkplaceFactory(name="Skolkök Ekbacken")
    for enrolment in (cast.asa, cast.bertil):
        consulted(enrolment, kitchen)
    consulted(cast.ciwan, WorkplaceFactory(name="Biblioteket"))
    consulted(cast.protected_centrum, WorkplaceFactory(name="Gömda lagret"))
    placement_of(cast.asa, at=WorkplaceFactory(name="Badhuset"))
    consulted(cast.asa, WorkplaceFactory(name="Parken"), cancelled_on=days_ago(1), why_cancelled="Nej")
    placement_of(cast.bertil, at=WorkplaceFactory(name="Snickeriet"), union_exception="Skälet är privat")
    client.force_login(cast.union_representative)
    assert client.get(reverse("start")).url == PAGE
    answer = client.get(PAGE)
    said = text(answer)
    row = f"Skolkök Ekbacken Förvaltning {kitchen.employer.name.split()[-1]} Arbetsmarknadsanställning"
    assert f"{row} {days_ago(-10)} {days_ago(-100)} 2 {days_ago(5)}, Kommunal" in said
    assert "Biblioteket" in said
    assert "Undantag: inte före start" in said
    for hidden in ("Gömda lagret", "Badhuset", "Parken"):
        assert hidden not in said
    secret = (
        "Åsa", "Öhrström", "Bertil", "Ciwan", "Centrum", "Norr", "AME-2026", "Hemligt syfte", "Om henne", "Alma",
        "privat",
    )  # fmt: skip
    page = answer.content.decode()
    for words in (*secret, str(cast.person.public_id), f"/deltagare/{cast.person.public_id}"):
        assert words not in page


def test_a_membership_of_a_unit_shows_that_units_placements(client, cast):
    consulted(cast.asa, WorkplaceFactory(name="Skolkök Ekbacken"))
    consulted(cast.ciwan, WorkplaceFactory(name="Biblioteket"))
    client.force_login(UserFactory(role=Role.UNION_REPRESENTATIVE, unit=cast.norr))
    said = text(client.get(PAGE))
    assert "Biblioteket" in said
    assert "Ekbacken" not in said


def test_the_place_is_found_among_many(client, cast):
    consulted(cast.asa, WorkplaceFactory(name="Skolkök Ekbacken"))
    consulted(cast.ciwan, WorkplaceFactory(name="Biblioteket"))
    client.force_login(cast.union_representative)
    said = text(client.get(PAGE, {"q": "ekback"}))
    assert "Skolkök Ekbacken" in said
    assert "Biblioteket" not in said
    assert "Inget samråd där" in text(client.get(PAGE, {"q": "Åsa"}))  # nobody is found by a person's name
    assert "Biblioteket" in text(client.get(PAGE, {"q": "\0"}))


def test_the_number_of_questions_is_the_same_for_many(client, cast, django_assert_max_num_queries):
    client.force_login(cast.union_representative)
    assert "Inget samråd än" in text(client.get(PAGE))
    for _number in range(8):
        consulted(cast.asa, WorkplaceFactory())
    with django_assert_max_num_queries(9):
        client.get(PAGE)
